#ifndef CORDON_CRYPTO_CERT_X509_CREDENTIAL_H_
#define CORDON_CRYPTO_CERT_X509_CREDENTIAL_H_

// The answer to MLS's question "is this leaf who it says" (mls/credential.h)
// for x509 credentials: a device's identity certificate and its issuing one,
// proven to the verifier's root. Another type of credential is nobody.
//
// A leaf found standing in a group is forgiven its expiry, never a revocation:
// one silent member would otherwise lock newcomers out.
// Threads: any. Lifetime: `verifier` must outlive the checker.
// Errors: as chain.h and revocation.h say; kUnauthenticated if the leaf's
// signature key is not the certificate's.

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/name.h"
#include "crypto/mls/credential.h"

namespace cordon::cert {

class X509CredentialChecker final : public mls::CredentialChecker {
 public:
  explicit X509CredentialChecker(const ChainVerifier* verifier)
      : verifier_(verifier) {}

  absl::StatusOr<DeviceId> Identify(const mls::Credential& credential,
                                    ByteSpan signature_key,
                                    const mls::CheckAt& at) const override;

  // A device is followed by itself only: the same name, whatever its new
  // certificate's roles.
  absl::Status CheckSuccessor(const mls::Credential& old,
                              const mls::Credential& next) const override;

  absl::Status CheckLifetime(const mls::Lifetime& lifetime,
                             const mls::CheckAt& at) const override;

 private:
  const ChainVerifier* const verifier_;
};

// X509CredentialOf makes the credential of a device's leaves.
mls::Credential X509CredentialOf(const Certificate& identity,
                                 const Certificate& issuing);

// NameIn says whom an x509 credential names, proven or not: for leaves that
// were proven when they came in, and may be revoked by now.
absl::StatusOr<DeviceName> NameIn(const mls::Credential& credential);

// VerifyCredential says who stands behind an x509 credential, roles included;
// for the policies of rooms.
absl::StatusOr<VerifiedChain> VerifyCredential(
    const ChainVerifier& verifier, const mls::Credential& credential,
    const VerifyFor& wanted);

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_X509_CREDENTIAL_H_
