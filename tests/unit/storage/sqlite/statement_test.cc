#include "storage/sqlite/statement.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::sqlite {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

class StatementTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(db_, Db::OpenInMemory());
    ASSERT_OK(db_->ExecuteScript(
        "CREATE TABLE t (k INTEGER PRIMARY KEY NOT NULL, v ANY NOT NULL)"
        " STRICT"));
  }
  Statement Prepared(absl::string_view sql) {
    absl::StatusOr<Statement> statement = Statement::Prepare(db_.get(), sql);
    CORDON_CHECK(statement.ok());
    return *std::move(statement);
  }
  // Writes `value` and reads it back as the same type.
  template <class T>
  absl::Status RoundTrip(const T& value, T& out) {
    CORDON_ASSIGN_OR_RETURN(Transaction txn, Transaction::Begin(db_.get()));
    Statement put = Prepared("INSERT OR REPLACE INTO t VALUES (1, :v)");
    CORDON_RETURN_IF_ERROR(put.Start().Bind("v", value).Finish());
    Statement get = Prepared("SELECT v FROM t WHERE k = 1");
    auto run = get.Start();
    CORDON_RETURN_IF_ERROR(run.Step().status());
    return run.Read(out);
  }

  std::unique_ptr<Db> db_;
  SeededRandom random_{7};
};

TEST_F(StatementTest, IdComesBack) {
  const auto in = RoomId::Random(random_);
  RoomId out;

  ASSERT_OK(RoundTrip(in, out));

  EXPECT_EQ(out, in);
}

TEST_F(StatementTest, NumberComesBack) {
  LogSeq out;

  ASSERT_OK(RoundTrip(LogSeq{81}, out));

  EXPECT_EQ(out, LogSeq{81});
}

TEST_F(StatementTest, LargestNumberComesBack) {
  const uint64_t largest = std::numeric_limits<int64_t>::max();
  uint64_t out = 0;

  ASSERT_OK(RoundTrip(largest, out));

  EXPECT_EQ(out, largest);
}

