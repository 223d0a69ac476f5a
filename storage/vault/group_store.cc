#include "storage/vault/group_store.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "storage/sqlite/statement.h"
#include "storage/vault/statements.h"

namespace cordon::vault {
namespace {

constexpr absl::string_view kPutPart = R"sql(
INSERT INTO group_part (room_id, key, value) VALUES (:room_id, :key, :value)
    ON CONFLICT (room_id, key) DO UPDATE SET value = excluded.value
)sql";

constexpr absl::string_view kErasePart = R"sql(
DELETE FROM group_part WHERE room_id = :room_id AND key = :key
)sql";

constexpr absl::string_view kLoad = R"sql(
SELECT key, value FROM group_part WHERE room_id = :room_id ORDER BY key
)sql";

constexpr absl::string_view kEraseGroup = R"sql(
DELETE FROM group_part WHERE room_id = :room_id
)sql";

constexpr absl::string_view kPutPending = R"sql(
INSERT INTO pending_commit
  (room_id, envelope_id, base_epoch, commit_message, group_info, welcome,
   purpose, made_ms)
VALUES
  (:room_id, :envelope_id, :base_epoch, :commit_message, :group_info, :welcome,
   :purpose, :made_ms)
)sql";

constexpr absl::string_view kPutPendingPart = R"sql(
INSERT INTO pending_part (room_id, key, erased, value)
VALUES (:room_id, :key, :erased, :value)
)sql";

constexpr absl::string_view kGetPending = R"sql(
SELECT room_id, envelope_id, base_epoch, commit_message, group_info, welcome,
       purpose, made_ms
  FROM pending_commit
 WHERE room_id = :room_id
)sql";

constexpr absl::string_view kListPending = R"sql(
SELECT room_id FROM pending_commit ORDER BY room_id
)sql";

constexpr absl::string_view kAdoptPut = R"sql(
INSERT INTO group_part (room_id, key, value)
SELECT room_id, key, value
  FROM pending_part
 WHERE room_id = :room_id
   AND erased = 0
    ON CONFLICT (room_id, key) DO UPDATE SET value = excluded.value
)sql";

constexpr absl::string_view kAdoptErase = R"sql(
DELETE FROM group_part
 WHERE room_id = :room_id
   AND key IN (SELECT key
                 FROM pending_part
                WHERE room_id = :room_id
                  AND erased = 1)
)sql";

constexpr absl::string_view kErasePending = R"sql(
DELETE FROM pending_commit WHERE room_id = :room_id
)sql";

constexpr absl::string_view kPutKeyPackage = R"sql(
INSERT INTO key_package (ref, secrets, expires_ms, last_resort)
VALUES (:ref, :secrets, :expires_ms, :last_resort)
)sql";

constexpr absl::string_view kCountAllKeyPackages = R"sql(
SELECT count(*) FROM key_package
)sql";

constexpr absl::string_view kGetKeyPackage = R"sql(
SELECT ref, secrets, expires_ms, last_resort FROM key_package WHERE ref = :ref
)sql";

constexpr absl::string_view kEraseKeyPackage = R"sql(
DELETE FROM key_package WHERE ref = :ref
)sql";

constexpr absl::string_view kCountKeyPackages = R"sql(
SELECT count(*) FROM key_package WHERE last_resort = 0 AND expires_ms > :now_ms
)sql";

constexpr absl::string_view kEraseExpired = R"sql(
DELETE FROM key_package WHERE expires_ms < :limit_ms
)sql";

absl::Status CheckKey(const Bytes& key) {
  if (key.empty() || key.size() > kGroupKeyBytesMax) {
    return absl::InvalidArgumentError("vault: a group part's key");
  }
  return absl::OkStatus();
}

absl::Status CheckChanges(const GroupChanges& changes) {
  for (const GroupPart& part : changes.put) {
    CORDON_RETURN_IF_ERROR(CheckKey(part.key));
    if (part.value.size() > kGroupPartBytesMax) {
      return absl::ResourceExhaustedError("vault: kGroupPartBytesMax");
    }
  }
  for (const Bytes& key : changes.erase) {
    CORDON_RETURN_IF_ERROR(CheckKey(key));
  }
  return absl::OkStatus();
}

// Runs a statement whose only value is a room.
absl::Status RunForRoom(Statements& sql, absl::string_view literal,
                        RoomId room) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * statement, sql.Get(literal));
  sqlite::Run run = statement->Start();
  run.Bind("room_id", room);
  return run.Finish();
}

absl::Status PutPendingPart(Statements& sql, RoomId room, const Bytes& key,
                            const SecretBytes* value) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * put, sql.Get(kPutPendingPart));
  const SecretBytes nothing;
  sqlite::Run run = put->Start();
  run.Bind("room_id", room)
      .Bind("key", key)
      .Bind("erased", value == nullptr)
      .Bind("value", value == nullptr ? nothing : *value);
  return run.Finish();
}

}  // namespace

absl::Status GroupStore::Apply(RoomId room, const GroupChanges& changes) {
  CORDON_RETURN_IF_ERROR(CheckChanges(changes));
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * put, sql_->Get(kPutPart));
  for (const GroupPart& part : changes.put) {
    sqlite::Run run = put->Start();
    run.Bind("room_id", room).Bind("key", part.key).Bind("value", part.value);
    CORDON_RETURN_IF_ERROR(run.Finish());
  }
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * erase, sql_->Get(kErasePart));
  for (const Bytes& key : changes.erase) {
    sqlite::Run run = erase->Start();
    run.Bind("room_id", room).Bind("key", key);
    CORDON_RETURN_IF_ERROR(run.Finish());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<GroupPart>> GroupStore::Load(RoomId room) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * load, sql_->Get(kLoad));
  sqlite::Run run = load->Start();
  run.Bind("room_id", room);
  std::vector<GroupPart> parts;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return parts;
    if (parts.size() == kGroupPartsMax) {
      return absl::ResourceExhaustedError("vault: kGroupPartsMax");
    }
    GroupPart part;
    CORDON_RETURN_IF_ERROR(run.Read(part.key, part.value));
    parts.push_back(std::move(part));
  }
}

