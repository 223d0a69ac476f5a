#ifndef CORDON_CRYPTO_PRIM_HASH_H_
#define CORDON_CRYPTO_PRIM_HASH_H_

// SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104).
// Threads: functions are pure; a Sha256Stream belongs to one caller.

#include <sodium.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "crypto/base/bytes.h"

namespace cordon {

inline constexpr size_t kDigestBytes = 32;
using Digest = std::array<uint8_t, kDigestBytes>;

Digest Sha256(ByteSpan data);

// Sha256Stream hashes what does not fit in memory at once.
class Sha256Stream {
 public:
  Sha256Stream();
  void Update(ByteSpan more);
  // Finish may be called once; the stream is spent afterwards.
  Digest Finish();

 private:
  crypto_hash_sha256_state state_;
};

// HmacSha256 accepts keys of any length. Compare tags with EqualsConstantTime.
Digest HmacSha256(ByteSpan key, ByteSpan data);

}  // namespace cordon

#endif  // CORDON_CRYPTO_PRIM_HASH_H_
