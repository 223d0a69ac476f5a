#include "tests/bench/crowd.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>
#include <grpcpp/support/status.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "cordon/wire/v1/delivery.grpc.pb.h"
#include "cordon/wire/v1/delivery.pb.h"
#include "crypto/base/check.h"
#include "crypto/base/mutex.h"
#include "tests/bench/process_usage.h"
#include "tests/support/relay_client.h"

namespace cordon::bench {
namespace {

namespace wire = ::cordon::wire::v1;

// Handshakes under way at once: two cores cannot do more.
constexpr size_t kConnectingMax = 32;
constexpr absl::Duration kConnectPatience = absl::Seconds(60);

}  // namespace

std::string WriteStamp(const Stamp& stamp, size_t size) {
  std::string message(std::max(size, kStampBytes), '\x5a');
  std::memcpy(message.data(), &stamp.sent_ticks, sizeof(stamp.sent_ticks));
  std::memcpy(message.data() + sizeof(stamp.sent_ticks), &stamp.run,
              sizeof(stamp.run));
  return message;
}

Stamp ReadStamp(const std::string& message) {
  CORDON_CHECK(message.size() >= kStampBytes);
  Stamp stamp;
  std::memcpy(&stamp.sent_ticks, message.data(), sizeof(stamp.sent_ticks));
  std::memcpy(&stamp.run, message.data() + sizeof(stamp.sent_ticks),
              sizeof(stamp.run));
  return stamp;
}

class Crowd::Listener final
    : public grpc::ClientReadReactor<wire::FollowBatch> {
 public:
  Listener(Crowd* crowd, const Server& server,
           const testing::TestDevice& device)
      : crowd_(crowd),
        stub_(wire::Delivery::NewStub(
            testing::ConnectTo(server.address, server.pin, &device))) {
    stub_->async()->Follow(&context_, &request_, this);
    StartRead(&batch_);
    StartCall();
  }
  void Cancel() { context_.TryCancel(); }

 private:
  void OnReadDone(bool ok) override {
    if (!ok) return;
    std::vector<Stamp> stamps;
    for (const wire::FollowItem& item : batch_.items()) {
      if (item.has_entry()) stamps.push_back(ReadStamp(item.entry().sealed()));
      if (item.has_caught_up()) crowd_->CaughtUp();
    }
    if (!stamps.empty()) crowd_->Received(stamps);
    batch_.Clear();
    StartRead(&batch_);
  }
  void OnDone(const grpc::Status& /*status*/) override { crowd_->Ended(); }

  Crowd* const crowd_;
  const std::unique_ptr<wire::Delivery::Stub> stub_;
  grpc::ClientContext context_;
  const wire::FollowRequest request_;
  wire::FollowBatch batch_;
};

Crowd::Crowd(const Server& server,
             const std::vector<const testing::TestDevice*>& devices) {
  for (const testing::TestDevice* const device : devices) {
    listeners_.push_back(std::make_unique<Listener>(this, server, *device));
    MutexLock lock(&mu_);
    const size_t begun = listeners_.size();
    const auto connected =
        [this, begun, all = devices.size()]()
            ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
              return begun == all ? caught_up_ == all
                                  : caught_up_ + kConnectingMax > begun;
            };
    CORDON_CHECK(mu_.AwaitWithDeadline(absl::Condition(&connected),
                                       absl::Now() + kConnectPatience));
  }
}

Crowd::~Crowd() {
  {
    MutexLock lock(&mu_);
    ending_ = true;
  }
  for (const std::unique_ptr<Listener>& listener : listeners_) {
    listener->Cancel();
  }
  MutexLock lock(&mu_);
  const auto all_ended = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return ended_ == listeners_.size();
  };
  CORDON_CHECK(mu_.AwaitWithDeadline(absl::Condition(&all_ended),
                                     absl::Now() + kConnectPatience));
}

void Crowd::BeginRun(uint32_t run) {
  MutexLock lock(&mu_);
  run_ = run;
  latencies_ns_.clear();
}

bool Crowd::AwaitReceived(uint64_t messages, absl::Duration patience) {
  MutexLock lock(&mu_);
  const auto received = [this, messages]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return latencies_ns_.size() >= messages;
  };
  return mu_.AwaitWithDeadline(absl::Condition(&received),
                               absl::Now() + patience);
}

std::vector<absl::Duration> Crowd::TakeLatencies() {
  MutexLock lock(&mu_);
  std::sort(latencies_ns_.begin(), latencies_ns_.end());
  std::vector<absl::Duration> latencies;
  latencies.reserve(latencies_ns_.size());
  for (const int64_t ns : latencies_ns_) {
    latencies.push_back(absl::Nanoseconds(ns));
  }
  latencies_ns_ = {};
  return latencies;
}

void Crowd::CaughtUp() {
  MutexLock lock(&mu_);
  ++caught_up_;
}

void Crowd::Received(const std::vector<Stamp>& stamps) {
  const int64_t now = Ticks();
  MutexLock lock(&mu_);
  for (const Stamp& stamp : stamps) {
    if (stamp.run == run_) latencies_ns_.push_back(now - stamp.sent_ticks);
  }
}

void Crowd::Ended() {
  MutexLock lock(&mu_);
  CORDON_CHECK(ending_);
  ++ended_;
}

}  // namespace cordon::bench
