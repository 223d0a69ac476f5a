#include "crypto/cert/certificate.h"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/x509.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "crypto/cert/openssl.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/profile.h"
#include "crypto/cert/serial.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {
namespace {

constexpr long kX509Version3 = 2;  // counted from 0

absl::StatusOr<Validity> ReadValidity(const X509* x509) {
  Validity validity;
  CORDON_ASSIGN_OR_RETURN(validity.not_before,
                          FromAsn1(X509_get0_notBefore(x509)));
  CORDON_ASSIGN_OR_RETURN(validity.not_after,
                          FromAsn1(X509_get0_notAfter(x509)));
  if (validity.not_after < validity.not_before) {
    return absl::InvalidArgumentError("certificate: ends before it starts");
  }
  return validity;
}

// A subject of another form than ours could be shown to people by other tools
// as if it had been checked.
absl::Status CheckNames(const X509* x509, Usage usage) {
  const Usage issuer = usage == Usage::kRoot || usage == Usage::kIssuing
                           ? Usage::kRoot
                           : Usage::kIssuing;
  if (X509_NAME_cmp(X509_get_subject_name(x509), SubjectOf(usage).get()) != 0 ||
      X509_NAME_cmp(X509_get_issuer_name(x509), SubjectOf(issuer).get()) != 0) {
    return absl::InvalidArgumentError(
        "certificate: the subject or issuer is not of our form");
  }
  return absl::OkStatus();
}

absl::Status CheckFrame(const X509* x509) {
  if (X509_get_version(x509) != kX509Version3 ||
      X509_get_signature_nid(x509) != NID_ED25519) {
    return absl::InvalidArgumentError(
        "certificate: not version 3, or not signed with Ed25519");
  }
  return absl::OkStatus();
}

}  // namespace

IssuerId IssuerIdOf(const Ed25519PublicKey& issuer_key) {
  return IssuerId(SpkiDigest(issuer_key));
}

absl::StatusOr<Certificate> Certificate::Parse(ByteSpan der) {
  const ErrorQueueScope errors;
  if (der.size() > kCertificateBytesMax) {
    return absl::InvalidArgumentError(
        "certificate: beyond kCertificateBytesMax");
  }
  const X509Ptr x509 = FromDer<X509Ptr>(der, d2i_X509, i2d_X509);
  if (x509 == nullptr) {
    return absl::InvalidArgumentError("certificate: does not parse");
  }
  CORDON_RETURN_IF_ERROR(CheckFrame(x509.get()));
  CORDON_ASSIGN_OR_RETURN(
      Profile profile,
      ReadProfile(X509_get0_extensions(x509.get()), ProfileOf::kCertificate));
  CORDON_RETURN_IF_ERROR(CheckNames(x509.get(), profile.usage));

  Certificate certificate;
  CORDON_ASSIGN_OR_RETURN(certificate.serial_,
                          ReadSerial(X509_get0_serialNumber(x509.get())));
  CORDON_ASSIGN_OR_RETURN(certificate.validity_, ReadValidity(x509.get()));
  CORDON_ASSIGN_OR_RETURN(certificate.public_key_,
                          FromOpenssl(X509_get0_pubkey(x509.get())));
  certificate.der_ = ToBytes(der);
  certificate.fingerprint_ = Fingerprint(Sha256(der));
  certificate.usage_ = profile.usage;
  certificate.org_ = std::move(profile.org);
  if (profile.device.has_value()) certificate.org_ = profile.device->org();
  certificate.device_ = std::move(profile.device);
  certificate.roles_ = profile.roles;
  return certificate;
}

}  // namespace cordon::cert
