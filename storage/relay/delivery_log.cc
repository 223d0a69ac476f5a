#include "storage/relay/delivery_log.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "storage/relay/read_limits.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/statement.h"
#include "storage/sqlite/transaction.h"

namespace cordon::relay {
namespace {

constexpr absl::string_view kOpenRoom = R"sql(
INSERT INTO room (room_id, operation_id, kind, creator, epoch, last_seq,
                  chain_hash, log_bytes)
VALUES (:room_id, :operation_id, :kind, :creator, :epoch, 0, zeroblob(32), 0)
)sql";

constexpr absl::string_view kFindRoom = R"sql(
SELECT room_id, operation_id, kind, creator, epoch, last_seq, chain_hash,
       log_bytes
  FROM room
 WHERE room_id = :room_id
)sql";

constexpr absl::string_view kListRooms = R"sql(
SELECT room_id, operation_id, kind, creator, epoch, last_seq, chain_hash,
       log_bytes
  FROM room
 WHERE room_id > :after
 ORDER BY room_id
 LIMIT :rooms_max
)sql";

constexpr absl::string_view kCountRoomsBy = R"sql(
SELECT count(*) FROM room WHERE creator = :creator
)sql";

constexpr absl::string_view kFindEnvelope = R"sql(
SELECT seq, author, chain_hash
  FROM log_entry
 WHERE room_id = :room_id
   AND envelope_id = :envelope_id
)sql";

constexpr absl::string_view kAppend = R"sql(
INSERT INTO log_entry (room_id, seq, envelope_id, kind, epoch, author,
                       chain_hash, received_ms, sealed)
VALUES (:room_id, :seq, :envelope_id, :kind, :epoch, :author, :chain_hash,
        :received_ms, :sealed)
)sql";

constexpr absl::string_view kMoveHead = R"sql(
UPDATE room
   SET last_seq = :seq,
       chain_hash = :chain_hash,
       epoch = :epoch,
       log_bytes = log_bytes + :bytes
 WHERE room_id = :room_id
)sql";

constexpr absl::string_view kReadAfter = R"sql(
SELECT seq, envelope_id, kind, epoch, author, chain_hash, received_ms,
       sealed
  FROM log_entry
 WHERE room_id = :room_id
   AND seq > :after
 ORDER BY seq
 LIMIT :entries_max
)sql";

absl::StatusOr<EntryKind> KindFrom(uint8_t raw) {
  switch (static_cast<EntryKind>(raw)) {
    case EntryKind::kApplication:
    case EntryKind::kProposal:
    case EntryKind::kCommit:
      return static_cast<EntryKind>(raw);
  }
  return absl::DataLossError("log: an entry of unknown kind");
}

absl::StatusOr<bool> NextRoom(sqlite::Run& run, Room& room) {
  return run.Next(room.room, room.operation, room.kind, room.creator,
                  room.epoch, room.head.seq, room.head.chain, room.log_bytes);
}

}  // namespace

struct DeliveryLog::Statements {
  sqlite::Statement open_room;
  sqlite::Statement find_room;
  sqlite::Statement list_rooms;
  sqlite::Statement count_rooms_by;
  sqlite::Statement find_envelope;
  sqlite::Statement append;
  sqlite::Statement move_head;
  sqlite::Statement read_after;
};

absl::StatusOr<DeliveryLog> DeliveryLog::Create(sqlite::Db* db) {
  sqlite::Preparer prepare(db);
  auto sql = absl::WrapUnique(new Statements{
      .open_room = prepare(kOpenRoom),
      .find_room = prepare(kFindRoom),
      .list_rooms = prepare(kListRooms),
      .count_rooms_by = prepare(kCountRoomsBy),
      .find_envelope = prepare(kFindEnvelope),
      .append = prepare(kAppend),
      .move_head = prepare(kMoveHead),
      .read_after = prepare(kReadAfter),
  });
  CORDON_RETURN_IF_ERROR(prepare.status());
  return DeliveryLog(std::move(sql));
}

DeliveryLog::DeliveryLog(std::unique_ptr<Statements> sql)
    : sql_(std::move(sql)) {}
DeliveryLog::DeliveryLog(DeliveryLog&&) noexcept = default;
DeliveryLog& DeliveryLog::operator=(DeliveryLog&&) noexcept = default;
DeliveryLog::~DeliveryLog() = default;

absl::Status DeliveryLog::OpenRoom(const sqlite::Transaction& /*txn*/,
                                   const NewRoom& room) {
  return sql_->open_room.Start()
      .Bind("room_id", room.room)
      .Bind("operation_id", room.operation)
      .Bind("kind", room.kind)
      .Bind("creator", room.creator)
      .Bind("epoch", room.epoch)
      .Finish();
}

