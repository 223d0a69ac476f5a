#ifndef CORDON_CLIENT_CORE_TRUST_H_
#define CORDON_CLIENT_CORE_TRUST_H_

// Whom this device believes: its root, and the newest revocation list of each
// issuer that it has been shown, kept in the vault and here for asking.
//
// An issuer is named by the SHA-256 of its public key (cert::IssuerId), in the
// vault, on the wire and in record headers alike. Every issuer's first list is
// empty (revocations.h), so record headers name lists from the second on only:
// withholding an empty list hides nobody.
//
// Threads: none; the core's thread.
// Lifetime: what Load made lives as long as the Trust; Load again only for the
// same root.
// Errors: kFailedPrecondition before the profile has joined.

#include <memory>
#include <vector>

#include "absl/status/status.h"

#include "client/core/delivery_types.h"
#include "client/core/parts.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/crl.h"
#include "crypto/cert/x509_credential.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/services.h"
#include "crypto/record/record_header.h"

namespace cordon::client {

inline constexpr cert::CrlNumber kFirstCrl{1};

class Trust {
 public:
  explicit Trust(const Parts& parts) : parts_(parts) {}

  // Load reads root and lists from the vault; OK and nothing changed if that
  // was done already.
  absl::Status Load();
  bool loaded() const { return verifier_ != nullptr; }

  // All below need Load (checked).
  const cert::ChainVerifier& verifier() const;
  const mls::CredentialChecker& checker() const;
  mls::Services services() const;

  // TakeCrl verifies a list and keeps it; the one held already is OK. An older
  // one than held is kFailedPrecondition: whoever sent it withholds
  // revocations.
  absl::Status TakeCrl(const CrlItem& list);
  // NoteClaims remembers which lists a record's author says it knows. False if
  // some are of issuers that this device has not met: those are passed over,
  // and may be said again.
  absl::StatusOr<bool> NoteClaims(const std::vector<record::KnownCrl>& claims);

  // What is held: beyond the first lists, for record headers, by rising issuer;
  // and all, for the relay.
  std::vector<record::KnownCrl> KnownCrls() const;
  std::vector<CrlHeld> Held() const;

 private:
  const Parts parts_;
  std::unique_ptr<cert::ChainVerifier> verifier_;
  std::unique_ptr<cert::X509CredentialChecker> checker_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_TRUST_H_
