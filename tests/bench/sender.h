#ifndef CORDON_TESTS_BENCH_SENDER_H_
#define CORDON_TESTS_BENCH_SENDER_H_

// One device that appends to the room, by the clock or as fast as it is read.
// Threads: one owner; gRPC answers.
// A refused append ends the program.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

#include "cordon/wire/v1/delivery.grpc.pb.h"
#include "crypto/base/mutex.h"
#include "tests/bench/crowd.h"
#include "tests/support/test_pki.h"

namespace cordon::bench {

// Of one run: how many messages, and how large.
struct Load {
  uint32_t run = 0;
  uint64_t messages = 0;
  size_t bytes = 1024;
};

class Sender {
 public:
  Sender(const Server& server, const testing::TestDevice& device);
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;
  ~Sender();

  // SendAtRate sends by the clock, late answers or not.
  void SendAtRate(const Load& load, double per_second);
  // SendFlatOut sends while at most `window` messages have not reached all of
  // the crowd.
  void SendFlatOut(const Load& load, Crowd& crowd, uint64_t window);

  // TakeAnswerTimes gives, sorted, how long answers took since the last time.
  std::vector<absl::Duration> TakeAnswerTimes() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  struct Call;

  void Send(const Load& load) ABSL_LOCKS_EXCLUDED(mu_);
  void Answered(absl::Duration took) ABSL_LOCKS_EXCLUDED(mu_);
  void AwaitAnswers() ABSL_LOCKS_EXCLUDED(mu_);

  const std::unique_ptr<cordon::wire::v1::Delivery::Stub> stub_;

  Mutex mu_;
  uint64_t unanswered_ ABSL_GUARDED_BY(mu_) = 0;
  std::vector<absl::Duration> answer_times_ ABSL_GUARDED_BY(mu_);
};

}  // namespace cordon::bench

#endif  // CORDON_TESTS_BENCH_SENDER_H_
