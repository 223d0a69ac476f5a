#ifndef CORDON_TESTS_SUPPORT_SEEDED_RANDOM_H_
#define CORDON_TESTS_SUPPORT_SEEDED_RANDOM_H_

// Bytes from a seed: the same seed gives the same world. For tests only: the
// engine's state can be computed from what it gave.
// Threads: none.

#include <cstdint>
#include <random>

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"

namespace cordon::testing {

class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(uint64_t seed) : engine_(seed) {}

  void Fill(MutableByteSpan out) override;

  // Below is uniform in [0, bound); bound > 0.
  uint64_t Below(uint64_t bound) { return engine_() % bound; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_SEEDED_RANDOM_H_
