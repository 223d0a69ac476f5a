#include "storage/sqlite/backup.h"

#include <sqlcipher/sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/check.h"
#include "crypto/base/status.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/error.h"

namespace cordon::sqlite {
namespace {

void RemoveFiles(const std::string& path) {
  for (const char* ending : {"", "-wal", "-journal"}) {
    std::error_code ignored;  // Best effort: what is left is encrypted.
    std::filesystem::remove(path + ending, ignored);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Backup>> Backup::Begin(Db* from,
                                                      const std::string& path,
                                                      const Key& key) {
  std::error_code error;
  if (std::filesystem::exists(path, error) || error) {
    return absl::AlreadyExistsError("backup: the file exists already");
  }
  absl::StatusOr<std::unique_ptr<Db>> to =
      Db::Open({.path = path, .mode = OpenMode::kMayCreate}, key);
  if (!to.ok()) {
    RemoveFiles(path);
    return to.status();
  }
  sqlite3_backup* raw =
      sqlite3_backup_init((*to)->handle_, "main", from->handle_, "main");
  auto backup = absl::WrapUnique(new Backup(path, *std::move(to), raw));
  if (raw == nullptr) {
    sqlite3* handle = backup->to_->handle_;
    return ErrorFrom(handle, sqlite3_extended_errcode(handle), "backup");
  }
  return backup;
}

Backup::Backup(std::string path, std::unique_ptr<Db> to, sqlite3_backup* raw)
    : path_(std::move(path)), to_(std::move(to)), raw_(raw) {}

Backup::~Backup() {
  if (to_ == nullptr) return;
  sqlite3_backup_finish(raw_);
  to_.reset();
  RemoveFiles(path_);
}

absl::StatusOr<bool> Backup::CopyPages(int pages) {
  CORDON_CHECK(to_ != nullptr);
  const int code = sqlite3_backup_step(raw_, pages);
  if (code == SQLITE_OK) return false;
  if (code != SQLITE_DONE) return ErrorFrom(to_->handle_, code, "backup");
  CORDON_RETURN_IF_ERROR(Close());
  return true;
}

absl::Status Backup::Close() {
  const int code = sqlite3_backup_finish(std::exchange(raw_, nullptr));
  if (code != SQLITE_OK) return ErrorFrom(to_->handle_, code, "backup");
  // One file, with nothing left in a log beside it.
  CORDON_RETURN_IF_ERROR(to_->Checkpoint());
  to_.reset();
  return absl::OkStatus();
}

}  // namespace cordon::sqlite
