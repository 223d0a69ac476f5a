#include "server/core/authz.h"

#include "absl/status/status.h"

#include "crypto/cert/role.h"

namespace cordon::server {
namespace {

using cert::Role;

// Who lets people in.
constexpr cert::RoleSet kInviters = {Role::kCoordinator, Role::kContactPoint};
// Who makes and fills rooms: what a room's policy asks of its admitters.
constexpr cert::RoleSet kAdmitters = {Role::kCoordinator, Role::kContactPoint,
                                      Role::kCurator};

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
      return {.needs = CallerNeeds::kEntered, .roles = kAdmitters};
    case Method::kListDevices:
    case Method::kPublishKeyPackages:
    case Method::kCreateRoom:
    case Method::kAppend:
    case Method::kFollow:
    case Method::kBackfill:
    case Method::kAckInbox:
    case Method::kFetchWelcome:
    case Method::kFetchGroupInfo:
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

absl::Status CheckRoles(Method method, const cert::RoleSet& roles) {
  const cert::RoleSet wanted = RuleOf(method).roles;
  if (wanted.empty()) return absl::OkStatus();
  for (const Role role : cert::kRoles) {
    if (wanted.Has(role) && roles.Has(role)) return absl::OkStatus();
  }
  return absl::PermissionDeniedError(
      "the certificate of this device carries no role that may do this");
}

}  // namespace cordon::server
