#include "tests/house/lengths.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/house/rule_matchers.h"
#include "tests/house/tree.h"

namespace cordon::house {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string Repeat(const std::string& line, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) absl::StrAppend(&text, line, "\n");
  return text;
}

std::string FunctionOf(int lines) {
  return absl::StrCat("void F() {\n", Repeat("  G();", lines - 2), "}\n");
}

TEST(LengthsTest, FilesAndFunctionsAtTheirLimitAreAccepted) {
  EXPECT_THAT(CheckLengths(Tree::Of({
                  {"crypto/a.h", Repeat("int a;", kHeaderLinesMax)},
                  {"crypto/a.cc", Repeat("int a;", kSourceLinesMax)},
                  {"crypto/README.md", Repeat("text", kReadmeLinesMax)},
                  {"crypto/f.cc", FunctionOf(kFunctionLinesMax)},
              })),
              IsEmpty());
}

TEST(LengthsTest, OneLineMoreIsFound) {
  EXPECT_THAT(
      Where(CheckLengths(Tree::Of({
          {"crypto/README.md", Repeat("text", kReadmeLinesMax + 1)},
          {"crypto/a.cc", Repeat("int a;", kSourceLinesMax + 1)},
          {"crypto/a.h", Repeat("int a;", kHeaderLinesMax + 1)},
          {"crypto/f.cc", FunctionOf(kFunctionLinesMax + 1)},
      }))),
      ElementsAre("readme-lines crypto/README.md:0",
                  "source-lines crypto/a.cc:0", "header-lines crypto/a.h:0",
                  "function-lines crypto/f.cc:F:0"));
}

TEST(LengthsTest, HeaderCommentsAreSummedOverTheFolder) {
  const std::string silent = Repeat("int a;", 10);
  const std::string telling = Repeat("// why", 10);

  EXPECT_THAT(CheckHeaderComments(Tree::Of(
                  {{"crypto/x/a.h", silent}, {"crypto/x/b.h", telling}})),
              IsEmpty());
  EXPECT_THAT(Where(CheckHeaderComments(Tree::Of(
                  {{"crypto/x/a.h", silent}, {"crypto/y/b.h", telling}}))),
              ElementsAre("header-comments crypto/x:0"));
}

TEST(LengthsTest, CryptoWithFewerLinesOfTestIsFound) {
  const std::string product = Repeat("int a;", 10);

  EXPECT_THAT(
      CheckCryptoTests(Tree::Of({{"crypto/a.cc", product},
                                 {"tests/unit/crypto/a_test.cc", product}})),
      IsEmpty());
  const Findings findings = CheckCryptoTests(
      Tree::Of({{"crypto/a.cc", product},
                {"tests/unit/crypto/a_test.cc", Repeat("int a;", 9)},
                {"tests/unit/server/a_test.cc", product}}));
  EXPECT_THAT(Where(findings), ElementsAre("crypto-tests crypto:0"));
  EXPECT_EQ(findings[0].measured, 10);
}

TEST(LengthsTest, NumbersNameEveryTopFolder) {
  const std::string numbers = Numbers(
      Tree::Of({{"crypto/a.cc", "int a;\n"}, {"server/a.cc", "int a;\n"}}));

  EXPECT_THAT(numbers, HasSubstr("crypto"));
  EXPECT_THAT(numbers, HasSubstr("server"));
}

}  // namespace
}  // namespace cordon::house
