#include "server/chores.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace cordon::server {
namespace {

TEST(ChoresTest, EachIsDoneAtItsInterval) {
  Chores chores;
  int each_tick = 0;
  int each_third = 0;
  chores.Every(absl::ZeroDuration(), [&each_tick] { ++each_tick; });
  chores.Every(absl::Seconds(3), [&each_third] { ++each_third; });

  for (int tick = 0; tick < 8; ++tick) chores.Tick();

  EXPECT_EQ(each_tick, 8);
  EXPECT_EQ(each_third, 2);
}

}  // namespace
}  // namespace cordon::server
