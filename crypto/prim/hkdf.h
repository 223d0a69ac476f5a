#ifndef CORDON_CRYPTO_PRIM_HKDF_H_
#define CORDON_CRYPTO_PRIM_HKDF_H_

// HKDF with SHA-256, RFC 5869. libsodium 1.0.18 has HMAC but not HKDF.
// Threads: pure functions.

#include <cstddef>

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"

namespace cordon {

inline constexpr size_t kHkdfPrkBytes = 32;
// RFC 5869, 2.3: at most 255 blocks.
inline constexpr size_t kHkdfOutputBytesMax = 255 * 32;

SecretArray<kHkdfPrkBytes> HkdfExtract(ByteSpan salt, ByteSpan input_key);

// HkdfExpand fills `out`, which must be at most kHkdfOutputBytesMax long
// (checked: only our own code chooses it). `prk` is at least 32 bytes.
void HkdfExpand(ByteSpan prk, ByteSpan info, MutableByteSpan out);

}  // namespace cordon

#endif  // CORDON_CRYPTO_PRIM_HKDF_H_
