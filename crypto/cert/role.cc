#include "crypto/cert/role.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/cert/name.h"

namespace cordon::cert {
namespace {

constexpr uint8_t kDerSequence = 0x30;
constexpr uint8_t kDerInteger = 0x02;
constexpr uint8_t kRoleNumberMax = 127;
// Tag, length and value of a small INTEGER.
constexpr size_t kDerRoleBytes = 3;
// One length byte serves up to here.
constexpr size_t kDerShortLengthMax = 127;

std::optional<Role> KnownRole(uint8_t number) {
  for (const Role role : kRoles) {
    if (static_cast<uint8_t>(role) == number) return role;
  }
  return std::nullopt;
}

}  // namespace

absl::string_view RoleName(Role role) {
  switch (role) {
    case Role::kCoordinator:
      return "coordinator";
    case Role::kContactPoint:
      return "contact-point";
    case Role::kOfficer:
      return "officer";
    case Role::kAnalyst:
      return "analyst";
    case Role::kCurator:
      return "curator";
  }
  return "unknown";
}

absl::StatusOr<Role> ParseRole(absl::string_view name) {
  for (const Role role : kRoles) {
    if (RoleName(role) == name) return role;
  }
  return absl::InvalidArgumentError(
      "role: the roles are coordinator, contact-point, officer, analyst and "
      "curator");
}

std::vector<Role> RoleSet::List() const {
  std::vector<Role> list;
  for (const Role role : kRoles) {
    if (Has(role)) list.push_back(role);
  }
  return list;
}

// | role          | authority customs rilo partner rightsholder platform |
// | coordinator   |     x                                                |
// | contact point |     x        x     x      x          x          x    |
// | officer       |     x        x     x      x                          |
// | analyst       |     x        x     x      x          x          x    |
// | curator       |     x                                                |
bool MayCarry(OrgKind kind, Role role) {
  const bool authority = kind == OrgKind::kAuthority;
  const bool industry =
      kind == OrgKind::kRightsholder || kind == OrgKind::kPlatform;
  switch (role) {
    case Role::kCoordinator:
    case Role::kCurator:
      return authority;
    case Role::kOfficer:
      return !industry;
    case Role::kContactPoint:
    case Role::kAnalyst:
      return true;
  }
  return false;
}

absl::Status CheckRoles(OrgKind kind, const RoleSet& roles) {
  for (const Role role : roles.List()) {
    if (!MayCarry(kind, role)) {
      return absl::PermissionDeniedError(
          "role: an organisation of this kind may not give this role");
    }
  }
  return absl::OkStatus();
}

Bytes RolesToDer(const RoleSet& roles) {
  const std::vector<Role> list = roles.List();
  Bytes der = {kDerSequence, static_cast<uint8_t>(list.size() * kDerRoleBytes)};
  for (const Role role : list) {
    der.insert(der.end(), {kDerInteger, 1, static_cast<uint8_t>(role)});
  }
  return der;
}

absl::StatusOr<RoleSet> RolesFromDer(ByteSpan der) {
  const auto malformed = [] {
    return absl::InvalidArgumentError("role: the extension is malformed");
  };
  if (der.size() < 2 || der[0] != kDerSequence || der[1] > kDerShortLengthMax ||
      der.size() != size_t{2} + der[1] || der[1] % kDerRoleBytes != 0) {
    return malformed();
  }
  RoleSet roles;
  uint8_t last = 0;
  for (ByteSpan rest = der.subspan(2); !rest.empty();
       rest.remove_prefix(kDerRoleBytes)) {
    const uint8_t number = rest[2];
    if (rest[0] != kDerInteger || rest[1] != 1 || number <= last ||
        number > kRoleNumberMax) {
      return malformed();
    }
    last = number;
    const std::optional<Role> role = KnownRole(number);
    if (role.has_value()) roles.Add(*role);
  }
  return roles;
}

}  // namespace cordon::cert