TEST_F(StatementTest, NumberBeyond63BitsIsInvalidArgument) {
  Epoch out;

  EXPECT_THAT(
      RoundTrip(Epoch{uint64_t{std::numeric_limits<int64_t>::max()} + 1}, out),
      StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(StatementTest, NegativeNumberComesBackAsSignedOnly) {
  int64_t out = 0;
  ASSERT_OK(RoundTrip(int64_t{-5}, out));
  EXPECT_EQ(out, -5);

  Statement negative = Prepared("SELECT -5");
  auto run = negative.Start();
  ASSERT_THAT(run.Step(), IsOkAndHolds(true));
  uint64_t unsigned_out = 9;
  EXPECT_THAT(run.Read(unsigned_out), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_EQ(unsigned_out, 9U);
}

TEST_F(StatementTest, BytesComeBackEvenIfEmpty) {
  Bytes out = {1};
  ASSERT_OK(RoundTrip(Bytes{0, 255, 0}, out));
  EXPECT_EQ(out, (Bytes{0, 255, 0}));

  ASSERT_OK(RoundTrip(Bytes{}, out));
  EXPECT_EQ(out, Bytes{});
}

TEST_F(StatementTest, TextComesBackWithItsZeroByteEvenIfEmpty) {
  std::string out = "x";
  ASSERT_OK(RoundTrip(std::string("a\0b", 3), out));
  EXPECT_EQ(out, std::string("a\0b", 3));

  ASSERT_OK(RoundTrip(std::string(), out));
  EXPECT_EQ(out, "");
}

TEST_F(StatementTest, SecretsComeBack) {
  SecretBytes in(5);
  random_.Fill(in.MutableSecret());
  SecretBytes out;
  ASSERT_OK(RoundTrip(in, out));
  EXPECT_TRUE(out.EqualsConstantTime(in));

  const auto key = SecretArray<32>::Random(random_);
  SecretArray<32> key_out;
  ASSERT_OK(RoundTrip(key, key_out));
  EXPECT_TRUE(key_out.EqualsConstantTime(key));
}

TEST_F(StatementTest, TimeComesBackToTheMillisecond) {
  absl::Time out;

  ASSERT_OK(RoundTrip(absl::FromUnixMillis(1701676800123), out));

  EXPECT_EQ(out, absl::FromUnixMillis(1701676800123));
}

TEST_F(StatementTest, FlagComesBack) {
  bool out = false;

  ASSERT_OK(RoundTrip(true, out));

  EXPECT_TRUE(out);
}

TEST_F(StatementTest, ColumnsOfAnotherShapeAreDataLoss) {
  Statement select = Prepared("SELECT x'00112233', 256, 'text', 2");
  auto run = select.Start();
  ASSERT_THAT(run.Step(), IsOkAndHolds(true));
  Bytes blob;
  int64_t number = 0;
  std::string text;
  bool flag = false;
  RoomId id;
  uint8_t small = 0;

  ASSERT_OK(run.Read(blob, number, text, number));
  EXPECT_THAT(run.Read(id, number, text, number),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(run.Read(blob, small, text, number),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(run.Read(blob, number, blob, number),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(run.Read(blob, number, text, flag),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(run.Read(text, number, text, number),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(StatementTest, AnotherNumberOfColumnsIsInternal) {
  Statement select = Prepared("SELECT 1, 2");
  auto run = select.Start();
  int64_t number = 0;

  ASSERT_THAT(run.Step(), IsOkAndHolds(true));
  EXPECT_THAT(run.Read(number), StatusIs(absl::StatusCode::kInternal));
  ASSERT_THAT(run.Step(), IsOkAndHolds(false));
  EXPECT_THAT(run.Read(number, number), StatusIs(absl::StatusCode::kInternal));
}

TEST_F(StatementTest, SecondRunStartsAfresh) {
  Statement select = Prepared("SELECT :a");
  for (const int64_t a : {1, 2}) {
    SCOPED_TRACE(a);
    auto run = select.Start();
    run.Bind("a", a);
    ASSERT_THAT(run.Step(), IsOkAndHolds(true));
    int64_t out = 0;
    ASSERT_OK(run.Read(out));
    EXPECT_EQ(out, a);
  }
}

TEST_F(StatementTest, NextReadsRowAfterRowToTheEnd) {
  Statement select = Prepared("SELECT 1 UNION ALL SELECT 2 ORDER BY 1");
  auto run = select.Start();
  int64_t out = 0;

  EXPECT_THAT(run.Next(out), IsOkAndHolds(true));
  EXPECT_EQ(out, 1);
  EXPECT_THAT(run.Next(out), IsOkAndHolds(true));
  EXPECT_EQ(out, 2);
  EXPECT_THAT(run.Next(out), IsOkAndHolds(false));
  EXPECT_EQ(out, 2);
}

TEST_F(StatementTest, PreparerKeepsTheFirstError) {
  Preparer prepare(db_.get());
  const Statement good = prepare("SELECT 1");
  EXPECT_OK(prepare.status());

  const Statement bad = prepare("SELEKT 1");
  const Statement after = prepare("SELECT 2");

  EXPECT_THAT(prepare.status(), StatusIs(absl::StatusCode::kInternal));
}

TEST_F(StatementTest, UnboundNameStopsTheProgram) {
  Statement select = Prepared("SELECT :a, :b");
  auto run = select.Start();
  run.Bind("a", 1);

  EXPECT_DEATH(run.Step().IgnoreError(), "bound_");
}

TEST_F(StatementTest, UnknownNameStopsTheProgram) {
  Statement select = Prepared("SELECT :a");
  auto run = select.Start();

  EXPECT_DEATH(run.Bind("b", 1), "index");
}

TEST_F(StatementTest, TwoStatementsInOneAreRefused) {
  EXPECT_THAT(Statement::Prepare(db_.get(), "SELECT 1; SELECT 2"),
              StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(Statement::Prepare(db_.get(), ""),
              StatusIs(absl::StatusCode::kInternal));
}

TEST_F(StatementTest, BrokenSqlIsInternal) {
  EXPECT_THAT(Statement::Prepare(db_.get(), "SELEKT 1"),
              StatusIs(absl::StatusCode::kInternal));
}

TEST_F(StatementTest, DuplicateKeyIsAlreadyExistsAndChangesNothing) {
  ASSERT_OK_AND_ASSIGN(Transaction txn, Transaction::Begin(db_.get()));
  Statement put = Prepared("INSERT INTO t VALUES (1, :v)");
  ASSERT_OK(put.Start().Bind("v", 1).Finish());

  EXPECT_THAT(put.Start().Bind("v", 2).Finish(),
              StatusIs(absl::StatusCode::kAlreadyExists));

  EXPECT_THAT(db_->ReadNumber("SELECT v FROM t"), IsOkAndHolds(1));
}

TEST_F(StatementTest, ChangesCountsTheRowsTouched) {
  ASSERT_OK_AND_ASSIGN(Transaction txn, Transaction::Begin(db_.get()));
  Statement put = Prepared("INSERT INTO t VALUES (:k, 0)");
  ASSERT_OK(put.Start().Bind("k", 1).Finish());
  ASSERT_OK(put.Start().Bind("k", 2).Finish());
  Statement update = Prepared("UPDATE t SET v = :v");
  auto run = update.Start();
  run.Bind("v", 5);

  ASSERT_OK(run.Finish());

  EXPECT_EQ(run.Changes(), 2);
}

}  // namespace
}  // namespace cordon::sqlite