absl::StatusOr<Room> DeliveryLog::FindRoom(RoomId room) {
  sqlite::Run run = sql_->find_room.Start();
  run.Bind("room_id", room);
  Room found;
  CORDON_ASSIGN_OR_RETURN(const bool row, NextRoom(run, found));
  if (!row) return absl::NotFoundError("log: there is no such room");
  return found;
}

absl::StatusOr<std::vector<Room>> DeliveryLog::ListRooms(RoomId after,
                                                         size_t rooms_max) {
  sqlite::Run run = sql_->list_rooms.Start();
  run.Bind("after", after).Bind("rooms_max", rooms_max);
  std::vector<Room> rooms;
  while (true) {
    Room room;
    CORDON_ASSIGN_OR_RETURN(const bool row, NextRoom(run, room));
    if (!row) return rooms;
    rooms.push_back(room);
  }
}

absl::StatusOr<uint64_t> DeliveryLog::CountRoomsBy(DeviceId creator) {
  sqlite::Run run = sql_->count_rooms_by.Start();
  run.Bind("creator", creator);
  uint64_t rooms = 0;
  CORDON_RETURN_IF_ERROR(run.Next(rooms).status());
  return rooms;
}

absl::StatusOr<std::optional<Placed>> DeliveryLog::FindEnvelope(
    RoomId room, EnvelopeId envelope) {
  sqlite::Run run = sql_->find_envelope.Start();
  run.Bind("room_id", room).Bind("envelope_id", envelope);
  Placed placed;
  CORDON_ASSIGN_OR_RETURN(const bool row,
                          run.Next(placed.seq, placed.author, placed.chain));
  if (!row) return std::nullopt;
  return placed;
}

absl::StatusOr<Appended> DeliveryLog::Append(const sqlite::Transaction& /*txn*/,
                                             const NewEntry& entry) {
  CORDON_ASSIGN_OR_RETURN(const std::optional<Placed> placed,
                          FindEnvelope(entry.room, entry.envelope));
  if (placed.has_value()) {
    if (placed->author != entry.author) {
      return absl::AlreadyExistsError("log: an envelope id of another device");
    }
    return Appended{.seq = placed->seq, .duplicate = true};
  }
  CORDON_ASSIGN_OR_RETURN(const Room room, FindRoom(entry.room));
  if (room.epoch != entry.epoch) {
    return absl::AbortedError("log: the room is in another epoch");
  }
  const LogSeq seq = room.head.seq.Next();
  CORDON_RETURN_IF_ERROR(sql_->append.Start()
                             .Bind("room_id", entry.room)
                             .Bind("seq", seq)
                             .Bind("envelope_id", entry.envelope)
                             .Bind("kind", static_cast<uint8_t>(entry.kind))
                             .Bind("epoch", entry.epoch)
                             .Bind("author", entry.author)
                             .Bind("chain_hash", entry.chain)
                             .Bind("received_ms", entry.received)
                             .Bind("sealed", entry.sealed)
                             .Finish());
  CORDON_RETURN_IF_ERROR(MoveHead(entry, seq));
  return Appended{.seq = seq, .duplicate = false};
}

absl::Status DeliveryLog::MoveHead(const NewEntry& entry, LogSeq seq) {
  const bool commit = entry.kind == EntryKind::kCommit;
  sqlite::Run run = sql_->move_head.Start();
  CORDON_RETURN_IF_ERROR(
      run.Bind("room_id", entry.room)
          .Bind("seq", seq)
          .Bind("chain_hash", entry.chain)
          .Bind("epoch", commit ? entry.epoch.Next() : entry.epoch)
          .Bind("bytes", entry.sealed.size())
          .Finish());
  CORDON_CHECK(run.Changes() == 1);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<LogEntry>> DeliveryLog::ReadAfter(
    RoomId room, LogSeq after, const ReadLimits& limits) {
  sqlite::Run run = sql_->read_after.Start();
  run.Bind("room_id", room)
      .Bind("after", after)
      .Bind("entries_max", limits.entries_max);
  std::vector<LogEntry> entries;
  size_t bytes = 0;
  while (true) {
    LogEntry entry;
    uint8_t kind = 0;
    CORDON_ASSIGN_OR_RETURN(
        const bool row,
        run.Next(entry.seq, entry.envelope, kind, entry.epoch, entry.author,
                 entry.chain, entry.received, entry.sealed));
    if (!row) return entries;
    CORDON_ASSIGN_OR_RETURN(entry.kind, KindFrom(kind));
    bytes += entry.sealed.size();
    if (bytes > limits.bytes_max && !entries.empty()) return entries;
    entries.push_back(std::move(entry));
  }
}

}  // namespace cordon::relay
