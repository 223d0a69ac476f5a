#ifndef CORDON_CLIENT_CORE_HANDSHAKES_H_
#define CORDON_CLIENT_CORE_HANDSHAKES_H_

// What the log and the inbox do to a room's group: proposals and commits of
// others, our own commit coming back, Welcomes, and being taken out.
//
// Each Take is one transaction: the group's next state, the room's row, the
// place in the log and the cursor. The caller (follower.h) has checked that the
// entry is the next one and computed `after`, the head with it.
// Threads: none; the core's thread.
// Errors: those of the vault: nothing was taken. A handshake that breaks the
// rules is no error here: the place is kept aside, the room is stopped
// with the reason, and `finding` of the result names it.

#include <optional>
#include <string>

#include "absl/status/statusor.h"

#include "client/core/delivery_types.h"
#include "client/core/group_shelf.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "client/core/trust.h"
#include "crypto/log/chain_hash.h"

namespace cordon::client {

struct TakenHandshake {
  // A sentence for the reader, where something was wrong.
  std::optional<std::string> finding;
  bool left = false;  // the commit took this device out
};

class Handshakes {
 public:
  Handshakes(const Parts& parts, Trust* trust, GroupShelf* shelf)
      : parts_(parts), trust_(trust), shelf_(shelf) {}

  absl::StatusOr<TakenHandshake> Take(const LogEntry& entry,
                                      const RoomHead& after);

  // TakeInbox joins a room by a Welcome: the operation and the room are known
  // then, and the cursor stands where the room begins for this device. A
  // Welcome for a room that is joined already is OK and changes nothing.
  Task<absl::StatusOr<RoomId>> TakeInbox(InboxItem item);

 private:
  const Parts parts_;
  Trust* const trust_;
  GroupShelf* const shelf_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_HANDSHAKES_H_
