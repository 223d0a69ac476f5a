#include "client/core/backoff.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"

namespace cordon::client {
namespace {

// Beyond, every sensible limit is reached.
constexpr uint32_t kDoublingsMax = 20;

}  // namespace

absl::Duration DelayAfter(uint32_t failures, const Backoff& backoff,
                          RandomSource& random) {
  const uint32_t doublings =
      std::min(std::max(failures, uint32_t{1}) - 1, kDoublingsMax);
  const absl::Duration whole =
      std::min(backoff.first * (int64_t{1} << doublings), backoff.longest);
  std::array<uint8_t, 1> chance{};
  random.Fill(MutableByteSpan(chance));
  return whole / 2 + whole / 2 * int64_t{chance[0]} / 255;
}

}  // namespace cordon::client
