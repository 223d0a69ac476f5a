#include "crypto/prim/hkdf.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/secret.h"

namespace cordon {
namespace {

// What libsodium is shown instead of the null pointer of an empty key.
constexpr uint8_t kEmpty = 0;

}  // namespace

SecretArray<kHkdfPrkBytes> HkdfExtract(ByteSpan salt, ByteSpan input_key) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, salt.empty() ? &kEmpty : salt.data(),
                              salt.size());
  crypto_auth_hmacsha256_update(&state, input_key.data(), input_key.size());
  SecretArray<kHkdfPrkBytes> prk;
  crypto_auth_hmacsha256_final(&state, prk.MutableSecret().data());
  Wipe({reinterpret_cast<uint8_t*>(&state), sizeof state});
  return prk;
}

void HkdfExpand(ByteSpan prk, ByteSpan info, MutableByteSpan out) {
  CORDON_CHECK(out.size() <= kHkdfOutputBytesMax);
  std::array<uint8_t, crypto_auth_hmacsha256_BYTES> block{};
  crypto_auth_hmacsha256_state state;
  size_t written = 0;
  for (uint8_t counter = 1; written < out.size(); ++counter) {
    crypto_auth_hmacsha256_init(&state, prk.data(), prk.size());
    if (counter > 1) {
      crypto_auth_hmacsha256_update(&state, block.data(), block.size());
    }
    crypto_auth_hmacsha256_update(&state, info.data(), info.size());
    crypto_auth_hmacsha256_update(&state, &counter, 1);
    crypto_auth_hmacsha256_final(&state, block.data());
    const size_t take = std::min(block.size(), out.size() - written);
    std::copy_n(block.begin(), take, out.begin() + written);
    written += take;
  }
  Wipe(absl::MakeSpan(block));
  Wipe({reinterpret_cast<uint8_t*>(&state), sizeof state});
}

}  // namespace cordon
