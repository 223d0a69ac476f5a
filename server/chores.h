#ifndef CORDON_SERVER_CHORES_H_
#define CORDON_SERVER_CHORES_H_

// What is to be done every so often while the relay runs, counted in ticks of
// kTick, so that a clock that is set neither hurries nor delays it.
//
// Threads: one.

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/time/time.h"

namespace cordon::server {

class Chores {
 public:
  static constexpr absl::Duration kTick = absl::Seconds(1);

  // Every has `work` done each `interval`, first after that; at least a tick.
  void Every(absl::Duration interval, absl::AnyInvocable<void()> work) {
    const int64_t ticks = std::max<int64_t>(interval / kTick, 1);
    chores_.push_back({ticks, ticks, std::move(work)});
  }

  void Tick() {
    for (Chore& chore : chores_) {
      if (--chore.left > 0) continue;
      chore.left = chore.every;
      chore.work();
    }
  }

 private:
  struct Chore {
    int64_t every = 0;
    int64_t left = 0;
    absl::AnyInvocable<void()> work;
  };
  std::vector<Chore> chores_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CHORES_H_
