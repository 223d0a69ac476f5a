#ifndef CORDON_TESTS_SUPPORT_BLOB_CLIENT_H_
#define CORDON_TESTS_SUPPORT_BLOB_CLIENT_H_

// The file calls of one device at a real cordond.
// Threads: one at a time for each object.

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/sync_stream.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

#include "cordon/wire/v1/blobs.grpc.pb.h"
#include "cordon/wire/v1/blobs.pb.h"
#include "crypto/base/id.h"
#include "crypto/cert/pin.h"
#include "tests/support/relay_client.h"
#include "tests/support/relay_process.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {

// An upload that a test may break off anywhere.
class Upload {
 public:
  Upload(wire::Blobs::Stub* stub, const wire::PutStart& start);

  // Send stops at the first chunk that the stream does not take.
  bool Send(absl::string_view bytes);
  void Break();
  // Finish says that no more comes, whole or not.
  grpc::Status Finish();
  const std::string& sha256() const { return answer_.sha256(); }

 private:
  grpc::ClientContext context_;
  wire::PutAnswer answer_;
  std::unique_ptr<grpc::ClientWriter<wire::PutRequest>> writer_;
};

class BlobClient {
 public:
  // Without a device: a stranger.
  BlobClient(const std::string& address, const cert::Pin& pin,
             const TestDevice* device);
  BlobClient(const RelayProcess& relay, const TestDevice* device)
      : BlobClient(relay.address(), relay.pin(), device) {}

  static wire::PutStart StartOf(const std::string& blob, const RoomId& room,
                                uint64_t size, uint64_t offset = 0);
  std::unique_ptr<Upload> Begin(const wire::PutStart& start);
  grpc::Status Put(const std::string& blob, const RoomId& room,
                   const std::string& content, uint64_t offset = 0);
  grpc::Status Get(const std::string& blob, std::string& content,
                   uint64_t offset = 0);
  grpc::Status Stat(const std::string& blob, wire::StatAnswer& answer);
  grpc::Status Hold(const std::string& blob, const RoomId& room);
  grpc::Status Forget(const std::string& blob, const RoomId& room);

  // Of the last Put and Get.
  const std::string& sha256() const { return sha256_; }
  uint64_t size() const { return size_; }

 private:
  std::unique_ptr<wire::Blobs::Stub> stub_;
  std::string sha256_;
  uint64_t size_ = 0;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_BLOB_CLIENT_H_
