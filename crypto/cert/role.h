#ifndef CORDON_CRYPTO_CERT_ROLE_H_
#define CORDON_CRYPTO_CERT_ROLE_H_

// What a person may be in an operation, and which kinds of organisation may
// say so of their people.
//
// The one table is MayCarry: only an authority has coordinators and curators,
// so no administration can mint either, whatever it signs. It is asked when a
// certificate is issued and at every verification.
//
// Certificates carry roles in a non-critical extension (oid.h):
//   Roles ::= SEQUENCE OF INTEGER (1..127)   -- strictly ascending
// A number that this build does not know grants nothing and is passed over.
// Threads: values.

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/cert/name.h"

namespace cordon::cert {

// Numbers are on the wire; they are never used again.
enum class Role : uint8_t {
  kCoordinator = 1,
  kContactPoint = 2,
  kOfficer = 3,
  kAnalyst = 4,
  kCurator = 5,
};
inline constexpr Role kRoles[] = {Role::kCoordinator, Role::kContactPoint,
                                  Role::kOfficer, Role::kAnalyst,
                                  Role::kCurator};

// RoleName is the word on a command line: "contact-point".
absl::string_view RoleName(Role role);
// Errors: kInvalidArgument for any other word.
absl::StatusOr<Role> ParseRole(absl::string_view name);

// RoleSet is a set of roles; empty when made.
class RoleSet {
 public:
  constexpr RoleSet() = default;
  constexpr RoleSet(std::initializer_list<Role> roles) {
    for (const Role role : roles) Add(role);
  }

  constexpr void Add(Role role) { bits_ |= Bit(role); }
  constexpr bool Has(Role role) const { return (bits_ & Bit(role)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  // In ascending order of their numbers.
  std::vector<Role> List() const;

  friend constexpr bool operator==(const RoleSet&, const RoleSet&) = default;

 private:
  static constexpr uint32_t Bit(Role role) {
    return uint32_t{1} << static_cast<uint8_t>(role);
  }

  uint32_t bits_ = 0;
};

// MayCarry is the table.
bool MayCarry(OrgKind kind, Role role);

// CheckRoles: kPermissionDenied if one of `roles` is not for `kind`.
absl::Status CheckRoles(OrgKind kind, const RoleSet& roles);

// The content of the certificate extension.
Bytes RolesToDer(const RoleSet& roles);
// Errors: kInvalidArgument for what is not exactly the form above.
absl::StatusOr<RoleSet> RolesFromDer(ByteSpan der);

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_ROLE_H_
