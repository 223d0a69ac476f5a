#include "storage/vault/statements.h"

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/sqlite/db.h"
#include "storage/sqlite/statement.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/status_matchers.h"

namespace cordon::vault {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;

enum class Colour : uint8_t { kRed = 1, kBlue = 2 };

constexpr absl::string_view kCount = "SELECT count(*) FROM t";
constexpr absl::string_view kRead = "SELECT a FROM t";
constexpr absl::string_view kErase = "DELETE FROM t";
constexpr absl::string_view kWrong = "SELECT a FROM absent";

class StatementsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto db = sqlite::Db::OpenInMemory();
    ASSERT_OK(db);
    db_ = *std::move(db);
    ASSERT_OK(db_->ExecuteScript("CREATE TABLE t (a INTEGER) STRICT"));
    sql_ = std::make_unique<Statements>(db_.get());
  }

  std::unique_ptr<sqlite::Db> db_;
  std::unique_ptr<Statements> sql_;
};

TEST_F(StatementsTest, AStatementIsPreparedOnceAndStaysWhereItIs) {
  ASSERT_OK_AND_ASSIGN(sqlite::Statement * first, sql_->Get(kCount));
  ASSERT_OK(sql_->Get(kRead));

  ASSERT_OK_AND_ASSIGN(sqlite::Statement * again, sql_->Get(kCount));

  EXPECT_EQ(first, again);
  EXPECT_THAT(ReadCount(*again), IsOkAndHolds(0));
}

TEST_F(StatementsTest, SqlThatTheSchemaDoesNotAllowIsInternal) {
  EXPECT_THAT(sql_->Get(kWrong), StatusIs(absl::StatusCode::kInternal));
}

TEST_F(StatementsTest, NoRowAndNoChangeAreNotFound) {
  ASSERT_OK_AND_ASSIGN(sqlite::Statement * read, sql_->Get(kRead));
  ASSERT_OK_AND_ASSIGN(sqlite::Statement * erase, sql_->Get(kErase));
  ASSERT_OK_AND_ASSIGN(sqlite::Transaction txn,
                       sqlite::Transaction::Begin(db_.get()));
  const auto step = [&] {
    sqlite::Run run = read->Start();
    return StepToRow(run, "row");
  };
  const auto erased = [&] {
    sqlite::Run run = erase->Start();
    EXPECT_OK(run.Finish());
    return ExpectChange(run, "row");
  };

  EXPECT_THAT(step(), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(erased(), StatusIs(absl::StatusCode::kNotFound));
  ASSERT_OK(db_->ExecuteScript("INSERT INTO t VALUES (1)"));
  EXPECT_OK(step());
  EXPECT_OK(erased());
}

TEST_F(StatementsTest, ANumberOutsideAnEnumerationIsDataLoss) {
  EXPECT_THAT(EnumFrom(1, Colour::kBlue), IsOkAndHolds(Colour::kRed));
  EXPECT_THAT(EnumFrom(2, Colour::kBlue), IsOkAndHolds(Colour::kBlue));
  EXPECT_THAT(EnumFrom(0, Colour::kBlue),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(EnumFrom(3, Colour::kBlue),
              StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace cordon::vault
