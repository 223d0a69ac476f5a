#include "storage/vault/outbox.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "storage/sqlite/statement.h"
#include "storage/vault/record_store.h"
#include "storage/vault/statements.h"

namespace cordon::vault {
namespace {

constexpr absl::string_view kCountAll = R"sql(
SELECT count(*) FROM outbox
)sql";

constexpr absl::string_view kAdd = R"sql(
INSERT INTO outbox
  (room_id, record_id, kind, signed_bytes, made_ms, state, reason, attempts,
   next_try_ms)
VALUES
  (:room_id, :record_id, :kind, :signed_bytes, :made_ms, :state, '', 0,
   :made_ms)
RETURNING number
)sql";

constexpr absl::string_view kGet = R"sql(
SELECT number, room_id, record_id, kind, signed_bytes, made_ms, state, reason,
       attempts, next_try_ms
  FROM outbox
 WHERE room_id = :room_id
   AND record_id = :record_id
)sql";

constexpr absl::string_view kFindByEnvelope = R"sql(
SELECT number, room_id, record_id, kind, signed_bytes, made_ms, state, reason,
       attempts, next_try_ms
  FROM outbox
  JOIN outbox_envelope USING (number)
 WHERE envelope_id = :envelope_id
)sql";

constexpr absl::string_view kNext = R"sql(
SELECT number, room_id, record_id, kind, signed_bytes, made_ms, state, reason,
       attempts, next_try_ms
  FROM outbox
 WHERE room_id = :room_id
   AND state <> :refused
 ORDER BY number
 LIMIT 1
)sql";

constexpr absl::string_view kListRooms = R"sql(
SELECT room_id
  FROM outbox
 WHERE state <> :refused
 GROUP BY room_id
 ORDER BY min(number)
)sql";

constexpr absl::string_view kList = R"sql(
SELECT number, room_id, record_id, kind, signed_bytes, made_ms, state, reason,
       attempts, next_try_ms
  FROM outbox
 WHERE number > :after
 ORDER BY number
 LIMIT :limit
)sql";

constexpr absl::string_view kGetEnvelope = R"sql(
SELECT envelope_id, epoch, sealed FROM outbox_envelope WHERE number = :number
)sql";

constexpr absl::string_view kPutEnvelope = R"sql(
INSERT INTO outbox_envelope (number, envelope_id, epoch, sealed)
VALUES (:number, :envelope_id, :epoch, :sealed)
)sql";

constexpr absl::string_view kEraseEnvelope = R"sql(
DELETE FROM outbox_envelope WHERE number = :number
)sql";

constexpr absl::string_view kSetState = R"sql(
UPDATE outbox
   SET state = :state, reason = :reason
 WHERE number = :number
)sql";

constexpr absl::string_view kReplace = R"sql(
UPDATE outbox SET signed_bytes = :signed_bytes WHERE number = :number
)sql";

constexpr absl::string_view kNoteAttempt = R"sql(
UPDATE outbox
   SET attempts = attempts + 1, next_try_ms = :next_try_ms
 WHERE room_id = :room_id
   AND record_id = :record_id
)sql";

constexpr absl::string_view kErase = R"sql(
DELETE FROM outbox WHERE room_id = :room_id AND record_id = :record_id
)sql";

absl::StatusOr<SealedEnvelope> GetEnvelope(Statements& sql,
                                           OutboxNumber number) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql.Get(kGetEnvelope));
  sqlite::Run run = get->Start();
  run.Bind("number", number);
  CORDON_ASSIGN_OR_RETURN(const bool found, run.Step());
  if (!found) return absl::DataLossError("vault: sealed without an envelope");
  SealedEnvelope envelope;
  CORDON_RETURN_IF_ERROR(
      run.Read(envelope.id, envelope.epoch, envelope.sealed));
  return envelope;
}

absl::StatusOr<OutboxRow> ReadRow(Statements& sql, sqlite::Run& run) {
  OutboxRow row;
  uint8_t state = 0;
  CORDON_RETURN_IF_ERROR(run.Read(row.number, row.record.room, row.record.id,
                                  row.kind, row.signed_bytes, row.made, state,
                                  row.reason, row.attempts, row.next_try));
  CORDON_ASSIGN_OR_RETURN(row.state, EnumFrom(state, OutboxState::kRefused));
  if (row.state == OutboxState::kSealed) {
    CORDON_ASSIGN_OR_RETURN(row.envelope, GetEnvelope(sql, row.number));
  }
  return row;
}

absl::Status EraseEnvelope(Statements& sql, OutboxNumber number) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * erase, sql.Get(kEraseEnvelope));
  sqlite::Run run = erase->Start();
  run.Bind("number", number);
  return run.Finish();
}

}  // namespace

absl::StatusOr<OutboxNumber> Outbox::Add(const OutboxRow& row) {
  if (row.signed_bytes.size() > kEnvelopeBytesMax) {
    return absl::ResourceExhaustedError("vault: kEnvelopeBytesMax");
  }
  CORDON_ASSIGN_OR_RETURN(const uint64_t rows, Count());
  if (rows >= kOutboxRowsMax) {
    return absl::ResourceExhaustedError("vault: kOutboxRowsMax");
  }
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * add, sql_->Get(kAdd));
  sqlite::Run run = add->Start();
  run.Bind("room_id", row.record.room)
      .Bind("record_id", row.record.id)
      .Bind("kind", row.kind)
      .Bind("signed_bytes", row.signed_bytes)
      .Bind("made_ms", row.made)
      .Bind("state", static_cast<uint8_t>(OutboxState::kWaiting));
  CORDON_RETURN_IF_ERROR(StepToRow(run, "number"));
  OutboxNumber number;
  CORDON_RETURN_IF_ERROR(run.Read(number));
  CORDON_RETURN_IF_ERROR(run.Step().status());
  return number;
}

