#ifndef CORDON_CLIENT_CORE_OUTBOX_PUMP_H_
#define CORDON_CLIENT_CORE_OUTBOX_PUMP_H_

// Sends what the vault says is unsent: flow A's steps 5 and 6. Room by room in
// the order in which records were made, and only while caught up.
//
//   1 the record's files are whole at the relay (transfers.h)
//   2 it is sealed: one full transaction stores the ratchet, the name of the
//     key that was used, and the sealed bytes under a new envelope id
//   3 those bytes are appended, and again under the same id while nothing is
//     known of it
//   4 the log brings it back; whoever reads that takes the row out (filing.h)
//
// A crash anywhere goes on from what the row says. A key may be wasted, never
// used twice: the ratchet is on disk before the bytes leave, and a room whose
// log holds own records that this vault does not know is stopped (filing.h).
// While proposals wait in the group nothing can be sealed (RFC 9420, 12.4);
// somebody commits them, and the next ring tries again.
// Threads: none; the core's thread.
// Lifetime: what is handed in outlives it; Run is spawned once.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/backoff.h"
#include "client/core/bell.h"
#include "client/core/follower.h"
#include "client/core/group_shelf.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "client/core/timers.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "storage/vault/outbox.h"

namespace cordon::client {

inline constexpr Backoff kSendBackoff = {.first = absl::Seconds(1),
                                         .longest = absl::Minutes(2)};
// After the relay said that a room has moved on: how long the commit may take
// to come before the same epoch is tried again.
inline constexpr absl::Duration kCommitComesWithin = absl::Seconds(5);
// After the relay said that it has a record: how long the log may take to bring
// it before the same bytes are sent again.
inline constexpr absl::Duration kLogBringsWithin = absl::Seconds(10);

// | the relay answers                | we then know   | and do              |
// | OK                               | it is there    | wait for the log    |
// | kAborted                         | the epoch has  | seal it anew in the |
// |                                  | passed         | next, under another |
// |                                  |                | envelope id         |
// | kPermissionDenied,               | it will never  | keep it, refused,   |
// |   kInvalidArgument, kNotFound,   | pass           | tell the person, go |
// |   kAlreadyExists                 |                | on with the next    |
// | anything else                    | nothing        | the same bytes      |
// |                                  |                | again, later        |
enum class SendOutcome : uint8_t {
  kThere = 1,
  kEpochPassed = 2,
  kRefused = 3,
  kUnknown = 4,
};
SendOutcome ClassifySend(const absl::Status& answer);

class OutboxPump {
 public:
  // Sends a record's files; an error means: not now.
  using SendFiles = std::function<Task<absl::Status>()>;
  struct Uses {
    Timers* timers;
    GroupShelf* shelf;
    Follower* follower;
    SendFiles send_files;
  };

  OutboxPump(const Parts& parts, Uses uses);

  // Run sends until it is destroyed. It looks at the outbox whenever Wake is
  // called, the follower has moved, or a try is due.
  Task<absl::Status> Run();
  void Wake();

  // Reap frees what is done; between steps (task.h).
  void Reap() { rooms_.Reap(); }

 private:
  // When to look at the room again; InfiniteFuture: when something happens.
  Task<absl::StatusOr<absl::Time>> PumpRoom(RoomId room);
  Task<absl::StatusOr<absl::Time>> PumpRow(vault::OutboxRow row, bool& next);
  // Empty: not now.
  absl::StatusOr<std::optional<vault::SealedEnvelope>> Seal(
      const vault::OutboxRow& row);
  absl::Status StoreSealed(const vault::OutboxRow& row,
                           const vault::SealedEnvelope& envelope,
                           uint32_t generation);
  absl::StatusOr<absl::Time> Settle(const vault::OutboxRow& row,
                                    const absl::StatusOr<LogSeq>& answer);
  absl::StatusOr<absl::Time> Later(const vault::OutboxRow& row);
  void NameHidden(const vault::OutboxRow& row);
  absl::StatusOr<bool> RefuseIfLeft(const vault::OutboxRow& row);
  absl::Status Refuse(const vault::OutboxRow& row, const std::string& reason);
  void StartRooms();

  // The relay has it; the log is to bring it.
  struct AtRelay {
    RecordId record;
    absl::Time until;
  };
  struct LostEpoch {
    Epoch epoch;
    absl::Time until;
  };

  const Parts parts_;
  const Uses uses_;
  Bell bell_;
  bool woken_ = false;
  absl::flat_hash_set<RoomId> busy_;
  absl::flat_hash_map<RoomId, absl::Time> due_;
  absl::flat_hash_map<RoomId, AtRelay> at_relay_;
  absl::flat_hash_set<RecordId> named_hidden_;
  absl::flat_hash_map<RoomId, LostEpoch> lost_;
  TaskSet rooms_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_OUTBOX_PUMP_H_
