#ifndef CORDON_SERVER_CORE_DELIVERY_H_
#define CORDON_SERVER_CORE_DELIVERY_H_

// The order of a room's log. START HERE.
//
// An envelope is taken if its author is in the room's tree, it is not there
// already, it is of the room's epoch and within the limits; it gets the next
// place, and everything that follows from it is written in the same
// transaction. Answers and publications leave only when that is committed
// (server/lane.h).
//
// A handshake message takes three turns, because checking it may cost more than
// the lane can spend: BeginHandshake on the lane looks up what it must be
// checked against, CheckHandshake (handshake_check.h) decides on a worker, from
// immutable values alone, and FinishHandshake on the lane compares the epoch
// again and writes. Of two commits of one epoch the first to come back wins;
// the other is kAborted.
//
// Threads: the lane's.
// Errors: kNotFound for a room that is not there; kPermissionDenied for a
// caller who is not in it, and for what its policy forbids; kAborted for an
// epoch that is not the room's; kResourceExhausted at a limit; kInvalidArgument
// for what no honest client sends. Nothing has changed then. The messages are
// for people and go out as they are.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/log/chain_hash.h"
#include "server/core/caller.h"
#include "server/core/follow_item.h"
#include "server/core/inbox_payload.h"
#include "server/core/publications.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

// One joiner's EncryptedGroupSecrets.
inline constexpr size_t kJoinerSecretsBytesMax = 4 * 1024;

struct DeliveryLimits {
  uint64_t room_log_bytes_max = uint64_t{8} * 1024 * 1024 * 1024;
  uint32_t rooms_per_creator_max = 1000;
};

struct JoinerSecrets {
  DeviceId device{};
  Bytes secrets{};
};
// A Welcome, cut: one part for all joiners, one for each.
struct WelcomeInput {
  Bytes encrypted_group_info{};
  Bytes ratchet_tree{};
  std::vector<JoinerSecrets> joiners{};
};
struct AppendInput {
  RoomId room{};
  EnvelopeId envelope_id{};
  EntryKind kind = EntryKind::kApplication;
  Epoch epoch{};
  Bytes sealed{};
  Bytes group_info{};                     // with a commit
  std::optional<WelcomeInput> welcome{};  // with a commit that adds
};

struct Page {
  std::vector<LogEntry> entries{};
  RoomHeadItem head{};
};

class Delivery {
 public:
  // Borrowed for the object's life.
  struct Parts {
    relay::Stores* stores = nullptr;
    Publications* publications = nullptr;
    const Clock* clock = nullptr;
  };
  Delivery(const Parts& parts, const DeliveryLimits& limits)
      : parts_(parts), limits_(limits) {}

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
  // FindPlaced answers a repeated envelope; nothing if it is new.
  absl::StatusOr<std::optional<LogSeq>> FindPlaced(const Caller& caller,
                                                   const AppendInput& input);
  // CheckMayAppend gives the room that `caller` may append `input` to now.
  absl::StatusOr<relay::Room> CheckMayAppend(const Caller& caller,
                                             const AppendInput& input);
  absl::StatusOr<relay::Room> FindRoom(const RoomId& id);
  absl::StatusOr<relay::Member> FindMember(const Caller& caller,
                                           const RoomId& room);
  absl::StatusOr<LogSeq> Place(const sqlite::Transaction& txn,
                               const relay::Room& room, const DeviceId& author,
                               AppendInput input);

  const Parts parts_;
  const DeliveryLimits limits_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_DELIVERY_H_
