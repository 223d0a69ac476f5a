#ifndef CORDON_STORAGE_VAULT_STATEMENTS_H_
#define CORDON_STORAGE_VAULT_STATEMENTS_H_

// The prepared SQL of all stores of one vault: compiled at its first use, kept
// until the vault closes. For the stores of this folder alone.
// Threads: none. Lifetime: `db` must outlive it.

#include <cstdint>

#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/sqlite/db.h"
#include "storage/sqlite/statement.h"

namespace cordon::vault {

class Statements {
 public:
  explicit Statements(sqlite::Db* db) : db_(db) {}
  Statements(const Statements&) = delete;
  Statements& operator=(const Statements&) = delete;

  // Get takes a literal: the address of its text is what it is known by. The
  // statement stays where it is.
  absl::StatusOr<sqlite::Statement*> Get(absl::string_view literal);

 private:
  sqlite::Db* const db_;
  absl::node_hash_map<const char*, sqlite::Statement> prepared_;
};

// StepToRow moves to the first row; kNotFound, saying `what`, without one.
absl::Status StepToRow(sqlite::Run& run, absl::string_view what);

// ExpectChange turns a finished statement that touched no row into kNotFound.
absl::Status ExpectChange(const sqlite::Run& run, absl::string_view what);

// ReadCount runs a statement that takes no values and gives one number.
absl::StatusOr<uint64_t> ReadCount(sqlite::Statement& count);

// EnumFrom reads an enumeration whose values run from 1 to `last`; kDataLoss
// for another number.
template <typename Enum>
absl::StatusOr<Enum> EnumFrom(uint8_t stored, Enum last) {
  if (stored == 0 || stored > static_cast<uint8_t>(last)) {
    return absl::DataLossError("vault: a state that does not exist");
  }
  return static_cast<Enum>(stored);
}

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_STATEMENTS_H_
