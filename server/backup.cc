#include "server/backup.h"

#include <sys/stat.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/prim/hash.h"
#include "server/config.h"
#include "server/control.h"
#include "server/data_folder.h"
#include "server/file_copy.h"
#include "storage/relay/blob_store.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/backup.h"
#include "storage/sqlite/db.h"

namespace cordon::server {
namespace {

constexpr int kPagesAtOnce = 4096;
constexpr size_t kBlobsAtOnce = 1000;
constexpr mode_t kOwnerOnly = 0700;
constexpr absl::string_view kDatabase = "relay.db";
constexpr absl::string_view kBlobs = "blobs";
constexpr absl::string_view kKey = "database.key";

bool Exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

absl::Status MakeNewFolder(const std::string& path) {
  if (mkdir(path.c_str(), kOwnerOnly) == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("cannot make the folder ", path,
                   "; nothing is overwritten, and the path above it must be "
                   "there and writable"));
}

std::string In(const std::string& folder, absl::string_view name) {
  return absl::StrCat(folder, "/", name);
}

// ---- backup -----------------------------------------------------------------

absl::Status CopyStopped(const DataFolder& data, const std::string& to) {
  CORDON_ASSIGN_OR_RETURN(const sqlite::Key key, ReadDatabaseKey(data));
  CORDON_ASSIGN_OR_RETURN(const std::unique_ptr<sqlite::Db> db,
                          OpenDatabase(data, sqlite::OpenMode::kMustExist));
  CORDON_ASSIGN_OR_RETURN(const std::unique_ptr<sqlite::Backup> backup,
                          sqlite::Backup::Begin(db.get(), to, key));
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool done, backup->CopyPages(kPagesAtOnce));
    if (done) return absl::OkStatus();
  }
}

// CopyBlobs copies what the rows in `database` know, and checks that it is
// what they say.
absl::Status CopyBlobs(const DataFolder& data, const std::string& folder,
                       std::vector<Sum>& sums, Telling tell) {
  CORDON_ASSIGN_OR_RETURN(const sqlite::Key key, ReadDatabaseKey(data));
  CORDON_ASSIGN_OR_RETURN(
      const std::unique_ptr<sqlite::Db> db,
      sqlite::Db::Open({.path = In(folder, kDatabase)}, key));
  CORDON_ASSIGN_OR_RETURN(relay::Stores stores, relay::OpenStores(db.get()));
  BlobId after;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const std::vector<relay::Blob> blobs,
                            stores.blobs.ListComplete(after, kBlobsAtOnce));
    if (blobs.empty()) return absl::OkStatus();
    for (const relay::Blob& blob : blobs) {
      after = blob.blob;
      const std::string id = ToHex(blob.blob.span());
      Sum sum{.name = absl::StrCat(kBlobs, "/", id)};
      tell(absl::StrCat("copying file ", sums.size() + 1));
      CORDON_ASSIGN_OR_RETURN(
          sum.digest, CopyFile(In(BlobsPath(data), id), In(folder, sum.name)));
      if (!Equal(sum.digest, blob.hash.span())) {
        return absl::DataLossError(
            absl::StrCat(In(BlobsPath(data), id),
                         " is damaged; restore it, or end the disk's"
                         " fault, before the next backup"));
      }
      sums.push_back(std::move(sum));
    }
  }
}

absl::Status FillBackup(const BackupCommand& command, const std::string& folder,
                        Telling tell) {
  CORDON_RETURN_IF_ERROR(MakeNewFolder(In(folder, kBlobs)));
  const std::string database = In(folder, kDatabase);
  tell("copying the database");
  // There until the files are copied; nothing is swept meanwhile.
  absl::StatusOr<HeldSnapshot> held = RequestSnapshot(command.data);
  if (held.ok()) {
    CORDON_RETURN_IF_ERROR(CopyFile(held->path, database).status());
  } else if (absl::IsNotFound(held.status())) {
    CORDON_RETURN_IF_ERROR(CopyStopped(command.data, database));
  } else {
    return held.status();
  }
  std::vector<Sum> sums;
  CORDON_RETURN_IF_ERROR(CopyBlobs(command.data, folder, sums, tell));
  CORDON_ASSIGN_OR_RETURN(const Digest digest, DigestOf(database));
  sums.push_back({.name = std::string(kDatabase), .digest = digest});
  if (command.with_key) {
    CORDON_RETURN_IF_ERROR(
        CopyFile(KeyPath(command.data), In(folder, kKey)).status());
  }
  CORDON_RETURN_IF_ERROR(SyncNames(In(folder, kBlobs)));
  CORDON_RETURN_IF_ERROR(WriteSums(folder, sums));
  return SyncNames(folder);
}

// ---- restore ----------------------------------------------------------------

// A name in the list may not lead out of the folder.
bool IsOurs(absl::string_view name) {
  if (name == kDatabase) return true;
  return absl::StartsWith(name, absl::StrCat(kBlobs, "/")) &&
         FromHex(name.substr(kBlobs.size() + 1)).ok();
}

