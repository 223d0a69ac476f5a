#include "crypto/prim/hash.h"

#include <sodium.h>

#include <cstdint>

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"

namespace cordon {

Digest Sha256(ByteSpan data) {
  Digest digest;
  crypto_hash_sha256(digest.data(), data.data(), data.size());
  return digest;
}

Sha256Stream::Sha256Stream() : state_() {
  crypto_hash_sha256_init(&state_);
}

void Sha256Stream::Update(ByteSpan more) {
  crypto_hash_sha256_update(&state_, more.data(), more.size());
}

Digest Sha256Stream::Finish() {
  Digest digest;
  crypto_hash_sha256_final(&state_, digest.data());
  return digest;
}

Digest HmacSha256(ByteSpan key, ByteSpan data) {
  crypto_auth_hmacsha256_state state;
  // libsodium wants no null pointer, not even for an empty key.
  constexpr uint8_t kEmpty = 0;
  crypto_auth_hmacsha256_init(&state, key.empty() ? &kEmpty : key.data(),
                              key.size());
  crypto_auth_hmacsha256_update(&state, data.data(), data.size());
  Digest tag;
  crypto_auth_hmacsha256_final(&state, tag.data());
  Wipe({reinterpret_cast<uint8_t*>(&state), sizeof state});
  return tag;
}

}  // namespace cordon
