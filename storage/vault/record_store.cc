#include "storage/vault/record_store.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "storage/sqlite/statement.h"
#include "storage/vault/statements.h"

namespace cordon::vault {
namespace {

constexpr absl::string_view kPutPlace = R"sql(
INSERT INTO log_place
  (room_id, seq, kind, author, epoch, envelope_id, received_ms)
VALUES
  (:room_id, :seq, :kind, :author, :epoch, :envelope_id, :received_ms)
)sql";

constexpr absl::string_view kGetPlace = R"sql(
SELECT room_id, seq, kind, author, epoch, envelope_id, received_ms
  FROM log_place
 WHERE room_id = :room_id
   AND seq = :seq
)sql";

// Each run of places that are not here ends with the entry that let us in.
constexpr absl::string_view kCountMissed = R"sql(
SELECT coalesce(sum(gap - 1), 0)
  FROM (SELECT seq - lag(seq, 1, 0) OVER (ORDER BY seq) - 1 AS gap
          FROM (SELECT seq
                  FROM log_place
                 WHERE room_id = :room_id
                   AND seq <= :upto
                 UNION ALL
                SELECT :upto + 1 AS seq))
 WHERE gap > 0
)sql";

constexpr absl::string_view kAddRecord = R"sql(
INSERT INTO record
  (room_id, seq, record_id, kind, sent_ms, flags, ref_no, signed_bytes)
VALUES
  (:room_id, :seq, :record_id, :kind, :sent_ms, :flags, :ref_no, :signed_bytes)
)sql";

// A record may say the same thing of another one twice.
constexpr absl::string_view kAddReference = R"sql(
INSERT OR IGNORE INTO record_reference (room_id, seq, target, kind)
VALUES (:room_id, :seq, :target, :kind)
)sql";

constexpr absl::string_view kHasRecord = R"sql(
SELECT EXISTS (SELECT 1
                 FROM record
                WHERE room_id = :room_id
                  AND record_id = :record_id)
)sql";

constexpr absl::string_view kSetFlags = R"sql(
UPDATE record
   SET flags = :flags
 WHERE room_id = :room_id
   AND record_id = :record_id
)sql";

constexpr absl::string_view kReferencesOf = R"sql(
SELECT reference.target, reference.kind
  FROM record
  JOIN record_reference AS reference USING (room_id, seq)
 WHERE record.room_id = :room_id
   AND record.record_id = :record_id
 ORDER BY reference.target, reference.kind
)sql";

constexpr absl::string_view kAddQuarantined = R"sql(
INSERT INTO quarantine (room_id, seq, reason, bytes)
VALUES (:room_id, :seq, :reason, :bytes)
)sql";

constexpr absl::string_view kReadQuarantined = R"sql(
SELECT room_id, seq, place.author, place.epoch, place.envelope_id,
       place.received_ms, reason, bytes
  FROM quarantine
  JOIN log_place AS place USING (room_id, seq)
 WHERE room_id = :room_id
   AND seq > :after
 ORDER BY seq
 LIMIT :limit
)sql";

absl::Status CheckRecord(const StoredRecord& record,
                         const std::vector<RecordReference>& references) {
  if (record.signed_bytes.size() > kEnvelopeBytesMax) {
    return absl::InvalidArgumentError("vault: a record's size");
  }
  if (record.ref_no.size() > kRefNoBytesMax) {
    return absl::InvalidArgumentError("vault: a reference number's length");
  }
  if (references.size() > kReferencesPerRecordMax) {
    return absl::InvalidArgumentError("vault: kReferencesPerRecordMax");
  }
  return absl::OkStatus();
}

absl::Status AddReferences(Statements& sql, const LogPlace& place,
                           const std::vector<RecordReference>& references) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * add, sql.Get(kAddReference));
  for (const RecordReference& reference : references) {
    sqlite::Run run = add->Start();
    run.Bind("room_id", place.room)
        .Bind("seq", place.seq)
        .Bind("target", reference.target)
        .Bind("kind", reference.kind);
    CORDON_RETURN_IF_ERROR(run.Finish());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RecordStore::PutPlace(const LogPlace& place, PlaceKind kind) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * put, sql_->Get(kPutPlace));
  sqlite::Run run = put->Start();
  run.Bind("room_id", place.room)
      .Bind("seq", place.seq)
      .Bind("kind", static_cast<uint8_t>(kind))
      .Bind("author", place.author)
      .Bind("epoch", place.epoch)
      .Bind("envelope_id", place.envelope)
      .Bind("received_ms", place.received);
  return run.Finish();
}

absl::Status RecordStore::AddPlace(const LogPlace& place) {
  if (place.kind == PlaceKind::kRecord ||
      place.kind == PlaceKind::kQuarantined) {
    return absl::InvalidArgumentError("vault: this place has its own call");
  }
  return PutPlace(place, place.kind);
}

