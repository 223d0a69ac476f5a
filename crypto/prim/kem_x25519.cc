#include "crypto/prim/kem_x25519.h"

#include <sodium.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/secret.h"

namespace cordon {

X25519PublicKey X25519PublicOf(const X25519PrivateKey& private_key) {
  X25519PublicKey public_key;
  crypto_scalarmult_base(public_key.data(), private_key.ExposeSecret().data());
  return public_key;
}

absl::StatusOr<SecretArray<kX25519KeyBytes>> X25519(
    const X25519PrivateKey& private_key, const X25519PublicKey& public_key) {
  SecretArray<kX25519KeyBytes> shared;
  if (crypto_scalarmult(shared.MutableSecret().data(),
                        private_key.ExposeSecret().data(),
                        public_key.data()) != 0) {
    return absl::InvalidArgumentError("x25519: public key of small order");
  }
  return shared;
}

}  // namespace cordon
