#include "server/core/rate_limit.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace cordon::server {
namespace {

using ::cordon::testing::FakeClock;
using ::cordon::testing::StatusIs;

constexpr RateLimits kThreeAtOnce{.per_second = 1, .burst = 3};

TEST(RateLimiterTest, BurstPassesAndTheNextIsRefused) {
  FakeClock clock;
  RateLimiter limiter(kThreeAtOnce);

  for (int i = 0; i < 3; ++i) EXPECT_OK(limiter.Take("a", clock.Now()));
  EXPECT_THAT(limiter.Take("a", clock.Now()),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_OK(limiter.Take("b", clock.Now()));
}

TEST(RateLimiterTest, TimeFillsTheBucket) {
  FakeClock clock;
  RateLimiter limiter(kThreeAtOnce);
  for (int i = 0; i < 3; ++i) ASSERT_OK(limiter.Take("a", clock.Now()));

  clock.Advance(absl::Seconds(1));

  EXPECT_OK(limiter.Take("a", clock.Now()));
  EXPECT_THAT(limiter.Take("a", clock.Now()),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST(RateLimiterTest, ClockThatWentBackFillsNothing) {
  FakeClock clock;
  RateLimiter limiter(kThreeAtOnce);
  for (int i = 0; i < 3; ++i) ASSERT_OK(limiter.Take("a", clock.Now()));

  clock.Advance(-absl::Hours(1));

  EXPECT_THAT(limiter.Take("a", clock.Now()),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST(RateLimiterTest, AllTogetherHaveALimitToo) {
  FakeClock clock;
  RateLimiter limiter(
      {.per_second = 1, .burst = 3, .all_per_second = 1, .all_burst = 2});

  EXPECT_OK(limiter.Take("a", clock.Now()));
  EXPECT_OK(limiter.Take("b", clock.Now()));
  EXPECT_THAT(limiter.Take("c", clock.Now()),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST(RateLimiterTest, OnlySoManyAddressesAreRemembered) {
  FakeClock clock;
  RateLimiter limiter({.per_second = 1, .burst = 3, .addresses_max = 2});
  ASSERT_OK(limiter.Take("a", clock.Now()));
  ASSERT_OK(limiter.Take("b", clock.Now()));

  EXPECT_THAT(limiter.Take("c", clock.Now()),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_OK(limiter.Take("a", clock.Now()));

  // Those who have been quiet for long are forgotten.
  clock.Advance(absl::Seconds(10));
  EXPECT_OK(limiter.Take("c", clock.Now()));
}

TEST(RateLimiterTest, ManyAreTakenTogetherOrNotAtAll) {
  FakeClock clock;
  RateLimiter limiter(kThreeAtOnce);
  ASSERT_OK(limiter.Take("a", clock.Now()));

  EXPECT_THAT(limiter.Take("a", clock.Now(), 3),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_OK(limiter.Take("a", clock.Now(), 2));
}

TEST(RateLimiterTest, WhoIsRefusedByAllsLimitKeepsItsOwn) {
  FakeClock clock;
  RateLimiter limiter(
      {.per_second = 1, .burst = 3, .all_per_second = 3, .all_burst = 3});
  ASSERT_OK(limiter.Take("a", clock.Now(), 3));
  ASSERT_THAT(limiter.Take("b", clock.Now(), 3),
              StatusIs(absl::StatusCode::kResourceExhausted));

  clock.Advance(absl::Seconds(1));

  EXPECT_OK(limiter.Take("b", clock.Now(), 3));
}

}  // namespace
}  // namespace cordon::server
