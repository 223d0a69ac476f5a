#ifndef CORDON_STORAGE_SQLITE_ERROR_H_
#define CORDON_STORAGE_SQLITE_ERROR_H_

// What SQLite's result codes mean in ours. One table, for this folder alone.
// Messages name tables and columns at most; never values.

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

struct sqlite3;

namespace cordon::sqlite {

// ErrorFrom turns an extended result code that is not OK into a Status.
// `handle` may be null when no database was made.
absl::Status ErrorFrom(sqlite3* handle, int code, absl::string_view doing);

}  // namespace cordon::sqlite

#endif  // CORDON_STORAGE_SQLITE_ERROR_H_
