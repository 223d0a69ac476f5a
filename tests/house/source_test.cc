#include "tests/house/source.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cordon::house {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST(SourceTest, CommentsAndLiteralsAreBlankedInCode) {
  const Source source("crypto/a.cc",
                      "int a;  // throw\n"
                      "f(\"throw \\\" throw\", 'x');\n"
                      "/* throw\n"
                      "throw */ int b;\n");

  EXPECT_THAT(source.code(),
              ElementsAre("int a;          ", "f(\"              \", ' ');",
                          "        ", "         int b;"));
  EXPECT_EQ(source.comments()[0], "        // throw");
}

TEST(SourceTest, RawStringsEndAtTheirDelimiter) {
  const Source source("crypto/a.cc",
                      "auto q = R\"sql(select \")\" // no comment\n"
                      "from t)sql\"; int after;\n");

  EXPECT_EQ(source.code()[0].find("select"), std::string::npos);
  EXPECT_NE(source.code()[1].find("int after;"), std::string::npos);
  EXPECT_EQ(source.comment_lines(), 0);
  EXPECT_EQ(source.code_lines(), 2);
}

TEST(SourceTest, DigitSeparatorsAreNoLiterals) {
  const Source source("crypto/a.cc", "int a = 1'000'000; int b = 'x';\n");

  EXPECT_THAT(source.code(), ElementsAre("int a = 1'000'000; int b = ' ';"));
}

TEST(SourceTest, LinesAreCountedAsCodeCommentOrNeither) {
  const Source source("crypto/a.cc",
                      "// one\n"
                      "\n"
                      "int a;  // code\n"
                      "/* two\n"
                      "   three */\n");

  EXPECT_EQ(source.code_lines(), 1);
  EXPECT_EQ(source.comment_lines(), 3);
}

TEST(SourceTest, IncludesInCommentsDoNotCount) {
  const Source source("crypto/a.cc",
                      "// #include <a.h>\n"
                      "#include <b.h>\n"
                      "#include \"c/d.h\"\n");

  ASSERT_THAT(source.includes(), SizeIs(2));
  EXPECT_EQ(source.includes()[0].target, "b.h");
  EXPECT_TRUE(source.includes()[0].angled);
  EXPECT_EQ(source.includes()[1].target, "c/d.h");
  EXPECT_EQ(source.includes()[1].line, 3);
}

TEST(SourceTest, TextsOtherThanCppHaveLinesOnly) {
  const Source source("README.md", "It's\n\"fine\n");

  EXPECT_THAT(source.lines(), ElementsAre("It's", "\"fine"));
  EXPECT_TRUE(source.code().empty());
}

}  // namespace
}  // namespace cordon::house
