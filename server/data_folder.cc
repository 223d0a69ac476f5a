#include "server/data_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <memory>
#include <string>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/status.h"
#include "server/config.h"
#include "server/file_copy.h"
#include "storage/sqlite/db.h"

namespace cordon::server {
namespace {

constexpr mode_t kOwnerOnlyFolder = 0700;
constexpr mode_t kOwnerOnlyFile = 0600;

// WriteKeyFile never replaces a key: whatever it opens would be lost.
absl::Status WriteKeyFile(const std::string& path, const sqlite::Key& key) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                        kOwnerOnlyFile);
  if (file < 0) {
    return absl::AlreadyExistsError(absl::StrCat(
        "cannot make the key file ", path,
        errno == EEXIST ? ": it exists; give another --key-file"
                        : ": check that its folder exists and is writable"));
  }
  const ByteSpan secret = key.ExposeSecret();
  const bool written = write(file, secret.data(), secret.size()) ==
                           static_cast<ssize_t>(secret.size()) &&
                       fsync(file) == 0;
  close(file);
  if (!written) {
    unlink(path.c_str());
    return absl::ResourceExhaustedError(
        absl::StrCat("cannot write the key file ", path,
                     "; if the disk is full, make room and try again"));
  }
  return absl::OkStatus();
}

}  // namespace

std::string DatabasePath(const DataFolder& data) {
  return absl::StrCat(data.path, "/relay.db");
}
std::string BlobsPath(const DataFolder& data) {
  return absl::StrCat(data.path, "/blobs");
}
std::string ControlPath(const DataFolder& data) {
  return absl::StrCat(data.path, "/control.sock");
}
std::string SnapshotPath(const DataFolder& data) {
  return absl::StrCat(data.path, "/snapshot.db");
}
std::string KeyPath(const DataFolder& data) {
  return data.key_file.empty() ? absl::StrCat(data.path, "/database.key")
                               : data.key_file;
}

absl::Status MakeFolder(const DataFolder& data, RandomSource& random) {
  if (mkdir(data.path.c_str(), kOwnerOnlyFolder) != 0 && errno != EEXIST) {
    return absl::NotFoundError(absl::StrCat(
        "cannot make the folder ", data.path, ": check the path above it"));
  }
  if (access(DatabasePath(data).c_str(), F_OK) == 0) {
    return absl::AlreadyExistsError(absl::StrCat(
        data.path, " is a relay's already; choose another --data"));
  }
  const std::string key = KeyPath(data);
  CORDON_RETURN_IF_ERROR(WriteKeyFile(key, sqlite::Key::Random(random)));
  // A relay whose key is gone after a power cut would be lost with it.
  const size_t slash = key.rfind('/');
  return SyncNames(slash == std::string::npos ? "." : key.substr(0, slash + 1));
}

void ClearFolder(const DataFolder& data) {
  for (const char* ending : {"-wal", "-journal", ""}) {
    unlink(absl::StrCat(DatabasePath(data), ending).c_str());
  }
  unlink(KeyPath(data).c_str());
}

absl::StatusOr<sqlite::Key> ReadDatabaseKey(const DataFolder& data) {
  const std::string path = KeyPath(data);
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return absl::NotFoundError(
        absl::StrCat("cannot read the key file ", path,
                     "; run `cordond init` first, or give --key-file"));
  }
  const absl::Cleanup close_file = [file] { close(file); };
  sqlite::Key key;
  const MutableByteSpan out = key.MutableSecret();
  if (read(file, out.data(), out.size()) != static_cast<ssize_t>(out.size())) {
    return absl::DataLossError(
        absl::StrCat("the key file ", path, " is not ", out.size(), " bytes"));
  }
  return key;
}

absl::StatusOr<std::unique_ptr<sqlite::Db>> OpenDatabase(
    const DataFolder& data, sqlite::OpenMode mode) {
  CORDON_ASSIGN_OR_RETURN(const sqlite::Key key, ReadDatabaseKey(data));
  absl::StatusOr<std::unique_ptr<sqlite::Db>> db =
      sqlite::Db::Open({.path = DatabasePath(data), .mode = mode}, key);
  if (absl::IsFailedPrecondition(db.status())) {
    return absl::FailedPreconditionError(absl::StrCat(
        data.path, " is in use by another cordond; stop that one first"));
  }
  return db;
}

absl::Status ExplainDatabase(const DataFolder& data,
                             const absl::Status& status) {
  if (!absl::StartsWith(status.message(), "database: ")) return status;
  switch (status.code()) {
    case absl::StatusCode::kUnauthenticated:
      return absl::DataLossError(absl::StrCat(
          DatabasePath(data), " is damaged, or ", KeyPath(data),
          " is another database's key; put the right key file back, or make a "
          "relay of a backup with cordond restore"));
    case absl::StatusCode::kDataLoss:
      return absl::DataLossError(absl::StrCat(
          DatabasePath(data),
          " is damaged; keep it, and make a relay of a backup with cordond "
          "restore (",
          status.message(), ")"));
    case absl::StatusCode::kNotFound:
      return absl::NotFoundError(absl::StrCat(
          DatabasePath(data),
          " is missing; check --data, or make a relay of a backup with cordond "
          "restore"));
    case absl::StatusCode::kResourceExhausted:
      return absl::ResourceExhaustedError(absl::StrCat(
          "the disk of ", data.path, " is full; make room and try again"));
    default:
      return status;
  }
}

}  // namespace cordon::server
