#ifndef CORDON_TESTS_REPLAY_LOOP_H_
#define CORDON_TESTS_REPLAY_LOOP_H_

// The driver's one thread: waits with poll() on the pipes of all children, on
// SIGINT and SIGTERM, and on the time; nothing runs but what one of them woke.
// Threads: one.

#include <functional>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "tests/replay/child.h"

namespace cordon::replay {

// What Run waits for.
struct Wait {
  std::string what;  // "everybody has acknowledged", for messages
  std::function<bool()> done;
  // How long nothing may happen: any line of a child starts it anew.
  absl::Duration patience = absl::Seconds(60);
  // One line now and then on how far it is.
  std::function<std::string()> progress;
  // Something to do again and again meanwhile.
  std::function<void()> beat;
  absl::Duration beat_every = absl::InfiniteDuration();
};

class Loop {
 public:
  // SIGINT and SIGTERM are blocked from here on and end Run instead.
  Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop();

  using TakeLine = std::function<void(absl::string_view)>;
  // Watch borrows `child` until Forget.
  void Watch(Child* child, TakeLine take);
  void Forget(Child* child);

  // Fail ends Run; the first failure is kept.
  void Fail(absl::Status why);
  // A child that ends by itself is a failure unless it is expected.
  void ExpectEnds(bool expected) { ends_expected_ = expected; }

  // Run returns when `wait.done()`; the first failure; kCancelled after a
  // signal; kDeadlineExceeded when nothing happened for too long.
  absl::Status Run(const Wait& wait);

 private:
  void ShowProgress(const Wait& wait);
  void PollOnce(absl::Duration longest);
  void NoticeEnd(Child* child);

  const int signals_;  // a signalfd
  std::map<Child*, TakeLine> children_;
  absl::Status failure_;
  absl::Time last_line_;
  absl::Time next_progress_;
  bool ends_expected_ = false;
};

}  // namespace cordon::replay

#endif  // CORDON_TESTS_REPLAY_LOOP_H_
