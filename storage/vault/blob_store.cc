#include "storage/vault/blob_store.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/sqlite/statement.h"
#include "storage/vault/id_prefix.h"
#include "storage/vault/record_store.h"
#include "storage/vault/statements.h"

namespace cordon::vault {
namespace {

constexpr absl::string_view kAddBlob = R"sql(
INSERT INTO blob
  (blob_id, size_bytes, state, offset_bytes, attempts, next_try_ms)
VALUES
  (:blob_id, :size_bytes, :state, :offset_bytes, :attempts, :next_try_ms)
)sql";

constexpr absl::string_view kGetBlob = R"sql(
SELECT blob_id, size_bytes, state, offset_bytes, attempts, next_try_ms
  FROM blob
 WHERE blob_id = :blob_id
)sql";

constexpr absl::string_view kListDue = R"sql(
SELECT blob_id, size_bytes, state, offset_bytes, attempts, next_try_ms
  FROM blob
 WHERE state = :state
   AND next_try_ms <= :now_ms
 ORDER BY next_try_ms, blob_id
 LIMIT :limit
)sql";

constexpr absl::string_view kSetTransfer = R"sql(
UPDATE blob
   SET state = :state, offset_bytes = :offset_bytes, attempts = 0
 WHERE blob_id = :blob_id
)sql";

constexpr absl::string_view kNoteAttempt = R"sql(
UPDATE blob
   SET attempts = attempts + 1, next_try_ms = :next_try_ms
 WHERE blob_id = :blob_id
)sql";

constexpr absl::string_view kCountReferences = R"sql(
SELECT count(*)
  FROM blob_reference
 WHERE room_id = :room_id
   AND record_id = :record_id
)sql";

constexpr absl::string_view kAddReference = R"sql(
INSERT INTO blob_reference
  (room_id, record_id, blob_id, name, size_bytes, key_ref)
VALUES
  (:room_id, :record_id, :blob_id, :name, :size_bytes, :key_ref)
)sql";

constexpr absl::string_view kReferencesIn = R"sql(
SELECT room_id, record_id, blob_id, name, size_bytes, key_ref
  FROM blob_reference
 WHERE room_id = :room_id
   AND record_id = :record_id
 ORDER BY blob_id
)sql";

constexpr absl::string_view kReferencesTo = R"sql(
SELECT room_id, record_id, blob_id, name, size_bytes, key_ref
  FROM blob_reference
 WHERE blob_id = :blob_id
 ORDER BY room_id, record_id
 LIMIT :limit
)sql";

constexpr absl::string_view kList = R"sql(
SELECT room_id, record_id, blob_id, name, size_bytes, key_ref
  FROM blob_reference
 WHERE room_id = :room_id
   AND record_id IN (SELECT DISTINCT record_id
                       FROM blob_reference
                      WHERE room_id = :room_id
                        AND record_id > :after
                      ORDER BY record_id
                      LIMIT :limit)
 ORDER BY record_id, blob_id
)sql";

constexpr absl::string_view kCountUnsent = R"sql(
SELECT count(*)
  FROM blob_reference
  JOIN blob USING (blob_id)
 WHERE room_id = :room_id
   AND record_id = :record_id
   AND state = :uploading
)sql";

constexpr absl::string_view kFindByPrefix = R"sql(
SELECT blob_id
  FROM blob
 WHERE blob_id BETWEEN :first AND :last
 ORDER BY blob_id
 LIMIT :limit
)sql";

constexpr absl::string_view kEraseReferences = R"sql(
DELETE FROM blob_reference
 WHERE room_id = :room_id
   AND record_id = :record_id
)sql";

constexpr absl::string_view kEraseUnnamed = R"sql(
DELETE FROM blob
 WHERE blob_id = :blob_id
   AND NOT EXISTS (SELECT 1
                     FROM blob_reference
                    WHERE blob_reference.blob_id = blob.blob_id)
)sql";

absl::StatusOr<Blob> ReadBlob(sqlite::Run& run) {
  Blob blob;
  uint8_t state = 0;
  CORDON_RETURN_IF_ERROR(run.Read(blob.id, blob.size_bytes, state,
                                  blob.offset_bytes, blob.attempts,
                                  blob.next_try));
  CORDON_ASSIGN_OR_RETURN(blob.state, EnumFrom(state, BlobState::kCached));
  return blob;
}

absl::StatusOr<std::vector<BlobReference>> ReadReferences(sqlite::Run& run) {
  std::vector<BlobReference> references;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return references;
    BlobReference reference;
    CORDON_RETURN_IF_ERROR(run.Read(reference.record.room, reference.record.id,
                                    reference.blob, reference.name,
                                    reference.size_bytes, reference.key_ref));
    references.push_back(std::move(reference));
  }
}

absl::StatusOr<uint64_t> CountOfRecord(sqlite::Run& run,
                                       const RecordName& record) {
  run.Bind("room_id", record.room).Bind("record_id", record.id);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "count"));
  uint64_t counted = 0;
  CORDON_RETURN_IF_ERROR(run.Read(counted));
  return counted;
}

}  // namespace

absl::Status BlobStore::AddBlob(const Blob& blob) {
  if (blob.offset_bytes > blob.size_bytes) {
    return absl::InvalidArgumentError("vault: an offset beyond the blob");
  }
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * add, sql_->Get(kAddBlob));
  sqlite::Run run = add->Start();
  run.Bind("blob_id", blob.id)
      .Bind("size_bytes", blob.size_bytes)
      .Bind("state", static_cast<uint8_t>(blob.state))
      .Bind("offset_bytes", blob.offset_bytes)
      .Bind("attempts", blob.attempts)
      .Bind("next_try_ms", blob.next_try);
  return run.Finish();
}

