#include "storage/vault/small_file.h"

#include <filesystem>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace cordon::vault {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempFolder;

TEST(SmallFileTest, AReplacedFileHasItsNewContentAndLeavesNoOther) {
  const TempFolder folder;
  const std::string path = folder.File("f");
  ASSERT_OK(ReplaceFile(path, AsBytes("a longer content")));

  ASSERT_OK(ReplaceFile(path, AsBytes("new")));

  EXPECT_THAT(ReadSmallFile(path), IsOkAndHolds(ToBytes("new")));
  EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
}

TEST(SmallFileTest, WhatACrashLeftOfAReplacementIsOverwritten) {
  const TempFolder folder;
  const std::string path = folder.File("f");
  ASSERT_OK(ReplaceFile(path + ".tmp", AsBytes("half of something long")));

  ASSERT_OK(ReplaceFile(path, AsBytes("new")));

  EXPECT_THAT(ReadSmallFile(path), IsOkAndHolds(ToBytes("new")));
}

TEST(SmallFileTest, AReplacementThatFailsLeavesTheOldContent) {
  const TempFolder folder;
  const std::string path = folder.File("f");
  ASSERT_OK(ReplaceFile(path, AsBytes("old")));
  std::filesystem::create_directory(path + ".tmp");

  EXPECT_THAT(ReplaceFile(path, AsBytes("new")),
              StatusIs(absl::StatusCode::kUnavailable));

  EXPECT_THAT(ReadSmallFile(path), IsOkAndHolds(ToBytes("old")));
}

TEST(SmallFileTest, AnAbsentFileIsNotFoundAndMayBeRemoved) {
  const TempFolder folder;

  EXPECT_THAT(ReadSmallFile(folder.File("f")),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_FALSE(FileExists(folder.File("f")));
  EXPECT_OK(RemoveFile(folder.File("f")));
  EXPECT_THAT(ReplaceFile(folder.File("absent/f"), AsBytes("x")),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST(SmallFileTest, AFileBeyondTheLimitIsDataLossAndOneAtItIsRead) {
  const TempFolder folder;
  const std::string path = folder.File("f");
  ASSERT_OK(ReplaceFile(path, Bytes(kSmallFileBytesMax)));
  EXPECT_OK(ReadSmallFile(path));

  ASSERT_OK(ReplaceFile(path, Bytes(kSmallFileBytesMax + 1)));

  EXPECT_THAT(ReadSmallFile(path), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(SmallFileTest, ALockIsHeldByOneUntilItIsLetGo) {
  const TempFolder folder;
  const std::string path = folder.File("lock");
  absl::StatusOr<FileLock> first = FileLock::Take(path);
  ASSERT_OK(first);
  {
    const FileLock moved = *std::move(first);
    EXPECT_THAT(FileLock::Take(path),
                StatusIs(absl::StatusCode::kFailedPrecondition));
  }

  EXPECT_OK(FileLock::Take(path));
}

TEST(SmallFileTest, AFolderIsMadeOnceAndAFileIsNoFolder) {
  const TempFolder folder;
  const std::string path = folder.File("made");
  ASSERT_OK(MakeFolder(path));
  EXPECT_OK(MakeFolder(path));
  ASSERT_OK(ReplaceFile(folder.File("f"), AsBytes("x")));

  EXPECT_FALSE(MakeFolder(folder.File("f")).ok());
  EXPECT_THAT(MakeFolder(folder.File("absent/made")),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST(SmallFileTest, ARenamedFileIsUnderItsNewNameAlone) {
  const TempFolder folder;
  ASSERT_OK(ReplaceFile(folder.File("a"), AsBytes("x")));

  ASSERT_OK(RenameFile(folder.File("a"), folder.File("b")));

  EXPECT_FALSE(FileExists(folder.File("a")));
  EXPECT_THAT(ReadSmallFile(folder.File("b")), IsOkAndHolds(ToBytes("x")));
  EXPECT_THAT(RenameFile(folder.File("a"), folder.File("b")),
              StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace cordon::vault
