#ifndef CORDON_SERVER_CORE_DELIVERY_H_
#define CORDON_SERVER_CORE_DELIVERY_H_

// The order of a room's log. START HERE.
//
// An envelope is taken if its author is in the room's tree, it is not there
// already, it is of the room's epoch and within the limits; it gets the next
// place (room_log.h), and everything that follows from it is written in the
// same transaction. Answers and publications leave only when that is committed
// (server/lane.h).
//
// Here are the messages of members, and reading. Proposals and commits change
// who is in the room and are checked before: handshakes.h.
//
// Threads: the lane's.
// Errors: as room_log.h says. Nothing has changed then. The messages are for
// people and go out as they are.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "server/core/append_input.h"
#include "server/core/caller.h"
#include "server/core/follow_item.h"
#include "server/core/inbox_payload.h"
#include "server/core/room_log.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

struct Page {
  std::vector<LogEntry> entries{};
  RoomHeadItem head{};
};

class Delivery {
 public:
  // Borrowed for the object's life.
  struct Parts {
    relay::Stores* stores = nullptr;
    RoomLog* rooms = nullptr;
  };
  explicit Delivery(const Parts& parts) : parts_(parts) {}

  // Append takes an application message.
  absl::StatusOr<LogSeq> Append(const sqlite::Transaction& txn,
                                const Caller& caller, AppendInput input);

  // Backfill reads entries after a place, from where the caller came in.
  absl::StatusOr<Page> Backfill(const Caller& caller, const RoomId& room,
                                LogSeq after, size_t entries_max);

  absl::Status AckInbox(const sqlite::Transaction& txn, const Caller& caller,
                        uint64_t through);
  absl::StatusOr<SharedWelcome> FetchWelcome(const Caller& caller,
                                             uint64_t welcome_id);

 private:
  const Parts parts_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_DELIVERY_H_
