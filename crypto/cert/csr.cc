#include "crypto/cert/csr.h"

#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/x509.h>

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/name.h"
#include "crypto/cert/openssl.h"
#include "crypto/cert/profile.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {
namespace {

constexpr long kPkcs10Version1 = 0;  // counted from 0

absl::StatusOr<Profile> ReadRequested(const X509_REQ* request) {
  const ExtensionsPtr extensions(
      X509_REQ_get_extensions(const_cast<X509_REQ*>(request)));
  return ReadProfile(extensions.get(), ProfileOf::kRequest);
}

}  // namespace

Csr::Csr(Usage usage, OrgName org, std::optional<DeviceName> device)
    : usage_(usage), org_(std::move(org)), device_(std::move(device)) {}

Csr Csr::ForDevice(Usage usage, const DeviceName& device,
                   const Ed25519PrivateKey& key) {
  CORDON_CHECK(usage == Usage::kIdentity || usage == Usage::kTransport);
  Csr csr(usage, device.org(), device);
  csr.Sign(key);
  return csr;
}

Csr Csr::ForIssuing(const OrgName& org, const Ed25519PrivateKey& key) {
  Csr csr(Usage::kIssuing, org, std::nullopt);
  csr.Sign(key);
  return csr;
}

void Csr::Sign(const Ed25519PrivateKey& key) {
  const ErrorQueueScope errors;
  Profile profile{.usage = usage_, .org = org_, .device = device_, .roles = {}};
  const ExtensionsPtr extensions = WriteProfile(profile, ProfileOf::kRequest);
  const X509ReqPtr request(X509_REQ_new());
  const EvpPkeyPtr pkey = ToOpenssl(key);
  CORDON_CHECK(request != nullptr &&
               X509_REQ_set_version(request.get(), kPkcs10Version1) == 1 &&
               X509_REQ_set_pubkey(request.get(), pkey.get()) == 1 &&
               X509_REQ_add_extensions(request.get(), extensions.get()) == 1 &&
               X509_REQ_sign(request.get(), pkey.get(), nullptr) > 0);
  der_ = ToDer<X509_REQ>(request.get(), i2d_X509_REQ);
  public_key_ = key.public_key();
}

absl::StatusOr<Csr> Csr::Parse(ByteSpan der) {
  const ErrorQueueScope errors;
  if (der.size() > kCertificateBytesMax) {
    return absl::InvalidArgumentError("request: beyond kCertificateBytesMax");
  }
  const X509ReqPtr request =
      FromDer<X509ReqPtr>(der, d2i_X509_REQ, i2d_X509_REQ);
  if (request == nullptr ||
      X509_REQ_get_version(request.get()) != kPkcs10Version1 ||
      X509_REQ_get_signature_nid(request.get()) != NID_ED25519 ||
      X509_NAME_entry_count(X509_REQ_get_subject_name(request.get())) != 0) {
    return absl::InvalidArgumentError("request: does not parse");
  }
  CORDON_ASSIGN_OR_RETURN(Profile profile, ReadRequested(request.get()));
  if (profile.device.has_value()) profile.org = profile.device->org();
  if (!profile.org.has_value()) {
    return absl::InvalidArgumentError("request: asks to be a root");
  }
  EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());
  CORDON_ASSIGN_OR_RETURN(const Ed25519PublicKey raw, FromOpenssl(key));
  if (X509_REQ_verify(request.get(), key) != 1) {
    return absl::UnauthenticatedError(
        "request: not signed with the key it asks to have certified");
  }
  Csr csr(profile.usage, *std::move(profile.org), std::move(profile.device));
  csr.der_ = ToBytes(der);
  csr.public_key_ = raw;
  return csr;
}

}  // namespace cordon::cert
