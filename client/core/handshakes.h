#ifndef CORDON_CLIENT_CORE_HANDSHAKES_H_
#define CORDON_CLIENT_CORE_HANDSHAKES_H_

// What the log and the inbox do to a room's group: proposals and commits of
// others, our own commit coming back, Welcomes, and being taken out.
//
// Each Take is one transaction: the group's next state, the room's row, the
// place in the log and the cursor. The caller (follower.h) has checked that the
// entry is the next one and computed `after`, the head with it.
// Every client asks the room's policy itself (crypto/policy/room_change.h),
// whatever the relay let through. Credentials are judged as of when the relay
// took the entry, never later than now: a device revoked since then was right
// then. The author of a Welcome is judged as of now: nobody says when it was.
// Threads: none; the core's thread.
// Errors: those of the vault: nothing was taken. A handshake that breaks the
// rules is no error here: the place is kept aside, and `finding` of the result
// names it; the room is stopped with the reason if it was a commit, since
// others may have gone on by it.

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "client/core/delivery_types.h"
#include "client/core/group_shelf.h"
#include "client/core/parts.h"
#include "client/core/room_moves.h"
#include "client/core/task.h"
#include "client/core/trust.h"
#include "crypto/base/id.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/group.h"
#include "crypto/policy/room_change.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {

struct TakenHandshake {
  // A sentence for the reader, where something was wrong.
  std::optional<std::string> finding;
};

class Handshakes {
 public:
  Handshakes(const Parts& parts, Trust* trust, GroupShelf* shelf,
             RoomMoves* moves)
      : parts_(parts), trust_(trust), shelf_(shelf), moves_(moves) {}

  absl::StatusOr<TakenHandshake> Take(const LogEntry& entry,
                                      const RoomHead& after);

  // TakeInbox joins a room by a Welcome: the operation and the room are known
  // then, and the cursor stands where the room begins for this device. A
  // Welcome for a room that is joined already is OK and changes nothing.
  // Errors: kUnavailable, kDeadlineExceeded and those of the vault: ask again.
  // Any other: this Welcome will never do; acknowledge it and say so.
  Task<absl::StatusOr<RoomId>> TakeInbox(InboxItem item);

 private:
  struct Step;  // one entry being taken

  absl::StatusOr<TakenHandshake> TakeProposal(const Step& step);
  absl::StatusOr<TakenHandshake> TakeCommit(const Step& step);
  absl::StatusOr<TakenHandshake> TakeOwn(const Step& step);
  absl::StatusOr<TakenHandshake> Enter(const Step& step, mls::NextEpoch next);
  absl::StatusOr<TakenHandshake> TakeRemoval(const Step& step,
                                             const mls::EpochChange& change);
  absl::StatusOr<TakenHandshake> Leave(const Step& step, absl::string_view who);

  // Who committed, as MLS has proven it, and whether they may.
  struct Verdict {
    std::string who;
    absl::Status allowed;
  };
  Verdict Judge(const Step& step, const mls::EpochChange& change,
                const policy::RoomEpoch& after) const;
  // Keeps the entry aside; a commit stops the room. `who`, as MLS has proven
  // it.
  absl::StatusOr<TakenHandshake> Refuse(const Step& step, absl::string_view who,
                                        const absl::Status& why);
  absl::Status Join(const InboxItem& item, const SharedWelcome& shared);

  const Parts parts_;
  Trust* const trust_;
  GroupShelf* const shelf_;
  RoomMoves* const moves_;
};

// A device that came in by its last resort, which others may have been given
// too, renews its keys at once: asked for in the transaction that joins, ended
// when a commit of its own is through.
absl::Status AskToRenew(vault::VaultTxn& txn, RoomId room);
absl::StatusOr<bool> MustRenew(const vault::VaultTxn& txn, RoomId room);
absl::Status EndRenewing(vault::VaultTxn& txn, RoomId room);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_HANDSHAKES_H_
