#ifndef CORDON_STORAGE_VAULT_ROOM_STORE_H_
#define CORDON_STORAGE_VAULT_ROOM_STORE_H_

// The operations and rooms this device knows, how far it has read each room,
// and how many records it has signed there.
//
// The epoch here is a copy for lists; the group's own state decides.
// Threads and errors: as vault.h; kNotFound for a room or operation that is
// not known.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "storage/vault/statements.h"

namespace cordon::vault {

inline constexpr size_t kOperationsMax = 1000;
inline constexpr size_t kRoomsMax = 10'000;

struct Operation {
  OperationId id;
  std::string name;  // what people type; unique in the vault
  std::string title;
  Bytes profile;  // dates, zone, code lists: the client's own form
};

enum class RoomState : uint8_t {
  kJoined = 1,
  kLeft = 2,     // records stay readable
  kStopped = 3,  // a fault; Room::state_reason says which
};

// How far this device has read a room's log.
struct RoomCursor {
  LogSeq seq;
  ChainHash hash;
};

struct Room {
  RoomId id;
  OperationId operation;
  uint32_t kind = 0;
  std::string name;  // what people type after the operation's name
  std::string title;
  Bytes policy;
  RoomState state = RoomState::kJoined;
  std::string state_reason;
  Epoch epoch;
  RoomCursor cursor;
  LogSeq read;               // the last place a person has looked at
  uint64_t own_counter = 0;  // of the last record signed here
};

class RoomStore {
 public:
  explicit RoomStore(Statements* sql) : sql_(sql) {}

  // PutOperation adds one, or replaces title and profile of a known id.
  // kAlreadyExists when another operation has the name; kResourceExhausted
  // beyond kOperationsMax.
  absl::Status PutOperation(const Operation& operation);
  absl::StatusOr<Operation> GetOperation(OperationId id) const;
  absl::StatusOr<Operation> FindOperation(absl::string_view name) const;
  absl::StatusOr<std::vector<Operation>> ListOperations() const;

  // AddRoom is kAlreadyExists for a known id, kFailedPrecondition when its
  // operation is not known, kResourceExhausted beyond kRoomsMax.
  absl::Status AddRoom(const Room& room);
  absl::StatusOr<Room> GetRoom(RoomId id) const;
  // FindRooms gives the rooms of that name, which the relay may have let be
  // more than one.
  absl::StatusOr<std::vector<Room>> FindRooms(OperationId operation,
                                              absl::string_view name) const;
  // ListRooms gives the rooms of one operation, or of all, by name.
  absl::StatusOr<std::vector<Room>> ListRooms(
      const std::optional<OperationId>& operation) const;

  absl::Status SetNames(RoomId id, absl::string_view name,
                        absl::string_view title);
  absl::Status SetPolicy(RoomId id, ByteSpan policy);
  absl::Status SetState(RoomId id, RoomState state, absl::string_view reason);
  absl::Status SetEpoch(RoomId id, Epoch epoch);

  // AdvanceCursor is kFailedPrecondition unless the cursor moves forward.
  absl::Status AdvanceCursor(RoomId id, const RoomCursor& cursor);
  // MarkRead moves the read marker forward; to an earlier place it does
  // nothing.
  absl::Status MarkRead(RoomId id, LogSeq seq);
  // NextCounter counts one more record of this device and gives its number,
  // from 1.
  absl::StatusOr<uint64_t> NextCounter(RoomId id);
  // ReturnCounter takes back the number given last, of a record that nobody
  // will see; of an earlier one it does nothing.
  absl::Status ReturnCounter(RoomId id, uint64_t counter);

 private:
  Statements* const sql_;
};

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_ROOM_STORE_H_
