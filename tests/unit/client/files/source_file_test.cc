#include "client/files/source_file.h"

#include <sys/stat.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/limits.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace cordon::client {
namespace {

using ::cordon::testing::StatusIs;
using ::cordon::testing::TempFolder;

class SourceFileTest : public ::testing::Test {
 protected:
  std::string Put(absl::string_view name, absl::string_view content) {
    std::string path = folder_.File(name);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    return path;
  }
  // A file of that length that takes no room.
  std::string PutSparse(uint64_t size_bytes) {
    std::string path = Put("sparse", "x");
    std::filesystem::resize_file(path, size_bytes);
    return path;
  }

  TempFolder folder_;
};

TEST_F(SourceFileTest, ReadsWhatIsThere) {
  ASSERT_OK_AND_ASSIGN(SourceFile file,
                       SourceFile::Open(Put("a.txt", "content"), 100));

  Bytes read(file.size_bytes());
  EXPECT_OK(file.Read(MutableByteSpan(read)));

  EXPECT_EQ(AsText(read), "content");
  EXPECT_EQ(file.name(), "a.txt");
  EXPECT_OK(file.CheckUnchanged());
}

TEST_F(SourceFileTest, EmptyFileIsRefused) {
  EXPECT_THAT(SourceFile::Open(Put("a", ""), 100).status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(SourceFileTest, WhatIsNotThereIsNotFound) {
  EXPECT_THAT(SourceFile::Open(folder_.File("none"), 100).status(),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(SourceFile::Open("", 100).status(),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(SourceFileTest, OneByteOverTheLimitIsRefusedUnread) {
  EXPECT_OK(SourceFile::Open(PutSparse(kFileBytesMax), kFileBytesMax).status());
  EXPECT_THAT(
      SourceFile::Open(PutSparse(kFileBytesMax + 1), kFileBytesMax).status(),
      StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST_F(SourceFileTest, FoldersDevicesAndPipesAreRefused) {
  const std::string pipe = folder_.File("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);

  for (const std::string& path :
       {folder_.path(), std::string("/dev/zero"), pipe}) {
    SCOPED_TRACE(path);
    EXPECT_THAT(SourceFile::Open(path, 100).status(),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(SourceFileTest, FileCutShortMeanwhileIsFound) {
  ASSERT_OK_AND_ASSIGN(SourceFile file,
                       SourceFile::Open(Put("a", "content"), 100));
  std::filesystem::resize_file(folder_.File("a"), 3);

  Bytes read(file.size_bytes());
  EXPECT_THAT(file.Read(MutableByteSpan(read)),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(SourceFileTest, FileThatGrewOrWasReplacedIsFound) {
  ASSERT_OK_AND_ASSIGN(const SourceFile grown,
                       SourceFile::Open(Put("a", "content"), 100));
  Put("a", "content and more");
  EXPECT_THAT(grown.CheckUnchanged(),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  ASSERT_OK_AND_ASSIGN(const SourceFile replaced,
                       SourceFile::Open(Put("b", "content"), 100));
  std::filesystem::rename(Put("c", "content"), folder_.File("b"));
  EXPECT_THAT(replaced.CheckUnchanged(),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(SourceFileTest, FileWrittenOverWithTheSameLengthIsFound) {
  ASSERT_OK_AND_ASSIGN(const SourceFile file,
                       SourceFile::Open(Put("a", "content"), 100));
  const auto before = std::filesystem::last_write_time(folder_.File("a"));
  Put("a", "CONTENT");
  std::filesystem::last_write_time(folder_.File("a"),
                                   before + std::chrono::seconds(1));

  EXPECT_THAT(file.CheckUnchanged(),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(SourceFileTest, FileThatVanishedIsFound) {
  ASSERT_OK_AND_ASSIGN(const SourceFile file,
                       SourceFile::Open(Put("a", "content"), 100));
  std::filesystem::remove(folder_.File("a"));

  EXPECT_THAT(file.CheckUnchanged(),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace cordon::client
