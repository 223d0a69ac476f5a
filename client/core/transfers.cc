#include "client/core/transfers.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "client/core/command/record.h"
#include "client/core/content.h"
#include "client/core/event.h"
#include "client/core/file_lane.h"
#include "client/core/model/record.h"
#include "client/core/parts.h"
#include "client/core/record_reader.h"
#include "client/core/relay.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/core/view/record.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "crypto/blob/blob_ref.h"
#include "storage/vault/blob_store.h"
#include "storage/vault/outbox.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

absl::string_view NameIn(absl::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

absl::Status CheckNames(const std::vector<FileToAttach>& files) {
  if (files.size() > kAttachmentsMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("a record carries at most ", kAttachmentsMax, " files"));
  }
  for (const FileToAttach& file : files) {
    if (CheckFileName(NameIn(file.path)).ok()) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(file.path,
                     ": such a name cannot be sent; name a file, and rename it "
                     "if its name is too long or has backslashes or control "
                     "characters"));
  }
  return absl::OkStatus();
}

absl::StatusOr<RecordView> ViewWherever(const vault::VaultTxn& txn,
                                        const vault::RecordName& name) {
  const absl::StatusOr<vault::StoredRecord> stored =
      txn.records().GetRecord(name);
  if (stored.ok()) return ViewOf(txn, *stored);
  if (!absl::IsNotFound(stored.status())) return stored.status();
  CORDON_ASSIGN_OR_RETURN(const vault::OutboxRow row, txn.outbox().Get(name));
  return ViewOf(txn, row);
}

// What the record itself says of a file, if it does; an approval's files stand
// in the record that it passes on.
absl::StatusOr<AttachmentView> FileOf(const RecordView& record,
                                      const vault::BlobReference& reference) {
  const auto own = absl::c_find_if(record.attachments,
                                   [&reference](const AttachmentView& one) {
                                     return one.blob == reference.blob;
                                   });
  if (own != record.attachments.end()) return *own;
  CORDON_ASSIGN_OR_RETURN(const blob::BlobRef ref,
                          blob::BlobRef::Parse(reference.key_ref));
  return AttachmentView{.blob = reference.blob,
                        .name = reference.name,
                        .size_bytes = reference.size_bytes,
                        .digest = ref.plaintext_digest()};
}

absl::Status ListPage(const vault::VaultTxn& txn,
                      const std::vector<vault::BlobReference>& references,
                      FilesView& files) {
  RecordView record;
  for (const vault::BlobReference& reference : references) {
    if (record.id != reference.record.id) {
      CORDON_ASSIGN_OR_RETURN(record, ViewWherever(txn, reference.record));
    }
    CORDON_ASSIGN_OR_RETURN(AttachmentView file, FileOf(record, reference));
    CORDON_ASSIGN_OR_RETURN(const vault::Blob blob,
                            txn.blobs().GetBlob(reference.blob));
    files.files.push_back({.record = reference.record.id,
                           .file = std::move(file),
                           .author = absl::StrCat(record.author.organisation,
                                                  "/", record.author.user),
                           .received = record.received,
                           .here = blob.state == vault::BlobState::kCached ||
                                   blob.state == vault::BlobState::kUploading});
  }
  return absl::OkStatus();
}

}  // namespace

Task<absl::Status> Transfers::Forget(std::vector<BlobId> files) {
  for (const BlobId file : files) {
    const absl::StatusOr<Unit> erased = co_await Ask<Unit>(
        [&](Done<Unit> done) { parts_.files->Erase(file, std::move(done)); });
    if (!erased.ok()) co_return erased.status();
  }
  co_return absl::OkStatus();
}

Task<absl::StatusOr<std::vector<Attachment>>> Transfers::Attach(
    std::vector<FileToAttach> files, uint64_t command) {
  const absl::Status named = CheckNames(files);
  if (!named.ok()) co_return named;
  uint64_t total = 0;
  for (const FileToAttach& file : files) {
    const absl::StatusOr<uint64_t> size =
        co_await Ask<uint64_t>([&](Done<uint64_t> done) {
          parts_.files->Check(file.path, kFileBytesMax, std::move(done));
        });
    if (!size.ok()) co_return size.status();
    total += *size;
  }
  std::vector<Attachment> sealed;
  std::vector<BlobId> blobs;
  uint64_t before = 0;
  for (FileToAttach& file : files) {
    FileProgress tell = [events = parts_.events, command, before, total](
                            uint64_t done, uint64_t /*of_this*/) {
      events->Emit(Progress{.command = command,
                            .stage = Stage::kSealingFile,
                            .done = before + done,
                            .total = total});
    };
    absl::StatusOr<SealedFile> one =
        co_await Ask<SealedFile>([&](Done<SealedFile> done) {
          parts_.files->Seal(file.path, kFileBytesMax, std::move(tell),
                             std::move(done));
        });
    if (!one.ok()) {
      // What cannot be erased now, Sweep finds.
      (co_await Forget(std::move(blobs))).IgnoreError();
      co_return one.status();
    }
    before += one->ref.plaintext_bytes();
    blobs.push_back(one->ref.id());
    sealed.push_back({.blob = std::move(one->ref),
                      .name = std::move(one->name),
                      .media_type = std::move(one->media_type),
                      .role = file.role,
                      .caption = std::move(file.caption)});
  }
  co_return sealed;
}

Task<absl::Status> Transfers::Hold(BlobId blob, RoomId room) {
  const absl::StatusOr<Unit> held = co_await Ask<Unit>([&](Done<Unit> done) {
    parts_.relay->HoldBlob(blob, room, std::move(done));
  });
  co_return held.status();
}

absl::StatusOr<FilesView> Transfers::List(const ListFiles& wanted) {
  FilesView files;
  const absl::Status read =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const vault::Room room,
                                FindRoom(txn, wanted.room));
        RecordId after;
        while (true) {
          CORDON_ASSIGN_OR_RETURN(const std::vector<vault::BlobReference> page,
                                  txn.blobs().List(room.id, after));
          if (page.empty()) return absl::OkStatus();
          CORDON_RETURN_IF_ERROR(ListPage(txn, page, files));
          after = page.back().record.id;
        }
      });
  if (!read.ok()) return read;
  absl::c_stable_sort(files.files, [](const FileView& a, const FileView& b) {
    return a.received < b.received;
  });
  return files;
}

Task<absl::Status> Transfers::Sweep() {
  const absl::StatusOr<std::vector<BlobId>> here =
      co_await Ask<std::vector<BlobId>>([&](Done<std::vector<BlobId>> done) {
        parts_.files->List(std::move(done));
      });
  if (!here.ok()) co_return here.status();
  std::vector<BlobId> unknown;
  const absl::Status read =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        for (const BlobId blob : *here) {
          const absl::StatusOr<vault::Blob> row = txn.blobs().GetBlob(blob);
          if (absl::IsNotFound(row.status())) {
            unknown.push_back(blob);
          } else if (!row.ok()) {
            return row.status();
          }
        }
        return absl::OkStatus();
      });
  if (!read.ok()) co_return read;
  co_return co_await Forget(std::move(unknown));
}

}  // namespace cordon::client
