#ifndef CORDON_CRYPTO_CERT_CERTIFICATE_H_
#define CORDON_CRYPTO_CERT_CERTIFICATE_H_

// One certificate of ours, parsed: a value that exists only if its bytes are
// exactly one of the four profiles in profile.h. That it parses says nothing
// about who signed it; chain.h does.
//
// Threads: values.
// Errors: kInvalidArgument for every certificate that no honest issuer makes,
// also where OpenSSL's own path check would let it pass.

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {

// What the key of a certificate is for.
enum class Usage : uint8_t {
  kRoot = 1,       // the authority's trust anchor
  kIssuing = 2,    // an organisation's, for its own devices only
  kIdentity = 3,   // signs MLS leaves and records
  kTransport = 4,  // TLS client authentication
};

// A certificate's number, random, unique under one issuer.
using Serial = Id<struct SerialTag, 16>;

using cordon::IssuerId;
IssuerId IssuerIdOf(const Ed25519PublicKey& issuer_key);

struct Validity {
  absl::Time not_before;  // inclusive
  absl::Time not_after;   // inclusive

  bool Contains(absl::Time at) const {
    return not_before <= at && at <= not_after;
  }
};

class Certificate {
 public:
  // Parse refuses anything beyond kCertificateBytesMax.
  static absl::StatusOr<Certificate> Parse(ByteSpan der);

  // The bytes as signed.
  const Bytes& der() const { return der_; }
  // SHA-256 of der().
  const Fingerprint& fingerprint() const { return fingerprint_; }

  Usage usage() const { return usage_; }
  const Serial& serial() const { return serial_; }
  const Validity& validity() const { return validity_; }
  const Ed25519PublicKey& public_key() const { return public_key_; }

  // The organisation an issuing certificate is constrained to, or a device's;
  // none for a root.
  const std::optional<OrgName>& org() const { return org_; }
  // None unless the usage is kIdentity or kTransport.
  const std::optional<DeviceName>& device() const { return device_; }
  // Claimed roles; chain.h checks them against the kind. Empty for issuers.
  const RoleSet& roles() const { return roles_; }

  friend bool operator==(const Certificate& a, const Certificate& b) {
    return a.fingerprint_ == b.fingerprint_;
  }

 private:
  Certificate() = default;

  Bytes der_;
  Fingerprint fingerprint_;
  Usage usage_ = Usage::kRoot;
  Serial serial_;
  Validity validity_;
  Ed25519PublicKey public_key_{};
  std::optional<OrgName> org_;
  std::optional<DeviceName> device_;
  RoleSet roles_;
};

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_CERTIFICATE_H_
