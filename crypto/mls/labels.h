#ifndef CORDON_CRYPTO_MLS_LABELS_H_
#define CORDON_CRYPTO_MLS_LABELS_H_

// The labelled primitives on which all of MLS stands. RFC 9420, sections 5.1.2,
// 5.1.3, 5.2, 8 and 9.
//
//   struct { opaque label<V>; opaque value<V>; } RefHashInput;
//   struct { opaque label<V>; opaque content<V>; } SignContent;
//   struct { opaque label<V>; opaque context<V>; } EncryptContext;
//   struct { uint16 length; opaque label<V>; opaque context<V>; } KDFLabel;
//
// All but RefHash put "MLS 1.0 " in front of the label they are given, so no
// signature or key of MLS is one of anything else.
// Threads: pure functions, but for the RandomSource handed in.
// Errors: kInvalidArgument, the same for every failure to open.

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/hpke_ciphertext.h"
#include "crypto/mls/suite.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {

// Names a key package or a proposal. Here the label is complete.
Digest RefHash(absl::string_view label, ByteSpan value);

// ExpandWithLabel fills `out`, at most kHkdfOutputBytesMax bytes.
void ExpandWithLabel(ByteSpan secret, absl::string_view label, ByteSpan context,
                     MutableByteSpan out);
Secret DeriveSecret(ByteSpan secret, absl::string_view label);
inline Secret DeriveSecret(const Secret& secret, absl::string_view label) {
  return DeriveSecret(secret.ExposeSecret(), label);
}

// DeriveTreeSecret is ExpandWithLabel with the generation for a context.
void DeriveTreeSecret(ByteSpan secret, absl::string_view label,
                      uint32_t generation, MutableByteSpan out);

Ed25519Signature SignWithLabel(const Ed25519PrivateKey& key,
                               absl::string_view label, ByteSpan content);
[[nodiscard]] bool VerifyWithLabel(ByteSpan public_key, absl::string_view label,
                                   ByteSpan content, ByteSpan signature);

absl::StatusOr<HpkeCiphertext> EncryptWithLabel(ByteSpan public_key,
                                                absl::string_view label,
                                                ByteSpan context,
                                                ByteSpan plaintext,
                                                RandomSource& random);
absl::StatusOr<SecretBytes> DecryptWithLabel(const hpke::KeyPair& key,
                                             absl::string_view label,
                                             ByteSpan context,
                                             const HpkeCiphertext& sealed);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_LABELS_H_
