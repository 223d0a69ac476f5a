#include "storage/sqlite/migrate.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "crypto/base/status.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/statement.h"
#include "storage/sqlite/transaction.h"

namespace cordon::sqlite {
namespace {

absl::Status CheckKind(Db* db, const Schema& schema, int64_t version) {
  CORDON_ASSIGN_OR_RETURN(const int64_t kind,
                          db->ReadNumber("PRAGMA application_id"));
  const bool fresh = kind == 0 && version == 0;
  if (!fresh && kind != schema.application_id) {
    return absl::FailedPreconditionError(
        absl::StrCat("database: this file is not a ", schema.what));
  }
  return absl::OkStatus();
}

absl::Status TakeStep(Db* db, const Schema& schema, size_t index) {
  CORDON_ASSIGN_OR_RETURN(Transaction txn, Transaction::Begin(db));
  CORDON_RETURN_IF_ERROR(db->ExecuteScript(schema.migrations[index].sql));
  // Pragmas take no bound values; both numbers are this program's own.
  CORDON_RETURN_IF_ERROR(db->ExecuteScript(
      absl::StrCat("PRAGMA application_id = ", schema.application_id,
                   "; PRAGMA user_version = ", index + 1)));
  return txn.Commit();
}

}  // namespace

absl::Status Migrate(Db* db, const Schema& schema) {
  CORDON_ASSIGN_OR_RETURN(const int64_t version,
                          db->ReadNumber("PRAGMA user_version"));
  CORDON_RETURN_IF_ERROR(CheckKind(db, schema, version));
  const auto known = static_cast<int64_t>(schema.migrations.size());
  if (version < 0 || version > known) {
    return absl::FailedPreconditionError(absl::StrCat(
        "database: this ", schema.what, " was written by a newer program (its ",
        "schema is ", version, ", this program knows ", known,
        "); use the newer program"));
  }
  for (int64_t step = version; step < known; ++step) {
    CORDON_RETURN_IF_ERROR(TakeStep(db, schema, static_cast<size_t>(step)));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> DumpSchema(Db* db) {
  CORDON_ASSIGN_OR_RETURN(Statement read, Statement::Prepare(db, R"sql(
SELECT sql
  FROM sqlite_schema
 WHERE sql IS NOT NULL
   AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
 ORDER BY tbl_name, type DESC, name
)sql"));
  std::string dump;
  Run run = read.Start();
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return dump;
    std::string sql;
    CORDON_RETURN_IF_ERROR(run.Read(sql));
    absl::StrAppend(&dump, sql, ";\n\n");
  }
}

}  // namespace cordon::sqlite
