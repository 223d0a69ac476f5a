#ifndef CORDON_CRYPTO_MLS_CREDENTIAL_H_
#define CORDON_CRYPTO_MLS_CREDENTIAL_H_

// Credentials, RFC 9420 section 5.3, and the question that MLS itself cannot
// answer: is this leaf who it says?
//
//   struct { opaque cert_data<V>; } Certificate;
//   struct { uint16 credential_type;
//            select { basic: opaque identity<V>;
//                     x509:  Certificate certificates<V>; } } Credential;
//
// Every type defined so far is one vector after the type, so an unknown type is
// read the same way and kept verbatim; it is never accepted in a group.
// Threads: Credential is a value; a CredentialChecker is asked by many threads.
// Errors: kInvalidArgument for what does not parse.

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"

namespace cordon::mls {

// An open registry (RFC 9420, 17.5).
using CredentialType = Number<struct CredentialTypeTag, uint16_t>;
inline constexpr CredentialType kBasicCredential{1};
inline constexpr CredentialType kX509Credential{2};

class Credential {
 public:
  static Credential Basic(ByteSpan identity);
  // X509 takes DER certificates, the end entity's first.
  static Credential X509(const std::vector<Bytes>& chain);

  CredentialType type() const { return type_; }
  // The identity of a basic credential, the encoded certificates of an x509
  // one, the unread content of an unknown one.
  ByteSpan content() const { return content_; }
  // Chain is the DER certificates, the end entity's first; they live as long as
  // the credential. kInvalidArgument unless this is an x509 credential.
  absl::StatusOr<std::vector<ByteSpan>> Chain() const;

  friend bool operator==(const Credential&, const Credential&) = default;
  friend absl::StatusOr<Credential> ReadCredential(codec::Reader& in);

 private:
  Credential(CredentialType type, Bytes content);

  CredentialType type_;
  Bytes content_;
};

void Write(const Credential& credential, codec::Writer& out);
// ReadCredential refuses an x509 chain that is empty, longer than
// kChainCertificatesMax, or has a certificate beyond kCertificateBytesMax.
absl::StatusOr<Credential> ReadCredential(codec::Reader& in);

// Lifetime, section 7.2: seconds since 1970-01-01, both ends included.
struct Lifetime {
  uint64_t not_before_s = 0;
  uint64_t not_after_s = 0;

  friend bool operator==(const Lifetime&, const Lifetime&) = default;
};

// When and why a credential is looked at.
struct CheckAt {
  // kEntering: the leaf is being put into a group now (a key package, an
  // Update, a commit's path, a new external sender). kStanding: it is found in
  // a group that is being joined, whose members let it in long ago; a verifier
  // may then forgive what only time has done, or one silent member would lock
  // newcomers out (section 5.3.2).
  enum class Standing : uint8_t { kEntering = 1, kStanding = 2 };

  absl::Time instant;
  Standing standing = Standing::kEntering;
};

// CredentialChecker is MLS's view of the authentication service (5.3.1).
// crypto/cert answers for X.509; test vectors answer "yes".
//
// A joiner asks once for every leaf of a room, so an implementation remembers
// what it has verified (by the credential's bytes) and answers again cheaply.
// Threads: all functions may be called from any thread.
class CredentialChecker {
 public:
  virtual ~CredentialChecker() = default;

  // Identify proves that `signature_key` belongs to whom `credential` names,
  // and says who that is. Two leaves of one group never have the same DeviceId.
  // Errors: kInvalidArgument, kUnauthenticated or kPermissionDenied, as the
  // implementation says; MLS passes them on.
  virtual absl::StatusOr<DeviceId> Identify(const Credential& credential,
                                            ByteSpan signature_key,
                                            const CheckAt& at) const = 0;

  // CheckSuccessor says whether `next` may take the place of `old` in a leaf:
  // by an Update, by a commit's path, or by an external commit that removes
  // the joiner's former leaf. Both were or will be identified on their own.
  virtual absl::Status CheckSuccessor(const Credential& old,
                                      const Credential& next) const = 0;

  // CheckLifetime judges the lifetime of a leaf that came in a key package.
  virtual absl::Status CheckLifetime(const Lifetime& lifetime,
                                     const CheckAt& at) const = 0;
};

// CheckLifetimeWithin is the rule for implementations to use: `at.instant` lies
// inside (entering leaves only), and the whole is at most `longest`.
absl::Status CheckLifetimeWithin(const Lifetime& lifetime, const CheckAt& at,
                                 absl::Duration longest);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_CREDENTIAL_H_
