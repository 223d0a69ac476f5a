#ifndef CORDON_CRYPTO_PRIM_SIGN_ED25519_H_
#define CORDON_CRYPTO_PRIM_SIGN_ED25519_H_

// Ed25519 signatures, RFC 8032.
// Threads: a signing key is read-only once made.

#include <array>
#include <cstddef>
#include <cstdint>

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"

namespace cordon {

inline constexpr size_t kEd25519SeedBytes = 32;
inline constexpr size_t kEd25519PublicKeyBytes = 32;
inline constexpr size_t kEd25519SignatureBytes = 64;

using Ed25519Seed = SecretArray<kEd25519SeedBytes>;
using Ed25519PublicKey = std::array<uint8_t, kEd25519PublicKeyBytes>;
using Ed25519Signature = std::array<uint8_t, kEd25519SignatureBytes>;

class Ed25519PrivateKey {
 public:
  static Ed25519PrivateKey Generate(RandomSource& random);
  static Ed25519PrivateKey FromSeed(const Ed25519Seed& seed);

  Ed25519PrivateKey(Ed25519PrivateKey&&) noexcept = default;
  Ed25519PrivateKey& operator=(Ed25519PrivateKey&&) noexcept = default;

  const Ed25519PublicKey& public_key() const { return public_key_; }
  // Seed is what storage keeps; FromSeed gives the key back.
  Ed25519Seed CloneSeed() const;
  Ed25519PrivateKey CloneSecret() const;
  Ed25519Signature Sign(ByteSpan message) const;

 private:
  // libsodium's form: the seed, then the public key.
  static constexpr size_t kExpandedBytes = 64;

  Ed25519PrivateKey() = default;

  SecretArray<kExpandedBytes> expanded_;
  Ed25519PublicKey public_key_{};
};

// VerifyEd25519 is false for a wrong length, a key or point that is not
// canonical or of small order, and a signature that does not match.
[[nodiscard]] bool VerifyEd25519(ByteSpan public_key, ByteSpan message,
                                 ByteSpan signature);

}  // namespace cordon

#endif  // CORDON_CRYPTO_PRIM_SIGN_ED25519_H_
