#include "client/core/bell.h"

#include <coroutine>
#include <cstdint>

namespace cordon::client {

void Bell::Pause::await_suspend(std::coroutine_handle<> sleeper) {
  sleeper_ = sleeper;
  ticket_ = ++bell_->last_ticket_;
  bell_->waiting_.push_back(this);
  timers_->Enlist(until_, sleeper);
}

bool Bell::Pause::await_resume() {
  // Resumed by the timer, it is still in the bell's list, and the other way
  // round.
  Leave();
  return rung_;
}

void Bell::Pause::Leave() {
  if (!sleeper_) return;
  bell_->waiting_.remove(this);
  timers_->Strike(until_, sleeper_);
  sleeper_ = {};
}

void Bell::Ring() {
  // A flow that is resumed may wait again, or end others: look at the front
  // anew each time, and leave those who came meanwhile.
  const uint64_t last = last_ticket_;
  while (!waiting_.empty() && waiting_.front()->ticket_ <= last) {
    Pause* const next = waiting_.front();
    waiting_.pop_front();
    next->rung_ = true;
    next->timers_->Strike(next->until_, next->sleeper_);
    next->sleeper_.resume();
  }
}

}  // namespace cordon::client
