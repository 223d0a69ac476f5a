#include "storage/relay/blob_store.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/statement.h"
#include "storage/sqlite/transaction.h"

namespace cordon::relay {
namespace {

constexpr absl::string_view kBegin = R"sql(
INSERT INTO blob (blob_id, uploader, size, received, state, hash, touched_ms)
VALUES (:blob_id, :uploader, :size, 0, 1, x'', :now_ms)
)sql";

constexpr absl::string_view kAdvance = R"sql(
UPDATE blob
   SET received = :received,
       touched_ms = :now_ms
 WHERE blob_id = :blob_id
)sql";

constexpr absl::string_view kComplete = R"sql(
UPDATE blob SET state = 2, hash = :hash WHERE blob_id = :blob_id
)sql";

constexpr absl::string_view kFind = R"sql(
SELECT blob_id, uploader, size, received, state, hash, touched_ms
  FROM blob
 WHERE blob_id = :blob_id
)sql";

constexpr absl::string_view kListComplete = R"sql(
SELECT blob_id, uploader, size, received, state, hash, touched_ms
  FROM blob
 WHERE blob_id > :after
   AND state = 2
 ORDER BY blob_id
 LIMIT :blobs_max
)sql";

constexpr absl::string_view kHold = R"sql(
INSERT INTO blob_hold (blob_id, room_id)
VALUES (:blob_id, :room_id)
    ON CONFLICT (blob_id, room_id) DO NOTHING
)sql";

constexpr absl::string_view kAddBytes = R"sql(
INSERT INTO room_blob_bytes (room_id, bytes)
VALUES (:room_id, :size)
    ON CONFLICT (room_id) DO UPDATE
   SET bytes = bytes + excluded.bytes
)sql";

constexpr absl::string_view kClearUnheld = R"sql(
DELETE FROM blob_unheld WHERE blob_id = :blob_id
)sql";

constexpr absl::string_view kForget = R"sql(
DELETE FROM blob_hold WHERE blob_id = :blob_id AND room_id = :room_id
)sql";

constexpr absl::string_view kTakeBytes = R"sql(
UPDATE room_blob_bytes SET bytes = bytes - :size WHERE room_id = :room_id
)sql";

constexpr absl::string_view kNoteUnheld = R"sql(
INSERT INTO blob_unheld (blob_id, since_ms)
SELECT :blob_id, :now_ms
 WHERE NOT EXISTS (SELECT 1 FROM blob_hold WHERE blob_id = :blob_id)
)sql";

constexpr absl::string_view kHolders = R"sql(
SELECT room_id FROM blob_hold WHERE blob_id = :blob_id ORDER BY room_id
)sql";

constexpr absl::string_view kRoomBytes = R"sql(
SELECT bytes FROM room_blob_bytes WHERE room_id = :room_id
)sql";

constexpr absl::string_view kDeletable = R"sql(
SELECT blob_id FROM blob_unheld WHERE since_ms < :unheld_before_ms
UNION
SELECT blob_id FROM blob WHERE state = 1 AND touched_ms < :stalled_before_ms
 LIMIT :blobs_max
)sql";

constexpr absl::string_view kTakeAllBytes = R"sql(
UPDATE room_blob_bytes
   SET bytes = bytes - (SELECT size FROM blob WHERE blob_id = :blob_id)
 WHERE room_id IN (SELECT room_id FROM blob_hold WHERE blob_id = :blob_id)
)sql";

constexpr absl::string_view kDeleteBlob = R"sql(
DELETE FROM blob WHERE blob_id = :blob_id
)sql";

absl::StatusOr<bool> NextBlob(sqlite::Run& run, Blob& blob) {
  uint8_t state = 0;
  Bytes hash;
  CORDON_ASSIGN_OR_RETURN(
      const bool row, run.Next(blob.blob, blob.uploader, blob.size_bytes,
                               blob.received_bytes, state, hash, blob.touched));
  if (!row) return false;
  switch (static_cast<BlobState>(state)) {
    case BlobState::kReceiving:
      blob.state = BlobState::kReceiving;
      return true;
    case BlobState::kComplete: {
      const absl::StatusOr<BlobHash> parsed = BlobHash::Parse(hash);
      if (!parsed.ok()) return absl::DataLossError("blobs: a hash's length");
      blob.state = BlobState::kComplete;
      blob.hash = *parsed;
      return true;
    }
  }
  return absl::DataLossError("blobs: a row of unknown state");
}

