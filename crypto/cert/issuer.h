#ifndef CORDON_CRYPTO_CERT_ISSUER_H_
#define CORDON_CRYPTO_CERT_ISSUER_H_

// Who makes certificates and revocation lists: the authority's root key, and
// the issuing key that each contact point's device has for its own
// organisation.
//
// Certificates start kCertificateBackdate in the past and live
// kCertificateLifetime, but never longer than their issuer's, so that a chain
// ends with its leaf. The root's own lives kRootLifetime: it is pinned by
// relays, profiles and invitations, and nothing could renew it.
// Threads: read-only once made; signing is pure.
// Secrets: an issuer owns its key; where it is kept is the caller's business
// (root_key_file.h; the vault).
// Errors: kPermissionDenied for what this issuer may not say;
// kFailedPrecondition when its own certificate does not cover `now`.

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/random.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/crl.h"
#include "crypto/cert/csr.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {

inline constexpr absl::Duration kRootLifetime = absl::Hours(24 * 365 * 10);

// What making a certificate takes from outside: the time, and a serial number.
struct Making {
  absl::Time now;
  RandomSource& random;
};

class RootIssuer {
 public:
  // Create makes a root certificate for `key`.
  static RootIssuer Create(Ed25519PrivateKey key, const Making& making);
  // Load: kInvalidArgument unless `root` is a root's and the key's.
  static absl::StatusOr<RootIssuer> Load(const Certificate& root,
                                         Ed25519PrivateKey key);

  const Certificate& certificate() const { return root_; }
  const Ed25519PrivateKey& key() const { return key_; }

  // IssueIssuing certifies an organisation's issuing key.
  absl::StatusOr<Certificate> IssueIssuing(const Csr& request,
                                           const Making& making) const;
  // SignCrl revokes organisations' issuing certificates.
  absl::StatusOr<Crl> SignCrl(const CrlContent& content) const;

 private:
  RootIssuer(Certificate root, Ed25519PrivateKey key);

  Certificate root_;
  Ed25519PrivateKey key_;
};

class OrgIssuer {
 public:
  // Load: kInvalidArgument unless `issuing` is an issuing certificate and the
  // key's.
  static absl::StatusOr<OrgIssuer> Load(const Certificate& issuing,
                                        Ed25519PrivateKey key);

  const Certificate& certificate() const { return issuing_; }
  const Ed25519PrivateKey& key() const { return key_; }
  const OrgName& org() const { return org_; }

  // IssueDevice certifies an identity or transport key of one of the
  // organisation's own devices, with roles that its kind may carry.
  absl::StatusOr<Certificate> IssueDevice(const Csr& request,
                                          const RoleSet& roles,
                                          const Making& making) const;
  // SignCrl revokes the organisation's device certificates.
  absl::StatusOr<Crl> SignCrl(const CrlContent& content) const;

 private:
  OrgIssuer(Certificate issuing, OrgName org, Ed25519PrivateKey key);

  Certificate issuing_;
  OrgName org_;
  Ed25519PrivateKey key_;
};

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_ISSUER_H_
