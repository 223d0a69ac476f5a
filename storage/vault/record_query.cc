// The questions of RecordStore that give more than one record.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "storage/sqlite/statement.h"
#include "storage/vault/id_prefix.h"
#include "storage/vault/record_store.h"
#include "storage/vault/statements.h"

namespace cordon::vault {
namespace {

constexpr absl::string_view kGetRecord = R"sql(
SELECT room_id, seq, place.author, place.epoch, place.envelope_id,
       place.received_ms, record_id, record.kind, sent_ms, flags, ref_no,
       signed_bytes
  FROM record
  JOIN log_place AS place USING (room_id, seq)
 WHERE room_id = :room_id
   AND record_id = :record_id
)sql";

constexpr absl::string_view kGetRecordAt = R"sql(
SELECT room_id, seq, place.author, place.epoch, place.envelope_id,
       place.received_ms, record_id, record.kind, sent_ms, flags, ref_no,
       signed_bytes
  FROM record
  JOIN log_place AS place USING (room_id, seq)
 WHERE room_id = :room_id
   AND seq = :seq
)sql";

constexpr absl::string_view kReadForward = R"sql(
SELECT room_id, seq, place.author, place.epoch, place.envelope_id,
       place.received_ms, record_id, record.kind, sent_ms, flags, ref_no,
       signed_bytes
  FROM record
  JOIN log_place AS place USING (room_id, seq)
 WHERE room_id = :room_id
   AND seq > :after
   AND seq < :before
   AND (:any_kind OR record.kind = :kind)
   AND place.received_ms >= :since_ms
 ORDER BY seq
 LIMIT :limit
)sql";

constexpr absl::string_view kReadBackward = R"sql(
SELECT room_id, seq, place.author, place.epoch, place.envelope_id,
       place.received_ms, record_id, record.kind, sent_ms, flags, ref_no,
       signed_bytes
  FROM record
  JOIN log_place AS place USING (room_id, seq)
 WHERE room_id = :room_id
   AND seq > :after
   AND seq < :before
   AND (:any_kind OR record.kind = :kind)
   AND place.received_ms >= :since_ms
 ORDER BY seq DESC
 LIMIT :limit
)sql";

constexpr absl::string_view kCount = R"sql(
SELECT count(*)
  FROM record
  JOIN log_place AS place USING (room_id, seq)
 WHERE room_id = :room_id
   AND seq > :after
   AND seq < :before
   AND (:any_kind OR record.kind = :kind)
   AND place.received_ms >= :since_ms
   AND place.author <> :except
)sql";

constexpr absl::string_view kReadReferring = R"sql(
SELECT room_id, seq, place.author, place.epoch, place.envelope_id,
       place.received_ms, record_id, record.kind, sent_ms, flags, ref_no,
       signed_bytes
  FROM record
  JOIN log_place AS place USING (room_id, seq)
 WHERE room_id = :room_id
   AND seq > :after
   AND EXISTS (SELECT 1
                 FROM record_reference AS reference
                WHERE reference.target = :target
                  AND reference.room_id = record.room_id
                  AND reference.seq = record.seq
                  AND (:any_kind OR reference.kind = :kind))
 ORDER BY seq
 LIMIT :limit
)sql";

constexpr absl::string_view kFindByPrefix = R"sql(
SELECT room_id, record_id
  FROM record
 WHERE record_id BETWEEN :first AND :last
 ORDER BY record_id, room_id
 LIMIT :limit
)sql";

constexpr absl::string_view kCountByPrefix = R"sql(
SELECT count(*) FROM record WHERE record_id BETWEEN :first AND :last
)sql";

constexpr absl::string_view kFindByRefNo = R"sql(
SELECT room_id, record_id
  FROM record
 WHERE ref_no = :ref_no
   AND ref_no <> ''  -- lets the partial index serve
 ORDER BY room_id, seq
 LIMIT :limit
)sql";

absl::StatusOr<StoredRecord> ReadRecord(sqlite::Run& run) {
  StoredRecord record;
  CORDON_RETURN_IF_ERROR(
      run.Read(record.place.room, record.place.seq, record.place.author,
               record.place.epoch, record.place.envelope, record.place.received,
               record.id, record.kind, record.sent, record.flags, record.ref_no,
               record.signed_bytes));
  return record;
}

