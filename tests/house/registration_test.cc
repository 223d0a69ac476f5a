#include "tests/house/registration.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/house/build_files.h"
#include "tests/house/rule_matchers.h"
#include "tests/house/tree.h"

namespace cordon::house {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr char kLayers[] = "set(CORDON_MAY_USE_base \"\")\n";

std::vector<std::string> TargetFindings(const Tree& tree) {
  return Where(CheckTargets(tree, BuildFiles::Read(tree)));
}

std::vector<std::string> RunFindings(const Tree& tree) {
  return Where(CheckTestsRun(tree, BuildFiles::Read(tree)));
}

TEST(TargetsTest, AFileInOneTargetIsAccepted) {
  EXPECT_THAT(
      TargetFindings(Tree::Of({
          {"CMakeLists.txt", kLayers},
          {"crypto/CMakeLists.txt", "cordon_library(a LAYER base SRCS a.cc)\n"},
          {"crypto/a.cc", ""},
      })),
      IsEmpty());
}

TEST(TargetsTest, AFileInNoTargetAndAFileNotThereAreFound) {
  EXPECT_THAT(TargetFindings(Tree::Of({
                  {"CMakeLists.txt", kLayers},
                  {"crypto/CMakeLists.txt",
                   "cordon_library(a LAYER base SRCS gone.cc)\n"},
                  {"crypto/forgotten.h", ""},
              })),
              UnorderedElementsAre("target crypto/forgotten.h:0",
                                   "target crypto/CMakeLists.txt:1"));
}

TEST(TargetsTest, AProductFileInTwoTargetsIsFound) {
  EXPECT_THAT(TargetFindings(Tree::Of({
                  {"CMakeLists.txt", kLayers},
                  {"crypto/CMakeLists.txt",
                   "cordon_library(a LAYER base SRCS a.cc)\n"
                   "cordon_library(b LAYER base SRCS a.cc)\n"},
                  {"crypto/a.cc", ""},
              })),
              ElementsAre("target crypto/a.cc:0"));
}

TEST(TargetsTest, AProductTargetWithoutALayerIsFound) {
  EXPECT_THAT(TargetFindings(Tree::Of({
                  {"crypto/CMakeLists.txt", "add_library(a STATIC a.cc)\n"},
                  {"crypto/a.cc", ""},
              })),
              ElementsAre("target crypto/CMakeLists.txt:1"));
}

TEST(TestsRunTest, ARegisteredTestIsAccepted) {
  EXPECT_THAT(
      RunFindings(Tree::Of({
          {"tests/CMakeLists.txt", "cordon_test(a KIND unit SRCS a_test.cc)\n"},
          {"tests/a_test.cc", "TEST(A, B) {}\n"},
      })),
      IsEmpty());
}

TEST(TestsRunTest, AForgottenAndAMisnamedTestAreFound) {
  EXPECT_THAT(
      RunFindings(Tree::Of({
          {"tests/CMakeLists.txt", "add_library(a STATIC a_test.cc)\n"},
          {"tests/a_test.cc", "TEST(A, B) {}\n"},
          {"tests/b.cc", "TEST(A, B) {}\n"},
      })),
      ElementsAre("registered tests/a_test.cc:0", "registered tests/b.cc:0"));
}

TEST(MirrorTest, AUnitTestOfAProductFileIsAccepted) {
  EXPECT_THAT(CheckMirror(Tree::Of({
                  {"crypto/x/a.h", ""},
                  {"tests/unit/crypto/x/a_test.cc", ""},
                  {"tests/integration/anything_test.cc", ""},
              })),
              IsEmpty());
}

TEST(MirrorTest, AUnitTestOfNothingIsFound) {
  EXPECT_THAT(Where(CheckMirror(Tree::Of({
                  {"crypto/a.h", ""},
                  {"tests/unit/crypto/x/a_test.cc", ""},
              }))),
              ElementsAre("mirror tests/unit/crypto/x/a_test.cc:0"));
}

TEST(SwitchedOffTest, DisabledAndSkippedTestsAreFound) {
  EXPECT_THAT(Where(CheckSwitchedOff(Tree::Of({
                  {"tests/a_test.cc",
                   "TEST(A, DISABLED_B) {}\n"
                   "TEST(A, C) { GTEST_SKIP(); }\n"
                   "TEST(A, D) {}  // DISABLED_ is not used\n"},
              }))),
              ElementsAre("switched-off tests/a_test.cc:1",
                          "switched-off tests/a_test.cc:2"));
}

}  // namespace
}  // namespace cordon::house
