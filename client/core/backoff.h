#ifndef CORDON_CLIENT_CORE_BACKOFF_H_
#define CORDON_CLIENT_CORE_BACKOFF_H_

// How long to wait before the next try: twice as long each time up to a limit,
// and less of it by chance, so that devices which lost the relay together do
// not come back together.
// Threads: pure.

#include <cstdint>

#include "absl/time/time.h"

#include "crypto/base/random.h"

namespace cordon::client {

struct Backoff {
  absl::Duration first;
  absl::Duration longest;
};

// DelayAfter `failures` in a row, from 1: between half of it and all of it.
absl::Duration DelayAfter(uint32_t failures, const Backoff& backoff,
                          RandomSource& random);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_BACKOFF_H_
