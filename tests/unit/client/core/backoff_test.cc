#include "client/core/backoff.h"

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/seeded_random.h"

namespace cordon::client {
namespace {

using ::cordon::testing::SeededRandom;
using ::testing::AllOf;
using ::testing::Ge;
using ::testing::Le;

constexpr Backoff kBackoff = {.first = absl::Seconds(1),
                              .longest = absl::Seconds(30)};

TEST(BackoffTest, WaitsTwiceAsLongEachTimeAndLessByChance) {
  SeededRandom random(1);

  EXPECT_THAT(DelayAfter(1, kBackoff, random),
              AllOf(Ge(absl::Milliseconds(500)), Le(absl::Seconds(1))));
  EXPECT_THAT(DelayAfter(3, kBackoff, random),
              AllOf(Ge(absl::Seconds(2)), Le(absl::Seconds(4))));
}

TEST(BackoffTest, NeverWaitsLongerThanItsLimit) {
  SeededRandom random(1);

  EXPECT_THAT(DelayAfter(4'000'000'000, kBackoff, random),
              AllOf(Ge(absl::Seconds(15)), Le(absl::Seconds(30))));
}

}  // namespace
}  // namespace cordon::client
