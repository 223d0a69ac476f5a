#ifndef CORDON_CLIENT_CORE_ROOM_OPENING_H_
#define CORDON_CLIENT_CORE_ROOM_OPENING_H_

// Opening a room with this device alone in it: its id and group are in the
// vault before the relay hears of it, so that opening it again after an unknown
// answer, or a crash, opens the same one.
//
// Threads: none; the core's thread.
// Errors: kInvalidArgument for a name that is none; kFailedPrecondition for a
// room of that name and another kind; those of the relay: after a refusal
// nothing is left of it.

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "client/core/commits.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "crypto/base/id.h"
#include "crypto/cert/name.h"
#include "crypto/policy/room_policy.h"

namespace cordon::client {

// CheckShortName: what people type for operations and rooms: a-z, 0-9 and
// dashes, a letter or digit first.
absl::Status CheckShortName(absl::string_view what, absl::string_view name);

struct NewRoom {
  OperationId operation;
  std::string name;
  std::string title;
  policy::RoomKind kind = policy::RoomKind::kChannel;
  std::optional<cert::OrgName> guest;
};

// OpenRoom gives the room of that name, opened now or before.
Task<absl::StatusOr<RoomId>> OpenRoom(Parts parts, RoomTools tools,
                                      NewRoom wanted);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_ROOM_OPENING_H_
