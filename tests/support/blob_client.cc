#include "tests/support/blob_client.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/sync_stream.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

#include "cordon/wire/v1/blobs.grpc.pb.h"
#include "cordon/wire/v1/blobs.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/cert/pin.h"
#include "tests/support/relay_client.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {
namespace {

constexpr size_t kChunk = size_t{64} * 1024;

}  // namespace

Upload::Upload(wire::Blobs::Stub* stub, const wire::PutStart& start)
    : writer_(stub->Put(&context_, &answer_)) {
  wire::PutRequest request;
  *request.mutable_start() = start;
  writer_->Write(request);
}

bool Upload::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    wire::PutRequest request;
    request.set_chunk(std::string(bytes.substr(0, kChunk)));
    if (!writer_->Write(request)) return false;
    bytes.remove_prefix(request.chunk().size());
  }
  return true;
}

void Upload::Break() {
  context_.TryCancel();
  writer_->Finish();
}

grpc::Status Upload::Finish() {
  writer_->WritesDone();
  return writer_->Finish();
}

BlobClient::BlobClient(const std::string& address, const cert::Pin& pin,
                       const TestDevice* device)
    : stub_(wire::Blobs::NewStub(ConnectTo(address, pin, device))) {}

wire::PutStart BlobClient::StartOf(const std::string& blob, const RoomId& room,
                                   uint64_t size, uint64_t offset) {
  wire::PutStart start;
  start.set_blob_id(blob);
  start.set_room_id(ToString(room.span()));
  start.set_size(size);
  start.set_offset(offset);
  return start;
}

std::unique_ptr<Upload> BlobClient::Begin(const wire::PutStart& start) {
  return std::make_unique<Upload>(stub_.get(), start);
}

grpc::Status BlobClient::Put(const std::string& blob, const RoomId& room,
                             const std::string& content, uint64_t offset) {
  const std::unique_ptr<Upload> upload =
      Begin(StartOf(blob, room, content.size(), offset));
  upload->Send(absl::string_view(content).substr(offset));
  const grpc::Status status = upload->Finish();
  sha256_ = upload->sha256();
  return status;
}

grpc::Status BlobClient::Get(const std::string& blob, std::string& content,
                             uint64_t offset) {
  wire::GetRequest request;
  request.set_blob_id(blob);
  request.set_offset(offset);
  grpc::ClientContext context;
  const std::unique_ptr<grpc::ClientReader<wire::GetAnswer>> reader =
      stub_->Get(&context, request);
  content.clear();
  size_ = 0;
  wire::GetAnswer answer;
  while (reader->Read(&answer)) {
    size_ += answer.size();
    content += answer.chunk();
  }
  return reader->Finish();
}

grpc::Status BlobClient::Stat(const std::string& blob,
                              wire::StatAnswer& answer) {
  wire::StatRequest request;
  request.set_blob_id(blob);
  grpc::ClientContext context;
  return stub_->Stat(&context, request, &answer);
}

grpc::Status BlobClient::Hold(const std::string& blob, const RoomId& room) {
  wire::HoldRequest request;
  request.set_blob_id(blob);
  request.set_room_id(ToString(room.span()));
  grpc::ClientContext context;
  wire::HoldAnswer answer;
  return stub_->Hold(&context, request, &answer);
}

grpc::Status BlobClient::Forget(const std::string& blob, const RoomId& room) {
  wire::ForgetRequest request;
  request.set_blob_id(blob);
  request.set_room_id(ToString(room.span()));
  grpc::ClientContext context;
  wire::ForgetAnswer answer;
  return stub_->Forget(&context, request, &answer);
}

}  // namespace cordon::testing
