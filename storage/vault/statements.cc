#include "storage/vault/statements.h"

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "crypto/base/status.h"
#include "storage/sqlite/statement.h"

namespace cordon::vault {

absl::StatusOr<sqlite::Statement*> Statements::Get(absl::string_view literal) {
  const auto found = prepared_.find(literal.data());
  if (found != prepared_.end()) return &found->second;
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement statement,
                          sqlite::Statement::Prepare(db_, literal));
  return &prepared_.emplace(literal.data(), std::move(statement)).first->second;
}

absl::Status StepToRow(sqlite::Run& run, absl::string_view what) {
  CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
  if (row) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat("vault: no such ", what));
}

absl::Status ExpectChange(const sqlite::Run& run, absl::string_view what) {
  if (run.Changes() > 0) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat("vault: no such ", what));
}

absl::StatusOr<uint64_t> ReadCount(sqlite::Statement& count) {
  sqlite::Run run = count.Start();
  CORDON_RETURN_IF_ERROR(StepToRow(run, "count"));
  uint64_t counted = 0;
  CORDON_RETURN_IF_ERROR(run.Read(counted));
  return counted;
}

}  // namespace cordon::vault
