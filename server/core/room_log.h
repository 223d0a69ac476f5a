#ifndef CORDON_SERVER_CORE_ROOM_LOG_H_
#define CORDON_SERVER_CORE_ROOM_LOG_H_

// Finding a room and who is in it, and giving an envelope its place. What all
// that append have in common: members' messages (delivery.h), proposals and
// commits (handshakes.h), the relay's own proposals (removals.h).
//
// Threads: the lane's.
// Errors: kNotFound for a room that is not there; kPermissionDenied for a
// caller who is not in it; kAborted for an epoch that is not the room's;
// kAlreadyExists for another's envelope id; kResourceExhausted at a limit.

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/log/chain_hash.h"
#include "server/core/append_input.h"
#include "server/core/publications.h"
#include "storage/relay/delivery_log.h"
#include "storage/relay/group_store.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

// What handshake messages may have beyond a log's limit: a full room must still
// be able to put somebody out.
inline constexpr uint64_t kHandshakeReserveBytes = uint64_t{64} * 1024 * 1024;

struct DeliveryLimits {
  uint64_t room_log_bytes_max = uint64_t{8} * 1024 * 1024 * 1024;
  uint64_t rooms_per_creator_max = 1000;
};

class RoomLog {
 public:
  // Borrowed for the object's life.
  struct Parts {
    relay::Stores* stores = nullptr;
    Publications* publications = nullptr;
    const Clock* clock = nullptr;
  };
  RoomLog(const Parts& parts, const DeliveryLimits& limits)
      : parts_(parts), limits_(limits) {}

  absl::StatusOr<relay::Room> FindRoom(const RoomId& id);
  // FindMember: kPermissionDenied if the device is not in the room.
  absl::StatusOr<relay::Member> FindMember(const DeviceId& device,
                                           const RoomId& room);
  // FindPlaced answers a repeated envelope; nothing if it is new.
  absl::StatusOr<std::optional<LogSeq>> FindPlaced(const DeviceId& author,
                                                   const AppendInput& input);
  // FindOpen gives the room that `author` may append `input` to now, as far as
  // membership, epoch and size go.
  absl::StatusOr<relay::Room> FindOpen(const DeviceId& author,
                                       const AppendInput& input);
  // Place appends, publishes and says where the head is now. It takes the
  // sealed bytes out of `input`. The zero author is the relay.
  absl::StatusOr<RoomHead> Place(const sqlite::Transaction& txn,
                                 const relay::Room& room,
                                 const DeviceId& author, AppendInput& input);

 private:
  const Parts parts_;
  const DeliveryLimits limits_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_ROOM_LOG_H_
