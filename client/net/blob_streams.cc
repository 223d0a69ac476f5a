#include "client/net/blob_streams.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/delivery_types.h"
#include "client/core/relay.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/net/calls.h"
#include "client/net/convert_blobs.h"
#include "client/net/read_call.h"
#include "client/net/stream_parts.h"
#include "cordon/wire/v1/blobs.grpc.pb.h"
#include "cordon/wire/v1/blobs.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/prim/hash.h"

namespace cordon::client {

// Messages go out one after the other: the start by itself, then each chunk.
// Everything is decided on the core's thread; gRPC's threads only post there.
class UploadCall final : public grpc::ClientWriteReactor<wire::PutRequest>,
                         public CallUnderWay,
                         public std::enable_shared_from_this<UploadCall> {
 public:
  explicit UploadCall(StreamParts parts) : parts_(std::move(parts)) {}

  void Start(const PutBlobCall& call) {
    parts_.connection->blobs->async()->Put(&context_, &answer_, this);
    parts_.calls->Begin(shared_from_this());
    // Writes begin outside gRPC's callbacks: it must not end before we say so.
    AddHold();
    held_ = true;
    StartCall();
    message_ = ToWire(call);
    writing_ = true;
    StartWrite(&message_);
  }
  void Fail(absl::Status why) { ended_ = std::move(why); }

  void Write(Bytes chunk, Done<Unit> done) {
    CORDON_CHECK(!written_.has_value() && !finished_.has_value());
    CORDON_CHECK(chunk.size() <= kBlobWireChunkBytesMax);
    written_.emplace(std::move(done));
    next_.emplace(std::move(chunk));
    Proceed();
  }

  void Finish(Done<Digest> done) {
    CORDON_CHECK(!written_.has_value() && !finished_.has_value());
    finished_.emplace(std::move(done));
    Proceed();
  }

  void Drop() {
    dropped_ = true;
    written_.reset();
    finished_.reset();
    Cancel();
  }

  void Cancel() override {
    context_.TryCancel();
    LetGo();
  }

 private:
  void OnWriteDone(bool ok) override {
    if (!ok) {
      LetGo();  // OnDone follows and says why.
      return;
    }
    parts_.core->Post([self = shared_from_this()]() { self->Written(); });
  }

  void OnDone(const grpc::Status& status) override {
    Calls* const calls = parts_.calls;
    parts_.core->Post([self = shared_from_this(),
                       end = parts_.connection->StatusOf(status)]() {
      self->ended_ = end;
      self->AnswerEnd();
    });
    calls->End(this);
  }

  void LetGo() {
    if (held_.exchange(false)) RemoveHold();
  }

  // Proceed begins what can begin now.
  void Proceed() {
    if (dropped_) return;
    if (ended_.has_value()) {
      parts_.core->Post([self = shared_from_this()]() { self->AnswerEnd(); });
    } else if (writing_) {
      return;
    } else if (next_.has_value()) {
      const Bytes chunk = *std::exchange(next_, std::nullopt);
      message_.set_chunk(ToString(chunk));
      writing_ = true;
      StartWrite(&message_);
    } else if (finished_.has_value()) {
      StartWritesDone();
      LetGo();
    }
  }

  void Written() {
    writing_ = false;
    if (written_.has_value() && !next_.has_value()) {
      Done<Unit> done = *std::exchange(written_, std::nullopt);
      std::move(done)(Unit{});
    } else {
      Proceed();
    }
  }

  void AnswerEnd() {
    if (written_.has_value()) {
      Done<Unit> done = *std::exchange(written_, std::nullopt);
      next_.reset();
      if (ended_->ok()) {
        std::move(done)(Unit{});
      } else {
        std::move(done)(*ended_);
      }
    } else if (finished_.has_value()) {
      Done<Digest> done = *std::exchange(finished_, std::nullopt);
      if (ended_->ok()) {
        std::move(done)(FromWire(answer_));
      } else {
        std::move(done)(*ended_);
      }
    }
  }

  const StreamParts parts_;
  grpc::ClientContext context_;
  std::atomic<bool> held_ = false;

  // gRPC's while it writes, and until it is done.
  wire::PutRequest message_;
  wire::PutAnswer answer_;

  // The core's.
  bool writing_ = false;
  bool dropped_ = false;
  std::optional<Bytes> next_;
  std::optional<Done<Unit>> written_;
  std::optional<Done<Digest>> finished_;
  std::optional<absl::Status> ended_;
};

GrpcBlobUpload::GrpcBlobUpload(const StreamParts& parts,
                               const PutBlobCall& call)
    : call_(std::make_shared<UploadCall>(parts)) {
  if (parts.connection == nullptr) {
    call_->Fail(NotConnected());
  } else {
    call_->Start(call);
  }
}

GrpcBlobUpload::~GrpcBlobUpload() {
  call_->Drop();
}

void GrpcBlobUpload::Write(Bytes chunk, Done<Unit> done) {
  call_->Write(std::move(chunk), std::move(done));
}

void GrpcBlobUpload::Finish(Done<Digest> done) {
  call_->Finish(std::move(done));
}

GrpcBlobDownload::GrpcBlobDownload(const StreamParts& parts, const BlobId& blob,
                                   uint64_t offset_bytes)
    : call_(std::make_shared<ReadCall<wire::GetAnswer, Bytes>>(
          parts,
          [](const wire::GetAnswer& answer) { return FromWire(answer); })) {
  if (parts.connection == nullptr) {
    call_->Fail(NotConnected());
    return;
  }
  wire::GetRequest request;
  request.set_blob_id(ToString(blob.span()));
  request.set_offset(offset_bytes);
  parts.connection->blobs->async()->Get(&call_->context(), &request,
                                        call_.get());
  call_->Start();
}

void GrpcBlobDownload::Read(Done<Bytes> done) {
  call_->Read(std::move(done));
}

}  // namespace cordon::client
