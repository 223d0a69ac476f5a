#include "storage/sqlite/error.h"

#include <sqlcipher/sqlite3.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace cordon::sqlite {
namespace {

constexpr int kPrimaryCodeMask = 0xff;

absl::StatusCode ConstraintCode(int code) {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return absl::StatusCode::kAlreadyExists;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return absl::StatusCode::kFailedPrecondition;
    default:
      return absl::StatusCode::kInternal;
  }
}

absl::StatusCode CodeFrom(int code) {
  switch (code & kPrimaryCodeMask) {
    case SQLITE_CONSTRAINT:
      return ConstraintCode(code);
    case SQLITE_FULL:
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG:
      return absl::StatusCode::kResourceExhausted;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_READONLY:
      return absl::StatusCode::kFailedPrecondition;
    case SQLITE_NOTADB:
      return absl::StatusCode::kUnauthenticated;
    case SQLITE_CORRUPT:
      return absl::StatusCode::kDataLoss;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
      return absl::StatusCode::kUnavailable;
    default:
      return absl::StatusCode::kInternal;
  }
}

}  // namespace

absl::Status ErrorFrom(sqlite3* handle, int code, absl::string_view doing) {
  const char* text =
      handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
  return {CodeFrom(code),
          absl::StrCat("database: ", doing, ": ", text, " (", code, ")")};
}

}  // namespace cordon::sqlite
