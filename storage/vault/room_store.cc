#include "storage/vault/room_store.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "storage/sqlite/statement.h"
#include "storage/vault/statements.h"

namespace cordon::vault {
namespace {

constexpr absl::string_view kCountOtherOperations = R"sql(
SELECT count(*) FROM operation WHERE operation_id <> :operation_id
)sql";

constexpr absl::string_view kPutOperation = R"sql(
INSERT INTO operation (operation_id, name, title, profile)
VALUES (:operation_id, :name, :title, :profile)
    ON CONFLICT (operation_id) DO UPDATE
   SET name = excluded.name, title = excluded.title, profile = excluded.profile
)sql";

constexpr absl::string_view kGetOperation = R"sql(
SELECT operation_id, name, title, profile
  FROM operation
 WHERE operation_id = :operation_id
)sql";

constexpr absl::string_view kFindOperation = R"sql(
SELECT operation_id, name, title, profile FROM operation WHERE name = :name
)sql";

constexpr absl::string_view kListOperations = R"sql(
SELECT operation_id, name, title, profile FROM operation ORDER BY name
)sql";

constexpr absl::string_view kCountRooms = R"sql(
SELECT count(*) FROM room
)sql";

constexpr absl::string_view kAddRoom = R"sql(
INSERT INTO room
  (room_id, operation_id, kind, name, title, policy, state, state_reason, epoch,
   cursor_seq, cursor_hash, read_seq, own_counter)
VALUES
  (:room_id, :operation_id, :kind, :name, :title, :policy, :state,
   :state_reason, :epoch, :cursor_seq, :cursor_hash, :read_seq, :own_counter)
)sql";

constexpr absl::string_view kGetRoom = R"sql(
SELECT room_id, operation_id, kind, name, title, policy, state, state_reason,
       epoch, cursor_seq, cursor_hash, read_seq, own_counter
  FROM room
 WHERE room_id = :room_id
)sql";

constexpr absl::string_view kFindRooms = R"sql(
SELECT room_id, operation_id, kind, name, title, policy, state, state_reason,
       epoch, cursor_seq, cursor_hash, read_seq, own_counter
  FROM room
 WHERE operation_id = :operation_id
   AND name = :name
 ORDER BY room_id
)sql";

constexpr absl::string_view kListRoomsOf = R"sql(
SELECT room_id, operation_id, kind, name, title, policy, state, state_reason,
       epoch, cursor_seq, cursor_hash, read_seq, own_counter
  FROM room
 WHERE operation_id = :operation_id
 ORDER BY name, room_id
)sql";

constexpr absl::string_view kListRooms = R"sql(
SELECT room_id, operation_id, kind, name, title, policy, state, state_reason,
       epoch, cursor_seq, cursor_hash, read_seq, own_counter
  FROM room
 ORDER BY name, room_id
)sql";

constexpr absl::string_view kSetNames = R"sql(
UPDATE room SET name = :name, title = :title WHERE room_id = :room_id
)sql";

constexpr absl::string_view kSetPolicy = R"sql(
UPDATE room SET policy = :policy WHERE room_id = :room_id
)sql";

constexpr absl::string_view kSetState = R"sql(
UPDATE room
   SET state = :state, state_reason = :state_reason
 WHERE room_id = :room_id
)sql";

constexpr absl::string_view kSetEpoch = R"sql(
UPDATE room SET epoch = :epoch WHERE room_id = :room_id
)sql";

constexpr absl::string_view kAdvanceCursor = R"sql(
UPDATE room
   SET cursor_seq = :cursor_seq, cursor_hash = :cursor_hash
 WHERE room_id = :room_id
   AND cursor_seq < :cursor_seq
)sql";

constexpr absl::string_view kMarkRead = R"sql(
UPDATE room SET read_seq = max(read_seq, :read_seq) WHERE room_id = :room_id
)sql";

constexpr absl::string_view kNextCounter = R"sql(
UPDATE room
   SET own_counter = own_counter + 1
 WHERE room_id = :room_id
