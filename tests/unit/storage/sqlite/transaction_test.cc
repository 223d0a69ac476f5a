#include "storage/sqlite/transaction.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/status.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/statement.h"
#include "tests/support/status_matchers.h"

namespace cordon::sqlite {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;

class TransactionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(db_, Db::OpenInMemory());
    ASSERT_OK(db_->ExecuteScript(
        "CREATE TABLE t (n INTEGER PRIMARY KEY NOT NULL) STRICT"));
  }
  absl::Status Insert(int n) {
    CORDON_ASSIGN_OR_RETURN(
        Statement insert,
        Statement::Prepare(db_.get(), "INSERT INTO t (n) VALUES (:n)"));
    return insert.Start().Bind("n", n).Finish();
  }
  absl::StatusOr<int64_t> Count() {
    return db_->ReadNumber("SELECT count(*) FROM t");
  }

  std::unique_ptr<Db> db_;
};

TEST_F(TransactionTest, CommitKeepsWhatWasWritten) {
  ASSERT_OK_AND_ASSIGN(Transaction txn, Transaction::Begin(db_.get()));
  ASSERT_OK(Insert(1));
  ASSERT_OK(Insert(2));

  ASSERT_OK(txn.Commit());

  EXPECT_THAT(Count(), IsOkAndHolds(2));
}

TEST_F(TransactionTest, EndWithoutCommitLeavesNoTrace) {
  {
    ASSERT_OK_AND_ASSIGN(Transaction txn, Transaction::Begin(db_.get()));
    ASSERT_OK(Insert(1));
  }

  EXPECT_THAT(Count(), IsOkAndHolds(0));
}

TEST_F(TransactionTest, MovedFromTransactionDoesNotRollBack) {
  ASSERT_OK_AND_ASSIGN(Transaction txn, Transaction::Begin(db_.get()));
  ASSERT_OK(Insert(1));

  {
    Transaction moved = std::move(txn);
    ASSERT_OK(moved.Commit());
  }

  EXPECT_THAT(Count(), IsOkAndHolds(1));
}

TEST_F(TransactionTest, NextTransactionBeginsAfterTheLastEnded) {
  {
    ASSERT_OK_AND_ASSIGN(Transaction txn, Transaction::Begin(db_.get()));
  }
  ASSERT_OK_AND_ASSIGN(Transaction txn, Transaction::Begin(db_.get()));
  ASSERT_OK(Insert(1));
  ASSERT_OK(txn.Commit());

  EXPECT_OK(Transaction::Begin(db_.get()));
}

TEST_F(TransactionTest, WriteOutsideATransactionIsRefused) {
  EXPECT_THAT(Insert(1), StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_THAT(Count(), IsOkAndHolds(0));
}

TEST_F(TransactionTest, CommitAfterSqliteRolledBackIsRefused) {
  ASSERT_OK_AND_ASSIGN(Transaction txn, Transaction::Begin(db_.get()));
  ASSERT_OK(Insert(1));
  // What SQLite does on its own when a page cannot be written.
  ASSERT_OK(db_->ExecuteScript("ROLLBACK"));

  EXPECT_THAT(Insert(2), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(txn.Commit(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(Count(), IsOkAndHolds(0));
}

TEST_F(TransactionTest, DurabilityIsSetForEachTransaction) {
  {
    ASSERT_OK_AND_ASSIGN(Transaction txn,
                         Transaction::Begin(db_.get(), Durability::kNormal));
    EXPECT_THAT(db_->ReadNumber("PRAGMA synchronous"), IsOkAndHolds(1));
  }
  ASSERT_OK_AND_ASSIGN(Transaction txn, Transaction::Begin(db_.get()));
  EXPECT_THAT(db_->ReadNumber("PRAGMA synchronous"), IsOkAndHolds(2));
}

TEST_F(TransactionTest, SecondTransactionStopsTheProgram) {
  ASSERT_OK_AND_ASSIGN(Transaction txn, Transaction::Begin(db_.get()));

  EXPECT_DEATH(Transaction::Begin(db_.get()).IgnoreError(), "in_transaction_");
}

TEST_F(TransactionTest, KeptSavepointIsCommittedWithTheOthers) {
  ASSERT_OK_AND_ASSIGN(Transaction txn, Transaction::Begin(db_.get()));
  {
    ASSERT_OK_AND_ASSIGN(Savepoint step, Savepoint::Begin(txn));
    ASSERT_OK(Insert(1));
    ASSERT_OK(step.Keep());
  }
  ASSERT_OK(txn.Commit());

  EXPECT_THAT(Count(), IsOkAndHolds(1));
}

TEST_F(TransactionTest, SavepointThatIsNotKeptTakesBackItsStepAlone) {
  ASSERT_OK_AND_ASSIGN(Transaction txn, Transaction::Begin(db_.get()));
  ASSERT_OK(Insert(1));
  {
    ASSERT_OK_AND_ASSIGN(Savepoint step, Savepoint::Begin(txn));
    ASSERT_OK(Insert(2));
  }
  {
    ASSERT_OK_AND_ASSIGN(Savepoint step, Savepoint::Begin(txn));
    ASSERT_OK(Insert(3));
    ASSERT_OK(step.Keep());
  }
  ASSERT_OK(txn.Commit());

  EXPECT_THAT(db_->ReadNumber("SELECT sum(n) FROM t"), IsOkAndHolds(4));
}

TEST_F(TransactionTest, SavepointAfterSqliteRolledBackIsRefused) {
  ASSERT_OK_AND_ASSIGN(Transaction txn, Transaction::Begin(db_.get()));
  ASSERT_OK(db_->ExecuteScript("ROLLBACK"));

  EXPECT_THAT(Savepoint::Begin(txn),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(TransactionTest, KeepAfterSqliteRolledBackIsRefused) {
  ASSERT_OK_AND_ASSIGN(Transaction txn, Transaction::Begin(db_.get()));
  ASSERT_OK_AND_ASSIGN(Savepoint step, Savepoint::Begin(txn));
  ASSERT_OK(db_->ExecuteScript("ROLLBACK"));

  EXPECT_THAT(step.Keep(), StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace cordon::sqlite