bool SameUpload(const Blob& a, const NewBlob& b) {
  return a.uploader == b.uploader && a.size_bytes == b.size_bytes;
}

}  // namespace

struct BlobStore::Statements {
  sqlite::Statement begin;
  sqlite::Statement advance;
  sqlite::Statement complete;
  sqlite::Statement find;
  sqlite::Statement list_complete;
  sqlite::Statement hold;
  sqlite::Statement add_bytes;
  sqlite::Statement clear_unheld;
  sqlite::Statement forget;
  sqlite::Statement take_bytes;
  sqlite::Statement note_unheld;
  sqlite::Statement holders;
  sqlite::Statement room_bytes;
  sqlite::Statement deletable;
  sqlite::Statement take_all_bytes;
  sqlite::Statement delete_blob;
};

absl::StatusOr<BlobStore> BlobStore::Create(sqlite::Db* db) {
  sqlite::Preparer prepare(db);
  auto sql = absl::WrapUnique(new Statements{
      .begin = prepare(kBegin),
      .advance = prepare(kAdvance),
      .complete = prepare(kComplete),
      .find = prepare(kFind),
      .list_complete = prepare(kListComplete),
      .hold = prepare(kHold),
      .add_bytes = prepare(kAddBytes),
      .clear_unheld = prepare(kClearUnheld),
      .forget = prepare(kForget),
      .take_bytes = prepare(kTakeBytes),
      .note_unheld = prepare(kNoteUnheld),
      .holders = prepare(kHolders),
      .room_bytes = prepare(kRoomBytes),
      .deletable = prepare(kDeletable),
      .take_all_bytes = prepare(kTakeAllBytes),
      .delete_blob = prepare(kDeleteBlob),
  });
  CORDON_RETURN_IF_ERROR(prepare.status());
  return BlobStore(std::move(sql));
}

BlobStore::BlobStore(std::unique_ptr<Statements> sql) : sql_(std::move(sql)) {}
BlobStore::BlobStore(BlobStore&&) noexcept = default;
BlobStore& BlobStore::operator=(BlobStore&&) noexcept = default;
BlobStore::~BlobStore() = default;

absl::Status BlobStore::Begin(const sqlite::Transaction& /*txn*/,
                              const NewBlob& blob, absl::Time now) {
  const absl::StatusOr<Blob> before = Find(blob.blob);
  if (before.ok()) {
    CORDON_ASSIGN_OR_RETURN(const std::vector<RoomId> rooms,
                            Holders(blob.blob));
    const bool held = absl::c_linear_search(rooms, blob.room);
    if (held && SameUpload(*before, blob)) return absl::OkStatus();
    return absl::AlreadyExistsError("blobs: an upload id in use");
  }
  if (!absl::IsNotFound(before.status())) return before.status();
  CORDON_RETURN_IF_ERROR(sql_->begin.Start()
                             .Bind("blob_id", blob.blob)
                             .Bind("uploader", blob.uploader)
                             .Bind("size", blob.size_bytes)
                             .Bind("now_ms", now)
                             .Finish());
  return AddHold(blob.blob, blob.room, blob.size_bytes);
}

absl::Status BlobStore::AddHold(BlobId blob, RoomId room, uint64_t size_bytes) {
  {
    sqlite::Run run = sql_->hold.Start();
    CORDON_RETURN_IF_ERROR(
        run.Bind("blob_id", blob).Bind("room_id", room).Finish());
    if (run.Changes() == 0) return absl::OkStatus();
  }
  CORDON_RETURN_IF_ERROR(sql_->add_bytes.Start()
                             .Bind("room_id", room)
                             .Bind("size", size_bytes)
                             .Finish());
  return sql_->clear_unheld.Start().Bind("blob_id", blob).Finish();
}

absl::Status BlobStore::Advance(const sqlite::Transaction& /*txn*/, BlobId blob,
                                uint64_t received_bytes, absl::Time now) {
  CORDON_ASSIGN_OR_RETURN(const Blob before, Find(blob));
  if (received_bytes < before.received_bytes ||
      received_bytes > before.size_bytes) {
    return absl::InvalidArgumentError("blobs: progress out of range");
  }
  if (before.state == BlobState::kComplete) return absl::OkStatus();
  return sql_->advance.Start()
      .Bind("blob_id", blob)
      .Bind("received", received_bytes)
      .Bind("now_ms", now)
      .Finish();
}

