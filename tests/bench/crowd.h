#ifndef CORDON_TESTS_BENCH_CROWD_H_
#define CORDON_TESTS_BENCH_CROWD_H_

// Many devices that follow one room, and what reaches them when. Each has a
// connection of its own: the relay knows a device by the certificate of its
// connection, so one connection cannot carry two devices' streams. Streams are
// read raw through gRPC's callbacks, without a client's core behind.
//
// What is sent begins with a Stamp, which says when, and in which run.
// Threads: one owner; gRPC's read.
// A stream that ends before the crowd does ends the program.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

#include "crypto/base/mutex.h"
#include "crypto/cert/pin.h"
#include "tests/support/test_pki.h"

namespace cordon::bench {

// The head of a message's bytes.
struct Stamp {
  int64_t sent_ticks = 0;
  uint32_t run = 0;
};
inline constexpr size_t kStampBytes = 12;
std::string WriteStamp(const Stamp& stamp, size_t size);
Stamp ReadStamp(const std::string& message);

struct Server {
  std::string address;
  cert::Pin pin;
};

class Crowd {
 public:
  // Connects all and waits until each was told that it has caught up.
  Crowd(const Server& server,
        const std::vector<const testing::TestDevice*>& devices);
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;
  // Ends all streams and waits for it.
  ~Crowd();

  size_t size() const { return listeners_.size(); }

  // BeginRun forgets what was received; from now on messages of `run` count.
  void BeginRun(uint32_t run) ABSL_LOCKS_EXCLUDED(mu_);
  // AwaitReceived waits until all together have received `messages` of the run;
  // false if that takes longer than `patience`.
  bool AwaitReceived(uint64_t messages, absl::Duration patience)
      ABSL_LOCKS_EXCLUDED(mu_);
  // TakeLatencies gives the run's, sorted: from sending to reading.
  std::vector<absl::Duration> TakeLatencies() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  class Listener;

  void CaughtUp() ABSL_LOCKS_EXCLUDED(mu_);
  void Received(const std::vector<Stamp>& stamps) ABSL_LOCKS_EXCLUDED(mu_);
  void Ended() ABSL_LOCKS_EXCLUDED(mu_);

  std::vector<std::unique_ptr<Listener>> listeners_;

  Mutex mu_;
  size_t caught_up_ ABSL_GUARDED_BY(mu_) = 0;
  size_t ended_ ABSL_GUARDED_BY(mu_) = 0;
  bool ending_ ABSL_GUARDED_BY(mu_) = false;
  uint32_t run_ ABSL_GUARDED_BY(mu_) = 0;
  std::vector<int64_t> latencies_ns_ ABSL_GUARDED_BY(mu_);
};

}  // namespace cordon::bench

#endif  // CORDON_TESTS_BENCH_CROWD_H_
