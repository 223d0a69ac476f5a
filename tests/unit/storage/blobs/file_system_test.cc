#include "storage/blobs/file_system.h"

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace cordon::blobs {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempFolder;
using ::testing::UnorderedElementsAre;

class FileSystemTest : public ::testing::Test {
 protected:
  void Put(const std::string& name, absl::string_view text) {
    ASSERT_OK_AND_ASSIGN(auto file, files_.OpenForWriting(folder_.File(name)));
    ASSERT_OK(file->WriteAt(0, AsBytes(text)));
    ASSERT_OK(file->Sync());
  }
  std::string Get(const std::string& name) {
    auto file = files_.OpenForReading(folder_.File(name));
    if (!file.ok()) return file.status().ToString();
    Bytes out(100);
    const auto got = (*file)->ReadAt(0, MutableByteSpan(out));
    if (!got.ok()) return got.status().ToString();
    out.resize(*got);
    return ToString(out);
  }

  TempFolder folder_;
  FileSystem& files_ = SystemFiles();
};

TEST_F(FileSystemTest, WrittenBytesComeBack) {
  Put("a", "hello");

  EXPECT_EQ(Get("a"), "hello");
}

TEST_F(FileSystemTest, OpenForWritingKeepsWhatIsThere) {
  Put("a", "hello");

  ASSERT_OK_AND_ASSIGN(auto file, files_.OpenForWriting(folder_.File("a")));
  ASSERT_OK(file->WriteAt(5, AsBytes(" you")));

  EXPECT_THAT(file->Size(), IsOkAndHolds(9U));
  EXPECT_EQ(Get("a"), "hello you");
}

TEST_F(FileSystemTest, NewFileIsForItsOwnerAlone) {
  Put("a", "hello");

  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(folder_.File("a")).permissions(),
            perms::owner_read | perms::owner_write);
}

TEST_F(FileSystemTest, TruncateCutsOffTheEnd) {
  Put("a", "hello");
  ASSERT_OK_AND_ASSIGN(auto file, files_.OpenForWriting(folder_.File("a")));

  ASSERT_OK(file->Truncate(2));

  EXPECT_EQ(Get("a"), "he");
}

TEST_F(FileSystemTest, ReadBehindTheEndGivesNothing) {
  Put("a", "hello");
  ASSERT_OK_AND_ASSIGN(auto file, files_.OpenForReading(folder_.File("a")));
  Bytes out(4);

  EXPECT_THAT(file->ReadAt(3, MutableByteSpan(out)), IsOkAndHolds(2U));
  EXPECT_THAT(file->ReadAt(9, MutableByteSpan(out)), IsOkAndHolds(0U));
}

TEST_F(FileSystemTest, RenameReplaces) {
  Put("a", "new");
  Put("b", "old");

  ASSERT_OK(files_.Rename(folder_.File("a"), folder_.File("b")));
  ASSERT_OK(files_.SyncFolder(folder_.path()));

  EXPECT_FALSE(files_.Exists(folder_.File("a")));
  EXPECT_EQ(Get("b"), "new");
}

TEST_F(FileSystemTest, AbsentFileIsNotFound) {
  const std::string absent = folder_.File("absent");

  EXPECT_THAT(files_.OpenForReading(absent),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(files_.Remove(absent), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(files_.Rename(absent, folder_.File("b")),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(files_.List(absent), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_FALSE(files_.Exists(absent));
}

TEST_F(FileSystemTest, MakeFolderIsFineWithOneThatIsThere) {
  EXPECT_OK(files_.MakeFolder(folder_.File("f")));
  EXPECT_OK(files_.MakeFolder(folder_.File("f")));
}

TEST_F(FileSystemTest, ListGivesTheNames) {
  Put("a", "");
  Put("b", "");
  ASSERT_OK(files_.Remove(folder_.File("b")));
  Put("c", "");

  EXPECT_THAT(files_.List(folder_.path()),
              IsOkAndHolds(UnorderedElementsAre("a", "c")));
}

#ifdef __linux__
// A device that is always full stands in for a disk.
TEST_F(FileSystemTest, FullDiskIsResourceExhausted) {
  ASSERT_OK_AND_ASSIGN(auto file, files_.OpenForWriting("/dev/full"));

  EXPECT_THAT(file->WriteAt(0, AsBytes("x")),
              StatusIs(absl::StatusCode::kResourceExhausted));
}
#endif

}  // namespace
}  // namespace cordon::blobs
