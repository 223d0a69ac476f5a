#include "crypto/cert/tls_certificate.h"

#include <openssl/asn1.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/issuer.h"
#include "crypto/cert/openssl.h"
#include "crypto/cert/pem.h"
#include "crypto/cert/serial.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {
namespace {

constexpr long kX509Version3 = 2;  // counted from 0
// RFC 1035, 2.3.4.
constexpr size_t kHostBytesMax = 253;
constexpr char kServerCommonName[] = "cordon relay";

bool IsDnsName(absl::string_view host) {
  return !host.empty() && host.size() <= kHostBytesMax &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  c == '.' || c == '-';
         });
}

absl::StatusOr<GeneralNamePtr> HostName(const std::string& host) {
  GeneralNamePtr name(GENERAL_NAME_new());
  CORDON_CHECK(name != nullptr);
  ASN1_OCTET_STRING* address = a2i_IPADDRESS(host.c_str());
  if (address != nullptr) {
    GENERAL_NAME_set0_value(name.get(), GEN_IPADD, address);
    return name;
  }
  if (!IsDnsName(host)) {
    return absl::InvalidArgumentError(
        "relay certificate: a host must be a DNS name or an IP address");
  }
  ASN1_IA5STRING* text = ASN1_IA5STRING_new();
  CORDON_CHECK(
      text != nullptr &&
      ASN1_STRING_set(text, host.data(), static_cast<int>(host.size())) == 1);
  GENERAL_NAME_set0_value(name.get(), GEN_DNS, text);
  return name;
}

absl::StatusOr<GeneralNamesPtr> HostNames(
    const std::vector<std::string>& hosts) {
  if (hosts.empty() || hosts.size() > kServerHostsMax) {
    return absl::InvalidArgumentError("relay certificate: needs 1 to 16 hosts");
  }
  GeneralNamesPtr names(GENERAL_NAMES_new());
  CORDON_CHECK(names != nullptr);
  for (const std::string& host : hosts) {
    CORDON_ASSIGN_OR_RETURN(GeneralNamePtr name, HostName(host));
    CORDON_CHECK(sk_GENERAL_NAME_push(names.get(), name.release()) > 0);
  }
  return names;
}

void SetSubjectAndIssuer(X509* x509) {
  const X509NamePtr name(X509_NAME_new());
  const std::string text = kServerCommonName;
  CORDON_CHECK(name != nullptr &&
               X509_NAME_add_entry_by_NID(
                   name.get(), NID_commonName, MBSTRING_ASC,
                   reinterpret_cast<const unsigned char*>(text.data()),
                   static_cast<int>(text.size()), -1, 0) == 1 &&
               X509_set_subject_name(x509, name.get()) == 1 &&
               X509_set_issuer_name(x509, name.get()) == 1);
}

}  // namespace

absl::StatusOr<TlsIdentity> ServerIdentity(
    const Ed25519PrivateKey& key, const std::vector<std::string>& hosts,
    const Making& making) {
  const ErrorQueueScope errors;
  CORDON_ASSIGN_OR_RETURN(const GeneralNamesPtr names, HostNames(hosts));
  const X509Ptr x509(X509_new());
  const EvpPkeyPtr pkey = ToOpenssl(key);
  const Asn1IntegerPtr serial = WriteSerial(Serial::Random(making.random));
  const Asn1TimePtr start = ToAsn1(making.now - kCertificateBackdate);
  const Asn1TimePtr end = ToAsn1(making.now + kServerCertificateLifetime);
  CORDON_CHECK(x509 != nullptr &&
               X509_set_version(x509.get(), kX509Version3) == 1 &&
               X509_set_serialNumber(x509.get(), serial.get()) == 1 &&
               X509_set1_notBefore(x509.get(), start.get()) == 1 &&
               X509_set1_notAfter(x509.get(), end.get()) == 1 &&
               X509_set_pubkey(x509.get(), pkey.get()) == 1);
  SetSubjectAndIssuer(x509.get());
  CORDON_CHECK(X509_add1_ext_i2d(x509.get(), NID_subject_alt_name, names.get(),
                                 /*crit=*/0, X509V3_ADD_DEFAULT) == 1 &&
               X509_sign(x509.get(), pkey.get(), nullptr) > 0);
  const Bytes der = ToDer<X509>(x509.get(), i2d_X509);
  return TlsIdentity{.certificates_pem = CertificatesToPem({ByteSpan(der)}),
                     .key_pem = KeyToPem(key)};
}

TlsIdentity ClientIdentity(const Certificate& transport,
                           const Certificate& issuing,
                           const Ed25519PrivateKey& key) {
  CORDON_CHECK(transport.usage() == Usage::kTransport &&
               transport.public_key() == key.public_key());
  return {.certificates_pem = CertificatesToPem(
              {ByteSpan(transport.der()), ByteSpan(issuing.der())}),
          .key_pem = KeyToPem(key)};
}

}  // namespace cordon::cert