absl::StatusOr<std::vector<StoredRecord>> ReadRecords(sqlite::Run& run) {
  std::vector<StoredRecord> records;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return records;
    CORDON_ASSIGN_OR_RETURN(StoredRecord record, ReadRecord(run));
    records.push_back(std::move(record));
  }
}

absl::StatusOr<std::vector<RecordName>> ReadNames(sqlite::Run& run) {
  std::vector<RecordName> names;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return names;
    RecordName name;
    CORDON_RETURN_IF_ERROR(run.Read(name.room, name.id));
    names.push_back(name);
  }
}

void BindKind(sqlite::Run& run, const std::optional<uint32_t>& kind) {
  run.Bind("any_kind", !kind.has_value()).Bind("kind", kind.value_or(0));
}

void BindQuery(sqlite::Run& run, const RecordQuery& query) {
  constexpr LogSeq kBeyondAll{
      static_cast<uint64_t>(std::numeric_limits<int64_t>::max())};
  BindKind(run, query.kind);
  run.Bind("room_id", query.room)
      .Bind("after", query.after)
      .Bind("before", query.before.value_or(kBeyondAll))
      .Bind("since_ms", query.received_since.value_or(absl::InfinitePast()));
}

}  // namespace

absl::StatusOr<StoredRecord> RecordStore::GetRecord(
    const RecordName& name) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGetRecord));
  sqlite::Run run = get->Start();
  run.Bind("room_id", name.room).Bind("record_id", name.id);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "record"));
  return ReadRecord(run);
}

absl::StatusOr<StoredRecord> RecordStore::GetRecordAt(RoomId room,
                                                      LogSeq seq) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGetRecordAt));
  sqlite::Run run = get->Start();
  run.Bind("room_id", room).Bind("seq", seq);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "record"));
  return ReadRecord(run);
}

absl::StatusOr<std::vector<StoredRecord>> RecordStore::Read(
    const RecordQuery& query) const {
  CORDON_ASSIGN_OR_RETURN(
      sqlite::Statement * read,
      sql_->Get(query.newest_first ? kReadBackward : kReadForward));
  sqlite::Run run = read->Start();
  BindQuery(run, query);
  run.Bind("limit", std::min(query.records_max, kRecordsPerPageMax));
  return ReadRecords(run);
}

absl::StatusOr<uint64_t> RecordStore::Count(const RecordQuery& query,
                                            DeviceId except) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * count, sql_->Get(kCount));
  sqlite::Run run = count->Start();
  BindQuery(run, query);
  run.Bind("except", except);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "count"));
  uint64_t counted = 0;
  CORDON_RETURN_IF_ERROR(run.Read(counted));
  return counted;
}

absl::StatusOr<RecordMatches> RecordStore::FindByIdPrefix(
    absl::string_view digits) const {
  CORDON_ASSIGN_OR_RETURN(const IdRange range, RangeOfPrefix(digits));
  RecordMatches matches;
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * count, sql_->Get(kCountByPrefix));
  sqlite::Run counting = count->Start();
  counting.Bind("first", ByteSpan(range.first))
      .Bind("last", ByteSpan(range.last));
  CORDON_RETURN_IF_ERROR(StepToRow(counting, "count"));
  CORDON_RETURN_IF_ERROR(counting.Read(matches.count));
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * find, sql_->Get(kFindByPrefix));
  sqlite::Run run = find->Start();
  run.Bind("first", ByteSpan(range.first))
      .Bind("last", ByteSpan(range.last))
      .Bind("limit", kCandidatesMax);
  CORDON_ASSIGN_OR_RETURN(matches.first, ReadNames(run));
  return matches;
}

absl::StatusOr<std::vector<RecordName>> RecordStore::FindByRefNo(
    absl::string_view ref_no) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * find, sql_->Get(kFindByRefNo));
  sqlite::Run run = find->Start();
  run.Bind("ref_no", ref_no).Bind("limit", kRecordsPerPageMax);
  return ReadNames(run);
}

absl::StatusOr<std::vector<StoredRecord>> RecordStore::ReadReferring(
    RoomId room, RecordId target, const std::optional<uint32_t>& kind,
    LogSeq after) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * read, sql_->Get(kReadReferring));
  sqlite::Run run = read->Start();
  BindKind(run, kind);
  run.Bind("room_id", room)
      .Bind("after", after)
      .Bind("target", target)
      .Bind("limit", kRecordsPerPageMax);
  return ReadRecords(run);
}

}  // namespace cordon::vault
