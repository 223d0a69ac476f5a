#ifndef CORDON_CRYPTO_MLS_WELCOME_H_
#define CORDON_CRYPTO_MLS_WELCOME_H_

// Welcome, as it travels. RFC 9420, section 12.4.3.1. What is sealed inside
// stands in group_secrets.h.
//
//   struct { opaque new_member<V>;
//            HPKECiphertext encrypted_group_secrets; } EncryptedGroupSecrets;
//   struct { uint16 cipher_suite; EncryptedGroupSecrets secrets<V>;
//            opaque encrypted_group_info<V>; } Welcome;
//
// A Welcome for many can be cut: each joiner needs its own entry of `secrets`
// and the one encrypted_group_info, nothing of the others'.
// Threads: values and pure functions.
// Errors: kInvalidArgument for what does not parse; kNotFound where no entry
// is for the key package.

#include <vector>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/hpke_ciphertext.h"
#include "crypto/mls/suite.h"

namespace cordon::mls {

struct EncryptedGroupSecrets {
  // The KeyPackageRef of the joiner; bytes, as other suites' are longer.
  Bytes new_member;
  HpkeCiphertext encrypted_group_secrets;

  friend bool operator==(const EncryptedGroupSecrets&,
                         const EncryptedGroupSecrets&) = default;
};

void Write(const EncryptedGroupSecrets& secrets, codec::Writer& out);
absl::StatusOr<EncryptedGroupSecrets> ReadEncryptedGroupSecrets(
    codec::Reader& in);

struct Welcome {
  CipherSuite cipher_suite = kCipherSuite;
  std::vector<EncryptedGroupSecrets> secrets;
  Bytes encrypted_group_info;

  friend bool operator==(const Welcome&, const Welcome&) = default;
};

void Write(const Welcome& welcome, codec::Writer& out);
absl::StatusOr<Welcome> ReadWelcome(codec::Reader& in);
absl::StatusOr<Welcome> ParseWelcome(ByteSpan bytes);

// FindSecrets is the entry for one key package; it lives as long as `welcome`.
absl::StatusOr<const EncryptedGroupSecrets*> FindSecrets(
    const Welcome& welcome, ByteSpan key_package_ref);

// Assemble puts together what a relay had cut: one joiner's serialised
// EncryptedGroupSecrets and the encrypted_group_info kept for all.
absl::StatusOr<Welcome> Assemble(ByteSpan secrets,
                                 ByteSpan encrypted_group_info);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_WELCOME_H_
