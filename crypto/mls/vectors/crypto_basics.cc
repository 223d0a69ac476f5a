// Crypto Basics: the labelled primitives.

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/hpke_ciphertext.h"
#include "crypto/mls/labels.h"
#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/kinds.h"
#include "crypto/prim/hkdf.h"
#include "crypto/prim/kem_x25519.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls::vectors {
namespace {

absl::Status VerifyRefHash(const Fields& vector) {
  CORDON_ASSIGN_OR_RETURN(const std::string label, vector.Text("label"));
  CORDON_ASSIGN_OR_RETURN(const Bytes value, vector.Hex("value"));
  return vector.Expect("out", RefHash(label, value));
}

absl::StatusOr<Bytes> OutputFor(const Fields& vector) {
  CORDON_ASSIGN_OR_RETURN(const uint64_t length, vector.Uint("length"));
  if (length > kHkdfOutputBytesMax) {
    return absl::InvalidArgumentError("length: too long");
  }
  return Bytes(length);
}

absl::Status VerifyExpandWithLabel(const Fields& vector) {
  CORDON_ASSIGN_OR_RETURN(const Bytes secret, vector.Hex("secret"));
  CORDON_ASSIGN_OR_RETURN(const std::string label, vector.Text("label"));
  CORDON_ASSIGN_OR_RETURN(const Bytes context, vector.Hex("context"));
  CORDON_ASSIGN_OR_RETURN(Bytes out, OutputFor(vector));
  ExpandWithLabel(secret, label, context, absl::MakeSpan(out));
  return vector.Expect("out", out);
}

absl::Status VerifyDeriveSecret(const Fields& vector) {
  CORDON_ASSIGN_OR_RETURN(const Bytes secret, vector.Hex("secret"));
  CORDON_ASSIGN_OR_RETURN(const std::string label, vector.Text("label"));
  return vector.Expect("out", DeriveSecret(secret, label).ExposeSecret());
}

absl::Status VerifyDeriveTreeSecret(const Fields& vector) {
  CORDON_ASSIGN_OR_RETURN(const Bytes secret, vector.Hex("secret"));
  CORDON_ASSIGN_OR_RETURN(const std::string label, vector.Text("label"));
  CORDON_ASSIGN_OR_RETURN(const uint32_t generation,
                          vector.Uint32("generation"));
  CORDON_ASSIGN_OR_RETURN(Bytes out, OutputFor(vector));
  DeriveTreeSecret(secret, label, generation, absl::MakeSpan(out));
  return vector.Expect("out", out);
}

absl::Status VerifySignWithLabel(const Fields& vector) {
  CORDON_ASSIGN_OR_RETURN(const Bytes seed, vector.Hex("priv"));
  CORDON_ASSIGN_OR_RETURN(const Bytes public_key, vector.Hex("pub"));
  CORDON_ASSIGN_OR_RETURN(const Bytes content, vector.Hex("content"));
  CORDON_ASSIGN_OR_RETURN(const std::string label, vector.Text("label"));
  CORDON_ASSIGN_OR_RETURN(const Bytes signature, vector.Hex("signature"));
  CORDON_ASSIGN_OR_RETURN(const Ed25519Seed copy, Ed25519Seed::Copy(seed));
  const auto key = Ed25519PrivateKey::FromSeed(copy);
  CORDON_RETURN_IF_ERROR(
      Expect(VerifyWithLabel(public_key, label, content, signature),
             "sign_with_label: their signature does not verify"));
  return Expect(VerifyWithLabel(public_key, label, content,
                                SignWithLabel(key, label, content)),
                "sign_with_label: our signature does not verify");
}

absl::Status VerifyEncryptWithLabel(const Fields& vector) {
  CORDON_ASSIGN_OR_RETURN(const Bytes private_key, vector.Hex("priv"));
  CORDON_ASSIGN_OR_RETURN(const Bytes public_key, vector.Hex("pub"));
  CORDON_ASSIGN_OR_RETURN(const std::string label, vector.Text("label"));
  CORDON_ASSIGN_OR_RETURN(const Bytes context, vector.Hex("context"));
  CORDON_ASSIGN_OR_RETURN(const Bytes plaintext, vector.Hex("plaintext"));
  HpkeCiphertext theirs;
  CORDON_ASSIGN_OR_RETURN(theirs.kem_output, vector.Hex("kem_output"));
  CORDON_ASSIGN_OR_RETURN(theirs.ciphertext, vector.Hex("ciphertext"));
  CORDON_ASSIGN_OR_RETURN(X25519PrivateKey copy,
                          X25519PrivateKey::Copy(private_key));
  const auto key = hpke::KeyPair::Of(std::move(copy));

  CORDON_ASSIGN_OR_RETURN(const SecretBytes opened,
                          DecryptWithLabel(key, label, context, theirs));
  CORDON_RETURN_IF_ERROR(vector.Expect("plaintext", opened.ExposeSecret()));
  CORDON_ASSIGN_OR_RETURN(
      const HpkeCiphertext ours,
      EncryptWithLabel(public_key, label, context, plaintext, SystemRandom()));
  CORDON_ASSIGN_OR_RETURN(const SecretBytes again,
                          DecryptWithLabel(key, label, context, ours));
  return vector.Expect("plaintext", again.ExposeSecret());
}

}  // namespace

absl::Status VerifyCryptoBasics(const Fields& vector) {
  constexpr struct {
    const char* name;
    Verify verify;
  } kParts[] = {{"ref_hash", VerifyRefHash},
                {"expand_with_label", VerifyExpandWithLabel},
                {"derive_secret", VerifyDeriveSecret},
                {"derive_tree_secret", VerifyDeriveTreeSecret},
                {"sign_with_label", VerifySignWithLabel},
                {"encrypt_with_label", VerifyEncryptWithLabel}};
  CORDON_RETURN_IF_ERROR(CheckSuite(vector));
  for (const auto& part : kParts) {
    CORDON_ASSIGN_OR_RETURN(const Fields fields, vector.Object(part.name));
    CORDON_RETURN_IF_ERROR(part.verify(fields));
  }
  return absl::OkStatus();
}

}  // namespace cordon::mls::vectors
