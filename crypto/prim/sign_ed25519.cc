#include "crypto/prim/sign_ed25519.h"

#include <sodium.h>

#include <algorithm>

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"

namespace cordon {

static_assert(kEd25519SeedBytes == crypto_sign_SEEDBYTES);
static_assert(kEd25519PublicKeyBytes == crypto_sign_PUBLICKEYBYTES);
static_assert(kEd25519SignatureBytes == crypto_sign_BYTES);

Ed25519PrivateKey Ed25519PrivateKey::Generate(RandomSource& random) {
  return FromSeed(Ed25519Seed::Random(random));
}

Ed25519PrivateKey Ed25519PrivateKey::FromSeed(const Ed25519Seed& seed) {
  static_assert(kExpandedBytes == crypto_sign_SECRETKEYBYTES);
  Ed25519PrivateKey key;
  const int result = crypto_sign_seed_keypair(
      key.public_key_.data(), key.expanded_.MutableSecret().data(),
      seed.ExposeSecret().data());
  CORDON_CHECK(result == 0);
  return key;
}

Ed25519Seed Ed25519PrivateKey::CloneSeed() const {
  Ed25519Seed seed;
  std::copy_n(expanded_.ExposeSecret().begin(), kEd25519SeedBytes,
              seed.MutableSecret().begin());
  return seed;
}

Ed25519PrivateKey Ed25519PrivateKey::CloneSecret() const {
  Ed25519PrivateKey clone;
  clone.expanded_ = expanded_.CloneSecret();
  clone.public_key_ = public_key_;
  return clone;
}

Ed25519Signature Ed25519PrivateKey::Sign(ByteSpan message) const {
  Ed25519Signature signature;
  const int result =
      crypto_sign_detached(signature.data(), nullptr, message.data(),
                           message.size(), expanded_.ExposeSecret().data());
  CORDON_CHECK(result == 0);
  return signature;
}

bool VerifyEd25519(ByteSpan public_key, ByteSpan message, ByteSpan signature) {
  if (public_key.size() != kEd25519PublicKeyBytes) return false;
  if (signature.size() != kEd25519SignatureBytes) return false;
  return crypto_sign_verify_detached(signature.data(), message.data(),
                                     message.size(), public_key.data()) == 0;
}

}  // namespace cordon