RETURNING own_counter
)sql";

constexpr absl::string_view kReturnCounter = R"sql(
UPDATE room
   SET own_counter = own_counter - 1
 WHERE room_id = :room_id
   AND own_counter = :counter
   AND own_counter > 0
)sql";

absl::StatusOr<Operation> ReadOperation(sqlite::Run& run) {
  Operation operation;
  CORDON_RETURN_IF_ERROR(run.Read(operation.id, operation.name, operation.title,
                                  operation.profile));
  return operation;
}

absl::StatusOr<Room> ReadRoom(sqlite::Run& run) {
  Room room;
  uint8_t state = 0;
  CORDON_RETURN_IF_ERROR(
      run.Read(room.id, room.operation, room.kind, room.name, room.title,
               room.policy, state, room.state_reason, room.epoch,
               room.cursor.seq, room.cursor.hash, room.read, room.own_counter));
  CORDON_ASSIGN_OR_RETURN(room.state, EnumFrom(state, RoomState::kStopped));
  return room;
}

absl::StatusOr<std::vector<Room>> ReadRooms(sqlite::Run& run) {
  std::vector<Room> rooms;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return rooms;
    CORDON_ASSIGN_OR_RETURN(Room room, ReadRoom(run));
    rooms.push_back(std::move(room));
  }
}

// Runs an UPDATE of one room whose other values are bound already.
absl::Status FinishForRoom(sqlite::Run& run, RoomId id) {
  run.Bind("room_id", id);
  CORDON_RETURN_IF_ERROR(run.Finish());
  return ExpectChange(run, "room");
}

}  // namespace

absl::Status RoomStore::PutOperation(const Operation& operation) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * count,
                          sql_->Get(kCountOtherOperations));
  sqlite::Run counting = count->Start();
  counting.Bind("operation_id", operation.id);
  CORDON_RETURN_IF_ERROR(StepToRow(counting, "count"));
  uint64_t others = 0;
  CORDON_RETURN_IF_ERROR(counting.Read(others));
  if (others >= kOperationsMax) {
    return absl::ResourceExhaustedError("vault: kOperationsMax");
  }
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * put, sql_->Get(kPutOperation));
  sqlite::Run run = put->Start();
  run.Bind("operation_id", operation.id)
      .Bind("name", operation.name)
      .Bind("title", operation.title)
      .Bind("profile", operation.profile);
  return run.Finish();
}

absl::StatusOr<Operation> RoomStore::GetOperation(OperationId id) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGetOperation));
  sqlite::Run run = get->Start();
  run.Bind("operation_id", id);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "operation"));
  return ReadOperation(run);
}

absl::StatusOr<Operation> RoomStore::FindOperation(
    absl::string_view name) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * find, sql_->Get(kFindOperation));
  sqlite::Run run = find->Start();
  run.Bind("name", name);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "operation"));
  return ReadOperation(run);
}

absl::StatusOr<std::vector<Operation>> RoomStore::ListOperations() const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * list, sql_->Get(kListOperations));
  sqlite::Run run = list->Start();
  std::vector<Operation> operations;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return operations;
    CORDON_ASSIGN_OR_RETURN(Operation operation, ReadOperation(run));
    operations.push_back(std::move(operation));
  }
}

absl::Status RoomStore::AddRoom(const Room& room) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * count, sql_->Get(kCountRooms));
  CORDON_ASSIGN_OR_RETURN(const uint64_t known, ReadCount(*count));
  if (known >= kRoomsMax) {
    return absl::ResourceExhaustedError("vault: kRoomsMax");
  }
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * add, sql_->Get(kAddRoom));
  sqlite::Run run = add->Start();
  run.Bind("room_id", room.id)
      .Bind("operation_id", room.operation)
      .Bind("kind", room.kind)
      .Bind("name", room.name)
      .Bind("title", room.title)
      .Bind("policy", room.policy)
      .Bind("state", static_cast<uint8_t>(room.state))
      .Bind("state_reason", room.state_reason)
      .Bind("epoch", room.epoch)
      .Bind("cursor_seq", room.cursor.seq)
      .Bind("cursor_hash", room.cursor.hash)
      .Bind("read_seq", room.read)
      .Bind("own_counter", room.own_counter);
  return run.Finish();
}

