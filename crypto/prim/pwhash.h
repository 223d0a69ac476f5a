#ifndef CORDON_CRYPTO_PRIM_PWHASH_H_
#define CORDON_CRYPTO_PRIM_PWHASH_H_

// Argon2id (RFC 9106): from a passphrase to a key, slowly on purpose.
// Threads: pure; takes memory_bytes for the duration of the call.

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"

#include "crypto/base/secret.h"

namespace cordon {

inline constexpr size_t kPwhashSaltBytes = 16;
inline constexpr size_t kPwhashKeyBytes = 32;

using PwhashSalt = std::array<uint8_t, kPwhashSaltBytes>;

// Stored beside the salt, so that the defaults may grow later.
struct PwhashCost {
  uint32_t passes = 3;
  uint64_t memory_bytes = uint64_t{64} * 1024 * 1024;
};

// The bounds within which a stored cost is believed.
inline constexpr uint32_t kPwhashPassesMax = 64;
inline constexpr uint64_t kPwhashMemoryBytesMax = uint64_t{1} << 30;

// Errors: kInvalidArgument for a cost out of bounds, kResourceExhausted when
// the memory is not to be had.
absl::StatusOr<SecretArray<kPwhashKeyBytes>> DeriveFromPassphrase(
    const SecretBytes& passphrase, const PwhashSalt& salt,
    const PwhashCost& cost);

}  // namespace cordon

#endif  // CORDON_CRYPTO_PRIM_PWHASH_H_
