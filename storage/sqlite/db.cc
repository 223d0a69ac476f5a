#include "storage/sqlite/db.h"

#include <fcntl.h>
#include <sqlcipher/sqlite3.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/cleanup/cleanup.h"
#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "storage/sqlite/error.h"

namespace cordon::sqlite {
namespace {

constexpr mode_t kOwnerOnly = 0600;

// SQLCipher takes a raw key, without a passphrase's derivation, as x'…'.
constexpr size_t kRawKeyChars = 2 * kKeyBytes + 3;

SecretArray<kRawKeyChars> RawKeyText(const Key& key) {
  constexpr absl::string_view kDigits = "0123456789abcdef";
  SecretArray<kRawKeyChars> text;
  const MutableByteSpan out = text.MutableSecret();
  size_t at = 0;
  out[at++] = 'x';
  out[at++] = '\'';
  for (const uint8_t byte : key.ExposeSecret()) {
    out[at++] = static_cast<uint8_t>(kDigits[byte >> 4]);
    out[at++] = static_cast<uint8_t>(kDigits[byte & 0x0f]);
  }
  out[at] = '\'';
  return text;
}

// An existing file is never opened here: closing a descriptor would drop the
// locks that this process may hold on it.
absl::Status CreateForOwner(const std::string& path) {
  const int fd =
      ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly);
  if (fd >= 0) {
    ::close(fd);
    return absl::OkStatus();
  }
  if (errno == EEXIST) return absl::OkStatus();
  if (errno == ENOSPC) {
    return absl::ResourceExhaustedError("database: the disk is full");
  }
  return absl::ErrnoToStatus(errno, "database: cannot make the file");
}

absl::Status ExpectNotEmpty(const std::string& path) {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) {
    if (errno == ENOENT) {
      return absl::NotFoundError("database: there is no such file");
    }
    return absl::ErrnoToStatus(errno, "database: cannot look at the file");
  }
  if (about.st_size == 0) {
    return absl::DataLossError("database: the file is empty");
  }
  return absl::OkStatus();
}

absl::Status PrepareFile(const DbOptions& options) {
  // A test's file layer keeps its files elsewhere.
  if (!options.file_layer.empty()) return absl::OkStatus();
  switch (options.mode) {
    case OpenMode::kMustExist:
      return ExpectNotEmpty(options.path);
    case OpenMode::kMayCreate:
      return CreateForOwner(options.path);
  }
  return absl::InternalError("database: unknown mode");
}

absl::StatusOr<sqlite3*> OpenHandle(const std::string& path, int flags,
                                    const char* file_layer) {
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle,
                      flags | SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                          SQLITE_OPEN_EXRESCODE,
                      file_layer);
  if (code != SQLITE_OK) {
    absl::Status error = ErrorFrom(handle, code, "open");
    sqlite3_close(handle);
    return error;
  }
  return handle;
}

