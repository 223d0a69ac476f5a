#ifndef CORDON_CRYPTO_PRIM_KEM_X25519_H_
#define CORDON_CRYPTO_PRIM_KEM_X25519_H_

// X25519 key agreement, RFC 7748.
// Threads: pure functions.

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"

#include "crypto/base/secret.h"

namespace cordon {

inline constexpr size_t kX25519KeyBytes = 32;

using X25519PrivateKey = SecretArray<kX25519KeyBytes>;
using X25519PublicKey = std::array<uint8_t, kX25519KeyBytes>;

X25519PublicKey X25519PublicOf(const X25519PrivateKey& private_key);

// X25519 returns the shared secret; kInvalidArgument if it is all zero, that
// is, if the peer's key is of small order (RFC 9180, 7.1.4).
absl::StatusOr<SecretArray<kX25519KeyBytes>> X25519(
    const X25519PrivateKey& private_key, const X25519PublicKey& public_key);

}  // namespace cordon

#endif  // CORDON_CRYPTO_PRIM_KEM_X25519_H_