absl::StatusOr<Room> RoomStore::GetRoom(RoomId id) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGetRoom));
  sqlite::Run run = get->Start();
  run.Bind("room_id", id);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "room"));
  return ReadRoom(run);
}

absl::StatusOr<std::vector<Room>> RoomStore::FindRooms(
    OperationId operation, absl::string_view name) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * find, sql_->Get(kFindRooms));
  sqlite::Run run = find->Start();
  run.Bind("operation_id", operation).Bind("name", name);
  return ReadRooms(run);
}

absl::StatusOr<std::vector<Room>> RoomStore::ListRooms(
    const std::optional<OperationId>& operation) const {
  CORDON_ASSIGN_OR_RETURN(
      sqlite::Statement * list,
      sql_->Get(operation.has_value() ? kListRoomsOf : kListRooms));
  sqlite::Run run = list->Start();
  if (operation.has_value()) run.Bind("operation_id", *operation);
  return ReadRooms(run);
}

absl::Status RoomStore::SetNames(RoomId id, absl::string_view name,
                                 absl::string_view title) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * set, sql_->Get(kSetNames));
  sqlite::Run run = set->Start();
  run.Bind("name", name).Bind("title", title);
  return FinishForRoom(run, id);
}

absl::Status RoomStore::SetPolicy(RoomId id, ByteSpan policy) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * set, sql_->Get(kSetPolicy));
  sqlite::Run run = set->Start();
  run.Bind("policy", policy);
  return FinishForRoom(run, id);
}

absl::Status RoomStore::SetState(RoomId id, RoomState state,
                                 absl::string_view reason) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * set, sql_->Get(kSetState));
  sqlite::Run run = set->Start();
  run.Bind("state", static_cast<uint8_t>(state)).Bind("state_reason", reason);
  return FinishForRoom(run, id);
}

absl::Status RoomStore::SetEpoch(RoomId id, Epoch epoch) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * set, sql_->Get(kSetEpoch));
  sqlite::Run run = set->Start();
  run.Bind("epoch", epoch);
  return FinishForRoom(run, id);
}

absl::Status RoomStore::AdvanceCursor(RoomId id, const RoomCursor& cursor) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * set, sql_->Get(kAdvanceCursor));
  sqlite::Run run = set->Start();
  run.Bind("cursor_seq", cursor.seq).Bind("cursor_hash", cursor.hash);
  absl::Status advanced = FinishForRoom(run, id);
  if (!absl::IsNotFound(advanced)) return advanced;
  CORDON_RETURN_IF_ERROR(GetRoom(id).status());
  return absl::FailedPreconditionError("vault: the cursor would go back");
}

absl::Status RoomStore::MarkRead(RoomId id, LogSeq seq) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * set, sql_->Get(kMarkRead));
  sqlite::Run run = set->Start();
  run.Bind("read_seq", seq);
  return FinishForRoom(run, id);
}

absl::StatusOr<uint64_t> RoomStore::NextCounter(RoomId id) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * next, sql_->Get(kNextCounter));
  sqlite::Run run = next->Start();
  run.Bind("room_id", id);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "room"));
  uint64_t counter = 0;
  CORDON_RETURN_IF_ERROR(run.Read(counter));
  // The change is made when the statement has run to its end.
  CORDON_RETURN_IF_ERROR(run.Step().status());
  return counter;
}

absl::Status RoomStore::ReturnCounter(RoomId id, uint64_t counter) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * give, sql_->Get(kReturnCounter));
  sqlite::Run run = give->Start();
  run.Bind("room_id", id).Bind("counter", counter);
  return run.Finish();
}

}  // namespace cordon::vault
