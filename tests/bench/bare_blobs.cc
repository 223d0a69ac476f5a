#include "tests/bench/bare_blobs.h"

#include <grpcpp/support/server_callback.h>
#include <grpcpp/support/status.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <string>

#include "cordon/wire/v1/blobs.pb.h"

namespace cordon::bench {
namespace {

namespace wire = ::cordon::wire::v1;

class PutStream final : public grpc::ServerReadReactor<wire::PutRequest> {
 public:
  explicit PutStream(std::atomic<uint64_t>* bytes) : bytes_(bytes) {
    bytes_->store(0);
    StartRead(&request_);
  }

 private:
  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    bytes_->fetch_add(request_.chunk().size());
    StartRead(&request_);
  }
  void OnDone() override { delete this; }

  std::atomic<uint64_t>* const bytes_;
  wire::PutRequest request_;
};

class GetStream final : public grpc::ServerWriteReactor<wire::GetAnswer> {
 public:
  explicit GetStream(uint64_t bytes) : left_(bytes) {
    answer_.set_chunk(std::string(kBlobChunkBytes, '\x5a'));
    WriteNext();
  }

 private:
  void WriteNext() {
    if (left_ == 0) return Finish(grpc::Status::OK);
    left_ -= std::min<uint64_t>(left_, kBlobChunkBytes);
    StartWrite(&answer_);
  }
  void OnWriteDone(bool ok) override {
    if (ok) return WriteNext();
    Finish(grpc::Status::CANCELLED);
  }
  void OnDone() override { delete this; }

  uint64_t left_;
  wire::GetAnswer answer_;
};

}  // namespace

grpc::ServerReadReactor<wire::PutRequest>* BareBlobs::Put(
    grpc::CallbackServerContext* /*context*/, wire::PutAnswer* /*answer*/) {
  return new PutStream(&put_bytes_);
}

grpc::ServerWriteReactor<wire::GetAnswer>* BareBlobs::Get(
    grpc::CallbackServerContext* /*context*/,
    const wire::GetRequest* /*request*/) {
  return new GetStream(put_bytes_.load());
}

}  // namespace cordon::bench
