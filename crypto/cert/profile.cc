#include "crypto/cert/profile.h"

#include <openssl/asn1.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/name.h"
#include "crypto/cert/oid.h"
#include "crypto/cert/openssl.h"
#include "crypto/cert/role.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {
namespace {

using Extensions = STACK_OF(X509_EXTENSION);

// RFC 7093, 2 (1): the leftmost 160 bits of a SHA-256.
constexpr size_t kKeyIdBytes = 20;
// Bits of KeyUsage, RFC 5280, 4.2.1.3.
constexpr int kDigitalSignatureBit = 0;
constexpr int kKeyCertSignBit = 5;
constexpr int kCrlSignBit = 6;
constexpr char kRootCommonName[] = "cordon root";
constexpr char kIssuingCommonName[] = "cordon issuing";

Asn1ObjectPtr ObjectOf(const char* oid) {
  Asn1ObjectPtr object(OBJ_txt2obj(oid, /*no_name=*/1));
  CORDON_CHECK(object != nullptr);
  return object;
}

bool IsIssuer(Usage usage) {
  return usage == Usage::kRoot || usage == Usage::kIssuing;
}

// Extension `nid` as its OpenSSL type: none if absent; kInvalidArgument if it
// stands there twice, does not parse or is not marked critical.
template <typename Ptr>
absl::StatusOr<Ptr> ReadCritical(const Extensions* extensions, int nid) {
  int critical = 0;
  Ptr value(static_cast<typename Ptr::pointer>(
      X509V3_get_d2i(extensions, nid, &critical, nullptr)));
  // -1: absent. -2: more than once. 0 or 1 without a value: malformed.
  if (value == nullptr && critical == -1) return Ptr();
  if (value == nullptr) {
    return absl::InvalidArgumentError(
        "certificate: an extension is malformed or stands there twice");
  }
  if (critical != 1) {
    return absl::InvalidArgumentError(
        "certificate: an extension that must be critical is not");
  }
  return value;
}

absl::StatusOr<bool> ReadIsCa(const Extensions* extensions,
                              std::optional<int64_t>& path_length) {
  CORDON_ASSIGN_OR_RETURN(
      const BasicConstraintsPtr basic,
      ReadCritical<BasicConstraintsPtr>(extensions, NID_basic_constraints));
  if (basic == nullptr) {
    return absl::InvalidArgumentError(
        "certificate: does not say whether it may issue others");
  }
  if (basic->pathlen != nullptr) {
    int64_t length = 0;
    if (ASN1_INTEGER_get_int64(&length, basic->pathlen) != 1) {
      return absl::InvalidArgumentError(
          "certificate: path length out of range");
    }
    path_length = length;
  }
  return basic->ca != 0;
}

// The bits of KeyUsage must be these and no others.
absl::Status CheckKeyUsage(const Extensions* extensions, bool issuer) {
  CORDON_ASSIGN_OR_RETURN(
      const Asn1BitStringPtr bits,
      ReadCritical<Asn1BitStringPtr>(extensions, NID_key_usage));
  uint32_t seen = 0;
  for (int bit = 0; bits != nullptr && bit < 16; ++bit) {
    if (ASN1_BIT_STRING_get_bit(bits.get(), bit) == 1)
      seen |= uint32_t{1} << bit;
  }
  const uint32_t wanted = issuer ? (1U << kKeyCertSignBit) | (1U << kCrlSignBit)
                                 : 1U << kDigitalSignatureBit;
  if (seen != wanted) {
    return absl::InvalidArgumentError("certificate: wrong key usage");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Usage>> ReadExtendedUsage(
    const Extensions* extensions) {
  CORDON_ASSIGN_OR_RETURN(
      const ExtendedKeyUsagePtr usages,
      ReadCritical<ExtendedKeyUsagePtr>(extensions, NID_ext_key_usage));
  if (usages == nullptr) return std::optional<Usage>();
  if (sk_ASN1_OBJECT_num(usages.get()) != 1) {
    return absl::InvalidArgumentError(
        "certificate: must have exactly one extended key usage");
  }
  const ASN1_OBJECT* usage = sk_ASN1_OBJECT_value(usages.get(), 0);
  if (OBJ_obj2nid(usage) == NID_client_auth) {
    return std::optional<Usage>(Usage::kTransport);
  }
  if (OBJ_cmp(usage, ObjectOf(kIdentityUsageOid).get()) == 0) {
    return std::optional<Usage>(Usage::kIdentity);
  }
  return absl::InvalidArgumentError("certificate: unknown extended key usage");
}

// The URI host of the one permitted subtree, nothing if there is no constraint.
absl::StatusOr<std::optional<OrgName>> ReadConstraint(
    const Extensions* extensions) {
  CORDON_ASSIGN_OR_RETURN(
      const NameConstraintsPtr constraints,
      ReadCritical<NameConstraintsPtr>(extensions, NID_name_constraints));
  if (constraints == nullptr) return std::optional<OrgName>();
  const auto wrong = [] {
    return absl::InvalidArgumentError(
        "certificate: the name constraint is not one organisation");
  };
  if (constraints->excludedSubtrees != nullptr ||
      sk_GENERAL_SUBTREE_num(constraints->permittedSubtrees) != 1) {
    return wrong();
  }
  const GENERAL_SUBTREE* subtree =
      sk_GENERAL_SUBTREE_value(constraints->permittedSubtrees, 0);
  if (subtree->minimum != nullptr || subtree->maximum != nullptr ||
      subtree->base->type != GEN_URI) {
    return wrong();
  }
  CORDON_ASSIGN_OR_RETURN(
      OrgName org, OrgName::Parse(AsText(
                       ViewOf(subtree->base->d.uniformResourceIdentifier))));
  return std::optional<OrgName>(std::move(org));
}

// The device's name: exactly one alternative name, a URI of the strict form.
absl::StatusOr<std::optional<DeviceName>> ReadDevice(
    const Extensions* extensions) {
  CORDON_ASSIGN_OR_RETURN(
      const GeneralNamesPtr names,
      ReadCritical<GeneralNamesPtr>(extensions, NID_subject_alt_name));
  if (names == nullptr) return std::optional<DeviceName>();
  if (sk_GENERAL_NAME_num(names.get()) != 1) {
    return absl::InvalidArgumentError(
        "certificate: must have exactly one alternative name");
  }
  const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), 0);
  if (name->type != GEN_URI) {
    return absl::InvalidArgumentError(
        "certificate: the alternative name must be a URI");
  }
  CORDON_ASSIGN_OR_RETURN(
      DeviceName device,
      DeviceName::ParseUri(AsText(ViewOf(name->d.uniformResourceIdentifier))));
  return std::optional<DeviceName>(std::move(device));
}

absl::StatusOr<std::optional<RoleSet>> ReadRoles(const Extensions* extensions) {
  const Asn1ObjectPtr oid = ObjectOf(kRolesOid);
  const int first = X509v3_get_ext_by_OBJ(extensions, oid.get(), -1);
  if (first < 0) return std::optional<RoleSet>();
  if (X509v3_get_ext_by_OBJ(extensions, oid.get(), first) >= 0) {
    return absl::InvalidArgumentError("certificate: roles stand there twice");
  }
  CORDON_ASSIGN_OR_RETURN(RoleSet roles,
                          RolesFromDer(ViewOf(X509_EXTENSION_get_data(
                              X509v3_get_ext(extensions, first)))));
  return std::optional<RoleSet>(roles);
}

// What a critical extension outside the table says, we do not know, so it
// cannot be passed over (RFC 5280, 4.2).
absl::Status RefuseUnknownCritical(const Extensions* extensions) {
  for (int i = 0; i < X509v3_get_ext_count(extensions); ++i) {
    X509_EXTENSION* extension = X509v3_get_ext(extensions, i);
    if (X509_EXTENSION_get_critical(extension) == 0) continue;
    switch (OBJ_obj2nid(X509_EXTENSION_get_object(extension))) {
      case NID_basic_constraints:
      case NID_key_usage:
      case NID_ext_key_usage:
      case NID_name_constraints:
      case NID_subject_alt_name:
        break;
      default:
        return absl::InvalidArgumentError(
            "certificate: has a critical extension that is unknown here");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Profile> IssuerProfile(std::optional<int64_t> path_length,
                                      std::optional<OrgName> constraint) {
  Profile profile;
  if (!constraint.has_value()) {
    if (path_length.has_value()) {
      return absl::InvalidArgumentError(
          "certificate: may issue others without being constrained to one "
          "organisation");
    }
    return profile;
  }
  if (path_length != 0) {
    return absl::InvalidArgumentError(
        "certificate: an organisation may certify devices only");
  }
  profile.usage = Usage::kIssuing;
  profile.org = std::move(constraint);
  return profile;
}

absl::StatusOr<Profile> DeviceProfile(const Extensions* extensions, Usage usage,
                                      ProfileOf source) {
  Profile profile;
  profile.usage = usage;
  CORDON_ASSIGN_OR_RETURN(profile.device, ReadDevice(extensions));
  if (!profile.device.has_value()) {
    return absl::InvalidArgumentError("certificate: names no device");
  }
  CORDON_ASSIGN_OR_RETURN(const std::optional<RoleSet> roles,
                          ReadRoles(extensions));
  if (roles.has_value() != (source == ProfileOf::kCertificate)) {
    return absl::InvalidArgumentError(
        "certificate: roles belong in certificates, and only there");
  }
  profile.roles = roles.value_or(RoleSet());
  return profile;
}

void Add(Extensions** list, int nid, void* value) {
  CORDON_CHECK(
      X509V3_add1_i2d(list, nid, value, /*crit=*/1, X509V3_ADD_DEFAULT) == 1);
}

void AddBasicConstraints(Extensions** list, Usage usage) {
  const BasicConstraintsPtr basic(BASIC_CONSTRAINTS_new());
  CORDON_CHECK(basic != nullptr);
  basic->ca = IsIssuer(usage) ? 0xff : 0;
  if (usage == Usage::kIssuing) {
    basic->pathlen = ASN1_INTEGER_new();
    CORDON_CHECK(basic->pathlen != nullptr &&
                 ASN1_INTEGER_set(basic->pathlen, 0) == 1);
  }
  Add(list, NID_basic_constraints, basic.get());
}

void AddKeyUsage(Extensions** list, Usage usage) {
  const Asn1BitStringPtr bits(ASN1_BIT_STRING_new());
  CORDON_CHECK(bits != nullptr);
  const auto set = [&bits](int bit) {
    CORDON_CHECK(ASN1_BIT_STRING_set_bit(bits.get(), bit, 1) == 1);
  };
  if (IsIssuer(usage)) {
    set(kKeyCertSignBit);
    set(kCrlSignBit);
  } else {
    set(kDigitalSignatureBit);
  }
  Add(list, NID_key_usage, bits.get());
}

void AddExtendedUsage(Extensions** list, Usage usage) {
  const ExtendedKeyUsagePtr usages(EXTENDED_KEY_USAGE_new());
  Asn1ObjectPtr object = usage == Usage::kIdentity
                             ? ObjectOf(kIdentityUsageOid)
                             : Asn1ObjectPtr(OBJ_nid2obj(NID_client_auth));
  CORDON_CHECK(usages != nullptr &&
               sk_ASN1_OBJECT_push(usages.get(), object.release()) > 0);
  Add(list, NID_ext_key_usage, usages.get());
}

GeneralNamePtr UriName(absl::string_view uri) {
  GeneralNamePtr name(GENERAL_NAME_new());
  ASN1_IA5STRING* text = ASN1_IA5STRING_new();
  CORDON_CHECK(
      name != nullptr && text != nullptr &&
      ASN1_STRING_set(text, uri.data(), static_cast<int>(uri.size())) == 1);
  GENERAL_NAME_set0_value(name.get(), GEN_URI, text);
  return name;
}

void AddConstraint(Extensions** list, const OrgName& org) {
  const NameConstraintsPtr constraints(NAME_CONSTRAINTS_new());
  CORDON_CHECK(constraints != nullptr);
  constraints->permittedSubtrees = sk_GENERAL_SUBTREE_new_null();
  GENERAL_SUBTREE* subtree = GENERAL_SUBTREE_new();
  CORDON_CHECK(
      subtree != nullptr &&
      sk_GENERAL_SUBTREE_push(constraints->permittedSubtrees, subtree) > 0);
  GENERAL_NAME_free(subtree->base);
  subtree->base = UriName(org.text()).release();
  Add(list, NID_name_constraints, constraints.get());
}

void AddDevice(Extensions** list, const DeviceName& device) {
  const GeneralNamesPtr names(GENERAL_NAMES_new());
  CORDON_CHECK(
      names != nullptr &&
      sk_GENERAL_NAME_push(names.get(), UriName(device.uri()).release()) > 0);
  Add(list, NID_subject_alt_name, names.get());
}

Asn1OctetStringPtr OctetString(ByteSpan bytes) {
  Asn1OctetStringPtr string(ASN1_OCTET_STRING_new());
  CORDON_CHECK(string != nullptr &&
               ASN1_OCTET_STRING_set(string.get(), bytes.data(),
                                     static_cast<int>(bytes.size())) == 1);
  return string;
}

void AddRoles(Extensions** list, const RoleSet& roles) {
  const Asn1OctetStringPtr content = OctetString(RolesToDer(roles));
  const X509ExtensionPtr extension(X509_EXTENSION_create_by_OBJ(
      nullptr, ObjectOf(kRolesOid).get(), /*crit=*/0, content.get()));
  CORDON_CHECK(extension != nullptr &&
               X509v3_add_ext(list, extension.get(), -1) != nullptr);
}

Asn1OctetStringPtr KeyId(const Ed25519PublicKey& key) {
  return OctetString(ByteSpan(Sha256(key)).first(kKeyIdBytes));
}

}  // namespace

absl::StatusOr<Profile> ReadProfile(const Extensions* extensions,
                                    ProfileOf source) {
  CORDON_RETURN_IF_ERROR(RefuseUnknownCritical(extensions));
  std::optional<int64_t> path_length;
  CORDON_ASSIGN_OR_RETURN(const bool issuer, ReadIsCa(extensions, path_length));
  CORDON_RETURN_IF_ERROR(CheckKeyUsage(extensions, issuer));
  CORDON_ASSIGN_OR_RETURN(const std::optional<Usage> usage,
                          ReadExtendedUsage(extensions));
  CORDON_ASSIGN_OR_RETURN(std::optional<OrgName> constraint,
                          ReadConstraint(extensions));
  if (issuer) {
    const bool has_name =
        X509v3_get_ext_by_NID(extensions, NID_subject_alt_name, -1) >= 0;
    if (usage.has_value() || has_name) {
      return absl::InvalidArgumentError(
          "certificate: is a device's and an issuer's at once");
    }
    return IssuerProfile(path_length, std::move(constraint));
  }
  if (path_length.has_value() || constraint.has_value()) {
    return absl::InvalidArgumentError(
        "certificate: a device's, with an issuer's extensions");
  }
  if (!usage.has_value()) {
    return absl::InvalidArgumentError(
        "certificate: does not say what its key is for");
  }
  return DeviceProfile(extensions, *usage, source);
}

ExtensionsPtr WriteProfile(const Profile& profile, ProfileOf source) {
  Extensions* list = nullptr;
  AddBasicConstraints(&list, profile.usage);
  AddKeyUsage(&list, profile.usage);
  if (profile.usage == Usage::kIssuing) {
    CORDON_CHECK(profile.org.has_value());
    AddConstraint(&list, *profile.org);
  }
  if (!IsIssuer(profile.usage)) {
    CORDON_CHECK(profile.device.has_value());
    AddExtendedUsage(&list, profile.usage);
    AddDevice(&list, *profile.device);
    if (source == ProfileOf::kCertificate) AddRoles(&list, profile.roles);
  }
  return ExtensionsPtr(list);
}

AuthorityKeyIdPtr AuthorityKeyId(const Ed25519PublicKey& issuer) {
  AuthorityKeyIdPtr id(AUTHORITY_KEYID_new());
  CORDON_CHECK(id != nullptr);
  id->keyid = KeyId(issuer).release();
  return id;
}

void AddKeyIds(X509* certificate, const Ed25519PublicKey& subject,
               const Ed25519PublicKey& issuer) {
  const auto add = [certificate](int nid, void* value) {
    CORDON_CHECK(X509_add1_ext_i2d(certificate, nid, value, /*crit=*/0,
                                   X509V3_ADD_DEFAULT) == 1);
  };
  add(NID_subject_key_identifier, KeyId(subject).get());
  if (subject != issuer) {
    add(NID_authority_key_identifier, AuthorityKeyId(issuer).get());
  }
}

X509NamePtr SubjectOf(Usage usage) {
  X509NamePtr name(X509_NAME_new());
  CORDON_CHECK(name != nullptr);
  if (!IsIssuer(usage)) return name;
  const std::string common_name =
      usage == Usage::kRoot ? kRootCommonName : kIssuingCommonName;
  CORDON_CHECK(X509_NAME_add_entry_by_NID(
                   name.get(), NID_commonName, MBSTRING_ASC,
                   reinterpret_cast<const unsigned char*>(common_name.data()),
                   static_cast<int>(common_name.size()), -1, 0) == 1);
  return name;
}

}  // namespace cordon::cert
