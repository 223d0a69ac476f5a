#include "storage/sqlite/db.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/sqlite/transaction.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace cordon::sqlite {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempFolder;

Key KeyOf(uint64_t seed) {
  SeededRandom random(seed);
  return Key::Random(random);
}

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class DbTest : public ::testing::Test {
 protected:
  DbOptions At(OpenMode mode) const {
    return {.path = folder_.File("test.db"), .mode = mode};
  }
  // A closed database with one row that holds a marker.
  void MakeFile() {
    ASSERT_OK_AND_ASSIGN(auto db, Db::Open(At(OpenMode::kMayCreate), KeyOf(1)));
    ASSERT_OK(
        db->ExecuteScript("CREATE TABLE t (a TEXT NOT NULL) STRICT;"
                          "INSERT INTO t VALUES ('planted-marker')"));
  }
  // Overwrites 16 bytes at `offset`.
  void Damage(int64_t offset) {
    std::fstream file(folder_.File("test.db"),
                      std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(offset);
    file.write("XXXXXXXXXXXXXXXX", 16);
  }

  TempFolder folder_;
};

TEST_F(DbTest, WhatWasWrittenIsThereAfterReopening) {
  MakeFile();

  ASSERT_OK_AND_ASSIGN(auto db, Db::Open(At(OpenMode::kMustExist), KeyOf(1)));

  EXPECT_THAT(db->ReadNumber("SELECT count(*) FROM t"), IsOkAndHolds(1));
}

TEST_F(DbTest, FileHoldsNoPlaintextAndNoSqliteHeader) {
  MakeFile();

  const std::string bytes = ReadAll(folder_.File("test.db"));

  EXPECT_GT(bytes.size(), 4096U);
  EXPECT_EQ(bytes.find("planted-marker"), std::string::npos);
  EXPECT_EQ(bytes.find("SQLite format"), std::string::npos);
}

TEST_F(DbTest, LogBesideTheFileHoldsNoPlaintext) {
  ASSERT_OK_AND_ASSIGN(auto db, Db::Open(At(OpenMode::kMayCreate), KeyOf(1)));
  ASSERT_OK(
      db->ExecuteScript("CREATE TABLE t (a TEXT NOT NULL) STRICT;"
                        "INSERT INTO t VALUES ('planted-marker')"));

  const std::string log = ReadAll(folder_.File("test.db-wal"));

  EXPECT_GT(log.size(), 4096U);
  EXPECT_EQ(log.find("planted-marker"), std::string::npos);
}

TEST_F(DbTest, NewFileIsReadableByItsOwnerAlone) {
  MakeFile();

  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(folder_.File("test.db")).permissions(),
            perms::owner_read | perms::owner_write);
}

TEST_F(DbTest, WrongKeyIsUnauthenticatedAndChangesNothing) {
  MakeFile();
  const std::string before = ReadAll(folder_.File("test.db"));

  EXPECT_THAT(Db::Open(At(OpenMode::kMustExist), KeyOf(2)),
              StatusIs(absl::StatusCode::kUnauthenticated));

  EXPECT_EQ(ReadAll(folder_.File("test.db")), before);
  EXPECT_OK(Db::Open(At(OpenMode::kMustExist), KeyOf(1)));
}

