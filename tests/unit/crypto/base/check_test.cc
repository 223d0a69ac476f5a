#include "crypto/base/check.h"

#include "gtest/gtest.h"

namespace cordon {
namespace {

TEST(CheckTest, WhatHoldsIsEvaluatedOnceAndGoesOn) {
  int asked = 0;

  CORDON_CHECK(++asked == 1);

  EXPECT_EQ(asked, 1);
}

// In every build: the place and the condition, and no going on.
TEST(CheckDeathTest, WhatDoesNotHoldStopsTheProgramAndSaysWhere) {
  const int apples = 2;

  EXPECT_DEATH(CORDON_CHECK(apples == 3),
               "broken invariant at .*check_test.cc:[0-9]+: apples == 3");
}

TEST(CheckTest, StandsWhereAStatementMay) {
  // Without braces, on purpose: the macro is one statement.
  // clang-format off
  if (true) CORDON_CHECK(true); else CORDON_CHECK(false);
  // clang-format on
}

#ifdef NDEBUG
TEST(DcheckTest, IsNotEvaluatedInARelease) {
  int asked = 0;

  CORDON_DCHECK(++asked == 0);

  EXPECT_EQ(asked, 0);
}
#else
TEST(DcheckDeathTest, StopsTheProgramWhereItIsBuiltForFindingFaults) {
  EXPECT_DEATH(CORDON_DCHECK(1 > 2), "1 > 2");
}
#endif

}  // namespace
}  // namespace cordon
