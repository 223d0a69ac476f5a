#include "client/core/downloads.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/core/command/record.h"
#include "client/core/content.h"
#include "client/core/event.h"
#include "client/core/file_lane.h"
#include "client/core/parts.h"
#include "client/core/record_reader.h"
#include "client/core/relay.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/core/timers.h"
#include "client/core/view/record.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/blob/blob_ref.h"
#include "crypto/prim/hash.h"
#include "storage/vault/blob_store.h"
#include "storage/vault/record_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

using References = std::vector<vault::BlobReference>;

bool IsAway(const absl::Status& answer) {
  return absl::IsUnavailable(answer) || absl::IsDeadlineExceeded(answer) ||
         absl::IsCancelled(answer);
}

absl::StatusOr<References> ReferencesOfFile(const vault::VaultTxn& txn,
                                            const std::string& digits,
                                            const absl::Status& no_record) {
  const absl::StatusOr<std::vector<BlobId>> blobs =
      txn.blobs().FindByIdPrefix(digits);
  if (absl::IsInvalidArgument(blobs.status())) return no_record;
  CORDON_RETURN_IF_ERROR(blobs.status());
  if (blobs->empty()) return no_record;
  if (blobs->size() > 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        "several files' ids begin with ", digits, "; give more digits"));
  }
  CORDON_ASSIGN_OR_RETURN(References references,
                          txn.blobs().ReferencesTo(blobs->front()));
  // Whoever names it, it is one file.
  if (references.size() > 1) {
    references.erase(references.begin() + 1, references.end());
  }
  return references;
}

absl::StatusOr<References> FindReferences(const vault::VaultTxn& txn,
                                          const GetFiles& wanted) {
  const absl::StatusOr<vault::RecordName> record =
      FindRecord(txn, wanted.record);
  if (absl::IsNotFound(record.status())) {
    return ReferencesOfFile(txn, wanted.record, record.status());
  }
  CORDON_RETURN_IF_ERROR(record.status());
  CORDON_ASSIGN_OR_RETURN(const References all,
                          txn.blobs().ReferencesIn(*record));
  if (all.empty()) return absl::NotFoundError("this record has no files");
  References named;
  std::vector<std::string> names;
  for (const vault::BlobReference& one : all) {
    names.push_back(one.name);
    if (!wanted.name.empty() && one.name != wanted.name) continue;
    named.push_back({.record = one.record,
                     .blob = one.blob,
                     .name = one.name,
                     .size_bytes = one.size_bytes,
                     .key_ref = one.key_ref.CloneSecret()});
  }
  if (!named.empty()) return named;
  return absl::NotFoundError(absl::StrCat("this record has no file named ",
                                          wanted.name, "; it has ",
                                          absl::StrJoin(names, ", ")));
}

// "photo.jpg", "photo (2).jpg", …: the first that is not `taken` yet.
std::string FreeName(const std::string& name,
                     const std::set<std::string>& taken) {
  if (!taken.contains(name)) return name;
  const size_t dot = name.find_last_of('.');
  const size_t stem = dot == std::string::npos || dot == 0 ? name.size() : dot;
  for (size_t number = 2;; ++number) {
    std::string next =
        absl::StrCat(absl::string_view(name).substr(0, stem), " (", number, ")",
                     absl::string_view(name).substr(stem));
    if (!taken.contains(next)) return next;
  }
}

}  // namespace

class Downloads::Turn {
 public:
  Turn(Downloads* downloads, BlobId blob) : downloads_(downloads), blob_(blob) {
    downloads_->fetching_.try_emplace(blob_);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() { downloads_->fetching_.erase(blob_); }

  std::vector<Done<Unit>> TakeWaiting() {
    return std::exchange(downloads_->fetching_.at(blob_), {});
  }

 private:
  Downloads* const downloads_;
  const BlobId blob_;
};

Task<absl::StatusOr<FilesWritten>> Downloads::Get(GetFiles wanted,
                                                  uint64_t command) {
  if (wanted.folder.empty()) {
    co_return absl::InvalidArgumentError("say which folder to write into");
  }
  const absl::StatusOr<std::vector<Wanted>> files = Resolve(wanted);
  if (!files.ok()) co_return files.status();
  Meter meter{.command = command};
  for (const Wanted& file : *files) {
    meter.total_bytes += file.ref.ciphertext_bytes();
  }
  FilesWritten all;
  for (const Wanted& file : *files) {
    absl::StatusOr<WrittenFile> written =
        co_await GetOne(&file, wanted.folder, &meter);
    if (!written.ok()) co_return written.status();
    all.files.push_back({.path = std::move(written->path),
                         .size_bytes = written->size_bytes,
                         .digest = written->digest});
    meter.before_bytes += file.ref.ciphertext_bytes();
  }
  co_return all;
}

absl::StatusOr<std::vector<Downloads::Wanted>> Downloads::Resolve(
    const GetFiles& wanted) const {
  std::vector<Wanted> files;
  const absl::Status read =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const References references,
                                FindReferences(txn, wanted));
        std::set<std::string> taken;
        for (const vault::BlobReference& one : references) {
          CORDON_RETURN_IF_ERROR(CheckFileName(one.name));
          CORDON_ASSIGN_OR_RETURN(blob::BlobRef ref,
                                  blob::BlobRef::Parse(one.key_ref));
          const std::string name = FreeName(one.name, taken);
          taken.insert(name);
          files.push_back({.ref = std::move(ref), .name = name});
        }
        return absl::OkStatus();
      });
  if (!read.ok()) return read;
  return files;
}

