#include "server/core/blobs.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "crypto/base/id.h"
#include "crypto/base/log.h"
#include "crypto/base/status.h"
#include "crypto/cert/role.h"
#include "server/core/blob_transfer.h"
#include "server/core/caller.h"
#include "storage/relay/blob_store.h"
#include "storage/relay/group_store.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {
namespace {

absl::Status NoSuchBlob() {
  return absl::NotFoundError("no room of this device holds such a file");
}

// BlobBegun is whether there was such an upload before.
absl::StatusOr<std::optional<relay::Blob>> FindIfThere(relay::BlobStore& store,
                                                       const BlobId& blob) {
  absl::StatusOr<relay::Blob> found = store.Find(blob);
  if (found.ok()) return std::optional<relay::Blob>(*found);
  if (absl::IsNotFound(found.status())) return std::optional<relay::Blob>();
  return found.status();
}

}  // namespace

absl::StatusOr<PutStart> Blobs::BeginPut(const sqlite::Transaction& txn,
                                         const Caller& caller,
                                         const PutInput& input) {
  CORDON_RETURN_IF_ERROR(CheckMember(caller, input.room));
  if (input.size_bytes > limits_.file_bytes_max) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "the file is over this relay's limit of ", limits_.file_bytes_max,
        " bytes; split it or ask the operator"));
  }
  CORDON_ASSIGN_OR_RETURN(const std::optional<relay::Blob> before,
                          FindIfThere(parts_.stores->blobs, input.blob));
  if (!before.has_value()) {
    CORDON_RETURN_IF_ERROR(CheckQuota(input.room, input.size_bytes));
  }
  const uint64_t received = before.has_value() ? before->received_bytes : 0;
  CORDON_RETURN_IF_ERROR(
      parts_.stores->blobs.Begin(txn,
                                 {.blob = input.blob,
                                  .uploader = caller.device,
                                  .size_bytes = input.size_bytes,
                                  .room = input.room},
                                 parts_.clock->Now()));
  if (before.has_value() && before->state == relay::BlobState::kComplete) {
    return PutStart{.upload = nullptr, .whole = before->hash};
  }
  if (input.offset != received) {
    return absl::FailedPreconditionError(
        absl::StrCat("this upload goes on at ", received));
  }
  return PutStart{.upload = Replace({.blob = input.blob,
                                     .room = input.room,
                                     .size_bytes = input.size_bytes,
                                     .from = received}),
                  .whole = std::nullopt};
}

std::shared_ptr<BlobUpload> Blobs::Replace(const BlobUpload::Place& place) {
  std::weak_ptr<BlobUpload>& current = uploads_[place.blob];
  if (const std::shared_ptr<BlobUpload> older = current.lock()) older->Stop();
  auto upload = std::make_shared<BlobUpload>(parts_.files, place);
  current = upload;
  return upload;
}

absl::Status Blobs::CheckCurrent(const BlobUpload& upload) {
  const auto found = uploads_.find(upload.place().blob);
  if (found != uploads_.end() && found->second.lock().get() == &upload) {
    return absl::OkStatus();
  }
  return absl::AbortedError("another stream goes on with this upload");
}

absl::Status Blobs::Advance(const sqlite::Transaction& txn,
                            const Caller& caller, const BlobUpload& upload,
                            uint64_t received_bytes) {
  CORDON_RETURN_IF_ERROR(CheckCurrent(upload));
  CORDON_RETURN_IF_ERROR(CheckMember(caller, upload.place().room));
  return parts_.stores->blobs.Advance(txn, upload.place().blob, received_bytes,
                                      parts_.clock->Now());
}

absl::Status Blobs::Complete(const sqlite::Transaction& txn,
                             const Caller& caller, const BlobUpload& upload,
                             const BlobHash& hash) {
  const BlobUpload::Place& place = upload.place();
  CORDON_RETURN_IF_ERROR(Advance(txn, caller, upload, place.size_bytes));
  CORDON_RETURN_IF_ERROR(parts_.stores->blobs.Complete(txn, place.blob, hash));
  LogInfo("blob#", Alias(place.blob.span()), " complete room#",
          Alias(place.room.span()), " bytes=", place.size_bytes);
  uploads_.erase(place.blob);
  return absl::OkStatus();
}

absl::Status Blobs::GiveUp(const sqlite::Transaction& txn,
                           const BlobUpload& upload) {
  CORDON_RETURN_IF_ERROR(CheckCurrent(upload));
  LogWarning("blob#", Alias(upload.place().blob.span()),
             " lost what was uploaded of it");
  uploads_.erase(upload.place().blob);
  return parts_.stores->blobs.Delete(txn, upload.place().blob);
}

absl::StatusOr<BlobProgress> Blobs::Stat(const Caller& caller,
                                         const BlobId& blob) {
  CORDON_ASSIGN_OR_RETURN(const std::optional<relay::Blob> found,
                          FindIfThere(parts_.stores->blobs, blob));
  if (!found.has_value()) return NoSuchBlob();
  if (found->uploader != caller.device) {
    CORDON_RETURN_IF_ERROR(CheckMayFetch(caller, blob));
  }
  return BlobProgress{.size_bytes = found->size_bytes,
                      .received_bytes = found->received_bytes,
                      .whole = found->state == relay::BlobState::kComplete};
}

absl::StatusOr<std::unique_ptr<BlobDownload>> Blobs::BeginGet(
    const Caller& caller, const BlobId& blob) {
  CORDON_ASSIGN_OR_RETURN(const relay::Blob found, FindFetchable(caller, blob));
  return std::make_unique<BlobDownload>(parts_.files, blob, found.size_bytes);
}

