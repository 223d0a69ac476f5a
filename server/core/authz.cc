#include "server/core/authz.h"

#include <algorithm>
#include <iterator>

#include "absl/status/status.h"

#include "crypto/cert/role.h"
#include "crypto/policy/room_policy.h"

namespace cordon::server {
namespace {

using cert::Role;

// Who lets people in.
constexpr cert::RoleSet kInviters = {Role::kCoordinator, Role::kContactPoint};

cert::RoleSet OpenersOf(policy::RoomKind kind) {
  switch (kind) {
    case policy::RoomKind::kBroadcast:
    case policy::RoomKind::kAlerts:
      return {Role::kCoordinator};
    case policy::RoomKind::kLibrary:
    case policy::RoomKind::kIntake:
      return {Role::kCoordinator, Role::kCurator};
    case policy::RoomKind::kChannel:
    case policy::RoomKind::kDirect:
      return {Role::kCoordinator, Role::kContactPoint};
  }
  return {Role::kCoordinator};
}

bool Intersect(const cert::RoleSet& a, const cert::RoleSet& b) {
  return std::any_of(
      std::begin(cert::kRoles), std::end(cert::kRoles),
      [&a, &b](Role role) { return a.Has(role) && b.Has(role); });
}

}  // namespace

MethodRule RuleOf(Method method) {
  switch (method) {
    case Method::kSetUp:
    case Method::kRedeem:
    case Method::kFetchAnswer:
      return {.needs = CallerNeeds::kNothing, .roles = {}};
    case Method::kEnter:
      return {.needs = CallerNeeds::kCertificate, .roles = {}};
    case Method::kInvite:
    case Method::kListInvitations:
    case Method::kRevokeInvitation:
    case Method::kAnswer:
    case Method::kRevoke:
      return {.needs = CallerNeeds::kEntered, .roles = kInviters};
    case Method::kClaimKeyPackages:
    case Method::kListDevices:
    case Method::kPublishKeyPackages:
    case Method::kCreateRoom:
    case Method::kAppend:
    case Method::kFollow:
    case Method::kBackfill:
    case Method::kAckInbox:
    case Method::kFetchWelcome:
    case Method::kFetchGroupInfo:
    case Method::kPutGroupInfo:
    case Method::kDescribe:
    case Method::kPutBlob:
    case Method::kStatBlob:
    case Method::kGetBlob:
    case Method::kHoldBlob:
    case Method::kForgetBlob:
      return {.needs = CallerNeeds::kEntered, .roles = {}};
  }
  // A method that this table forgot is refused to everybody who has no role.
  return {.needs = CallerNeeds::kEntered, .roles = {Role::kCoordinator}};
}

absl::Status CheckMayOpen(policy::RoomKind kind, const cert::RoleSet& roles) {
  if (Intersect(OpenersOf(kind), roles)) return absl::OkStatus();
  return absl::PermissionDeniedError(
      "the certificate of this device carries no role that opens such a room");
}

absl::Status CheckMayOpenSome(const cert::RoleSet& roles) {
  if (Intersect({Role::kCoordinator, Role::kContactPoint, Role::kCurator},
                roles)) {
    return absl::OkStatus();
  }
  return absl::PermissionDeniedError(
      "the certificate of this device carries no role that opens rooms");
}

absl::Status CheckRoles(Method method, const cert::RoleSet& roles) {
  const cert::RoleSet wanted = RuleOf(method).roles;
  if (wanted.empty() || Intersect(wanted, roles)) return absl::OkStatus();
  return absl::PermissionDeniedError(
      "the certificate of this device carries no role that may do this");
}

}  // namespace cordon::server
