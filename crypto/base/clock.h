#ifndef CORDON_CRYPTO_BASE_CLOCK_H_
#define CORDON_CRYPTO_BASE_CLOCK_H_

// What time it is: an interface, so that tests and the simulator own time, and
// the one real clock, which only programs' main functions ask for.

#include "absl/time/time.h"

namespace cordon {

// Clock is asked, never told; whoever is given one borrows it for life.
// Threads: implementations may be asked from any.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

// SystemClock may be wrong and may jump; nothing may depend on it being right.
// Any thread.
const Clock& SystemClock();

}  // namespace cordon

#endif  // CORDON_CRYPTO_BASE_CLOCK_H_
