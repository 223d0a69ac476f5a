#include "storage/sqlite/transaction.h"

#include <sqlcipher/sqlite3.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/check.h"
#include "crypto/base/status.h"
#include "storage/sqlite/db.h"

namespace cordon::sqlite {

absl::StatusOr<Transaction> Transaction::Begin(Db* db, Durability durability) {
  CORDON_CHECK(!db->in_transaction_);
  CORDON_RETURN_IF_ERROR(db->SetDurability(durability));
  CORDON_RETURN_IF_ERROR(db->ExecuteScript("BEGIN IMMEDIATE"));
  db->in_transaction_ = true;
  db->lost_by_ = absl::OkStatus();
  return Transaction(db);
}

Transaction::Transaction(Transaction&& other) noexcept
    : db_(std::exchange(other.db_, nullptr)) {}

Transaction::~Transaction() {
  if (db_ != nullptr) RollBack();
}

absl::Status Transaction::Commit() {
  CORDON_CHECK(db_ != nullptr);
  // SQLite rolls back on its own after some failures; committing then would
  // acknowledge what is gone.
  if (sqlite3_get_autocommit(db_->handle_) != 0) {
    absl::Status gone = db_->Gone();
    RollBack();
    return gone;
  }
  absl::Status committed = db_->ExecuteScript("COMMIT");
  if (!committed.ok()) {
    RollBack();
    return committed;
  }
  std::exchange(db_, nullptr)->in_transaction_ = false;
  return absl::OkStatus();
}

void Transaction::RollBack() {
  if (sqlite3_get_autocommit(db_->handle_) == 0) {
    // In WAL mode a rollback forgets pages in memory; when reading them again
    // fails, SQLite has given the transaction up all the same.
    db_->ExecuteScript("ROLLBACK").IgnoreError();
  }
  std::exchange(db_, nullptr)->in_transaction_ = false;
}

absl::StatusOr<Savepoint> Savepoint::Begin(const Transaction& txn) {
  CORDON_CHECK(txn.db_ != nullptr);
  if (sqlite3_get_autocommit(txn.db_->handle_) != 0) {
    return txn.db_->Gone();
  }
  CORDON_RETURN_IF_ERROR(txn.db_->ExecuteScript("SAVEPOINT step"));
  return Savepoint(txn.db_);
}

Savepoint::Savepoint(Savepoint&& other) noexcept
    : db_(std::exchange(other.db_, nullptr)) {}

Savepoint::~Savepoint() {
  if (db_ == nullptr) return;
  if (sqlite3_get_autocommit(db_->handle_) != 0) return;
  const absl::Status back =
      db_->ExecuteScript("ROLLBACK TO step; RELEASE step");
  // Half a step must not be committed with the others.
  if (!back.ok()) db_->ExecuteScript("ROLLBACK").IgnoreError();
}

absl::Status Savepoint::Keep() {
  CORDON_CHECK(db_ != nullptr);
  if (sqlite3_get_autocommit(db_->handle_) != 0) {
    return std::exchange(db_, nullptr)->Gone();
  }
  CORDON_RETURN_IF_ERROR(db_->ExecuteScript("RELEASE step"));
  db_ = nullptr;
  return absl::OkStatus();
}

}  // namespace cordon::sqlite
