#include "crypto/mls/vectors/run.h"

#include <fstream>
#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/kinds.h"
#include "tests/support/temp_folder.h"

namespace cordon::mls::vectors {
namespace {

using ::cordon::testing::TempFolder;
using ::testing::HasSubstr;

class RunFolderTest : public ::testing::Test {
 protected:
  void Put(const std::string& name, const std::string& text) {
    std::ofstream(folder_.path() + "/" + name) << text;
  }
  bool Run() { return RunFolder(folder_.path(), out_); }

  TempFolder folder_;
  std::ostringstream out_;
};

constexpr char kGood[] = R"({"vlbytes_header": "3f", "length": 63})";
constexpr char kBad[] = R"({"vlbytes_header": "3f", "length": 62})";

TEST_F(RunFolderTest, AFolderOfGoodFilesIsGood) {
  Put("deserialization.json", std::string("[") + kGood + "]");
  Put("README.md", "not a vector");

  EXPECT_TRUE(Run());
  EXPECT_EQ(out_.str(), "deserialization: 1 passed, 0 failed\n");
}

TEST_F(RunFolderTest, AFailedCaseSaysWhatDiffersFirst) {
  Put("deserialization.json",
      std::string("[") + kGood + "," + kBad + "," + kBad + "]");

  EXPECT_FALSE(Run());
  EXPECT_EQ(out_.str(),
            "deserialization: 1 passed, 2 failed\n"
            "  case 1: length: computed 63, given 62\n");
}

TEST_F(RunFolderTest, AFileWithoutCasesFails) {
  Put("deserialization.json", "[]");

  EXPECT_FALSE(Run());
  EXPECT_THAT(out_.str(), HasSubstr("0 passed, 0 failed"));
}

TEST_F(RunFolderTest, AFileOfOtherSuitesOnlyFails) {
  Put("welcome.json", R"([{"cipher_suite": 1}])");

  EXPECT_FALSE(Run());
  EXPECT_THAT(out_.str(), HasSubstr("1 of other cipher suites"));
}

TEST_F(RunFolderTest, AnUnknownFileFails) {
  Put("deserialization.json", std::string("[") + kGood + "]");
  Put("novelty.json", "[]");

  EXPECT_FALSE(Run());
  EXPECT_THAT(out_.str(), HasSubstr("novelty: no known kind"));
}

TEST_F(RunFolderTest, AFileThatIsNoArrayFails) {
  Put("deserialization.json", "{");

  EXPECT_FALSE(Run());
}

TEST_F(RunFolderTest, AnEmptyOrAbsentFolderFails) {
  EXPECT_FALSE(Run());
  EXPECT_FALSE(RunFolder(folder_.path() + "/absent", out_));
}

}  // namespace
}  // namespace cordon::mls::vectors
