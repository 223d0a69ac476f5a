#include "storage/vault/guide_store.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/sqlite/statement.h"
#include "storage/vault/id_prefix.h"
#include "storage/vault/record_store.h"
#include "storage/vault/statements.h"

namespace cordon::vault {
namespace {

// No row changes when a later revision is stored.
constexpr absl::string_view kPut = R"sql(
INSERT INTO guide (room_id, guide_id, revision, state, owner, title, record_id)
VALUES (:room_id, :guide_id, :revision, :state, :owner, :title, :record_id)
    ON CONFLICT (room_id, guide_id) DO UPDATE
   SET revision = excluded.revision, state = excluded.state,
       owner = excluded.owner, title = excluded.title,
       record_id = excluded.record_id
 WHERE revision <= excluded.revision
)sql";

constexpr absl::string_view kEraseBlobs = R"sql(
DELETE FROM guide_blob WHERE room_id = :room_id AND guide_id = :guide_id
)sql";

constexpr absl::string_view kAddBlob = R"sql(
INSERT INTO guide_blob (room_id, guide_id, place, blob_id)
VALUES (:room_id, :guide_id, :place, :blob_id)
)sql";

constexpr absl::string_view kGet = R"sql(
SELECT room_id, guide_id, revision, state, owner, title, record_id
  FROM guide
 WHERE room_id = :room_id
   AND guide_id = :guide_id
)sql";

constexpr absl::string_view kBlobsOf = R"sql(
SELECT blob_id
  FROM guide_blob
 WHERE room_id = :room_id
   AND guide_id = :guide_id
 ORDER BY place
)sql";

constexpr absl::string_view kList = R"sql(
SELECT room_id, guide_id, revision, state, owner, title, record_id
  FROM guide
 WHERE (guide_id, room_id) > (:after_guide_id, :after_room_id)
   AND (:any_room OR room_id = :room_id)
   AND (:any_state OR state = :state)
 ORDER BY guide_id, room_id
 LIMIT :limit
)sql";

constexpr absl::string_view kFindByPrefix = R"sql(
SELECT room_id, guide_id, revision, state, owner, title, record_id
  FROM guide
 WHERE guide_id BETWEEN :first AND :last
 ORDER BY guide_id, room_id
 LIMIT :limit
)sql";

absl::StatusOr<std::vector<BlobId>> BlobsOf(Statements& sql,
                                            const Guide& guide) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * read, sql.Get(kBlobsOf));
  sqlite::Run run = read->Start();
  run.Bind("room_id", guide.room).Bind("guide_id", guide.id);
  std::vector<BlobId> blobs;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return blobs;
    BlobId blob;
    CORDON_RETURN_IF_ERROR(run.Read(blob));
    blobs.push_back(blob);
  }
}

absl::StatusOr<Guide> ReadGuide(Statements& sql, sqlite::Run& run) {
  Guide guide;
  CORDON_RETURN_IF_ERROR(run.Read(guide.room, guide.id, guide.revision,
                                  guide.state, guide.owner, guide.title,
                                  guide.record));
  CORDON_ASSIGN_OR_RETURN(guide.blobs, BlobsOf(sql, guide));
  return guide;
}

absl::StatusOr<std::vector<Guide>> ReadGuides(Statements& sql,
                                              sqlite::Run& run) {
  std::vector<Guide> guides;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return guides;
    CORDON_ASSIGN_OR_RETURN(Guide guide, ReadGuide(sql, run));
    guides.push_back(std::move(guide));
  }
}

}  // namespace

absl::Status GuideStore::Put(const Guide& guide) {
  if (guide.blobs.size() > kGuideBlobsMax) {
    return absl::ResourceExhaustedError("vault: kGuideBlobsMax");
  }
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * put, sql_->Get(kPut));
  sqlite::Run run = put->Start();
  run.Bind("room_id", guide.room)
      .Bind("guide_id", guide.id)
      .Bind("revision", guide.revision)
      .Bind("state", guide.state)
      .Bind("owner", guide.owner)
      .Bind("title", guide.title)
      .Bind("record_id", guide.record);
  CORDON_RETURN_IF_ERROR(run.Finish());
  if (run.Changes() == 0) {
    return absl::FailedPreconditionError("vault: a later revision is stored");
  }
  return PutBlobs(guide);
}

absl::Status GuideStore::PutBlobs(const Guide& guide) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * erase, sql_->Get(kEraseBlobs));
  sqlite::Run erasing = erase->Start();
  erasing.Bind("room_id", guide.room).Bind("guide_id", guide.id);
  CORDON_RETURN_IF_ERROR(erasing.Finish());
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * add, sql_->Get(kAddBlob));
  uint32_t place = 0;
  for (const BlobId& blob : guide.blobs) {
    sqlite::Run run = add->Start();
    run.Bind("room_id", guide.room)
        .Bind("guide_id", guide.id)
        .Bind("place", place++)
        .Bind("blob_id", blob);
    CORDON_RETURN_IF_ERROR(run.Finish());
  }
  return absl::OkStatus();
}

absl::StatusOr<Guide> GuideStore::Get(const GuideName& name) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGet));
  sqlite::Run run = get->Start();
  run.Bind("room_id", name.room).Bind("guide_id", name.id);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "guide"));
  return ReadGuide(*sql_, run);
}

absl::StatusOr<std::vector<Guide>> GuideStore::List(
    const GuideQuery& query) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * list, sql_->Get(kList));
  sqlite::Run run = list->Start();
  const RoomId room = query.room.value_or(RoomId());
  run.Bind("after_guide_id", query.after.id)
      .Bind("after_room_id", query.after.room)
      .Bind("any_room", !query.room.has_value())
      .Bind("room_id", room)
      .Bind("any_state", !query.state.has_value())
      .Bind("state", query.state.value_or(0))
      .Bind("limit", kGuidesPerPageMax);
  return ReadGuides(*sql_, run);
}

absl::StatusOr<std::vector<Guide>> GuideStore::FindByIdPrefix(
    absl::string_view digits) const {
  CORDON_ASSIGN_OR_RETURN(const IdRange range, RangeOfPrefix(digits));
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * find, sql_->Get(kFindByPrefix));
  sqlite::Run run = find->Start();
  run.Bind("first", ByteSpan(range.first))
      .Bind("last", ByteSpan(range.last))
      .Bind("limit", kCandidatesMax);
  return ReadGuides(*sql_, run);
}

}  // namespace cordon::vault
