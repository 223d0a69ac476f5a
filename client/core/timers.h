#ifndef CORDON_CLIENT_CORE_TIMERS_H_
#define CORDON_CLIENT_CORE_TIMERS_H_

// Waiting without a thread: flows sleep here until the client is told that time
// has passed.
//
//   co_await timers.Sleep(absl::Seconds(2));
//
// Threads: none; the core's thread.
// Lifetime: must outlive the flows that sleep in it, or be destroyed together
// with them; a flow destroyed while asleep is forgotten.

#include <coroutine>
#include <map>

#include "absl/time/time.h"

#include "crypto/base/clock.h"

namespace cordon::client {

class Timers {
 public:
  // Await it once, in the expression that made it.
  class Nap {
   public:
    Nap(Timers* timers, absl::Time until) : timers_(timers), until_(until) {}
    Nap(const Nap&) = delete;
    Nap& operator=(const Nap&) = delete;
    ~Nap();

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> sleeper);
    void await_resume() { sleeper_ = nullptr; }

   private:
    Timers* const timers_;
    const absl::Time until_;
    std::coroutine_handle<> sleeper_;
  };

  explicit Timers(const Clock* clock) : clock_(clock) {}

  Nap Sleep(absl::Duration span) { return {this, clock_->Now() + span}; }

  // Wake resumes, in the order of their times, all whose time has come.
  void Wake();

  absl::Time now() const { return clock_->Now(); }

  // Enlist and Strike are for awaitables (bell.h): a handle that is resumed at
  // `until` unless it was struck off before.
  void Enlist(absl::Time until, std::coroutine_handle<> sleeper);
  void Strike(absl::Time until, std::coroutine_handle<> sleeper);

  // When Wake is next worth calling; InfiniteFuture if nobody sleeps.
  absl::Time next() const;

 private:
  const Clock* const clock_;
  std::multimap<absl::Time, std::coroutine_handle<>> sleepers_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_TIMERS_H_