Task<absl::StatusOr<WrittenFile>> Downloads::GetOne(const Wanted* file,
                                                    std::string folder,
                                                    const Meter* meter) {
  bool again = false;
  while (true) {
    const absl::StatusOr<bool> fresh = co_await Fetch(&file->ref, meter);
    if (absl::IsNotFound(fresh.status())) {
      co_return absl::NotFoundError(
          absl::StrCat(file->name,
                       " is no longer at the relay, or in no room of this "
                       "device; ask its author to send it again"));
    }
    if (!fresh.ok()) co_return fresh.status();
    absl::StatusOr<WrittenFile> written =
        co_await Open(file, folder, meter->command);
    if (!absl::IsDataLoss(written.status())) co_return written;
    const absl::StatusOr<vault::BlobState> state = StateOf(file->ref.id());
    if (!state.ok()) co_return state.status();
    // Our own, not at the relay yet: there is no other copy.
    if (*state == vault::BlobState::kUploading) co_return written;
    const absl::Status dropped = co_await Drop(file->ref.id());
    if (!dropped.ok()) co_return dropped;
    if (*fresh || again) co_return written;
    again = true;
  }
}

Task<absl::StatusOr<bool>> Downloads::Fetch(const blob::BlobRef* ref,
                                            const Meter* meter) {
  while (fetching_.contains(ref->id())) {
    const absl::StatusOr<Unit> ended =
        co_await Ask<Unit>([this, ref](Done<Unit> done) {
          fetching_.at(ref->id()).push_back(std::move(done));
        });
    if (!ended.ok()) co_return ended.status();
  }
  absl::StatusOr<bool> fetched = absl::UnknownError("");
  std::vector<Done<Unit>> waiting;
  {
    Turn turn(this, ref->id());
    fetched = co_await FetchAlone(ref, meter);
    waiting = turn.TakeWaiting();
  }
  for (Done<Unit>& done : waiting) std::move(done)(Unit{});
  co_return fetched;
}

Task<absl::StatusOr<bool>> Downloads::FetchAlone(const blob::BlobRef* ref,
                                                 const Meter* meter) {
  const BlobId id = ref->id();
  const uint64_t size_bytes = ref->ciphertext_bytes();
  const absl::StatusOr<vault::BlobState> state = StateOf(id);
  if (!state.ok()) co_return state.status();
  const absl::StatusOr<uint64_t> here = co_await Ask<uint64_t>(
      [&](Done<uint64_t> done) { parts_.files->Size(id, std::move(done)); });
  if (!here.ok()) co_return here.status();
  const bool own = *state == vault::BlobState::kUploading;
  const bool whole = *state == vault::BlobState::kCached || own;
  if (own || (whole && *here == size_bytes)) co_return false;
  uint64_t offset = *here;
  if (whole || offset > size_bytes) {
    const absl::Status dropped = co_await Drop(id);
    if (!dropped.ok()) co_return dropped;
    offset = 0;
  }
  const bool fresh = offset == 0;
  const absl::Status begun =
      SetState(*ref, vault::BlobState::kDownloading, offset);
  if (!begun.ok()) co_return begun;
  const absl::Status fetched = co_await Download(ref, &offset, meter);
  if (absl::IsDataLoss(fetched)) {
    const absl::Status dropped = co_await Drop(id);
    if (!dropped.ok()) co_return dropped;
  }
  if (!fetched.ok()) co_return fetched;
  const absl::StatusOr<Digest> complete =
      co_await Ask<Digest>([&](Done<Digest> done) {
        parts_.files->Complete(id, size_bytes, std::move(done));
      });
  if (!complete.ok()) co_return complete.status();
  const absl::Status kept =
      SetState(*ref, vault::BlobState::kCached, size_bytes);
  if (!kept.ok()) co_return kept;
  co_return fresh;
}

