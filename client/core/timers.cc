#include "client/core/timers.h"

#include <coroutine>

#include "absl/time/time.h"

namespace cordon::client {

Timers::Nap::~Nap() {
  // Destroyed asleep: its flow is gone and must not be resumed.
  if (sleeper_) timers_->Strike(until_, sleeper_);
}

void Timers::Nap::await_suspend(std::coroutine_handle<> sleeper) {
  sleeper_ = sleeper;
  timers_->Enlist(until_, sleeper);
}

void Timers::Enlist(absl::Time until, std::coroutine_handle<> sleeper) {
  sleepers_.emplace(until, sleeper);
}

void Timers::Strike(absl::Time until, std::coroutine_handle<> sleeper) {
  const auto [first, last] = sleepers_.equal_range(until);
  for (auto it = first; it != last; ++it) {
    if (it->second != sleeper) continue;
    sleepers_.erase(it);
    return;
  }
}

void Timers::Wake() {
  const absl::Time now = clock_->Now();
  // A flow that wakes may go to sleep again, until later than `now`, or end
  // others: look at the front anew each time.
  while (!sleepers_.empty() && sleepers_.begin()->first <= now) {
    const std::coroutine_handle<> sleeper = sleepers_.begin()->second;
    sleepers_.erase(sleepers_.begin());
    sleeper.resume();
  }
}

absl::Time Timers::next() const {
  return sleepers_.empty() ? absl::InfiniteFuture() : sleepers_.begin()->first;
}

}  // namespace cordon::client
