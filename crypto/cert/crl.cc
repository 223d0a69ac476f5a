#include "crypto/cert/crl.h"

#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/openssl.h"
#include "crypto/cert/profile.h"
#include "crypto/cert/serial.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {
namespace {

constexpr long kCrlVersion2 = 1;  // counted from 0

absl::Status CheckContent(const CrlContent& content) {
  if (content.revocations.size() > kCrlEntriesMax) {
    return absl::ResourceExhaustedError("crl: beyond kCrlEntriesMax");
  }
  if (content.number.value == 0 || content.number.value > INT64_MAX ||
      content.next_update <= content.this_update) {
    return absl::InvalidArgumentError(
        "crl: needs a number from 1 and an end after its start");
  }
  absl::flat_hash_set<Serial> seen;
  for (const Revocation& revocation : content.revocations) {
    if (!seen.insert(revocation.serial).second) {
      return absl::InvalidArgumentError(
          "crl: a certificate stands there twice");
    }
  }
  return absl::OkStatus();
}

void AddEntry(X509_CRL* crl, const Revocation& revocation) {
  X509RevokedPtr entry(X509_REVOKED_new());
  const Asn1IntegerPtr serial = WriteSerial(revocation.serial);
  const Asn1TimePtr since = ToAsn1(revocation.since);
  CORDON_CHECK(entry != nullptr &&
               X509_REVOKED_set_serialNumber(entry.get(), serial.get()) == 1 &&
               X509_REVOKED_set_revocationDate(entry.get(), since.get()) == 1 &&
               X509_CRL_add0_revoked(crl, entry.release()) == 1);
}

void AddExtensions(X509_CRL* crl, CrlNumber number,
                   const Ed25519PublicKey& issuer_key) {
  const Asn1IntegerPtr integer(ASN1_INTEGER_new());
  const AuthorityKeyIdPtr key_id = AuthorityKeyId(issuer_key);
  CORDON_CHECK(integer != nullptr &&
               ASN1_INTEGER_set_uint64(integer.get(), number.value) == 1 &&
               X509_CRL_add1_ext_i2d(crl, NID_crl_number, integer.get(), 0,
                                     X509V3_ADD_DEFAULT) == 1 &&
               X509_CRL_add1_ext_i2d(crl, NID_authority_key_identifier,
                                     key_id.get(), 0, X509V3_ADD_DEFAULT) == 1);
}

absl::StatusOr<CrlNumber> ReadNumber(const X509_CRL* crl) {
  int critical = 0;
  const Asn1IntegerPtr integer(static_cast<ASN1_INTEGER*>(
      X509_CRL_get_ext_d2i(crl, NID_crl_number, &critical, nullptr)));
  uint64_t number = 0;
  if (integer == nullptr ||
      ASN1_INTEGER_get_uint64(&number, integer.get()) != 1 || number == 0 ||
      number > INT64_MAX) {
    return absl::InvalidArgumentError("crl: must have one number, from 1");
  }
  return CrlNumber{number};
}

absl::Status RefuseCritical(const STACK_OF(X509_EXTENSION) * extensions) {
  if (X509v3_get_ext_by_critical(extensions, /*crit=*/1, -1) >= 0) {
    return absl::InvalidArgumentError(
        "crl: has a critical extension, so it is not a whole list");
  }
  return absl::OkStatus();
}

absl::StatusOr<Revocation> ReadEntry(const X509_REVOKED* entry) {
  Revocation revocation;
  CORDON_RETURN_IF_ERROR(RefuseCritical(X509_REVOKED_get0_extensions(entry)));
  CORDON_ASSIGN_OR_RETURN(revocation.serial,
                          ReadSerial(X509_REVOKED_get0_serialNumber(entry)));
  CORDON_ASSIGN_OR_RETURN(revocation.since,
                          FromAsn1(X509_REVOKED_get0_revocationDate(entry)));
  return revocation;
}

absl::StatusOr<CrlContent> ReadContent(X509_CRL* crl) {
  CrlContent content;
  CORDON_RETURN_IF_ERROR(RefuseCritical(X509_CRL_get0_extensions(crl)));
  CORDON_ASSIGN_OR_RETURN(content.number, ReadNumber(crl));
  CORDON_ASSIGN_OR_RETURN(content.this_update,
                          FromAsn1(X509_CRL_get0_lastUpdate(crl)));
  CORDON_ASSIGN_OR_RETURN(content.next_update,
                          FromAsn1(X509_CRL_get0_nextUpdate(crl)));
  const STACK_OF(X509_REVOKED)* entries = X509_CRL_get_REVOKED(crl);
  for (int i = 0; i < sk_X509_REVOKED_num(entries); ++i) {
    CORDON_ASSIGN_OR_RETURN(const Revocation revocation,
                            ReadEntry(sk_X509_REVOKED_value(entries, i)));
    content.revocations.push_back(revocation);
  }
  return content;
}

// The usage of the key that signs; nothing for a device's certificate.
bool MaySignLists(const Certificate& issuer) {
  return issuer.usage() == Usage::kRoot || issuer.usage() == Usage::kIssuing;
}

}  // namespace

