#include "crypto/cert/issuer.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/check.h"
#include "crypto/base/limits.h"
#include "crypto/base/random.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/crl.h"
#include "crypto/cert/csr.h"
#include "crypto/cert/name.h"
#include "crypto/cert/openssl.h"
#include "crypto/cert/profile.h"
#include "crypto/cert/role.h"
#include "crypto/cert/serial.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {
namespace {

constexpr long kX509Version3 = 2;  // counted from 0

// One certificate to be made.
struct Order {
  Profile profile;
  Ed25519PublicKey subject_key{};
  Usage issuer = Usage::kRoot;
  Validity validity;
};

Serial RandomSerial(RandomSource& random) {
  Serial serial = Serial::Random(random);
  while (serial.is_zero()) serial = Serial::Random(random);
  return serial;
}

Certificate Make(const Order& order, const Ed25519PrivateKey& issuer_key,
                 RandomSource& random) {
  const ErrorQueueScope errors;
  const X509Ptr x509(X509_new());
  const Asn1IntegerPtr serial = WriteSerial(RandomSerial(random));
  const X509NamePtr subject = SubjectOf(order.profile.usage);
  const X509NamePtr issuer = SubjectOf(order.issuer);
  const Asn1TimePtr start = ToAsn1(order.validity.not_before);
  const Asn1TimePtr end = ToAsn1(order.validity.not_after);
  const EvpPkeyPtr subject_key = ToOpenssl(order.subject_key);
  CORDON_CHECK(x509 != nullptr &&
               X509_set_version(x509.get(), kX509Version3) == 1 &&
               X509_set_serialNumber(x509.get(), serial.get()) == 1 &&
               X509_set_subject_name(x509.get(), subject.get()) == 1 &&
               X509_set_issuer_name(x509.get(), issuer.get()) == 1 &&
               X509_set1_notBefore(x509.get(), start.get()) == 1 &&
               X509_set1_notAfter(x509.get(), end.get()) == 1 &&
               X509_set_pubkey(x509.get(), subject_key.get()) == 1);
  const ExtensionsPtr extensions =
      WriteProfile(order.profile, ProfileOf::kCertificate);
  for (int i = 0; i < sk_X509_EXTENSION_num(extensions.get()); ++i) {
    CORDON_CHECK(X509_add_ext(x509.get(),
                              sk_X509_EXTENSION_value(extensions.get(), i),
                              -1) == 1);
  }
  AddKeyIds(x509.get(), order.subject_key, issuer_key.public_key());
  const EvpPkeyPtr pkey = ToOpenssl(issuer_key);
  CORDON_CHECK(X509_sign(x509.get(), pkey.get(), nullptr) > 0);
  // What we sign, we must be able to read.
  absl::StatusOr<Certificate> made =
      Certificate::Parse(ToDer<X509>(x509.get(), i2d_X509));
  CORDON_CHECK(made.ok());
  return *std::move(made);
}

absl::StatusOr<Validity> ValidityUnder(const Certificate& issuer,
                                       absl::Time now) {
  if (!issuer.validity().Contains(now)) {
    return absl::FailedPreconditionError(
        "issuer: its own certificate is not valid now; renew it first");
  }
  return Validity{
      now - kCertificateBackdate,
      std::min(now + kCertificateLifetime, issuer.validity().not_after)};
}

}  // namespace

RootIssuer::RootIssuer(Certificate root, Ed25519PrivateKey key)
    : root_(std::move(root)), key_(std::move(key)) {}

RootIssuer RootIssuer::Create(Ed25519PrivateKey key, const Making& making) {
  const Order order{.profile = {},
                    .subject_key = key.public_key(),
                    .issuer = Usage::kRoot,
                    .validity = {making.now - kCertificateBackdate,
                                 making.now + kRootLifetime}};
  Certificate root = Make(order, key, making.random);
  return {std::move(root), std::move(key)};
}

absl::StatusOr<RootIssuer> RootIssuer::Load(const Certificate& root,
                                            Ed25519PrivateKey key) {
  if (root.usage() != Usage::kRoot || root.public_key() != key.public_key()) {
    return absl::InvalidArgumentError(
        "issuer: the key is not that of the root certificate");
  }
  return RootIssuer(root, std::move(key));
}

absl::StatusOr<Certificate> RootIssuer::IssueIssuing(
    const Csr& request, const Making& making) const {
  if (request.usage() != Usage::kIssuing) {
    return absl::PermissionDeniedError(
        "issuer: the root certifies issuing keys only");
  }
  CORDON_ASSIGN_OR_RETURN(const Validity validity,
                          ValidityUnder(root_, making.now));
  return Make({.profile = {.usage = Usage::kIssuing,
                           .org = request.org(),
                           .device = {},
                           .roles = {}},
               .subject_key = request.public_key(),
               .issuer = Usage::kRoot,
               .validity = validity},
              key_, making.random);
}

absl::StatusOr<Crl> RootIssuer::SignCrl(const CrlContent& content) const {
  return Crl::Sign(content, root_, key_);
}

OrgIssuer::OrgIssuer(Certificate issuing, OrgName org, Ed25519PrivateKey key)
    : issuing_(std::move(issuing)),
      org_(std::move(org)),
      key_(std::move(key)) {}

absl::StatusOr<OrgIssuer> OrgIssuer::Load(const Certificate& issuing,
                                          Ed25519PrivateKey key) {
  const std::optional<OrgName>& org = issuing.org();
  if (issuing.usage() != Usage::kIssuing || !org.has_value() ||
      issuing.public_key() != key.public_key()) {
    return absl::InvalidArgumentError(
        "issuer: the key is not that of the issuing certificate");
  }
  return OrgIssuer(issuing, *org, std::move(key));
}

absl::StatusOr<Certificate> OrgIssuer::IssueDevice(const Csr& request,
                                                   const RoleSet& roles,
                                                   const Making& making) const {
  if (!request.device().has_value()) {
    return absl::PermissionDeniedError(
        "issuer: an organisation certifies devices only");
  }
  if (request.org() != org()) {
    return absl::PermissionDeniedError(
        "issuer: the device belongs to another organisation");
  }
  CORDON_RETURN_IF_ERROR(CheckRoles(org().kind(), roles));
  CORDON_ASSIGN_OR_RETURN(const Validity validity,
                          ValidityUnder(issuing_, making.now));
  return Make({.profile = {.usage = request.usage(),
                           .org = {},
                           .device = request.device(),
                           .roles = roles},
               .subject_key = request.public_key(),
               .issuer = Usage::kIssuing,
               .validity = validity},
              key_, making.random);
}

absl::StatusOr<Crl> OrgIssuer::SignCrl(const CrlContent& content) const {
  return Crl::Sign(content, issuing_, key_);
}

}  // namespace cordon::cert
