#ifndef CORDON_CRYPTO_CERT_PEM_H_
#define CORDON_CRYPTO_CERT_PEM_H_

// PEM (RFC 7468), the form in which TLS libraries take and give certificates
// and keys.
// Threads: pure functions.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {

// What is read of a peer's chain: ours, and one more for a root sent along.
inline constexpr size_t kPemCertificatesMax = 3;
inline constexpr size_t kPemBytesMax = 32 * 1024;

// CertificatesToPem writes DER certificates one after the other.
std::string CertificatesToPem(absl::Span<const ByteSpan> certificates);

// CertificatesFromPem returns the DER of 1 to kPemCertificatesMax certificates,
// unparsed.
// Errors: kInvalidArgument for none, too many, or text that is no PEM.
absl::StatusOr<std::vector<Bytes>> CertificatesFromPem(absl::string_view pem);

// PeerChainFromPem puts together what a TLS server learns of its client: the
// leaf, and apart from it the rest of the chain, which may be empty and which
// some TLS libraries begin with the leaf once more.
// Errors: as CertificatesFromPem.
absl::StatusOr<std::vector<Bytes>> PeerChainFromPem(absl::string_view leaf,
                                                    absl::string_view rest);

// KeyToPem writes PKCS #8 without encryption: for memory and for the relay's
// key file, whose protection is the operator's.
SecretBytes KeyToPem(const Ed25519PrivateKey& key);

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_PEM_H_
