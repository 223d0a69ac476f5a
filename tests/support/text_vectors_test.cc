#include "tests/support/text_vectors.h"

#include "gmock/gmock.h"
#include "gtest/gtest-spi.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace cordon::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(TextVectorsTest, CasesAreSeparatedByEmptyLinesAndShareSections) {
  ASSERT_OK_AND_ASSIGN(auto cases, ParseTextVectors("# comment\n"
                                                    "[suite = x]\n"
                                                    "a = 01ff\n"
                                                    "n = 7\n"
                                                    "\n"
                                                    "a =\n"));

  ASSERT_THAT(cases, SizeIs(2));
  EXPECT_EQ(cases[0].line(), 3);
  EXPECT_EQ(cases[0].Text("suite"), "x");
  EXPECT_THAT(cases[0].Hex("a"), ElementsAre(0x01, 0xff));
  EXPECT_EQ(cases[0].Uint("n"), 7U);
  EXPECT_EQ(cases[1].Text("suite"), "x");
  EXPECT_THAT(cases[1].Hex("a"), IsEmpty());
}

TEST(TextVectorsTest, WhatNobodyReadIsNamed) {
  ASSERT_OK_AND_ASSIGN(auto cases, ParseTextVectors("a = 1\nb = 2\n"));

  cases[0].Text("a");

  EXPECT_THAT(cases[0].Unread(), ElementsAre("b"));
  EXPECT_TRUE(cases[0].Has("b"));
}

TEST(TextVectorsTest, MalformedFilesAreRefused) {
  EXPECT_THAT(ParseTextVectors(""),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseTextVectors("# only words\n"),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseTextVectors("a 1\n"),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseTextVectors("a = 1\na = 2\n"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(TextVectorsTest, AnAbsentAttributeFailsTheTest) {
  static auto cases = *ParseTextVectors("a = zz\n");

  EXPECT_NONFATAL_FAILURE(cases[0].Text("b"), "no attribute b");
  EXPECT_NONFATAL_FAILURE(cases[0].Hex("a"), "a is no hex");
  EXPECT_NONFATAL_FAILURE(cases[0].Uint("a"), "a is no number");
}

}  // namespace
}  // namespace cordon::testing
