#ifndef CORDON_CRYPTO_POLICY_ROOM_DEFAULTS_H_
#define CORDON_CRYPTO_POLICY_ROOM_DEFAULTS_H_

// The rules that rooms of each kind start with; the table is in
// crypto/policy/README.md. Only the starting point: what holds is the policy in
// the room's group context.
// Threads: pure functions. Errors: none; Validate judges the result.

#include <optional>

#include "crypto/base/id.h"
#include "crypto/cert/name.h"
#include "crypto/policy/room_policy.h"

namespace cordon::policy {

// PolicyFor: `guest` is for intake rooms, and only for them.
RoomPolicy PolicyFor(RoomKind kind, const OperationId& operation,
                     std::optional<cert::OrgName> guest = std::nullopt);

}  // namespace cordon::policy

#endif  // CORDON_CRYPTO_POLICY_ROOM_DEFAULTS_H_
