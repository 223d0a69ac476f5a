#ifndef CORDON_SERVER_CORE_AUTHZ_H_
#define CORDON_SERVER_CORE_AUTHZ_H_

// Which caller may call what: one table, asked before anything else is done.
// What a call may do to one room is the room's policy and tree to say
// (delivery.h); here stands what a certificate alone decides.
//
// Threads: pure functions.
// Errors: kUnauthenticated without a certificate where one is needed;
// kPermissionDenied for roles that do not suffice.

#include <cstdint>

#include "absl/status/status.h"

#include "crypto/cert/role.h"
#include "crypto/policy/room_policy.h"

namespace cordon::server {

// Every call that a relay answers with a meaning of its own.
enum class Method : uint8_t {
  kSetUp = 1,
  kRedeem,
  kFetchAnswer,
  kInvite,
  kListInvitations,
  kRevokeInvitation,
  kAnswer,
  kEnter,
  kRevoke,
  kListDevices,
  kPublishKeyPackages,
  kClaimKeyPackages,
  kCreateRoom,
  kAppend,
  kFollow,
  kBackfill,
  kAckInbox,
  kFetchWelcome,
  kFetchGroupInfo,
  kPutGroupInfo,
  kDescribe,
  kPutBlob,
  kStatBlob,
  kGetBlob,
  kHoldBlob,
  kForgetBlob,
};

enum class CallerNeeds : uint8_t {
  kNothing = 1,  // also strangers; rate-limited
  kCertificate,  // a transport certificate that holds, of any device
  kEntered,      // and the device is in the directory
};

struct MethodRule {
  CallerNeeds needs = CallerNeeds::kEntered;
  // One of these roles; empty: any or none.
  cert::RoleSet roles;
};

// RuleOf is the table.
MethodRule RuleOf(Method method);

// CheckMayOpen is the second table: who opens rooms of which kind.
absl::Status CheckMayOpen(policy::RoomKind kind, const cert::RoleSet& roles);
// CheckMayOpenSome asks for rooms of any kind.
absl::Status CheckMayOpenSome(const cert::RoleSet& roles);

// CheckRoles says whether a caller with `roles` may call `method`.
absl::Status CheckRoles(Method method, const cert::RoleSet& roles);

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_AUTHZ_H_
