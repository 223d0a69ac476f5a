#include "storage/sqlite/migrate.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/sqlite/db.h"
#include "tests/support/status_matchers.h"

namespace cordon::sqlite {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;

constexpr int32_t kKind = 0x74657374;
constexpr Migration kSteps[] = {
    {"0001_one", "CREATE TABLE one (n INTEGER NOT NULL) STRICT;"},
    {"0002_two",
     "CREATE TABLE two (n INTEGER NOT NULL) STRICT;"
     "INSERT INTO two SELECT n FROM one;"},
};

Schema UpTo(size_t steps) {
  return {.what = "test database",
          .application_id = kKind,
          .migrations = absl::MakeConstSpan(kSteps).first(steps)};
}

class MigrateTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK_AND_ASSIGN(db_, Db::OpenInMemory()); }
  absl::StatusOr<int64_t> Version() {
    return db_->ReadNumber("PRAGMA user_version");
  }

  std::unique_ptr<Db> db_;
};

TEST_F(MigrateTest, EmptyDatabaseTakesEveryStep) {
  ASSERT_OK(Migrate(db_.get(), UpTo(2)));

  EXPECT_THAT(Version(), IsOkAndHolds(2));
  EXPECT_THAT(db_->ReadNumber("PRAGMA application_id"), IsOkAndHolds(kKind));
  EXPECT_THAT(db_->ReadNumber("SELECT count(*) FROM two"), IsOkAndHolds(0));
}

TEST_F(MigrateTest, OlderDatabaseTakesTheStepsItLacks) {
  ASSERT_OK(Migrate(db_.get(), UpTo(1)));
  ASSERT_OK(db_->ExecuteScript("INSERT INTO one VALUES (5)"));

  ASSERT_OK(Migrate(db_.get(), UpTo(2)));

  EXPECT_THAT(db_->ReadNumber("SELECT n FROM two"), IsOkAndHolds(5));
}

TEST_F(MigrateTest, CurrentDatabaseStaysAsItIs) {
  ASSERT_OK(Migrate(db_.get(), UpTo(2)));

  EXPECT_OK(Migrate(db_.get(), UpTo(2)));

  EXPECT_THAT(Version(), IsOkAndHolds(2));
}

TEST_F(MigrateTest, NewerDatabaseIsRefusedUnchanged) {
  ASSERT_OK(Migrate(db_.get(), UpTo(2)));

  EXPECT_THAT(Migrate(db_.get(), UpTo(1)),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_THAT(Version(), IsOkAndHolds(2));
}

TEST_F(MigrateTest, DatabaseOfAnotherKindIsRefusedUnchanged) {
  ASSERT_OK(Migrate(db_.get(), UpTo(1)));
  Schema other = UpTo(2);
  other.application_id = kKind + 1;

  EXPECT_THAT(Migrate(db_.get(), other),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_THAT(Version(), IsOkAndHolds(1));
}

TEST_F(MigrateTest, StepThatFailsHalfWayLeavesTheDatabaseBeforeIt) {
  const Migration broken[] = {
      kSteps[0],
      {"0002_broken",
       "CREATE TABLE two (n INTEGER NOT NULL) STRICT; INSERT INTO nowhere "
       "VALUES (1)"}};
  Schema schema = UpTo(1);
  schema.migrations = broken;

  EXPECT_THAT(Migrate(db_.get(), schema),
              StatusIs(absl::StatusCode::kInternal));

  EXPECT_THAT(Version(), IsOkAndHolds(1));
  EXPECT_OK(Migrate(db_.get(), UpTo(2)));
}

TEST_F(MigrateTest, DumpShowsTablesAndIndicesByName) {
  ASSERT_OK(Migrate(db_.get(), UpTo(2)));
  ASSERT_OK(db_->ExecuteScript("CREATE INDEX one_by_n ON one (n)"));

  EXPECT_THAT(DumpSchema(db_.get()),
              IsOkAndHolds(std::string(
                  "CREATE TABLE one (n INTEGER NOT NULL) STRICT;\n\n"
                  "CREATE INDEX one_by_n ON one (n);\n\n"
                  "CREATE TABLE two (n INTEGER NOT NULL) STRICT;\n\n")));
}

}  // namespace
}  // namespace cordon::sqlite
