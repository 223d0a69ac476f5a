#include "tests/house/bans.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/house/rule_matchers.h"
#include "tests/house/tree.h"

namespace cordon::house {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Findings BansIn(const std::string& path, const std::string& text) {
  return CheckBans(Tree::Of({{path, text}}));
}

class BannedTest : public ::testing::TestWithParam<const char*> {};

TEST_P(BannedTest, IsFoundInACore) {
  EXPECT_THAT(Where(BansIn("client/core/a.cc", std::string(GetParam()) + "\n")),
              ElementsAre("ban client/core/a.cc:1"));
}

INSTANTIATE_TEST_SUITE_P(
    Words, BannedTest,
    ::testing::Values("void F(std::string_view s);", "#include <string_view>",
                      "if (memcmp(a, b, 4) == 0) {", "std::memcmp(a, b, 4);",
                      "strcpy(a, b);", "sprintf(a, b);", "int a = rand();",
                      "int a = std::rand();", "std::random_device device;",
                      "std::mt19937_64 engine(1);", "auto now = absl::Now();",
                      "std::chrono::system_clock::now();", "time(nullptr);",
                      "auto f = [=] { return a; };", "auto f = [=, &b] {};",
                      "throw Oops();", "assert(a);", "std::async(f);",
                      "worker.detach();", "std::this_thread::sleep_for(a);",
                      "absl::SleepFor(a);", "std::mutex mu;", "absl::Mutex mu;",
                      "absl::Notification done;", "std::thread worker(f);",
                      "std::jthread worker(f);", "#include <fstream>",
                      "std::cout << a;", "getenv(\"HOME\");",
                      "std::getenv(\"HOME\");", "key.ExposeSecret();"));

TEST(BansTest, CommentsAndLiteralsMaySayIt) {
  EXPECT_THAT(BansIn("client/core/a.cc",
                     "// never throw\n"
                     "Log(\"throw\");\n"),
              IsEmpty());
}

TEST(BansTest, LongerWordsAreNotMeant) {
  EXPECT_THAT(BansIn("client/core/a.cc",
                     "sodium_memcmp(a, b, 4); static_assert(true);\n"
                     "std::nothrow; strand(a); absl::NowInSomeZone();\n"),
              IsEmpty());
}

TEST(BansTest, PlacesThatAWordIsForMayUseIt) {
  EXPECT_THAT(BansIn("crypto/base/clock.cc", "return absl::Now();\n"),
              IsEmpty());
  EXPECT_THAT(BansIn("crypto/prim/a.cc", "key.ExposeSecret();\n"), IsEmpty());
  EXPECT_THAT(BansIn("storage/sqlite/db.cc", "key.ExposeSecret();\n"),
              IsEmpty());
  EXPECT_THAT(BansIn("server/lane.cc", "std::thread worker(f);\n"), IsEmpty());
  EXPECT_THAT(BansIn("tests/support/a.cc", "std::mt19937_64 e(1);\n"),
              IsEmpty());
}

TEST(BansTest, PlacesBesideThemMayNot) {
  EXPECT_THAT(BansIn("crypto/base/log.cc", "return absl::Now();\n"), SizeIs(1));
  EXPECT_THAT(BansIn("storage/vault/vault.cc", "key.ExposeSecret();\n"),
              SizeIs(1));
  EXPECT_THAT(BansIn("server/core/a.cc", "std::thread worker(f);\n"),
              SizeIs(1));
}

TEST(MacrosTest, AMacroOfOnesOwnIsFound) {
  EXPECT_THAT(Where(CheckMacros(
                  Tree::Of({{"crypto/a.cc", "\n#define MAX(a, b) 1\n"}}))),
              ElementsAre("macro crypto/a.cc:2"));
}

TEST(MacrosTest, GuardsAndTheFewOfStyleAreAccepted) {
  EXPECT_THAT(
      CheckMacros(Tree::Of({
          {"crypto/a.h", "#define CORDON_CRYPTO_A_H_\n"},
          {"crypto/base/check.h", "#define CORDON_CHECK(c) c\n"},
          {"crypto/base/status.h", "#define CORDON_RETURN_IF_ERROR(e) e\n"},
      })),
      IsEmpty());
}

TEST(MacrosTest, AMacroOfStyleInAnotherFileIsFound) {
  EXPECT_THAT(
      CheckMacros(Tree::Of({{"crypto/a.h", "#define CORDON_CHECK(c) c\n"}})),
      SizeIs(1));
}

TEST(NolintTest, WithoutTheNameOfTheCheckIsFound) {
  EXPECT_THAT(
      Where(CheckNolint(Tree::Of({{"crypto/a.cc",
                                   "int a;  // NOLINT\n"
                                   "int b;  // NOLINT(bugprone-x): why\n"
                                   "// NOLINTNEXTLINE(bugprone-x): why\n"
                                   "f(\"NOLINT\");\n"}}))),
      ElementsAre("nolint crypto/a.cc:1"));
}

}  // namespace
}  // namespace cordon::house
