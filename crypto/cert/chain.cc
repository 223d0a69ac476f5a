#include "crypto/cert/chain.h"

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/name.h"
#include "crypto/cert/openssl.h"
#include "crypto/cert/role.h"

namespace cordon::cert {
namespace {

// Issuing certificates between the root and a device: one.
constexpr int kPathDepthMax = 1;

X509Ptr Reparse(const Certificate& certificate) {
  X509Ptr x509 = FromDer<X509Ptr>(certificate.der(), d2i_X509, i2d_X509);
  CORDON_CHECK(x509 != nullptr);
  return x509;
}

absl::Status PathError(int error) {
  switch (error) {
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
      return absl::PermissionDeniedError(
          "chain: an organisation certified a name that is not its own");
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
      return absl::UnauthenticatedError(
          "chain: does not lead to this operation's root");
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return absl::UnauthenticatedError("chain: a signature does not match");
    default:
      return absl::UnauthenticatedError("chain: the path check failed");
  }
}

// OpenSSL's check of `target` to `root`, by way of `between` if there is one.
absl::Status CheckPath(const Certificate& root, const Certificate* between,
                       const Certificate& target) {
  const ErrorQueueScope errors;
  const X509Ptr anchor = Reparse(root);
  const X509Ptr leaf = Reparse(target);
  const X509Ptr issuing = between != nullptr ? Reparse(*between) : nullptr;
  const CertificateStackPtr untrusted(sk_X509_new_null());
  const X509StorePtr store(X509_STORE_new());
  const X509StoreCtxPtr check(X509_STORE_CTX_new());
  CORDON_CHECK(untrusted != nullptr && store != nullptr && check != nullptr &&
               X509_STORE_add_cert(store.get(), anchor.get()) == 1);
  if (issuing != nullptr) {
    CORDON_CHECK(sk_X509_push(untrusted.get(), issuing.get()) > 0);
  }
  CORDON_CHECK(X509_STORE_CTX_init(check.get(), store.get(), leaf.get(),
                                   untrusted.get()) == 1);
  // Dates are ours (VerifiedChain::CheckDates), so that this can be kept.
  X509_STORE_CTX_set_flags(check.get(),
                           X509_V_FLAG_X509_STRICT | X509_V_FLAG_NO_CHECK_TIME);
  X509_STORE_CTX_set_depth(check.get(), kPathDepthMax);
  if (X509_verify_cert(check.get()) == 1) return absl::OkStatus();
  return PathError(X509_STORE_CTX_get_error(check.get()));
}

Validity Common(const Validity& a, const Validity& b) {
  return {std::max(a.not_before, b.not_before),
          std::min(a.not_after, b.not_after)};
}

// Our rules beside the path, once it is proven.
absl::Status CheckRules(const DeviceName& device, const RoleSet& roles,
                        const OrgName& constraint) {
  if (device.org().text() != constraint.text()) {
    return absl::PermissionDeniedError(
        "chain: an organisation certified a name that is not its own");
  }
  return CheckRoles(device.org().kind(), roles);
}

}  // namespace

absl::Status ProveIssuing(const Certificate& root, const Certificate& issuing) {
  if (issuing.usage() != Usage::kIssuing) {
    return absl::InvalidArgumentError("chain: not an issuing certificate");
  }
  return CheckPath(root, nullptr, issuing);
}

absl::StatusOr<VerifiedChain> VerifiedChain::Prove(const Certificate& root,
                                                   ChainSpan chain) {
  CORDON_CHECK(root.usage() == Usage::kRoot);
  if (chain.size() != kChainCertificatesMax) {
    return absl::InvalidArgumentError(
        "chain: must be a device's certificate and its issuing certificate");
  }
  CORDON_ASSIGN_OR_RETURN(const Certificate leaf, Certificate::Parse(chain[0]));
  CORDON_ASSIGN_OR_RETURN(const Certificate issuing,
                          Certificate::Parse(chain[1]));
  const std::optional<DeviceName>& device = leaf.device();
  if (!device.has_value()) {
    return absl::InvalidArgumentError(
        "chain: the first certificate is not a device's");
  }
  const std::optional<OrgName>& constraint = issuing.org();
  if (issuing.usage() != Usage::kIssuing || !constraint.has_value()) {
    return absl::InvalidArgumentError(
        "chain: the second certificate is not an issuing one");
  }
  CORDON_RETURN_IF_ERROR(CheckPath(root, &issuing, leaf));
  CORDON_RETURN_IF_ERROR(CheckRules(*device, leaf.roles(), *constraint));

  VerifiedChain verified(
      Leaf{.device = *device,
           .roles = leaf.roles(),
           .usage = leaf.usage(),
           .key = leaf.public_key(),
           .fingerprint = leaf.fingerprint(),
           .issued = {IssuerIdOf(issuing.public_key()), leaf.serial()}});
  verified.issuing_ = {IssuerIdOf(root.public_key()), issuing.serial()};
  verified.issuer_fingerprint_ = issuing.fingerprint();
  verified.validity_ =
      Common(Common(leaf.validity(), issuing.validity()), root.validity());
  return verified;
}

absl::Status VerifiedChain::CheckUsage(Usage usage) const {
  if (leaf_.usage == usage) return absl::OkStatus();
  return absl::PermissionDeniedError(
      "chain: the certificate is for the device's other key");
}

absl::Status VerifiedChain::CheckDates(absl::Time at) const {
  if (at < validity_.not_before) {
    return absl::UnauthenticatedError("chain: a certificate is not valid yet");
  }
  if (at > validity_.not_after) {
    return absl::UnauthenticatedError("chain: a certificate has expired");
  }
  return absl::OkStatus();
}

}  // namespace cordon::cert
