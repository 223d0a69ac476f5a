#ifndef CORDON_CRYPTO_HPKE_HPKE_H_
#define CORDON_CRYPTO_HPKE_HPKE_H_

// Hybrid public key encryption, RFC 9180: base mode of the suite
// DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305.
//
// Gives: confidentiality and integrity for the holder of the private key.
// Does not give: who the sender is, nor forward secrecy once the private key
// leaks. Each call is a context of its own that seals one plaintext, so no
// nonce is ever counted.
// Threads: pure functions, but for the RandomSource handed in.
// Errors: kInvalidArgument for keys and encapsulations of a wrong size or of
// small order, and the same code and text for every ciphertext that does not
// open.

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/prim/kem_x25519.h"

namespace cordon::hpke {

inline constexpr size_t kPublicKeyBytes = kX25519KeyBytes;
inline constexpr size_t kPrivateKeyBytes = kX25519KeyBytes;
inline constexpr size_t kEncapsulationBytes = kX25519KeyBytes;

using Encapsulation = std::array<uint8_t, kEncapsulationBytes>;

// A private key beside its public half, because opening needs both and the
// multiplication that makes one from the other is not free.
struct KeyPair {
  X25519PrivateKey private_key;
  X25519PublicKey public_key{};

  // Of returns the pair of a private key that was stored alone.
  static KeyPair Of(X25519PrivateKey private_key);
  static KeyPair Generate(RandomSource& random);
  KeyPair CloneSecret() const;
};

// DeriveKeyPair, section 7.1.3: the pair that belongs to this key material,
// which is at least 32 secret bytes.
KeyPair DeriveKeyPair(ByteSpan key_material);

struct Sealed {
  Encapsulation encapsulation{};
  Bytes ciphertext;
};

// Seal is SealBase of section 6.1. `info` and `associated` are public.
absl::StatusOr<Sealed> Seal(ByteSpan public_key, ByteSpan info,
                            ByteSpan associated, ByteSpan plaintext,
                            RandomSource& random);

// Open is OpenBase of section 6.1; plaintexts of HPKE are taken for secrets.
absl::StatusOr<SecretBytes> Open(const KeyPair& key, ByteSpan encapsulation,
                                 ByteSpan info, ByteSpan associated,
                                 ByteSpan ciphertext);

// What both ends can derive without a message (sections 5.1.1 and 5.3).
struct Exported {
  Encapsulation encapsulation{};
  SecretBytes secret;
};

// What an export is bound to.
struct ExportLabel {
  ByteSpan info;
  absl::string_view context;
  size_t size_bytes = 0;
};

// SealExport is SendExportBase of section 6.2: a secret for the holder of
// `public_key`, and what to send so that OpenExport gives it to them.
absl::StatusOr<Exported> SealExport(ByteSpan public_key,
                                    const ExportLabel& label,
                                    RandomSource& random);
absl::StatusOr<SecretBytes> OpenExport(const KeyPair& key,
                                       ByteSpan encapsulation,
                                       const ExportLabel& label);

}  // namespace cordon::hpke

#endif  // CORDON_CRYPTO_HPKE_HPKE_H_
