#ifndef CORDON_CRYPTO_BASE_RANDOM_H_
#define CORDON_CRYPTO_BASE_RANDOM_H_

// Where randomness comes from: an interface, so that one seed can replay the
// world in tests, and the one real source.

#include <cstddef>

#include "crypto/base/bytes.h"

namespace cordon {

// RandomSource is borrowed by who is given it. Threads: an implementation says.
class RandomSource {
 public:
  virtual ~RandomSource() = default;

  // Fill overwrites all of `out` with uniformly random bytes. Cannot fail.
  virtual void Fill(MutableByteSpan out) = 0;
};

// SystemRandom is the kernel's generator through libsodium. Any thread.
RandomSource& SystemRandom();

// RandomBytes is for ids, nonces and padding; secrets have types of their own.
Bytes RandomBytes(RandomSource& random, size_t size);

}  // namespace cordon

#endif  // CORDON_CRYPTO_BASE_RANDOM_H_