absl::StatusOr<Blob> BlobStore::GetBlob(BlobId id) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGetBlob));
  sqlite::Run run = get->Start();
  run.Bind("blob_id", id);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "blob"));
  return ReadBlob(run);
}

absl::StatusOr<std::vector<Blob>> BlobStore::ListDue(BlobState state,
                                                     absl::Time now) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * list, sql_->Get(kListDue));
  sqlite::Run run = list->Start();
  run.Bind("state", static_cast<uint8_t>(state))
      .Bind("now_ms", now)
      .Bind("limit", kBlobsPerPageMax);
  std::vector<Blob> blobs;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return blobs;
    CORDON_ASSIGN_OR_RETURN(Blob blob, ReadBlob(run));
    blobs.push_back(blob);
  }
}

absl::Status BlobStore::SetTransfer(BlobId id, BlobState state,
                                    uint64_t offset_bytes) {
  CORDON_ASSIGN_OR_RETURN(const Blob blob, GetBlob(id));
  if (offset_bytes > blob.size_bytes) {
    return absl::InvalidArgumentError("vault: an offset beyond the blob");
  }
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * set, sql_->Get(kSetTransfer));
  sqlite::Run run = set->Start();
  run.Bind("blob_id", id)
      .Bind("state", static_cast<uint8_t>(state))
      .Bind("offset_bytes", offset_bytes);
  return run.Finish();
}

absl::Status BlobStore::NoteAttempt(BlobId id, absl::Time next_try) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * note, sql_->Get(kNoteAttempt));
  sqlite::Run run = note->Start();
  run.Bind("blob_id", id).Bind("next_try_ms", next_try);
  CORDON_RETURN_IF_ERROR(run.Finish());
  return ExpectChange(run, "blob");
}

absl::Status BlobStore::AddReference(const BlobReference& reference) {
  if (reference.name.size() > kBlobNameBytesMax) {
    return absl::InvalidArgumentError("vault: kBlobNameBytesMax");
  }
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * count,
                          sql_->Get(kCountReferences));
  sqlite::Run counting = count->Start();
  CORDON_ASSIGN_OR_RETURN(const uint64_t known,
                          CountOfRecord(counting, reference.record));
  if (known >= kBlobsPerRecordMax) {
    return absl::ResourceExhaustedError("vault: kBlobsPerRecordMax");
  }
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * add, sql_->Get(kAddReference));
  sqlite::Run run = add->Start();
  run.Bind("room_id", reference.record.room)
      .Bind("record_id", reference.record.id)
      .Bind("blob_id", reference.blob)
      .Bind("name", reference.name)
      .Bind("size_bytes", reference.size_bytes)
      .Bind("key_ref", reference.key_ref);
  return run.Finish();
}

absl::StatusOr<std::vector<BlobReference>> BlobStore::ReferencesIn(
    const RecordName& record) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * read, sql_->Get(kReferencesIn));
  sqlite::Run run = read->Start();
  run.Bind("room_id", record.room).Bind("record_id", record.id);
  return ReadReferences(run);
}

absl::StatusOr<std::vector<BlobReference>> BlobStore::ReferencesTo(
    BlobId blob) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * read, sql_->Get(kReferencesTo));
  sqlite::Run run = read->Start();
  run.Bind("blob_id", blob).Bind("limit", kBlobsPerPageMax);
  return ReadReferences(run);
}

absl::StatusOr<std::vector<BlobReference>> BlobStore::List(
    RoomId room, RecordId after) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * list, sql_->Get(kList));
  sqlite::Run run = list->Start();
  run.Bind("room_id", room)
      .Bind("after", after)
      .Bind("limit", kBlobRecordsPerPageMax);
  return ReadReferences(run);
}

absl::StatusOr<uint64_t> BlobStore::CountUnsent(
    const RecordName& record) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * count, sql_->Get(kCountUnsent));
  sqlite::Run run = count->Start();
  run.Bind("uploading", static_cast<uint8_t>(BlobState::kUploading));
  return CountOfRecord(run, record);
}

absl::StatusOr<std::vector<BlobId>> BlobStore::FindByIdPrefix(
    absl::string_view digits) const {
  CORDON_ASSIGN_OR_RETURN(const IdRange range, RangeOfPrefix(digits));
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * find, sql_->Get(kFindByPrefix));
  sqlite::Run run = find->Start();
  run.Bind("first", ByteSpan(range.first))
      .Bind("last", ByteSpan(range.last))
      .Bind("limit", kCandidatesMax);
  std::vector<BlobId> blobs;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return blobs;
    BlobId blob;
    CORDON_RETURN_IF_ERROR(run.Read(blob));
    blobs.push_back(blob);
  }
}

absl::StatusOr<std::vector<BlobId>> BlobStore::EraseReferences(
    const RecordName& record) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<BlobReference> references,
                          ReferencesIn(record));
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * erase,
                          sql_->Get(kEraseReferences));
  sqlite::Run erasing = erase->Start();
  erasing.Bind("room_id", record.room).Bind("record_id", record.id);
  CORDON_RETURN_IF_ERROR(erasing.Finish());
  std::vector<BlobId> unnamed;
  for (const BlobReference& reference : references) {
    CORDON_ASSIGN_OR_RETURN(sqlite::Statement * forget,
                            sql_->Get(kEraseUnnamed));
    sqlite::Run run = forget->Start();
    run.Bind("blob_id", reference.blob);
    CORDON_RETURN_IF_ERROR(run.Finish());
    if (ExpectChange(run, "blob").ok()) unnamed.push_back(reference.blob);
  }
  return unnamed;
}

}  // namespace cordon::vault