absl::Status RecordStore::AddRecord(
    const StoredRecord& record,
    const std::vector<RecordReference>& references) {
  CORDON_RETURN_IF_ERROR(CheckRecord(record, references));
  const RecordName name{.room = record.place.room, .id = record.id};
  CORDON_ASSIGN_OR_RETURN(const bool known, HasRecord(name));
  if (known) return absl::AlreadyExistsError("vault: the record is here");
  CORDON_RETURN_IF_ERROR(PutPlace(record.place, PlaceKind::kRecord));
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * add, sql_->Get(kAddRecord));
  sqlite::Run run = add->Start();
  run.Bind("room_id", record.place.room)
      .Bind("seq", record.place.seq)
      .Bind("record_id", record.id)
      .Bind("kind", record.kind)
      .Bind("sent_ms", record.sent)
      .Bind("flags", record.flags)
      .Bind("ref_no", record.ref_no)
      .Bind("signed_bytes", record.signed_bytes);
  CORDON_RETURN_IF_ERROR(run.Finish());
  return AddReferences(*sql_, record.place, references);
}

absl::Status RecordStore::AddQuarantined(const Quarantined& entry) {
  if (entry.bytes.size() > kHandshakeBytesMax) {
    return absl::InvalidArgumentError("vault: an entry's size");
  }
  CORDON_RETURN_IF_ERROR(PutPlace(entry.place, PlaceKind::kQuarantined));
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * add, sql_->Get(kAddQuarantined));
  sqlite::Run run = add->Start();
  run.Bind("room_id", entry.place.room)
      .Bind("seq", entry.place.seq)
      .Bind("reason", entry.reason)
      .Bind("bytes", entry.bytes);
  return run.Finish();
}

absl::StatusOr<LogPlace> RecordStore::GetPlace(RoomId room, LogSeq seq) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGetPlace));
  sqlite::Run run = get->Start();
  run.Bind("room_id", room).Bind("seq", seq);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "place"));
  LogPlace place;
  uint8_t kind = 0;
  CORDON_RETURN_IF_ERROR(run.Read(place.room, place.seq, kind, place.author,
                                  place.epoch, place.envelope, place.received));
  CORDON_ASSIGN_OR_RETURN(place.kind, EnumFrom(kind, PlaceKind::kQuarantined));
  return place;
}

absl::StatusOr<uint64_t> RecordStore::CountMissed(RoomId room,
                                                  LogSeq upto) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * count, sql_->Get(kCountMissed));
  sqlite::Run run = count->Start();
  run.Bind("room_id", room).Bind("upto", upto);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "answer"));
  uint64_t missed = 0;
  CORDON_RETURN_IF_ERROR(run.Read(missed));
  return missed;
}

absl::StatusOr<bool> RecordStore::HasRecord(const RecordName& name) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * has, sql_->Get(kHasRecord));
  sqlite::Run run = has->Start();
  run.Bind("room_id", name.room).Bind("record_id", name.id);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "answer"));
  bool here = false;
  CORDON_RETURN_IF_ERROR(run.Read(here));
  return here;
}

absl::Status RecordStore::SetFlags(const RecordName& name, uint32_t flags) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * set, sql_->Get(kSetFlags));
  sqlite::Run run = set->Start();
  run.Bind("room_id", name.room)
      .Bind("record_id", name.id)
      .Bind("flags", flags);
  CORDON_RETURN_IF_ERROR(run.Finish());
  return ExpectChange(run, "record");
}

absl::StatusOr<std::vector<RecordReference>> RecordStore::ReferencesOf(
    const RecordName& name) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * read, sql_->Get(kReferencesOf));
  sqlite::Run run = read->Start();
  run.Bind("room_id", name.room).Bind("record_id", name.id);
  std::vector<RecordReference> references;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return references;
    RecordReference reference;
    CORDON_RETURN_IF_ERROR(run.Read(reference.target, reference.kind));
    references.push_back(reference);
  }
}

absl::StatusOr<std::vector<Quarantined>> RecordStore::ReadQuarantined(
    RoomId room, LogSeq after) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * read,
                          sql_->Get(kReadQuarantined));
  sqlite::Run run = read->Start();
  run.Bind("room_id", room)
      .Bind("after", after)
      .Bind("limit", kQuarantinedPerPageMax);
  std::vector<Quarantined> entries;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return entries;
    Quarantined entry;
    entry.place.kind = PlaceKind::kQuarantined;
    CORDON_RETURN_IF_ERROR(run.Read(entry.place.room, entry.place.seq,
                                    entry.place.author, entry.place.epoch,
                                    entry.place.envelope, entry.place.received,
                                    entry.reason, entry.bytes));
    entries.push_back(std::move(entry));
  }
}

}  // namespace cordon::vault
