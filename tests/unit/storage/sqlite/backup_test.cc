#include "storage/sqlite/backup.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/sqlite/db.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace cordon::sqlite {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempFolder;

constexpr int kManyPages = 1 << 20;

Key KeyOf(uint64_t seed) {
  SeededRandom random(seed);
  return Key::Random(random);
}

class BackupTest : public ::testing::Test {
 protected:
  // A database of about 200 pages.
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(db_, Db::Open({.path = folder_.File("from.db"),
                                        .mode = OpenMode::kMayCreate},
                                       KeyOf(1)));
    ASSERT_OK(db_->ExecuteScript(
        "CREATE TABLE t (n INTEGER PRIMARY KEY NOT NULL, b BLOB NOT NULL)"
        " STRICT;"
        "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c"
        " WHERE n < 200) INSERT INTO t SELECT n, zeroblob(4000) FROM c"));
  }
  absl::StatusOr<std::unique_ptr<Db>> OpenCopy(uint64_t key) {
    return Db::Open({.path = copy_}, KeyOf(key));
  }

  TempFolder folder_;
  const std::string copy_ = folder_.File("copy.db");
  std::unique_ptr<Db> db_;
};

TEST_F(BackupTest, CopyOpensWithItsOwnKeyAndHoldsEverything) {
  ASSERT_OK_AND_ASSIGN(auto backup, Backup::Begin(db_.get(), copy_, KeyOf(2)));
  ASSERT_THAT(backup->CopyPages(kManyPages), IsOkAndHolds(true));

  EXPECT_THAT(OpenCopy(1), StatusIs(absl::StatusCode::kUnauthenticated));
  ASSERT_OK_AND_ASSIGN(auto copy, OpenCopy(2));
  EXPECT_THAT(copy->ReadNumber("SELECT count(*) FROM t"), IsOkAndHolds(200));
  EXPECT_OK(copy->CheckIntegrity());
}

TEST_F(BackupTest, FinishedCopyIsOneFile) {
  ASSERT_OK_AND_ASSIGN(auto backup, Backup::Begin(db_.get(), copy_, KeyOf(2)));
  ASSERT_THAT(backup->CopyPages(kManyPages), IsOkAndHolds(true));

  EXPECT_TRUE(std::filesystem::exists(copy_));
  EXPECT_FALSE(std::filesystem::exists(copy_ + "-wal"));
  EXPECT_FALSE(std::filesystem::exists(copy_ + "-journal"));
}

TEST_F(BackupTest, WritesDuringTheCopyAreInIt) {
  ASSERT_OK_AND_ASSIGN(auto backup, Backup::Begin(db_.get(), copy_, KeyOf(2)));
  ASSERT_THAT(backup->CopyPages(50), IsOkAndHolds(false));

  ASSERT_OK(db_->ExecuteScript("DELETE FROM t WHERE n <= 5"));
  ASSERT_OK(db_->ExecuteScript("INSERT INTO t VALUES (900, x'01')"));
  ASSERT_THAT(backup->CopyPages(kManyPages), IsOkAndHolds(true));

  ASSERT_OK_AND_ASSIGN(auto copy, OpenCopy(2));
  EXPECT_THAT(copy->ReadNumber("SELECT count(*) FROM t"), IsOkAndHolds(196));
  EXPECT_THAT(copy->ReadNumber("SELECT max(n) FROM t"), IsOkAndHolds(900));
  EXPECT_OK(copy->CheckIntegrity());
}

TEST_F(BackupTest, BackupThatEndsEarlyLeavesNoFile) {
  {
    ASSERT_OK_AND_ASSIGN(auto backup,
                         Backup::Begin(db_.get(), copy_, KeyOf(2)));
    ASSERT_THAT(backup->CopyPages(50), IsOkAndHolds(false));
  }

  EXPECT_FALSE(std::filesystem::exists(copy_));
}

TEST_F(BackupTest, ExistingFileIsNeverOverwritten) {
  EXPECT_THAT(Backup::Begin(db_.get(), folder_.File("from.db"), KeyOf(2)),
              StatusIs(absl::StatusCode::kAlreadyExists));

  EXPECT_THAT(db_->ReadNumber("SELECT count(*) FROM t"), IsOkAndHolds(200));
}

TEST_F(BackupTest, DatabaseGoesOnAfterABackup) {
  ASSERT_OK_AND_ASSIGN(auto backup, Backup::Begin(db_.get(), copy_, KeyOf(2)));
  ASSERT_THAT(backup->CopyPages(kManyPages), IsOkAndHolds(true));

  EXPECT_OK(db_->ExecuteScript("DELETE FROM t"));
  EXPECT_OK(db_->CheckIntegrity());
}

}  // namespace
}  // namespace cordon::sqlite
