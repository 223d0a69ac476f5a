#include "crypto/blob/padding.h"

#include <bit>
#include <cstdint>

#include "crypto/base/check.h"
#include "crypto/base/limits.h"

namespace cordon::blob {

uint64_t PaddedBytes(uint64_t plaintext_bytes) {
  CORDON_CHECK(plaintext_bytes <= kFileBytesMax);
  if (plaintext_bytes <= kPaddedBytesMin) return kPaddedBytesMin;
  const auto exponent = std::bit_width(plaintext_bytes) - 1;
  const auto bits_in_use = std::bit_width(exponent);
  const uint64_t bucket = uint64_t{1} << (exponent - bits_in_use);
  return (plaintext_bytes + bucket - 1) / bucket * bucket;
}

}  // namespace cordon::blob
