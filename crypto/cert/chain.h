#ifndef CORDON_CRYPTO_CERT_CHAIN_H_
#define CORDON_CRYPTO_CERT_CHAIN_H_

// A device's certificates and its organisation's issuing certificate, proven
// to a root.
//
// Two checks, and both must pass. OpenSSL checks the path: signatures, CA bits,
// path length, name constraint, RFC 5280's strictness. That alone lets pass a
// certificate without any name, with DNS or mail names, with two URIs, with
// user information in the URI or with another case; so certificate.h demands
// exactly one URI of the strict form, and here its host must equal the
// constraint byte for byte, and its roles must be for that kind.
//
// Proving takes no time and no revocation list, so its outcome can be kept
// (chain_verifier.h); CheckDates and RevocationLists are asked each time.
// Threads: values and pure functions.
// Errors: kInvalidArgument for bytes that no honest peer sends;
// kUnauthenticated if the path to the root is not proven; kPermissionDenied if
// it is, and says what its issuer may not say.

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {

// The DER of a chain as it travels: the device's certificate, then the issuing
// one. The root is never sent; it is the trust anchor.
using ChainSpan = absl::Span<const ByteSpan>;

// One link: which list could revoke a certificate, and under which number.
struct IssuedAs {
  IssuerId issuer;
  Serial serial;
};

// VerifiedChain says who a key belongs to. It exists only when proven.
class VerifiedChain {
 public:
  // Prove checks everything but dates and revocation.
  static absl::StatusOr<VerifiedChain> Prove(const Certificate& root,
                                             ChainSpan chain);

  const DeviceName& device() const { return leaf_.device; }
  const OrgName& org() const { return device().org(); }
  OrgKind kind() const { return org().kind(); }
  const RoleSet& roles() const { return leaf_.roles; }
  // kIdentity or kTransport.
  Usage usage() const { return leaf_.usage; }
  const Ed25519PublicKey& signature_key() const { return leaf_.key; }

  const Fingerprint& fingerprint() const { return leaf_.fingerprint; }
  const Fingerprint& issuer_fingerprint() const { return issuer_fingerprint_; }
  const IssuedAs& leaf() const { return leaf_.issued; }
  const IssuedAs& issuing() const { return issuing_; }
  // When all certificates of the chain are valid, the root included.
  const Validity& validity() const { return validity_; }

  // CheckUsage: kPermissionDenied unless the key is for `usage`.
  absl::Status CheckUsage(Usage usage) const;
  // CheckDates: kUnauthenticated outside validity().
  absl::Status CheckDates(absl::Time at) const;

 private:
  struct Leaf {
    DeviceName device;
    RoleSet roles;
    Usage usage;
    Ed25519PublicKey key;
    Fingerprint fingerprint;
    IssuedAs issued;
  };

  explicit VerifiedChain(Leaf leaf) : leaf_(std::move(leaf)) {}

  Leaf leaf_;
  IssuedAs issuing_;
  Fingerprint issuer_fingerprint_;
  Validity validity_;
};

// ProveIssuing: `issuing` is an issuing certificate that `root` signed.
absl::Status ProveIssuing(const Certificate& root, const Certificate& issuing);

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_CHAIN_H_
