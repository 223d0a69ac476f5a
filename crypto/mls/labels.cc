#include "crypto/mls/labels.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/codec/writer.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/hpke_ciphertext.h"
#include "crypto/mls/suite.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/hkdf.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {
namespace {

constexpr absl::string_view kLabelPrefix = "MLS 1.0 ";
// Two vector headers, a length and the prefix.
constexpr size_t kOverheadBytes = 2 * 4 + 2 + kLabelPrefix.size();

void WriteLabel(absl::string_view label, codec::Writer& out) {
  out.VectorSize(kLabelPrefix.size() + label.size());
  out.Fixed(AsBytes(kLabelPrefix));
  out.Fixed(AsBytes(label));
}

// SignContent and EncryptContext have one shape.
Bytes Labeled(absl::string_view label, ByteSpan content) {
  codec::Writer out;
  out.Reserve(kOverheadBytes + label.size() + content.size());
  WriteLabel(label, out);
  out.Vector(content);
  return out.Take();
}

}  // namespace

Digest RefHash(absl::string_view label, ByteSpan value) {
  codec::Writer out;
  out.Reserve(kOverheadBytes + label.size() + value.size());
  out.Vector(AsBytes(label));
  out.Vector(value);
  return Sha256(out.bytes());
}

void ExpandWithLabel(ByteSpan secret, absl::string_view label, ByteSpan context,
                     MutableByteSpan out) {
  codec::Writer info;
  info.Reserve(kOverheadBytes + label.size() + context.size());
  info.U16(static_cast<uint16_t>(out.size()));
  WriteLabel(label, info);
  info.Vector(context);
  HkdfExpand(secret, info.bytes(), out);
}

Secret DeriveSecret(ByteSpan secret, absl::string_view label) {
  Secret derived;
  ExpandWithLabel(secret, label, {}, derived.MutableSecret());
  return derived;
}

void DeriveTreeSecret(ByteSpan secret, absl::string_view label,
                      uint32_t generation, MutableByteSpan out) {
  const std::array<uint8_t, 4> context = {
      static_cast<uint8_t>(generation >> 24),
      static_cast<uint8_t>(generation >> 16),
      static_cast<uint8_t>(generation >> 8), static_cast<uint8_t>(generation)};
  ExpandWithLabel(secret, label, context, out);
}

Ed25519Signature SignWithLabel(const Ed25519PrivateKey& key,
                               absl::string_view label, ByteSpan content) {
  return key.Sign(Labeled(label, content));
}

bool VerifyWithLabel(ByteSpan public_key, absl::string_view label,
                     ByteSpan content, ByteSpan signature) {
  return VerifyEd25519(public_key, Labeled(label, content), signature);
}

absl::StatusOr<HpkeCiphertext> EncryptWithLabel(ByteSpan public_key,
                                                absl::string_view label,
                                                ByteSpan context,
                                                ByteSpan plaintext,
                                                RandomSource& random) {
  CORDON_ASSIGN_OR_RETURN(
      hpke::Sealed sealed,
      hpke::Seal(public_key, Labeled(label, context), {}, plaintext, random));
  return HpkeCiphertext{.kem_output = ToBytes(sealed.encapsulation),
                        .ciphertext = std::move(sealed.ciphertext)};
}

absl::StatusOr<SecretBytes> DecryptWithLabel(const hpke::KeyPair& key,
                                             absl::string_view label,
                                             ByteSpan context,
                                             const HpkeCiphertext& sealed) {
  return hpke::Open(key, sealed.kem_output, Labeled(label, context), {},
                    sealed.ciphertext);
}

}  // namespace cordon::mls
