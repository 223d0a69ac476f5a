#ifndef CORDON_STORAGE_SQLITE_MIGRATE_H_
#define CORDON_STORAGE_SQLITE_MIGRATE_H_

// From whatever a file holds to what this program knows, one numbered step
// after the other. Steps are schema/0001_noun.sql and so on beside the store
// that owns them, built into the program; a released step is never edited.
//
// The file says what it is: application_id names the kind of database,
// user_version the last step taken. Each step is one transaction with the
// number it leads to, so a crash leaves a database between two steps, never
// inside one.

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "storage/sqlite/db.h"

namespace cordon::sqlite {

struct Migration {
  absl::string_view name;  // the file's, without folder and ending
  absl::string_view sql;
};

struct Schema {
  absl::string_view what;  // "relay database": for the sentence of an error
  int32_t application_id = 0;
  // The n-th entry, from 1, leads to user_version n.
  absl::Span<const Migration> migrations;
};

// Migrate brings `db` up to the schema's last step. Outside a Transaction.
// kFailedPrecondition, with a sentence for people and nothing changed, when the
// file is of another kind or was written by a newer program.
absl::Status Migrate(Db* db, const Schema& schema);

// DumpSchema writes the SQL that the database's tables and indices add up to,
// by name: what schema/now.sql holds.
absl::StatusOr<std::string> DumpSchema(Db* db);

}  // namespace cordon::sqlite

#endif  // CORDON_STORAGE_SQLITE_MIGRATE_H_
