#include "tests/bench/bare_service.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>
#include <grpcpp/support/status.h>

#include <deque>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"

#include "cordon/wire/v1/delivery.pb.h"
#include "cordon/wire/v1/types.pb.h"
#include "crypto/base/mutex.h"

namespace cordon::bench {

// Shared by the queues of all streams that have it still to write.
using SharedBatch = std::shared_ptr<const wire::FollowBatch>;

class BareStream final : public grpc::ServerWriteReactor<wire::FollowBatch> {
 public:
  explicit BareStream(BareService* service) : service_(service) {}

  void Offer(SharedBatch batch) ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    if (finished_) return;
    queue_.push_back(std::move(batch));
    if (queue_.size() == 1) StartWrite(queue_.front().get());
  }

 private:
  void OnWriteDone(bool ok) override ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    queue_.pop_front();
    if (!ok) return FinishLocked();
    if (!finished_ && !queue_.empty()) StartWrite(queue_.front().get());
  }
  void OnCancel() override ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    FinishLocked();
  }
  void OnDone() override {
    service_->Remove(this);
    delete this;
  }
  void FinishLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    if (!std::exchange(finished_, true)) Finish(grpc::Status::CANCELLED);
  }

  BareService* const service_;
  Mutex mu_;
  // The first is being written.
  std::deque<SharedBatch> queue_ ABSL_GUARDED_BY(mu_);
  bool finished_ ABSL_GUARDED_BY(mu_) = false;
};

grpc::ServerUnaryReactor* BareService::Append(
    grpc::CallbackServerContext* context, const wire::AppendRequest* request,
    wire::AppendAnswer* answer) {
  auto batch = std::make_shared<wire::FollowBatch>();
  wire::LogEntry& entry = *batch->add_items()->mutable_entry();
  entry.set_room_id(request->room_id());
  entry.set_kind(request->envelope().kind());
  entry.set_epoch(request->envelope().epoch());
  entry.set_author(request->room_id() + request->room_id());
  entry.set_envelope_id(request->envelope().envelope_id());
  entry.set_sealed(request->envelope().sealed());
  {
    MutexLock lock(&mu_);
    entry.set_seq(++last_seq_);
    answer->set_seq(last_seq_);
    for (BareStream* const stream : streams_) stream->Offer(batch);
  }
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

grpc::ServerWriteReactor<wire::FollowBatch>* BareService::Follow(
    grpc::CallbackServerContext* /*context*/,
    const wire::FollowRequest* /*request*/) {
  auto* const stream = new BareStream(this);
  auto hello = std::make_shared<wire::FollowBatch>();
  hello->add_items()->mutable_caught_up();
  stream->Offer(std::move(hello));
  MutexLock lock(&mu_);
  streams_.insert(stream);
  return stream;
}

void BareService::Remove(BareStream* stream) {
  MutexLock lock(&mu_);
  streams_.erase(stream);
}

}  // namespace cordon::bench
