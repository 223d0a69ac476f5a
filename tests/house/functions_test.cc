#include "tests/house/functions.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/house/source.h"

namespace cordon::house {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "name line lines" for each function of `text`.
std::vector<std::string> FunctionsIn(const std::string& text) {
  std::vector<std::string> found;
  for (const Function& function : FindFunctions(Source("crypto/a.cc", text))) {
    found.push_back(
        absl::StrCat(function.name, " ", function.line, " ", function.lines));
  }
  return found;
}

TEST(FunctionsTest, FreeAndMemberFunctionsAreFound) {
  EXPECT_THAT(FunctionsIn("namespace a {\n"
                          "int F(int x) {\n"
                          "  if (x) { return 1; }\n"
                          "  return 0;\n"
                          "}\n"
                          "absl::Status\n"
                          "Group::Seal(int x) const {\n"
                          "}\n"
                          "}\n"),
              ElementsAre("F 2 4", "Group::Seal 6 3"));
}

TEST(FunctionsTest, ClassesAreLookedInto) {
  EXPECT_THAT(FunctionsIn("template <typename T>\n"
                          "class ABSL_LOCKABLE A final : public B {\n"
                          " public:\n"
                          "  int x() const { return x_; }\n"
                          " private:\n"
                          "  struct Inner { int y() { return 1; } };\n"
                          "  int x_ = 0;\n"
                          "  Array raw_{};\n"
                          "};\n"),
              ElementsAre("x 4 1", "y 6 1"));
}

TEST(FunctionsTest, ConstructorsWithBracedMembersAreOneFunction) {
  EXPECT_THAT(FunctionsIn("A::A(int x)\n"
                          "    : a_{x},\n"
                          "      b_(x) {\n"
                          "  F();\n"
                          "}\n"),
              ElementsAre("A::A 1 5"));
}

TEST(FunctionsTest, TestsAreNamedBySuiteAndCase) {
  EXPECT_THAT(FunctionsIn("TEST(SuiteTest, DoesIt) {\n"
                          "  auto f = [](int x) {\n"
                          "    return x;\n"
                          "  };\n"
                          "}\n"),
              ElementsAre("SuiteTest.DoesIt 1 5"));
}

TEST(FunctionsTest, BracesAmongArgumentsOpenNoBody) {
  EXPECT_THAT(FunctionsIn("INSTANTIATE(Each, Values(A{1, [](B& b) {\n"
                          "  b.x = 1;\n"
                          "}}));\n"
                          "void F(A a = {}) {\n"
                          "}\n"),
              ElementsAre("F 4 2"));
}

TEST(FunctionsTest, DataIsNoFunction) {
  EXPECT_THAT(FunctionsIn("constexpr Ban kBans[] = {\n"
                          "    {\"f() {\", 1},\n"
                          "};\n"
                          "#define M(x) \\\n"
                          "  do { x; } while (false)\n"
                          "enum class E : uint8_t { kA = 1 };\n"),
              IsEmpty());
}

}  // namespace
}  // namespace cordon::house