// The first read under a wrong key fails as "not a database".
absl::Status ExplainFirstRead(const absl::Status& read) {
  switch (read.code()) {
    case absl::StatusCode::kUnauthenticated:
      return absl::UnauthenticatedError(
          "database: the key is wrong, or this is not a database of cordon");
    case absl::StatusCode::kFailedPrecondition:
      return absl::FailedPreconditionError(
          "database: another program is using it");
    default:
      return read;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Db>> Db::Open(const DbOptions& options,
                                             const Key& key) {
  CORDON_RETURN_IF_ERROR(PrepareFile(options));
  const bool may_create =
      options.mode == OpenMode::kMayCreate || !options.file_layer.empty();
  CORDON_ASSIGN_OR_RETURN(
      sqlite3 * handle,
      OpenHandle(
          options.path, may_create ? SQLITE_OPEN_CREATE : 0,
          options.file_layer.empty() ? nullptr : options.file_layer.c_str()));
  auto db = absl::WrapUnique(new Db(handle));
  CORDON_RETURN_IF_ERROR(db->SetKey(key));
  CORDON_RETURN_IF_ERROR(db->ConfigureFile());
  CORDON_RETURN_IF_ERROR(db->ConfigureCommon());
  return db;
}

absl::StatusOr<std::unique_ptr<Db>> Db::OpenInMemory() {
  CORDON_ASSIGN_OR_RETURN(sqlite3 * handle, OpenHandle(":memory:", 0, nullptr));
  auto db = absl::WrapUnique(new Db(handle));
  CORDON_RETURN_IF_ERROR(db->ConfigureCommon());
  return db;
}

Db::~Db() {
  CORDON_CHECK(!in_transaction_);
  // Busy means that a statement outlives its database.
  CORDON_CHECK(sqlite3_close(handle_) == SQLITE_OK);
}

absl::Status Db::SetKey(const Key& key) {
  CORDON_ASSIGN_OR_RETURN(const std::string version,
                          ReadText("PRAGMA cipher_version"));
  if (version.empty()) {
    return absl::InternalError("database: the library does not encrypt");
  }
  const SecretArray<kRawKeyChars> text = RawKeyText(key);
  const int code = sqlite3_key_v2(handle_, "main", text.ExposeSecret().data(),
                                  static_cast<int>(text.ExposeSecret().size()));
  if (code != SQLITE_OK) return ErrorFrom(handle_, code, "set the key");
  // It would print to stderr what our own errors say. The first key of a
  // process sets the level, so this comes after.
  return ReadText("PRAGMA cipher_log_level = NONE").status();
}

absl::Status Db::ConfigureFile() {
  // Exclusive before the first access: then the log's index lives in our own
  // memory, and the lock is held from that access until close.
  CORDON_RETURN_IF_ERROR(ExpectPragma("PRAGMA cipher_page_size = 4096",
                                      "PRAGMA cipher_page_size", "4096"));
  CORDON_RETURN_IF_ERROR(ExpectPragma("PRAGMA locking_mode = EXCLUSIVE",
                                      "PRAGMA locking_mode", "exclusive"));
  CORDON_RETURN_IF_ERROR(ExplainFirstRead(
      ReadNumber("SELECT count(*) FROM sqlite_schema").status()));
  // A new file is changed to WAL through a rollback journal. Only EXTRA syncs
  // the folder when that is removed; were it to come back after a power cut, it
  // would empty the file and with it all that the log holds.
  CORDON_RETURN_IF_ERROR(
      ExpectPragma("PRAGMA synchronous = EXTRA", "PRAGMA synchronous", "3"));
  CORDON_RETURN_IF_ERROR(ExplainFirstRead(
      ExpectPragma("PRAGMA journal_mode = WAL", "PRAGMA journal_mode", "wal")));
  // A new file takes its lock with its first write.
  return ExplainFirstRead(ExecuteScript("BEGIN EXCLUSIVE; COMMIT"));
}

absl::Status Db::ConfigureCommon() {
  CORDON_RETURN_IF_ERROR(
      ExpectPragma("PRAGMA synchronous = FULL", "PRAGMA synchronous", "2"));
  CORDON_RETURN_IF_ERROR(
      ExpectPragma("PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", "1"));
  CORDON_RETURN_IF_ERROR(
      ExpectPragma("PRAGMA secure_delete = ON", "PRAGMA secure_delete", "1"));
  CORDON_RETURN_IF_ERROR(
      ExpectPragma("PRAGMA temp_store = MEMORY", "PRAGMA temp_store", "2"));
  CORDON_RETURN_IF_ERROR(ExpectPragma("PRAGMA trusted_schema = OFF",
                                      "PRAGMA trusted_schema", "0"));
  const int code = sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1,
                                     static_cast<int*>(nullptr));
  if (code != SQLITE_OK) return ErrorFrom(handle_, code, "configure");
  return absl::OkStatus();
}

absl::Status Db::ExpectPragma(absl::string_view set, absl::string_view read,
                              absl::string_view expected) {
  CORDON_RETURN_IF_ERROR(ExecuteScript(set));
  CORDON_ASSIGN_OR_RETURN(const std::string found, ReadText(read));
  if (found != expected) {
    return absl::InternalError(
        absl::StrCat("database: ", read, " is '", found, "'"));
  }
  return absl::OkStatus();
}

absl::Status Db::ExecuteScript(absl::string_view sql) {
  const std::string terminated(sql);
  const int code =
      sqlite3_exec(handle_, terminated.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return NoteError(ErrorFrom(handle_, code, "script"));
  return absl::OkStatus();
}

absl::StatusOr<std::string> Db::ReadText(absl::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  int code = sqlite3_prepare_v2(
      handle_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) return ErrorFrom(handle_, code, "prepare");
  const absl::Cleanup finalize = [statement] { sqlite3_finalize(statement); };
  code = sqlite3_step(statement);
  if (code == SQLITE_DONE) return std::string();
  if (code != SQLITE_ROW) return ErrorFrom(handle_, code, "read");
  const unsigned char* text = sqlite3_column_text(statement, 0);
  const int size = sqlite3_column_bytes(statement, 0);
  return std::string(reinterpret_cast<const char*>(text),
                     text != nullptr ? static_cast<size_t>(size) : 0);
}

absl::StatusOr<int64_t> Db::ReadNumber(absl::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  int code = sqlite3_prepare_v2(
      handle_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) return ErrorFrom(handle_, code, "prepare");
  const absl::Cleanup finalize = [statement] { sqlite3_finalize(statement); };
  code = sqlite3_step(statement);
  if (code == SQLITE_DONE) return absl::NotFoundError("database: no row");
  if (code != SQLITE_ROW) return ErrorFrom(handle_, code, "read");
  return int64_t{sqlite3_column_int64(statement, 0)};
}

absl::Status Db::SetDurability(Durability durability) {
  if (durability == durability_) return absl::OkStatus();
  switch (durability) {
    case Durability::kFull:
      CORDON_RETURN_IF_ERROR(ExecuteScript("PRAGMA synchronous = FULL"));
      break;
    case Durability::kNormal:
      CORDON_RETURN_IF_ERROR(ExecuteScript("PRAGMA synchronous = NORMAL"));
      break;
  }
  durability_ = durability;
  return absl::OkStatus();
}

absl::Status Db::NoteError(absl::Status error) {
  if (in_transaction_ && lost_by_.ok() &&
      sqlite3_get_autocommit(handle_) != 0) {
    lost_by_ = error;
  }
  return error;
}

absl::Status Db::Gone() const {
  if (!lost_by_.ok()) return lost_by_;
  return absl::FailedPreconditionError(
      "database: the transaction was rolled back after an earlier failure");
}

absl::Status Db::Checkpoint() {
  return ExecuteScript("PRAGMA wal_checkpoint(TRUNCATE)");
}

absl::Status Db::CheckIntegrity() {
  CORDON_RETURN_IF_ERROR(Checkpoint());
  // Each of these gives no row, or 'ok', when all is well.
  for (const absl::string_view check :
       {"PRAGMA cipher_integrity_check", "PRAGMA integrity_check(1)",
        "PRAGMA foreign_key_check"}) {
    CORDON_ASSIGN_OR_RETURN(const std::string found, ReadText(check));
    if (!found.empty() && found != "ok") {
      return absl::DataLossError(absl::StrCat("database: ", found));
    }
  }
  return absl::OkStatus();
}

}  // namespace cordon::sqlite
