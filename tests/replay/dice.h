#ifndef CORDON_TESTS_REPLAY_DICE_H_
#define CORDON_TESTS_REPLAY_DICE_H_

// Chance from a seed, the same on every machine: the engine is fixed by the
// standard, and what is drawn from it is computed here, in whole numbers, since
// the standard's distributions differ between libraries.
// Threads: none.

#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "absl/types/span.h"

namespace cordon::replay {

class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}

  // Below is in [0, bound); bound > 0. A little uneven for huge bounds.
  uint64_t Below(uint64_t bound) { return engine_() % bound; }
  uint8_t Byte() { return static_cast<uint8_t>(engine_() >> 56); }

  template <typename T>
  const T& Pick(absl::Span<const T> from) {
    return from[Below(from.size())];
  }

  template <typename T>
  void Shuffle(std::vector<T>& items) {
    for (size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[Below(i)]);
    }
  }

  // Split gives `parts` numbers of at least 1, some much larger than others,
  // whose sum is `total` (at least `parts`).
  std::vector<uint64_t> Split(uint64_t total, size_t parts) {
    std::vector<uint64_t> weights(parts);
    uint64_t weight_sum = 0;
    for (uint64_t& weight : weights) {
      weight = (1 + Below(100)) << Below(6);
      weight_sum += weight;
    }
    uint64_t left = total - parts;
    const uint64_t to_share = left;
    std::vector<uint64_t> shares(parts, 1);
    for (size_t i = 0; i + 1 < parts; ++i) {
      const uint64_t share = to_share * weights[i] / weight_sum;
      shares[i] += share;
      left -= share;
    }
    shares[parts - 1] += left;
    return shares;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace cordon::replay

#endif  // CORDON_TESTS_REPLAY_DICE_H_
