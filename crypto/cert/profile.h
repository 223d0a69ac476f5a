#ifndef CORDON_CRYPTO_CERT_PROFILE_H_
#define CORDON_CRYPTO_CERT_PROFILE_H_

// The four kinds of certificate there are, told by their extensions. What is
// not exactly one of them is refused, whatever OpenSSL makes of it.
//
// | extension         | root | issuing | identity | transport |
// | basic constraints | CA   | CA, 0   | not CA   | not CA    | critical
// | key usage         | cert+CRL sign  | digital signature    | critical
// | extended usage    | –    | –       | ours     | clientAuth| critical
// | name constraints  | –    | one URI host | –  | –         | critical
// | alternative name  | –    | –       | one URI  | one URI   | critical
// | roles             | –    | –       | yes      | yes       | not critical
//
// Subject and authority key ids are written and left to OpenSSL to match. A
// certification request asks with the same extensions, without roles: those
// are the issuer's to say.
// Threads: values.

#include <openssl/types.h>
#include <openssl/x509.h>

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"

#include "crypto/cert/certificate.h"
#include "crypto/cert/name.h"
#include "crypto/cert/openssl.h"
#include "crypto/cert/role.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {

struct Profile {
  Usage usage = Usage::kRoot;
  std::optional<OrgName> org;        // issuing
  std::optional<DeviceName> device;  // identity, transport
  RoleSet roles;                     // identity, transport
};

enum class ProfileOf : uint8_t { kCertificate = 1, kRequest = 2 };

// ReadProfile: kInvalidArgument for anything outside the table.
absl::StatusOr<Profile> ReadProfile(const STACK_OF(X509_EXTENSION) * extensions,
                                    ProfileOf source);

// WriteProfile gives the extensions of `profile`, whose fields fit its usage
// (checked: only our own code makes one).
ExtensionsPtr WriteProfile(const Profile& profile, ProfileOf source);

// AddKeyIds adds the ids of the subject's key and, but for a root, of its
// issuer's.
void AddKeyIds(X509* certificate, const Ed25519PublicKey& subject,
               const Ed25519PublicKey& issuer);

// AuthorityKeyId names an issuer's key in certificates and lists.
AuthorityKeyIdPtr AuthorityKeyId(const Ed25519PublicKey& issuer);

// SubjectOf is the distinguished name of a usage: a constant for issuers,
// because X.509 demands one, and empty for devices. Names that decide anything
// are in the extensions.
X509NamePtr SubjectOf(Usage usage);

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_PROFILE_H_