absl::StatusOr<OutboxRow> Outbox::Get(const RecordName& record) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGet));
  sqlite::Run run = get->Start();
  run.Bind("room_id", record.room).Bind("record_id", record.id);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "unsent record"));
  return ReadRow(*sql_, run);
}

absl::StatusOr<OutboxRow> Outbox::FindByEnvelope(EnvelopeId envelope) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * find, sql_->Get(kFindByEnvelope));
  sqlite::Run run = find->Start();
  run.Bind("envelope_id", envelope);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "unsent envelope"));
  return ReadRow(*sql_, run);
}

absl::StatusOr<OutboxRow> Outbox::Next(RoomId room) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * next, sql_->Get(kNext));
  sqlite::Run run = next->Start();
  run.Bind("room_id", room)
      .Bind("refused", static_cast<uint8_t>(OutboxState::kRefused));
  CORDON_RETURN_IF_ERROR(StepToRow(run, "unsent record"));
  return ReadRow(*sql_, run);
}

absl::StatusOr<std::vector<RoomId>> Outbox::ListRooms() const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * list, sql_->Get(kListRooms));
  sqlite::Run run = list->Start();
  run.Bind("refused", static_cast<uint8_t>(OutboxState::kRefused));
  std::vector<RoomId> rooms;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return rooms;
    RoomId room;
    CORDON_RETURN_IF_ERROR(run.Read(room));
    rooms.push_back(room);
  }
}

absl::StatusOr<std::vector<OutboxRow>> Outbox::List(OutboxNumber after) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * list, sql_->Get(kList));
  sqlite::Run run = list->Start();
  run.Bind("after", after).Bind("limit", kOutboxPageMax);
  std::vector<OutboxRow> rows;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool more, run.Step());
    if (!more) return rows;
    CORDON_ASSIGN_OR_RETURN(OutboxRow row, ReadRow(*sql_, run));
    rows.push_back(std::move(row));
  }
}

absl::StatusOr<uint64_t> Outbox::Count() const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * count, sql_->Get(kCountAll));
  return ReadCount(*count);
}

absl::Status Outbox::SetState(OutboxNumber number, OutboxState state,
                              absl::string_view reason) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * set, sql_->Get(kSetState));
  sqlite::Run run = set->Start();
  run.Bind("number", number)
      .Bind("state", static_cast<uint8_t>(state))
      .Bind("reason", reason);
  return run.Finish();
}

absl::Status Outbox::MarkSealed(const RecordName& record,
                                const SealedEnvelope& envelope) {
  CORDON_ASSIGN_OR_RETURN(const OutboxRow row, Get(record));
  if (row.state != OutboxState::kWaiting) {
    return absl::FailedPreconditionError("vault: the record does not wait");
  }
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * put, sql_->Get(kPutEnvelope));
  sqlite::Run run = put->Start();
  run.Bind("number", row.number)
      .Bind("envelope_id", envelope.id)
      .Bind("epoch", envelope.epoch)
      .Bind("sealed", envelope.sealed);
  CORDON_RETURN_IF_ERROR(run.Finish());
  return SetState(row.number, OutboxState::kSealed, "");
}

absl::Status Outbox::MarkWaiting(const RecordName& record) {
  CORDON_ASSIGN_OR_RETURN(const OutboxRow row, Get(record));
  CORDON_RETURN_IF_ERROR(EraseEnvelope(*sql_, row.number));
  return SetState(row.number, OutboxState::kWaiting, "");
}

absl::Status Outbox::MarkRefused(const RecordName& record,
                                 absl::string_view reason) {
  CORDON_ASSIGN_OR_RETURN(const OutboxRow row, Get(record));
  CORDON_RETURN_IF_ERROR(EraseEnvelope(*sql_, row.number));
  return SetState(row.number, OutboxState::kRefused, reason);
}

absl::Status Outbox::Replace(const RecordName& record, ByteSpan signed_bytes) {
  CORDON_ASSIGN_OR_RETURN(const OutboxRow row, Get(record));
  if (row.state == OutboxState::kSealed) {
    return absl::FailedPreconditionError(
        "outbox: a sealed record is not replaced");
  }
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * replace, sql_->Get(kReplace));
  sqlite::Run run = replace->Start();
  run.Bind("number", row.number).Bind("signed_bytes", signed_bytes);
  return run.Finish();
}

absl::Status Outbox::NoteAttempt(const RecordName& record,
                                 absl::Time next_try) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * note, sql_->Get(kNoteAttempt));
  sqlite::Run run = note->Start();
  run.Bind("room_id", record.room)
      .Bind("record_id", record.id)
      .Bind("next_try_ms", next_try);
  CORDON_RETURN_IF_ERROR(run.Finish());
  return ExpectChange(run, "unsent record");
}

absl::Status Outbox::Erase(const RecordName& record) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * erase, sql_->Get(kErase));
  sqlite::Run run = erase->Start();
  run.Bind("room_id", record.room).Bind("record_id", record.id);
  CORDON_RETURN_IF_ERROR(run.Finish());
  return ExpectChange(run, "unsent record");
}

}  // namespace cordon::vault
