#ifndef CORDON_CRYPTO_CERT_CRL_H_
#define CORDON_CRYPTO_CERT_CRL_H_

// One certificate revocation list (RFC 5280, section 5): numbered, complete,
// replacing the one before. A value that exists only with its signature
// checked against its issuer's key.
//
// OpenSSL's own CRL check ignores the time of the check, so that a later
// revocation would void all history; here every entry has its instant.
// Threads: values.
// Errors: kInvalidArgument for a list that no honest issuer makes;
// kUnauthenticated if the signature is not the issuer's.

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/cert/certificate.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {

using cordon::CrlNumber;

// Entries of one list; fits kCrlBytesMax.
inline constexpr size_t kCrlEntriesMax = 20'000;

struct Revocation {
  Serial serial;
  absl::Time since;  // valid before this instant, in whole seconds

  friend bool operator==(const Revocation&, const Revocation&) = default;
};

// What a new list says.
struct CrlContent {
  CrlNumber number;
  absl::Time this_update;
  // Choose it after the operation's end: there is nobody to ask for a newer
  // list once the unit has gone home.
  absl::Time next_update;
  std::vector<Revocation> revocations;
};

class Crl {
 public:
  // Sign: kInvalidArgument unless number >= 1, next_update > this_update and
  // no serial stands there twice; kResourceExhausted beyond kCrlEntriesMax.
  // `issuer` says whose usage, and so which name, the list bears.
  static absl::StatusOr<Crl> Sign(const CrlContent& content,
                                  const Certificate& issuer,
                                  const Ed25519PrivateKey& issuer_key);

  // Parse refuses anything beyond kCrlBytesMax or kCrlEntriesMax, and every
  // critical extension (a partial list is none).
  static absl::StatusOr<Crl> Parse(ByteSpan der, const Certificate& issuer);

  const Bytes& der() const { return der_; }
  const IssuerId& issuer() const { return issuer_; }
  CrlNumber number() const { return number_; }
  absl::Time this_update() const { return this_update_; }
  absl::Time next_update() const { return next_update_; }
  size_t size() const { return since_.size(); }

  // RevokedSince is none for a certificate that is not on the list.
  std::optional<absl::Time> RevokedSince(const Serial& serial) const;
  // Revocations in the order of their serials, for the next list.
  std::vector<Revocation> Revocations() const;

 private:
  Crl() = default;

  Bytes der_;
  IssuerId issuer_;
  CrlNumber number_;
  absl::Time this_update_;
  absl::Time next_update_;
  absl::flat_hash_map<Serial, absl::Time> since_;
};

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_CRL_H_
