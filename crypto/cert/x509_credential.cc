#include "crypto/cert/x509_credential.h"

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/name.h"
#include "crypto/mls/credential.h"

namespace cordon::cert {
absl::StatusOr<DeviceName> NameIn(const mls::Credential& credential) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<ByteSpan> chain,
                          credential.Chain());
  CORDON_ASSIGN_OR_RETURN(const Certificate leaf, Certificate::Parse(chain[0]));
  const std::optional<DeviceName>& device = leaf.device();
  if (!device.has_value()) {
    return absl::InvalidArgumentError(
        "credential: the first certificate is not a device's");
  }
  return *device;
}

absl::StatusOr<DeviceId> X509CredentialChecker::Identify(
    const mls::Credential& credential, ByteSpan signature_key,
    const mls::CheckAt& at) const {
  CORDON_ASSIGN_OR_RETURN(
      const VerifiedChain chain,
      VerifyCredential(
          *verifier_, credential,
          {.usage = Usage::kIdentity,
           .at = at.instant,
           .ignore_dates = at.standing == mls::CheckAt::Standing::kStanding}));
  if (!Equal(chain.signature_key(), signature_key)) {
    return absl::UnauthenticatedError(
        "credential: the leaf's key is not the certificate's");
  }
  return chain.device().id();
}

absl::Status X509CredentialChecker::CheckSuccessor(
    const mls::Credential& old, const mls::Credential& next) const {
  CORDON_ASSIGN_OR_RETURN(const DeviceName before, NameIn(old));
  CORDON_ASSIGN_OR_RETURN(const DeviceName after, NameIn(next));
  if (before != after) {
    return absl::PermissionDeniedError(
        "credential: a leaf may only be replaced by the same device");
  }
  return absl::OkStatus();
}

absl::Status X509CredentialChecker::CheckLifetime(
    const mls::Lifetime& lifetime, const mls::CheckAt& at) const {
  // A key package, too, may start in the past, for verifiers whose clocks lag.
  return mls::CheckLifetimeWithin(lifetime, at,
                                  kKeyPackageLifetime + kCertificateBackdate);
}

mls::Credential X509CredentialOf(const Certificate& identity,
                                 const Certificate& issuing) {
  return mls::Credential::X509({identity.der(), issuing.der()});
}

absl::StatusOr<VerifiedChain> VerifyCredential(
    const ChainVerifier& verifier, const mls::Credential& credential,
    const VerifyFor& wanted) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<ByteSpan> chain,
                          credential.Chain());
  return verifier.Verify(chain, wanted);
}

}  // namespace cordon::cert
