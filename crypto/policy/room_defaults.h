#ifndef CORDON_CRYPTO_POLICY_ROOM_DEFAULTS_H_
#define CORDON_CRYPTO_POLICY_ROOM_DEFAULTS_H_

// The rules that rooms of each kind start with; the table is in
// crypto/policy/README.md. What holds is the policy in the room's group
// context; it may grant less than these, and never more: whoever opens a room
// writes its policy, and could let itself do anything.
// Threads: pure functions.
// Errors: kInvalidArgument, with what goes too far.

#include <optional>

#include "absl/status/status.h"

#include "crypto/base/id.h"
#include "crypto/cert/name.h"
#include "crypto/policy/room_policy.h"

namespace cordon::policy {

// PolicyFor: `guest` is for intake rooms, and only for them.
RoomPolicy PolicyFor(RoomKind kind, const OperationId& operation,
                     std::optional<cert::OrgName> guest = std::nullopt);

// CheckWithinDefaults: `policy`, which is valid, lets nobody do what PolicyFor
// its kind does not. Bits that this build does not know grant nothing here.
absl::Status CheckWithinDefaults(const RoomPolicy& policy);

}  // namespace cordon::policy

#endif  // CORDON_CRYPTO_POLICY_ROOM_DEFAULTS_H_
