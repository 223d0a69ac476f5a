#ifndef CORDON_CLIENT_CORE_BELL_H_
#define CORDON_CLIENT_CORE_BELL_H_

// Waiting for something that another flow does: whoever waits is resumed when
// the bell is rung, or when its patience ends.
//
//   while (!done()) {
//     if (!co_await bell.Wait(timers, patience)) co_return …;  // too late
//   }
//
// A ring says "look again", not what happened; who comes after it waits for the
// next one.
// Threads: none; the core's thread. Ring resumes inside the call.
// Lifetime: bell and timers outlive whoever waits; a flow destroyed while it
// waits is forgotten.

#include <coroutine>
#include <cstdint>
#include <list>

#include "absl/time/time.h"

#include "client/core/timers.h"

namespace cordon::client {

class Bell {
 public:
  // Await it once, in the expression that made it: true if it was rung.
  class Pause {
   public:
    Pause(Bell* bell, Timers* timers, absl::Time until)
        : bell_(bell), timers_(timers), until_(until) {}
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;
    ~Pause() { Leave(); }

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> sleeper);
    bool await_resume();

   private:
    friend class Bell;
    void Leave();

    Bell* const bell_;
    Timers* const timers_;
    const absl::Time until_;
    std::coroutine_handle<> sleeper_;
    uint64_t ticket_ = 0;
    bool rung_ = false;
  };

  Bell() = default;
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  Pause Wait(Timers* timers, absl::Duration patience) {
    return {this, timers, timers->now() + patience};
  }

  // Ring resumes all who wait now, in the order in which they came.
  void Ring();

 private:
  std::list<Pause*> waiting_;
  uint64_t last_ticket_ = 0;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_BELL_H_