TEST_F(DbTest, FileThatIsNoDatabaseIsUnauthenticated) {
  std::ofstream(folder_.File("test.db")) << std::string(8192, 'n');

  EXPECT_THAT(Db::Open(At(OpenMode::kMustExist), KeyOf(1)),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(DbTest, MissingFileIsNotFound) {
  EXPECT_THAT(Db::Open(At(OpenMode::kMustExist), KeyOf(1)),
              StatusIs(absl::StatusCode::kNotFound));

  EXPECT_FALSE(std::filesystem::exists(folder_.File("test.db")));
}

TEST_F(DbTest, FileTruncatedToNothingIsDataLoss) {
  MakeFile();
  std::filesystem::resize_file(folder_.File("test.db"), 0);

  EXPECT_THAT(Db::Open(At(OpenMode::kMustExist), KeyOf(1)),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(DbTest, FolderThatIsMissingIsAnError) {
  EXPECT_THAT(Db::Open({.path = folder_.File("no/such/test.db"),
                        .mode = OpenMode::kMayCreate},
                       KeyOf(1)),
              ::testing::Not(cordon::testing::IsOk()));
}

TEST_F(DbTest, DamagedPageIsDataLossWhenRead) {
  MakeFile();
  Damage(4096 + 200);

  ASSERT_OK_AND_ASSIGN(auto db, Db::Open(At(OpenMode::kMustExist), KeyOf(1)));

  EXPECT_THAT(db->ReadNumber("SELECT count(*) FROM t"),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(DbTest, DamagedPageIsFoundByTheIntegrityCheck) {
  MakeFile();
  Damage(4096 + 200);

  ASSERT_OK_AND_ASSIGN(auto db, Db::Open(At(OpenMode::kMustExist), KeyOf(1)));

  EXPECT_THAT(db->CheckIntegrity(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(DbTest, WholeFilePassesTheIntegrityCheck) {
  MakeFile();

  ASSERT_OK_AND_ASSIGN(auto db, Db::Open(At(OpenMode::kMustExist), KeyOf(1)));

  EXPECT_OK(db->CheckIntegrity());
}

TEST_F(DbTest, TruncatedFileIsDataLoss) {
  MakeFile();
  std::filesystem::resize_file(folder_.File("test.db"), 4096);

  absl::StatusOr<std::unique_ptr<Db>> db =
      Db::Open(At(OpenMode::kMustExist), KeyOf(1));

  EXPECT_THAT(db.ok() ? (*db)->CheckIntegrity() : db.status(),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(DbTest, SecondOpeningInThisProcessIsRefused) {
  ASSERT_OK_AND_ASSIGN(auto db, Db::Open(At(OpenMode::kMayCreate), KeyOf(1)));

  EXPECT_THAT(Db::Open(At(OpenMode::kMayCreate), KeyOf(1)),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_OK(db->ExecuteScript("CREATE TABLE t (a TEXT NOT NULL) STRICT"));
}

// Runs `Open` in another process; its exit code is the status code.
int OpenInAnotherProcess(const DbOptions& options) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(static_cast<int>(Db::Open(options, KeyOf(1)).status().code()));
  }
  int state = 0;
  ::waitpid(child, &state, 0);
  return WEXITSTATUS(state);
}

TEST_F(DbTest, AnotherProcessIsRefusedWhileTheFileIsOpen) {
  ASSERT_OK_AND_ASSIGN(auto db, Db::Open(At(OpenMode::kMayCreate), KeyOf(1)));

  EXPECT_EQ(OpenInAnotherProcess(At(OpenMode::kMustExist)),
            static_cast<int>(absl::StatusCode::kFailedPrecondition));

  db.reset();
  EXPECT_EQ(OpenInAnotherProcess(At(OpenMode::kMustExist)), 0);
}

TEST_F(DbTest, ReopenedFileThatWasOnlyReadIsLockedToo) {
  MakeFile();
  ASSERT_OK_AND_ASSIGN(auto db, Db::Open(At(OpenMode::kMustExist), KeyOf(1)));

  EXPECT_EQ(OpenInAnotherProcess(At(OpenMode::kMustExist)),
            static_cast<int>(absl::StatusCode::kFailedPrecondition));
}

TEST_F(DbTest, SettingsAreWhatTheHeaderSays) {
  ASSERT_OK_AND_ASSIGN(auto db, Db::Open(At(OpenMode::kMayCreate), KeyOf(1)));

  EXPECT_THAT(db->ReadNumber("PRAGMA synchronous"), IsOkAndHolds(2));
  EXPECT_THAT(db->ReadNumber("PRAGMA foreign_keys"), IsOkAndHolds(1));
  EXPECT_THAT(db->ReadNumber("PRAGMA secure_delete"), IsOkAndHolds(1));
  EXPECT_THAT(db->ReadNumber("PRAGMA temp_store"), IsOkAndHolds(2));
}

TEST_F(DbTest, ReadNumberWithoutARowIsNotFound) {
  ASSERT_OK_AND_ASSIGN(auto db, Db::OpenInMemory());

  EXPECT_THAT(db->ReadNumber("SELECT 1 WHERE 0"),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(DbTest, MemoryDatabasesAreSeparate) {
  ASSERT_OK_AND_ASSIGN(auto one, Db::OpenInMemory());
  ASSERT_OK_AND_ASSIGN(auto other, Db::OpenInMemory());

  ASSERT_OK(one->ExecuteScript("CREATE TABLE t (a TEXT NOT NULL) STRICT"));

  EXPECT_THAT(other->ReadNumber("SELECT count(*) FROM t"),
              StatusIs(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace cordon::sqlite
