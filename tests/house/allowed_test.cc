#include "tests/house/allowed.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/house/finding.h"
#include "tests/house/rule_matchers.h"
#include "tests/house/source.h"

namespace cordon::house {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Left(const std::string& list,
                              const Findings& findings) {
  return Where(
      Allowed::Read(Source("tests/house/allowed.txt", list)).Apply(findings));
}

Finding Long(int lines) {
  return {.rule = "source-lines", .subject = "a.cc", .measured = lines};
}

TEST(AllowedTest, WhatIsListedIsTakenOut) {
  EXPECT_THAT(Left("# a comment\nsource-lines a.cc # a table\n", {Long(700)}),
              IsEmpty());
}

TEST(AllowedTest, WhatIsNotListedStays) {
  EXPECT_THAT(Left("", {Long(700)}), ElementsAre("source-lines a.cc:0"));
}

TEST(AllowedTest, ANumberHoldsTheLength) {
  EXPECT_THAT(Left("source-lines a.cc 700 # a table\n", {Long(700)}),
              IsEmpty());
  EXPECT_THAT(Left("source-lines a.cc 700 # a table\n", {Long(701)}),
              ElementsAre("source-lines a.cc:0"));
}

TEST(AllowedTest, AnEntryThatNothingNeedsIsFound) {
  EXPECT_THAT(Left("source-lines a.cc # a table\n", {}),
              ElementsAre("allowed tests/house/allowed.txt:1"));
}

TEST(AllowedTest, AnEntryWithoutAReasonIsFoundAndDoesNotCount) {
  EXPECT_THAT(
      Left("source-lines a.cc\n", {Long(700)}),
      ElementsAre("allowed tests/house/allowed.txt:1", "source-lines a.cc:0"));
}

TEST(AllowedTest, ASwitchedOffTestNeedsADate) {
  const Findings off = {{.rule = "switched-off", .subject = "a_test.cc"}};

  EXPECT_THAT(Left("switched-off a_test.cc # needs a quiet machine\n", off),
              ElementsAre("allowed tests/house/allowed.txt:1",
                          "switched-off a_test.cc:0"));
  EXPECT_THAT(Left("switched-off a_test.cc # 2023-12-04: needs root\n", off),
              IsEmpty());
}

}  // namespace
}  // namespace cordon::house
