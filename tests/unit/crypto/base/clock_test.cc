#include "crypto/base/clock.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace cordon {
namespace {

// Of the real clock nothing may be relied on but that it is one, and is a
// time of this project's life.
TEST(ClockTest, ThereIsOneSystemClockAndItIsSet) {
  EXPECT_EQ(&SystemClock(), &SystemClock());
  EXPECT_GT(SystemClock().Now(), absl::FromUnixSeconds(1'600'000'000));
  EXPECT_LT(SystemClock().Now(), absl::InfiniteFuture());
}

}  // namespace
}  // namespace cordon
