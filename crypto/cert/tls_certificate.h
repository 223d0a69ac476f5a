#ifndef CORDON_CRYPTO_CERT_TLS_CERTIFICATE_H_
#define CORDON_CRYPTO_CERT_TLS_CERTIFICATE_H_

// What TLS is given: the relay's self-signed certificate, and a device's
// transport chain and key, as PEM.
//
// Clients know the relay by its pin (pin.h); names and dates in its certificate
// are there for tools and for TLS libraries that insist. A new certificate for
// the same key keeps the pin.
// Threads: pure functions.
// Errors: kInvalidArgument for a host that is no name and no address.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/secret.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/issuer.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {

inline constexpr absl::Duration kServerCertificateLifetime =
    absl::Hours(24 * 365 * 20);
inline constexpr size_t kServerHostsMax = 16;

struct TlsIdentity {
  std::string certificates_pem;  // leaf first
  SecretBytes key_pem;
};

// ServerIdentity makes the relay's certificate for DNS names and IP addresses,
// at least one and at most kServerHostsMax.
absl::StatusOr<TlsIdentity> ServerIdentity(
    const Ed25519PrivateKey& key, const std::vector<std::string>& hosts,
    const Making& making);

// ClientIdentity is what a device presents; `key` is the transport's.
TlsIdentity ClientIdentity(const Certificate& transport,
                           const Certificate& issuing,
                           const Ed25519PrivateKey& key);

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_TLS_CERTIFICATE_H_