absl::Status GroupStore::EraseGroup(RoomId room) {
  CORDON_RETURN_IF_ERROR(RunForRoom(*sql_, kErasePending, room));
  return RunForRoom(*sql_, kEraseGroup, room);
}

absl::Status GroupStore::PutPending(const PendingCommit& pending,
                                    const GroupChanges& changes) {
  CORDON_RETURN_IF_ERROR(CheckChanges(changes));
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * put, sql_->Get(kPutPending));
  sqlite::Run run = put->Start();
  run.Bind("room_id", pending.room)
      .Bind("envelope_id", pending.envelope)
      .Bind("base_epoch", pending.base)
      .Bind("commit_message", pending.commit)
      .Bind("group_info", pending.group_info)
      .Bind("welcome", pending.welcome)
      .Bind("purpose", pending.purpose)
      .Bind("made_ms", pending.made);
  CORDON_RETURN_IF_ERROR(run.Finish());
  for (const GroupPart& part : changes.put) {
    CORDON_RETURN_IF_ERROR(
        PutPendingPart(*sql_, pending.room, part.key, &part.value));
  }
  for (const Bytes& key : changes.erase) {
    CORDON_RETURN_IF_ERROR(PutPendingPart(*sql_, pending.room, key, nullptr));
  }
  return absl::OkStatus();
}

absl::StatusOr<PendingCommit> GroupStore::GetPending(RoomId room) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGetPending));
  sqlite::Run run = get->Start();
  run.Bind("room_id", room);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "pending commit"));
  PendingCommit pending;
  CORDON_RETURN_IF_ERROR(run.Read(
      pending.room, pending.envelope, pending.base, pending.commit,
      pending.group_info, pending.welcome, pending.purpose, pending.made));
  return pending;
}

absl::StatusOr<std::vector<RoomId>> GroupStore::ListPending() const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * list, sql_->Get(kListPending));
  sqlite::Run run = list->Start();
  std::vector<RoomId> rooms;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return rooms;
    RoomId room;
    CORDON_RETURN_IF_ERROR(run.Read(room));
    rooms.push_back(room);
  }
}

absl::Status GroupStore::AdoptPending(RoomId room) {
  CORDON_RETURN_IF_ERROR(GetPending(room).status());
  CORDON_RETURN_IF_ERROR(RunForRoom(*sql_, kAdoptPut, room));
  CORDON_RETURN_IF_ERROR(RunForRoom(*sql_, kAdoptErase, room));
  return DropPending(room);
}

absl::Status GroupStore::DropPending(RoomId room) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * erase, sql_->Get(kErasePending));
  sqlite::Run run = erase->Start();
  run.Bind("room_id", room);
  CORDON_RETURN_IF_ERROR(run.Finish());
  return ExpectChange(run, "pending commit");
}

absl::Status GroupStore::PutKeyPackage(const KeyPackageSecrets& secrets) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * count,
                          sql_->Get(kCountAllKeyPackages));
  CORDON_ASSIGN_OR_RETURN(const uint64_t known, ReadCount(*count));
  if (known >= kKeyPackagesMax) {
    return absl::ResourceExhaustedError("vault: kKeyPackagesMax");
  }
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * put, sql_->Get(kPutKeyPackage));
  sqlite::Run run = put->Start();
  run.Bind("ref", secrets.ref)
      .Bind("secrets", secrets.secrets)
      .Bind("expires_ms", secrets.expires)
      .Bind("last_resort", secrets.last_resort);
  return run.Finish();
}

absl::StatusOr<KeyPackageSecrets> GroupStore::TakeKeyPackage(
    KeyPackageRef ref) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGetKeyPackage));
  sqlite::Run read = get->Start();
  read.Bind("ref", ref);
  CORDON_RETURN_IF_ERROR(StepToRow(read, "key package"));
  KeyPackageSecrets secrets;
  CORDON_RETURN_IF_ERROR(read.Read(secrets.ref, secrets.secrets,
                                   secrets.expires, secrets.last_resort));
  if (secrets.last_resort) return secrets;
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * erase,
                          sql_->Get(kEraseKeyPackage));
  sqlite::Run run = erase->Start();
  run.Bind("ref", ref);
  CORDON_RETURN_IF_ERROR(run.Finish());
  return secrets;
}

absl::StatusOr<size_t> GroupStore::CountKeyPackages(absl::Time now) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * count,
                          sql_->Get(kCountKeyPackages));
  sqlite::Run run = count->Start();
  run.Bind("now_ms", now);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "count"));
  uint64_t counted = 0;
  CORDON_RETURN_IF_ERROR(run.Read(counted));
  return size_t{counted};
}

absl::StatusOr<size_t> GroupStore::EraseKeyPackagesBefore(absl::Time limit) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * erase, sql_->Get(kEraseExpired));
  sqlite::Run run = erase->Start();
  run.Bind("limit_ms", limit);
  CORDON_RETURN_IF_ERROR(run.Finish());
  return static_cast<size_t>(run.Changes());
}

}  // namespace cordon::vault
