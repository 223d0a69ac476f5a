#include "client/files/target_file.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace cordon::client {
namespace {

using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempFolder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What the system lets a file of this process grow to, while it lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = ::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }

 private:
  struct rlimit before_{};
  void (*handler_)(int) = nullptr;
};

class TargetFileTest : public ::testing::Test {
 protected:
  absl::StatusOr<TargetFile> Create() {
    return TargetFile::Create(out_, "guide.pdf", random_);
  }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(out_)) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  TempFolder folder_;
  SeededRandom random_{1};
  const std::string out_ = folder_.File("out");
};

TEST_F(TargetFileTest, KeptFileIsThereForItsOwnerAlone) {
  ASSERT_OK_AND_ASSIGN(TargetFile file, Create());
  ASSERT_OK(file.Write(ToBytes("first ")));
  ASSERT_OK(file.Write(ToBytes("second")));
  EXPECT_FALSE(std::filesystem::exists(file.path()));

  EXPECT_OK(file.Keep());

  EXPECT_EQ(file.path(), out_ + "/guide.pdf");
  EXPECT_EQ(ReadAll(file.path()), "first second");
  EXPECT_THAT(Names(), ElementsAre("guide.pdf"));
  struct stat about{};
  ASSERT_EQ(::stat(file.path().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST_F(TargetFileTest, DroppedFileLeavesNothing) {
  {
    ASSERT_OK_AND_ASSIGN(TargetFile file, Create());
    ASSERT_OK(file.Write(ToBytes("half")));
    const TargetFile moved = std::move(file);
    EXPECT_EQ(Names().size(), 1U);
  }
  EXPECT_THAT(Names(), IsEmpty());
}

TEST_F(TargetFileTest, WhatIsThereIsNotWrittenOver) {
  std::filesystem::create_directory(out_);
  std::ofstream(out_ + "/guide.pdf") << "older";

  EXPECT_THAT(Create().status(),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_EQ(ReadAll(out_ + "/guide.pdf"), "older");
  EXPECT_THAT(Names(), ElementsAre("guide.pdf"));
}

TEST_F(TargetFileTest, WhatCameMeanwhileIsNotWrittenOver) {
  {
    ASSERT_OK_AND_ASSIGN(TargetFile file, Create());
    ASSERT_OK(file.Write(ToBytes("ours")));
    std::ofstream(out_ + "/guide.pdf") << "theirs";

    EXPECT_THAT(file.Keep(), StatusIs(absl::StatusCode::kFailedPrecondition));
  }
  EXPECT_EQ(ReadAll(out_ + "/guide.pdf"), "theirs");
  EXPECT_THAT(Names(), ElementsAre("guide.pdf"));
}

// A name that points elsewhere is taken too: nothing is written through it.
TEST_F(TargetFileTest, LinkUnderTheNameIsNotFollowed) {
  std::filesystem::create_directory(out_);
  std::filesystem::create_symlink(folder_.File("elsewhere"),
                                  out_ + "/guide.pdf");

  EXPECT_THAT(Create().status(),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_FALSE(std::filesystem::exists(folder_.File("elsewhere")));
}

TEST_F(TargetFileTest, FolderWithoutAParentOrThatIsAFileIsRefused) {
  EXPECT_THAT(
      TargetFile::Create(folder_.File("none/out"), "a", random_).status(),
      StatusIs(absl::StatusCode::kNotFound));
  std::ofstream(folder_.File("file")) << "x";
  EXPECT_THAT(TargetFile::Create(folder_.File("file"), "a", random_).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(TargetFileTest, FullDiskLeavesNothing) {
  {
    ASSERT_OK_AND_ASSIGN(TargetFile file, Create());
    const FileSizeLimit limit(4096);
    EXPECT_OK(file.Write(Bytes(4096)));
    EXPECT_THAT(file.Write(Bytes(1)),
                StatusIs(absl::StatusCode::kResourceExhausted));
  }
  EXPECT_THAT(Names(), IsEmpty());
}

}  // namespace
}  // namespace cordon::client