absl::Status CopyChecked(const RestoreCommand& command, const std::string& into,
                         Telling tell) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<Sum> sums, ReadSums(command.from));
  size_t copied = 0;
  for (const Sum& sum : sums) {
    const std::string from = In(command.from, sum.name);
    tell(absl::StrCat("copying file ", ++copied, " of ", sums.size()));
    if (!IsOurs(sum.name)) {
      return absl::DataLossError(
          absl::StrCat(command.from, " lists what is no part of a backup"));
    }
    CORDON_ASSIGN_OR_RETURN(const Digest digest,
                            CopyFile(from, In(into, sum.name)));
    if (digest != sum.digest) {
      return absl::DataLossError(absl::StrCat(
          from, " is not as it was backed up; take another backup"));
    }
  }
  if (Exists(In(into, kDatabase))) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(command.from, " holds no database; it is no backup"));
}

absl::Status CheckDatabase(const RestoreCommand& command,
                           const std::string& into) {
  CORDON_ASSIGN_OR_RETURN(const sqlite::Key key, ReadDatabaseKey(command.data));
  absl::StatusOr<std::unique_ptr<sqlite::Db>> db =
      sqlite::Db::Open({.path = In(into, kDatabase)}, key);
  if (absl::IsUnauthenticated(db.status())) {
    return absl::UnauthenticatedError(
        absl::StrCat("the key in ", KeyPath(command.data),
                     " is not the one of this backup; give its --key-file"));
  }
  CORDON_RETURN_IF_ERROR(db.status());
  return (*db)->CheckIntegrity();
}

// FindKey puts the backup's own key into the new folder if no other is given.
absl::Status FindKey(const RestoreCommand& command) {
  const std::string key = KeyPath(command.data);
  if (Exists(key)) return absl::OkStatus();
  const std::string own = In(command.from, kKey);
  if (!command.data.key_file.empty() || !Exists(own)) {
    return absl::NotFoundError(absl::StrCat(
        "there is no key in ", key,
        "; put the relay's database key there, or give --key-file"));
  }
  return CopyFile(own, key).status();
}

// Fill makes the new folder's content in `part`, beside it in the same place.
absl::Status FillRelay(const RestoreCommand& command, const std::string& part,
                       Telling tell) {
  CORDON_RETURN_IF_ERROR(MakeNewFolder(In(part, kBlobs)));
  CORDON_RETURN_IF_ERROR(CopyChecked(command, part, tell));
  tell("checking every page of the database");
  CORDON_RETURN_IF_ERROR(CheckDatabase(command, part));
  CORDON_RETURN_IF_ERROR(SyncNames(In(part, kBlobs)));
  return SyncNames(part);
}

absl::Status Move(const std::string& from, const std::string& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot move ", from, " to ", to));
}

void RemoveAll(const std::string& folder) {
  std::error_code ignored;  // What is left is named as ours.
  std::filesystem::remove_all(folder, ignored);
}

}  // namespace

absl::Status BackUp(const BackupCommand& command, Telling tell) {
  if (Exists(command.to)) {
    return absl::AlreadyExistsError(absl::StrCat(
        command.to, " exists already; a backup overwrites nothing"));
  }
  const std::string part = absl::StrCat(command.to, ".part");
  CORDON_RETURN_IF_ERROR(MakeNewFolder(part));
  absl::Status filled = FillBackup(command, part, tell);
  if (filled.ok()) filled = Move(part, command.to);
  if (!filled.ok()) RemoveAll(part);
  return filled;
}

absl::Status Restore(const RestoreCommand& command, Telling tell) {
  const std::string& path = command.data.path;
  if (!Exists(In(command.from, kSumsName))) {
    return absl::NotFoundError(
        absl::StrCat(command.from, " is no backup: it has no ", kSumsName));
  }
  if (Exists(DatabasePath(command.data)) || Exists(BlobsPath(command.data))) {
    return absl::AlreadyExistsError(
        absl::StrCat(path, " is a relay's already; choose another --data"));
  }
  std::error_code error;
  std::filesystem::create_directory(path, error);
  std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
  CORDON_RETURN_IF_ERROR(FindKey(command));
  const std::string part = In(path, "restore.part");
  RemoveAll(part);
  CORDON_RETURN_IF_ERROR(MakeNewFolder(part));
  const absl::Cleanup remove_part = [&part] { RemoveAll(part); };
  CORDON_RETURN_IF_ERROR(FillRelay(command, part, tell));
  CORDON_RETURN_IF_ERROR(Move(In(part, kBlobs), BlobsPath(command.data)));
  // The database last: with it there is a relay.
  CORDON_RETURN_IF_ERROR(Move(In(part, kDatabase), DatabasePath(command.data)));
  return SyncNames(path);
}

}  // namespace cordon::server
