#include "crypto/prim/pwhash.h"

#include <sodium.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/base/sodium_init.h"

namespace cordon {

static_assert(kPwhashSaltBytes == crypto_pwhash_SALTBYTES);

absl::StatusOr<SecretArray<kPwhashKeyBytes>> DeriveFromPassphrase(
    const SecretBytes& passphrase, const PwhashSalt& salt,
    const PwhashCost& cost) {
  if (cost.passes < crypto_pwhash_OPSLIMIT_MIN ||
      cost.passes > kPwhashPassesMax ||
      cost.memory_bytes < crypto_pwhash_MEMLIMIT_MIN ||
      cost.memory_bytes > kPwhashMemoryBytesMax) {
    return absl::InvalidArgumentError("pwhash: cost out of bounds");
  }
  InitSodium();
  SecretArray<kPwhashKeyBytes> key;
  // libsodium wants no null pointer, not even for an empty passphrase.
  const absl::string_view text =
      passphrase.empty() ? "" : AsText(passphrase.ExposeSecret());
  if (crypto_pwhash(key.MutableSecret().data(), kPwhashKeyBytes, text.data(),
                    text.size(), salt.data(), cost.passes, cost.memory_bytes,
                    crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return absl::ResourceExhaustedError("pwhash: not enough memory");
  }
  return key;
}

}  // namespace cordon