absl::Status BlobStore::Complete(const sqlite::Transaction& /*txn*/,
                                 BlobId blob, BlobHash hash) {
  CORDON_ASSIGN_OR_RETURN(const Blob before, Find(blob));
  if (before.state == BlobState::kComplete) {
    if (before.hash == hash) return absl::OkStatus();
    return absl::AlreadyExistsError("blobs: complete with another hash");
  }
  if (before.received_bytes != before.size_bytes) {
    return absl::FailedPreconditionError("blobs: the upload is not complete");
  }
  return sql_->complete.Start()
      .Bind("blob_id", blob)
      .Bind("hash", hash)
      .Finish();
}

absl::StatusOr<Blob> BlobStore::Find(BlobId blob) {
  sqlite::Run run = sql_->find.Start();
  run.Bind("blob_id", blob);
  Blob found;
  CORDON_ASSIGN_OR_RETURN(const bool row, NextBlob(run, found));
  if (!row) return absl::NotFoundError("blobs: no such blob");
  return found;
}

absl::StatusOr<std::vector<Blob>> BlobStore::ListComplete(BlobId after,
                                                          size_t blobs_max) {
  sqlite::Run run = sql_->list_complete.Start();
  run.Bind("after", after).Bind("blobs_max", blobs_max);
  std::vector<Blob> blobs;
  while (true) {
    Blob blob;
    CORDON_ASSIGN_OR_RETURN(const bool row, NextBlob(run, blob));
    if (!row) return blobs;
    blobs.push_back(blob);
  }
}

absl::Status BlobStore::Hold(const sqlite::Transaction& /*txn*/, BlobId blob,
                             RoomId room) {
  CORDON_ASSIGN_OR_RETURN(const Blob found, Find(blob));
  if (found.state != BlobState::kComplete) {
    return absl::FailedPreconditionError("blobs: the upload is not complete");
  }
  return AddHold(blob, room, found.size_bytes);
}

absl::Status BlobStore::Forget(const sqlite::Transaction& /*txn*/, BlobId blob,
                               RoomId room, absl::Time now) {
  CORDON_ASSIGN_OR_RETURN(const Blob found, Find(blob));
  {
    sqlite::Run run = sql_->forget.Start();
    CORDON_RETURN_IF_ERROR(
        run.Bind("blob_id", blob).Bind("room_id", room).Finish());
    if (run.Changes() == 0) return absl::OkStatus();
  }
  CORDON_RETURN_IF_ERROR(sql_->take_bytes.Start()
                             .Bind("room_id", room)
                             .Bind("size", found.size_bytes)
                             .Finish());
  return sql_->note_unheld.Start()
      .Bind("blob_id", blob)
      .Bind("now_ms", now)
      .Finish();
}

absl::StatusOr<std::vector<RoomId>> BlobStore::Holders(BlobId blob) {
  sqlite::Run run = sql_->holders.Start();
  run.Bind("blob_id", blob);
  std::vector<RoomId> rooms;
  while (true) {
    RoomId room;
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Next(room));
    if (!row) return rooms;
    rooms.push_back(room);
  }
}

absl::StatusOr<uint64_t> BlobStore::RoomBytes(RoomId room) {
  sqlite::Run run = sql_->room_bytes.Start();
  run.Bind("room_id", room);
  uint64_t bytes = 0;
  CORDON_RETURN_IF_ERROR(run.Next(bytes).status());
  return bytes;
}

absl::StatusOr<std::vector<BlobId>> BlobStore::Deletable(
    const Deadlines& deadlines, size_t blobs_max) {
  sqlite::Run run = sql_->deletable.Start();
  run.Bind("unheld_before_ms", deadlines.unheld_before)
      .Bind("stalled_before_ms", deadlines.stalled_before)
      .Bind("blobs_max", blobs_max);
  std::vector<BlobId> blobs;
  while (true) {
    BlobId blob;
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Next(blob));
    if (!row) return blobs;
    blobs.push_back(blob);
  }
}

absl::Status BlobStore::Delete(const sqlite::Transaction& /*txn*/,
                               BlobId blob) {
  CORDON_RETURN_IF_ERROR(
      sql_->take_all_bytes.Start().Bind("blob_id", blob).Finish());
  return sql_->delete_blob.Start().Bind("blob_id", blob).Finish();
}

}  // namespace cordon::relay
