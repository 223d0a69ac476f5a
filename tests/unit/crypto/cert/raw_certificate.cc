#include "tests/unit/crypto/cert/raw_certificate.h"

#include <openssl/asn1.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <string>

#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/cert/oid.h"
#include "crypto/cert/openssl.h"
#include "crypto/cert/profile.h"
#include "crypto/cert/role.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::testing {
namespace {

using cert::ToOpenssl;

cert::X509NamePtr CommonName(const std::string& text) {
  cert::X509NamePtr name(X509_NAME_new());
  if (text.empty()) return name;
  CORDON_CHECK(X509_NAME_add_entry_by_NID(
                   name.get(), NID_commonName, MBSTRING_ASC,
                   reinterpret_cast<const unsigned char*>(text.data()),
                   static_cast<int>(text.size()), -1, 0) == 1);
  return name;
}

void AddExtension(X509* x509, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, nullptr, x509, nullptr, nullptr, 0);
  const cert::X509ExtensionPtr extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  CORDON_CHECK(extension != nullptr &&
               X509_add_ext(x509, extension.get(), -1) == 1);
}

void AddRoles(X509* x509, ByteSpan roles) {
  const cert::Asn1ObjectPtr oid(OBJ_txt2obj(cert::kRolesOid, 1));
  const cert::Asn1OctetStringPtr content(ASN1_OCTET_STRING_new());
  ASN1_OCTET_STRING_set(content.get(), roles.data(),
                        static_cast<int>(roles.size()));
  const cert::X509ExtensionPtr extension(
      X509_EXTENSION_create_by_OBJ(nullptr, oid.get(), 0, content.get()));
  CORDON_CHECK(X509_add_ext(x509, extension.get(), -1) == 1);
}

cert::X509Ptr Reparse(ByteSpan der) {
  const unsigned char* at = der.data();
  cert::X509Ptr x509(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  CORDON_CHECK(x509 != nullptr);
  return x509;
}

cert::Validity Around(absl::Time now) {
  return {now - absl::Hours(24), now + absl::Hours(24)};
}

}  // namespace

Bytes Sign(const RawCertificate& raw, const Ed25519PublicKey& subject_key,
           const Ed25519PrivateKey& issuer_key) {
  const cert::X509Ptr x509(X509_new());
  X509_set_version(x509.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 4711);
  X509_set_subject_name(x509.get(), CommonName(raw.subject).get());
  X509_set_issuer_name(x509.get(), CommonName(raw.issuer).get());
  X509_set1_notBefore(x509.get(), cert::ToAsn1(raw.validity.not_before).get());
  X509_set1_notAfter(x509.get(), cert::ToAsn1(raw.validity.not_after).get());
  X509_set_pubkey(x509.get(), ToOpenssl(subject_key).get());
  for (const auto& [nid, value] : raw.extensions) {
    AddExtension(x509.get(), nid, value);
  }
  if (!raw.roles.empty()) AddRoles(x509.get(), raw.roles);
  cert::AddKeyIds(x509.get(), subject_key, issuer_key.public_key());
  CORDON_CHECK(X509_sign(x509.get(), ToOpenssl(issuer_key).get(), nullptr) > 0);
  return cert::ToDer<X509>(x509.get(), i2d_X509);
}

bool OpensslAccepts(const std::vector<ByteSpan>& leaf_to_root, absl::Time at,
                    PathCheck path_check) {
  const cert::X509Ptr target = Reparse(leaf_to_root.at(0));
  const cert::X509Ptr between = Reparse(leaf_to_root.at(1));
  const cert::X509Ptr anchor = Reparse(leaf_to_root.at(2));
  const cert::X509StorePtr store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), anchor.get());
  const cert::CertificateStackPtr untrusted(sk_X509_new_null());
  sk_X509_push(untrusted.get(), between.get());
  const cert::X509StoreCtxPtr check(X509_STORE_CTX_new());
  X509_STORE_CTX_init(check.get(), store.get(), target.get(), untrusted.get());
  if (path_check == PathCheck::kStrict) {
    X509_STORE_CTX_set_flags(check.get(), X509_V_FLAG_X509_STRICT);
  }
  X509_STORE_CTX_set_time(check.get(), 0, absl::ToTimeT(at));
  return X509_verify_cert(check.get()) == 1;
}

RawCertificate RawDevice(const std::string& names, absl::Time now) {
  RawCertificate raw{
      .subject = {},
      .issuer = "cordon issuing",
      .validity = Around(now),
      .extensions = {{NID_basic_constraints, "critical,CA:FALSE"},
                     {NID_key_usage, "critical,digitalSignature"},
                     {NID_ext_key_usage,
                      std::string("critical,") + cert::kIdentityUsageOid}},
      .roles = cert::RolesToDer({cert::Role::kOfficer})};
  if (!names.empty())
    raw.extensions[NID_subject_alt_name] = "critical," + names;
  return raw;
}

RawCertificate RawIssuing(const std::string& constraint, absl::Time now) {
  RawCertificate raw{
      .subject = "cordon issuing",
      .issuer = "cordon root",
      .validity = Around(now),
      .extensions = {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                     {NID_key_usage, "critical,keyCertSign,cRLSign"}},
      .roles = {}};
  if (!constraint.empty()) {
    raw.extensions[NID_name_constraints] = "critical," + constraint;
  }
  return raw;
}

}  // namespace cordon::testing
