#include "tests/bench/sender.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "cordon/wire/v1/delivery.grpc.pb.h"
#include "cordon/wire/v1/delivery.pb.h"
#include "cordon/wire/v1/types.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/mutex.h"
#include "crypto/base/random.h"
#include "tests/bench/process_usage.h"
#include "tests/bench/relay_world.h"
#include "tests/support/relay_client.h"

namespace cordon::bench {
namespace {

namespace wire = ::cordon::wire::v1;

constexpr absl::Duration kPatience = absl::Seconds(60);

}  // namespace

// One append under way; owns itself.
struct Sender::Call {
  grpc::ClientContext context;
  wire::AppendRequest request;
  wire::AppendAnswer answer;
  int64_t sent_ticks = 0;
};

Sender::Sender(const Server& server, const testing::TestDevice& device)
    : stub_(wire::Delivery::NewStub(
          testing::ConnectTo(server.address, server.pin, &device))) {}

Sender::~Sender() {
  AwaitAnswers();
}

void Sender::SendAtRate(const Load& load, double per_second) {
  const absl::Duration step = absl::Seconds(1) / per_second;
  absl::Time due = absl::Now();
  for (uint64_t i = 0; i < load.messages; ++i) {
    absl::SleepFor(due - absl::Now());
    Send(load);
    due += step;
  }
  AwaitAnswers();
}

void Sender::SendFlatOut(const Load& load, Crowd& crowd, uint64_t window) {
  for (uint64_t i = 0; i < load.messages; ++i) {
    if (i >= window) {
      CORDON_CHECK(
          crowd.AwaitReceived((i - window + 1) * crowd.size(), kPatience));
    }
    Send(load);
  }
  AwaitAnswers();
}

void Sender::Send(const Load& load) {
  {
    MutexLock lock(&mu_);
    ++unanswered_;
  }
  auto call = std::make_unique<Call>();
  call->request.set_room_id(ToString(kRoom.span()));
  wire::Envelope& envelope = *call->request.mutable_envelope();
  envelope.set_envelope_id(
      ToString(RandomBytes(SystemRandom(), EnvelopeId::kBytes)));
  envelope.set_kind(wire::ENTRY_KIND_APPLICATION);
  envelope.set_epoch(kEpoch.value);
  call->sent_ticks = Ticks();
  envelope.set_sealed(WriteStamp(
      {.sent_ticks = call->sent_ticks, .run = load.run}, load.bytes));
  Call* const going = call.release();
  stub_->async()->Append(
      &going->context, &going->request, &going->answer,
      [this, going](const grpc::Status& status) {
        const std::unique_ptr<Call> done(going);
        CORDON_CHECK(status.ok());
        Answered(absl::Nanoseconds(Ticks() - done->sent_ticks));
      });
}

void Sender::Answered(absl::Duration took) {
  MutexLock lock(&mu_);
  --unanswered_;
  answer_times_.push_back(took);
}

void Sender::AwaitAnswers() {
  MutexLock lock(&mu_);
  const auto answered = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return unanswered_ == 0;
  };
  CORDON_CHECK(mu_.AwaitWithDeadline(absl::Condition(&answered),
                                     absl::Now() + kPatience));
}

std::vector<absl::Duration> Sender::TakeAnswerTimes() {
  MutexLock lock(&mu_);
  std::sort(answer_times_.begin(), answer_times_.end());
  return std::exchange(answer_times_, {});
}

}  // namespace cordon::bench
