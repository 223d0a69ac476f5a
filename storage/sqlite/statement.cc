#include "storage/sqlite/statement.h"

#include <sqlcipher/sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/error.h"

namespace cordon::sqlite {
namespace {

// A null pointer would be bound as NULL; an empty value is not NULL.
constexpr char kEmpty[] = "";

absl::Status WrongType() {
  return absl::DataLossError("database: a column of another type");
}

}  // namespace

absl::StatusOr<Statement> Statement::Prepare(Db* db, absl::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const char* rest = nullptr;
  const int code =
      sqlite3_prepare_v3(db->handle_, sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &raw, &rest);
  if (code != SQLITE_OK) return ErrorFrom(db->handle_, code, "prepare");
  Statement statement(db, raw);
  const absl::string_view tail =
      sql.substr(static_cast<size_t>(rest - sql.data()));
  if (raw == nullptr || tail.find_first_not_of(" \n\t;") != tail.npos) {
    return absl::InternalError("database: not exactly one statement");
  }
  return statement;
}

Statement::Statement(Statement&& other) noexcept
    : db_(other.db_), raw_(std::exchange(other.raw_, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(db_, other.db_);
  std::swap(raw_, other.raw_);
  return *this;
}

Statement::~Statement() {
  sqlite3_finalize(raw_);
}

Statement Preparer::operator()(absl::string_view sql) {
  absl::StatusOr<Statement> statement = Statement::Prepare(db_, sql);
  if (statement.ok()) return *std::move(statement);
  status_.Update(statement.status());
  return Statement(db_, nullptr);
}

Run::~Run() {
  sqlite3_reset(raw_);
  sqlite3_clear_bindings(raw_);
}

int Run::IndexOf(const char* name) {
  CORDON_CHECK(!stepped_);
  const int index =
      sqlite3_bind_parameter_index(raw_, absl::StrCat(":", name).c_str());
  CORDON_CHECK(index > 0);
  ++bound_;
  return index;
}

void Run::Note(int code) {
  if (code == SQLITE_OK || !bind_status_.ok()) return;
  bind_status_ = ErrorFrom(sqlite3_db_handle(raw_), code, "bind");
}

Run& Run::Bind(const char* name, ByteSpan bytes) {
  const void* data =
      bytes.empty() ? static_cast<const void*>(kEmpty) : bytes.data();
  Note(sqlite3_bind_blob64(raw_, IndexOf(name), data, bytes.size(),
                           SQLITE_STATIC));
  return *this;
}

Run& Run::Bind(const char* name, absl::string_view text) {
  const char* data = text.empty() ? kEmpty : text.data();
  Note(sqlite3_bind_text64(raw_, IndexOf(name), data, text.size(),
                           SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

Run& Run::Bind(const char* name, const SecretBytes& secret) {
  return Bind(name, secret.ExposeSecret());
}

Run& Run::Bind(const char* name, absl::Time time) {
  return BindSigned(name, absl::ToUnixMillis(time));
}

Run& Run::BindSigned(const char* name, int64_t number) {
  Note(sqlite3_bind_int64(raw_, IndexOf(name), number));
  return *this;
}

Run& Run::BindUnsigned(const char* name, uint64_t number) {
  if (number > uint64_t{std::numeric_limits<int64_t>::max()}) {
    bind_status_.Update(
        absl::InvalidArgumentError("database: a number beyond 63 bits"));
    number = 0;
  }
  return BindSigned(name, static_cast<int64_t>(number));
}

absl::Status Run::CheckFirstStep() const {
  CORDON_CHECK(bound_ == sqlite3_bind_parameter_count(raw_));
  CORDON_RETURN_IF_ERROR(bind_status_);
  // SQLite gives a transaction up after some failures. A write that came next
  // would then be committed alone.
  if (sqlite3_stmt_readonly(raw_) == 0 &&
      sqlite3_get_autocommit(sqlite3_db_handle(raw_)) != 0) {
    if (db_->in_transaction_) return db_->Gone();
    return absl::FailedPreconditionError(
        "database: a write needs a transaction, and none is open");
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Run::Step() {
  if (!stepped_) {
    CORDON_RETURN_IF_ERROR(CheckFirstStep());
    stepped_ = true;
  }
  const int code = sqlite3_step(raw_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return db_->NoteError(ErrorFrom(sqlite3_db_handle(raw_), code, "step"));
}

absl::Status Run::Finish() {
  CORDON_ASSIGN_OR_RETURN(const bool row, Step());
  CORDON_CHECK(!row);
  return absl::OkStatus();
}

int64_t Run::Changes() const {
  return sqlite3_changes64(sqlite3_db_handle(raw_));
}

absl::Status Run::CheckColumns(size_t wanted) const {
  // Zero columns of data: there is no row to read.
  if (sqlite3_data_count(raw_) == static_cast<int>(wanted)) {
    return absl::OkStatus();
  }
  return absl::InternalError("database: another number of columns");
}

absl::StatusOr<ByteSpan> Run::BlobAt(int column) const {
  if (sqlite3_column_type(raw_, column) != SQLITE_BLOB) return WrongType();
  const void* data = sqlite3_column_blob(raw_, column);
  const int size = sqlite3_column_bytes(raw_, column);
  return ByteSpan(static_cast<const uint8_t*>(data), static_cast<size_t>(size));
}

absl::Status Run::ReadColumn(int column, int64_t& out) const {
  if (sqlite3_column_type(raw_, column) != SQLITE_INTEGER) return WrongType();
  out = sqlite3_column_int64(raw_, column);
  return absl::OkStatus();
}

absl::Status Run::ReadUpTo(int column, uint64_t max, uint64_t& out) const {
  int64_t number = 0;
  CORDON_RETURN_IF_ERROR(ReadColumn(column, number));
  if (number < 0 || static_cast<uint64_t>(number) > max) {
    return absl::DataLossError("database: a number out of its range");
  }
  out = static_cast<uint64_t>(number);
  return absl::OkStatus();
}

absl::Status Run::ReadColumn(int column, uint64_t& out) const {
  return ReadUpTo(column, std::numeric_limits<uint64_t>::max(), out);
}

absl::Status Run::ReadColumn(int column, uint32_t& out) const {
  uint64_t number = 0;
  CORDON_RETURN_IF_ERROR(
      ReadUpTo(column, std::numeric_limits<uint32_t>::max(), number));
  out = static_cast<uint32_t>(number);
  return absl::OkStatus();
}

absl::Status Run::ReadColumn(int column, uint8_t& out) const {
  uint64_t number = 0;
  CORDON_RETURN_IF_ERROR(
      ReadUpTo(column, std::numeric_limits<uint8_t>::max(), number));
  out = static_cast<uint8_t>(number);
  return absl::OkStatus();
}

absl::Status Run::ReadColumn(int column, bool& out) const {
  uint64_t number = 0;
  CORDON_RETURN_IF_ERROR(ReadUpTo(column, 1, number));
  out = number == 1;
  return absl::OkStatus();
}

absl::Status Run::ReadColumn(int column, absl::Time& out) const {
  int64_t number = 0;
  CORDON_RETURN_IF_ERROR(ReadColumn(column, number));
  out = absl::FromUnixMillis(number);
  return absl::OkStatus();
}

absl::Status Run::ReadColumn(int column, std::string& out) const {
  if (sqlite3_column_type(raw_, column) != SQLITE_TEXT) return WrongType();
  const unsigned char* data = sqlite3_column_text(raw_, column);
  const int size = sqlite3_column_bytes(raw_, column);
  out.assign(reinterpret_cast<const char*>(data), static_cast<size_t>(size));
  return absl::OkStatus();
}

absl::Status Run::ReadColumn(int column, Bytes& out) const {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan blob, BlobAt(column));
  out.assign(blob.begin(), blob.end());
  return absl::OkStatus();
}

absl::Status Run::ReadColumn(int column, SecretBytes& out) const {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan blob, BlobAt(column));
  out = SecretBytes::Copy(blob);
  return absl::OkStatus();
}

}  // namespace cordon::sqlite