absl::StatusOr<Crl> Crl::Sign(const CrlContent& content,
                              const Certificate& issuer,
                              const Ed25519PrivateKey& issuer_key) {
  const ErrorQueueScope errors;
  CORDON_CHECK(MaySignLists(issuer) &&
               issuer.public_key() == issuer_key.public_key());
  CORDON_RETURN_IF_ERROR(CheckContent(content));
  const X509CrlPtr crl(X509_CRL_new());
  const EvpPkeyPtr pkey = ToOpenssl(issuer_key);
  const X509NamePtr name = SubjectOf(issuer.usage());
  const Asn1TimePtr start = ToAsn1(content.this_update);
  const Asn1TimePtr end = ToAsn1(content.next_update);
  CORDON_CHECK(crl != nullptr &&
               X509_CRL_set_version(crl.get(), kCrlVersion2) == 1 &&
               X509_CRL_set_issuer_name(crl.get(), name.get()) == 1 &&
               X509_CRL_set1_lastUpdate(crl.get(), start.get()) == 1 &&
               X509_CRL_set1_nextUpdate(crl.get(), end.get()) == 1);
  for (const Revocation& revocation : content.revocations) {
    AddEntry(crl.get(), revocation);
  }
  AddExtensions(crl.get(), content.number, issuer.public_key());
  CORDON_CHECK(X509_CRL_sign(crl.get(), pkey.get(), nullptr) > 0);
  return Parse(ToDer<X509_CRL>(crl.get(), i2d_X509_CRL), issuer);
}

absl::StatusOr<Crl> Crl::Parse(ByteSpan der, const Certificate& issuer) {
  const ErrorQueueScope errors;
  if (der.size() > kCrlBytesMax) {
    return absl::InvalidArgumentError("crl: beyond kCrlBytesMax");
  }
  const X509CrlPtr list = FromDer<X509CrlPtr>(der, d2i_X509_CRL, i2d_X509_CRL);
  if (list == nullptr || X509_CRL_get_version(list.get()) != kCrlVersion2) {
    return absl::InvalidArgumentError("crl: does not parse");
  }
  CORDON_ASSIGN_OR_RETURN(const CrlContent content, ReadContent(list.get()));
  CORDON_RETURN_IF_ERROR(CheckContent(content));
  const EvpPkeyPtr key = ToOpenssl(issuer.public_key());
  if (!MaySignLists(issuer) ||
      X509_CRL_get_signature_nid(list.get()) != NID_ED25519 ||
      X509_CRL_verify(list.get(), key.get()) != 1) {
    return absl::UnauthenticatedError("crl: not signed by its issuer");
  }
  Crl crl;
  crl.der_ = ToBytes(der);
  crl.issuer_ = IssuerIdOf(issuer.public_key());
  crl.number_ = content.number;
  crl.this_update_ = content.this_update;
  crl.next_update_ = content.next_update;
  for (const Revocation& revocation : content.revocations) {
    crl.since_.emplace(revocation.serial, revocation.since);
  }
  return crl;
}

std::optional<absl::Time> Crl::RevokedSince(const Serial& serial) const {
  const auto found = since_.find(serial);
  if (found == since_.end()) return std::nullopt;
  return found->second;
}

std::vector<Revocation> Crl::Revocations() const {
  std::vector<Revocation> list;
  list.reserve(since_.size());
  for (const auto& [serial, since] : since_) list.push_back({serial, since});
  std::sort(list.begin(), list.end(),
            [](const Revocation& a, const Revocation& b) {
              return a.serial < b.serial;
            });
  return list;
}

}  // namespace cordon::cert
