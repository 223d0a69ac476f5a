#ifndef CORDON_STORAGE_RELAY_READ_LIMITS_H_
#define CORDON_STORAGE_RELAY_READ_LIMITS_H_

// How much one read may bring into memory.

#include <cstddef>

namespace cordon::relay {

// A read stops before it passes either limit, but gives at least one entry if
// there is one, so that a reader always gets on.
struct ReadLimits {
  size_t entries_max = 256;
  size_t bytes_max = size_t{4} * 1024 * 1024;
};

}  // namespace cordon::relay

#endif  // CORDON_STORAGE_RELAY_READ_LIMITS_H_
