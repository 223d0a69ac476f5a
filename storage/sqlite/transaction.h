#ifndef CORDON_STORAGE_SQLITE_TRANSACTION_H_
#define CORDON_STORAGE_SQLITE_TRANSACTION_H_

// What must survive together. Begin, write through any number of stores,
// Commit; a Transaction that ends without Commit leaves no trace.
//
//   CORDON_ASSIGN_OR_RETURN(auto txn, sqlite::Transaction::Begin(db));
//   CORDON_RETURN_IF_ERROR(log.Append(txn, entry).status());
//   CORDON_RETURN_IF_ERROR(inbox.Put(txn, item).status());
//   return txn.Commit();
//
// Group commit is many appends in one Transaction: one sync for all. Then each
// of them may stand in a Savepoint, so that one refused half-way takes back
// what it wrote and the others stay.
// A Statement that writes outside a Transaction is refused (statement.h).
// Errors: as in db.h. SQLite gives a whole transaction up on its own after some
// failures, such as a full disk when it makes room in memory before the commit;
// whatever is asked of the transaction after that, Commit included, answers
// with that failure. After a failed Commit nothing is changed as far as this
// process can see; after kUnavailable only opening the file again tells.

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "storage/sqlite/db.h"

namespace cordon::sqlite {

class Transaction {
 public:
  // Begin takes the write lock. A Db has at most one Transaction at a time; a
  // second is our own bug and stops the program.
  static absl::StatusOr<Transaction> Begin(
      Db* db, Durability durability = Durability::kFull);

  Transaction(Transaction&& other) noexcept;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  Transaction& operator=(Transaction&&) = delete;
  // Rolls back unless committed.
  ~Transaction();

  // Commit makes all of it durable, or none of it. Called once.
  absl::Status Commit();

 private:
  friend class Savepoint;

  explicit Transaction(Db* db) : db_(db) {}
  void RollBack();

  Db* db_;  // null when over
};

// Savepoint is one step of a Transaction that can be taken back alone. Not
// nested; ends before its Transaction.
class Savepoint {
 public:
  static absl::StatusOr<Savepoint> Begin(const Transaction& txn);

  Savepoint(Savepoint&& other) noexcept;
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;
  Savepoint& operator=(Savepoint&&) = delete;
  // Takes the step back unless kept.
  ~Savepoint();

  // Keep makes the step part of the Transaction. Called once.
  absl::Status Keep();

 private:
  explicit Savepoint(Db* db) : db_(db) {}

  Db* db_;  // null when over
};

}  // namespace cordon::sqlite

#endif  // CORDON_STORAGE_SQLITE_TRANSACTION_H_
