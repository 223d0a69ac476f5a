#ifndef CORDON_CRYPTO_PRIM_AEAD_H_
#define CORDON_CRYPTO_PRIM_AEAD_H_

// ChaCha20-Poly1305 with a 96-bit nonce, RFC 8439.
//
// Gives confidentiality and integrity of the plaintext and integrity of the
// associated data. Does not give anything once a (key, nonce) pair seals two
// different plaintexts: the caller guarantees that it never does.
// Threads: pure functions.
// Errors: every failure to open is the same kInvalidArgument.

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"

namespace cordon {

inline constexpr size_t kAeadKeyBytes = 32;
inline constexpr size_t kAeadNonceBytes = 12;
inline constexpr size_t kAeadTagBytes = 16;

using AeadKey = SecretArray<kAeadKeyBytes>;
using AeadNonce = std::array<uint8_t, kAeadNonceBytes>;

// AeadSeal returns plaintext.size() + kAeadTagBytes bytes.
Bytes AeadSeal(const AeadKey& key, const AeadNonce& nonce, ByteSpan associated,
               ByteSpan plaintext);

absl::StatusOr<Bytes> AeadOpen(const AeadKey& key, const AeadNonce& nonce,
                               ByteSpan associated, ByteSpan sealed);

// AeadOpenSecret is AeadOpen for a plaintext that is itself a secret.
absl::StatusOr<SecretBytes> AeadOpenSecret(const AeadKey& key,
                                           const AeadNonce& nonce,
                                           ByteSpan associated,
                                           ByteSpan sealed);

}  // namespace cordon

#endif  // CORDON_CRYPTO_PRIM_AEAD_H_
