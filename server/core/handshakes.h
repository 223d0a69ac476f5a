#ifndef CORDON_SERVER_CORE_HANDSHAKES_H_
#define CORDON_SERVER_CORE_HANDSHAKES_H_

// Proposals and commits: how a room's group and its members change.
//
// A handshake message takes three turns, because checking it may cost more than
// the lane can spend: Begin on the lane looks up what it must be checked
// against, CheckHandshake (handshake_check.h) decides on a worker, from
// immutable values alone, and Finish on the lane compares the epoch again and
// writes, all of it in one transaction: the log entry, the group's next state,
// who is in the room, the newcomers' parts of the Welcome, and what follows of
// it for everybody's streams. Of two commits of one epoch the first to come
// back wins; the other is kAborted.
//
// Threads: the lane's.
// Errors: as room_log.h says; nothing has changed then.

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/log/chain_hash.h"
#include "server/core/append_input.h"
#include "server/core/caller.h"
#include "server/core/handshake_check.h"
#include "server/core/publications.h"
#include "server/core/removals.h"
#include "server/core/room_groups.h"
#include "server/core/room_log.h"
#include "server/core/trust.h"
#include "storage/relay/delivery_log.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

class Handshakes {
 public:
  // Borrowed for the object's life.
  struct Parts {
    relay::Stores* stores = nullptr;
    RoomLog* rooms = nullptr;
    RoomGroups* groups = nullptr;
    Removals* removals = nullptr;
    const Trust* trust = nullptr;
    Publications* publications = nullptr;
    const Clock* clock = nullptr;
  };
  explicit Handshakes(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<HandshakeTask> Begin(const Caller& caller, AppendInput input);
  absl::StatusOr<LogSeq> Finish(const sqlite::Transaction& txn,
                                const Caller& caller, CheckedHandshake checked);

 private:
  absl::StatusOr<LogSeq> FinishProposal(const sqlite::Transaction& txn,
                                        const relay::Room& room,
                                        const Caller& caller,
                                        CheckedHandshake checked);
  absl::StatusOr<LogSeq> FinishCommit(const sqlite::Transaction& txn,
                                      const relay::Room& room,
                                      const Caller& caller,
                                      CheckedHandshake checked);
  absl::Status MoveMembers(const sqlite::Transaction& txn, const Caller& caller,
                           LogSeq seq, const CheckedHandshake& checked);
  absl::Status Welcome(const sqlite::Transaction& txn, const RoomHead& head,
                       const CheckedHandshake& checked);

  const Parts parts_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_HANDSHAKES_H_