absl::Status Blobs::CheckMayFetch(const Caller& caller, const BlobId& blob) {
  return FindFetchable(caller, blob).status();
}

absl::StatusOr<relay::Blob> Blobs::FindFetchable(const Caller& caller,
                                                 const BlobId& blob) {
  CORDON_ASSIGN_OR_RETURN(const std::optional<relay::Blob> found,
                          FindIfThere(parts_.stores->blobs, blob));
  if (!found.has_value() || found->state != relay::BlobState::kComplete) {
    return NoSuchBlob();
  }
  CORDON_ASSIGN_OR_RETURN(const std::vector<RoomId> holders,
                          parts_.stores->blobs.Holders(blob));
  for (const RoomId& room : holders) {
    CORDON_ASSIGN_OR_RETURN(
        const std::optional<relay::Member> member,
        parts_.stores->groups.FindMember(room, caller.device));
    if (member.has_value()) return *found;
  }
  return NoSuchBlob();
}

absl::Status Blobs::Hold(const sqlite::Transaction& txn, const Caller& caller,
                         const BlobId& blob, const RoomId& room) {
  CORDON_ASSIGN_OR_RETURN(const relay::Blob found, FindFetchable(caller, blob));
  CORDON_RETURN_IF_ERROR(CheckMember(caller, room));
  CORDON_ASSIGN_OR_RETURN(const std::vector<RoomId> holders,
                          parts_.stores->blobs.Holders(blob));
  if (absl::c_linear_search(holders, room)) return absl::OkStatus();
  CORDON_RETURN_IF_ERROR(CheckQuota(room, found.size_bytes));
  return parts_.stores->blobs.Hold(txn, blob, room);
}

absl::Status Blobs::Forget(const sqlite::Transaction& txn, const Caller& caller,
                           const BlobId& blob, const RoomId& room) {
  CORDON_RETURN_IF_ERROR(CheckMember(caller, room));
  CORDON_ASSIGN_OR_RETURN(const std::optional<relay::Blob> found,
                          FindIfThere(parts_.stores->blobs, blob));
  if (!found.has_value()) return NoSuchBlob();
  CORDON_ASSIGN_OR_RETURN(const std::vector<RoomId> holders,
                          parts_.stores->blobs.Holders(blob));
  const bool own = found->uploader == caller.device;
  if (!absl::c_linear_search(holders, room)) {
    // Again is fine for who may know of it.
    return own ? absl::OkStatus() : CheckMayFetch(caller, blob);
  }
  if (!own && !caller.roles.Has(cert::Role::kCoordinator) &&
      !caller.roles.Has(cert::Role::kCurator)) {
    return absl::PermissionDeniedError(
        "only who uploaded the file, a coordinator or a curator takes it out "
        "of a room");
  }
  return parts_.stores->blobs.Forget(txn, blob, room, parts_.clock->Now());
}

absl::StatusOr<std::vector<BlobId>> Blobs::Sweep(
    const sqlite::Transaction& txn) {
  if (keep_all_) return std::vector<BlobId>();
  const absl::Time now = parts_.clock->Now();
  CORDON_ASSIGN_OR_RETURN(std::vector<BlobId> gone,
                          parts_.stores->blobs.Deletable(
                              {.unheld_before = now - limits_.unheld_grace,
                               .stalled_before = now - limits_.stalled_grace},
                              kSweepBlobsMax));
  for (const BlobId& blob : gone) {
    const auto upload = uploads_.find(blob);
    if (upload != uploads_.end()) {
      if (const auto current = upload->second.lock()) current->Stop();
      uploads_.erase(upload);
    }
    CORDON_RETURN_IF_ERROR(parts_.stores->blobs.Delete(txn, blob));
    LogInfo("blob#", Alias(blob.span()), " swept");
  }
  return gone;
}

absl::StatusOr<std::vector<BlobId>> Blobs::WithoutRow(
    const std::vector<BlobId>& listed) {
  std::vector<BlobId> leftovers;
  for (const BlobId& blob : listed) {
    CORDON_ASSIGN_OR_RETURN(const std::optional<relay::Blob> found,
                            FindIfThere(parts_.stores->blobs, blob));
    if (!found.has_value()) leftovers.push_back(blob);
  }
  return leftovers;
}

absl::Status Blobs::RemoveFile(const BlobId& blob) {
  return parts_.files->Delete(blob);
}

absl::StatusOr<std::vector<BlobId>> Blobs::ListFiles() {
  return parts_.files->List();
}

absl::Status Blobs::CheckMember(const Caller& caller, const RoomId& room) {
  CORDON_ASSIGN_OR_RETURN(
      const std::optional<relay::Member> member,
      parts_.stores->groups.FindMember(room, caller.device));
  if (member.has_value()) return absl::OkStatus();
  return absl::PermissionDeniedError("this device is not in that room");
}

absl::Status Blobs::CheckQuota(const RoomId& room, uint64_t more_bytes) {
  CORDON_ASSIGN_OR_RETURN(const uint64_t held,
                          parts_.stores->blobs.RoomBytes(room));
  if (held < limits_.room_bytes_max &&
      more_bytes <= limits_.room_bytes_max - held) {
    return absl::OkStatus();
  }
  return absl::ResourceExhaustedError(
      "the files of this room are at their limit; take some out of it or ask "
      "the operator to raise it");
}

}  // namespace cordon::server