Task<absl::Status> Downloads::Download(const blob::BlobRef* ref,
                                       uint64_t* offset, const Meter* meter) {
  uint32_t tries = 0;
  while (*offset < ref->ciphertext_bytes()) {
    const uint64_t before = *offset;
    const absl::Status streamed = co_await Stream(ref, offset, meter);
    if (!IsAway(streamed)) co_return streamed;
    tries = *offset > before ? 1 : tries + 1;
    if (tries >= kFetchTriesMax) co_return streamed;
    co_await timers_->Sleep(kRetryFirst * (int64_t{1} << (tries - 1)));
  }
  co_return absl::OkStatus();
}

Task<absl::Status> Downloads::Stream(const blob::BlobRef* ref, uint64_t* offset,
                                     const Meter* meter) {
  const BlobId id = ref->id();
  const uint64_t size_bytes = ref->ciphertext_bytes();
  const std::unique_ptr<BlobDownload> stream =
      parts_.relay->GetBlob(id, *offset);
  while (true) {
    absl::StatusOr<Bytes> chunk = co_await Ask<Bytes>(
        [&](Done<Bytes> done) { stream->Read(std::move(done)); });
    if (!chunk.ok()) co_return chunk.status();
    if (chunk->empty() && *offset == size_bytes) co_return absl::OkStatus();
    if (chunk->empty() || chunk->size() > size_bytes - *offset) {
      co_return absl::DataLossError(
          absl::StrCat("what the relay has is not as long as the record says (",
                       size_bytes, " bytes); ask its author to send it again"));
    }
    const size_t more = chunk->size();
    const absl::StatusOr<Unit> kept = co_await Ask<Unit>([&](Done<Unit> done) {
      parts_.files->Append(id, *offset, *std::move(chunk), std::move(done));
    });
    if (!kept.ok()) {
      // Not the relay's: no reason to ask it again.
      co_return IsAway(kept.status())
          ? absl::InternalError(kept.status().message())
          : kept.status();
    }
    *offset += more;
    parts_.events->Emit(Progress{.command = meter->command,
                                 .stage = Stage::kFetchingFile,
                                 .done = meter->before_bytes + *offset,
                                 .total = meter->total_bytes});
  }
}

Task<absl::StatusOr<WrittenFile>> Downloads::Open(const Wanted* file,
                                                  std::string folder,
                                                  uint64_t command) {
  FileProgress tell = [events = parts_.events, command](uint64_t done,
                                                        uint64_t total) {
    events->Emit(Progress{.command = command,
                          .stage = Stage::kOpeningFile,
                          .done = done,
                          .total = total});
  };
  co_return co_await Ask<WrittenFile>([&](Done<WrittenFile> done) {
    parts_.files->Open({.ref = file->ref.CloneSecret(),
                        .folder = std::move(folder),
                        .name = file->name},
                       std::move(tell), std::move(done));
  });
}

Task<absl::Status> Downloads::Drop(BlobId blob) {
  const absl::StatusOr<Unit> erased = co_await Ask<Unit>(
      [&](Done<Unit> done) { parts_.files->Erase(blob, std::move(done)); });
  if (!erased.ok()) co_return erased.status();
  co_return parts_.vault->Update([blob](vault::VaultTxn& txn) {
    return txn.blobs().SetTransfer(blob, vault::BlobState::kRemote, 0);
  });
}

absl::StatusOr<vault::BlobState> Downloads::StateOf(BlobId blob) const {
  vault::BlobState state = vault::BlobState::kRemote;
  CORDON_RETURN_IF_ERROR(
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const vault::Blob row,
                                txn.blobs().GetBlob(blob));
        state = row.state;
        return absl::OkStatus();
      }));
  return state;
}

absl::Status Downloads::SetState(const blob::BlobRef& ref,
                                 vault::BlobState state, uint64_t offset) {
  return parts_.vault->Update([&](vault::VaultTxn& txn) -> absl::Status {
    CORDON_ASSIGN_OR_RETURN(const vault::Blob row,
                            txn.blobs().GetBlob(ref.id()));
    // The row has the length that the first record to name it gave.
    return txn.blobs().SetTransfer(ref.id(), state,
                                   std::min(offset, row.size_bytes));
  });
}

}  // namespace cordon::client
