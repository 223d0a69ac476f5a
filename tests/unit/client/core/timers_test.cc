#include "client/core/timers.h"

#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/task.h"
#include "tests/support/fake_clock.h"

namespace cordon::client {
namespace {

using ::cordon::testing::FakeClock;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Task<int> Nap(Timers& timers, absl::Duration span, int name) {
  co_await timers.Sleep(span);
  co_return name;
}

Task<int> NapTwice(Timers& timers, absl::Duration span, int name) {
  co_await timers.Sleep(span);
  co_await timers.Sleep(span);
  co_return name;
}

class TimersTest : public ::testing::Test {
 protected:
  auto Keep() {
    return [this](int name) { woken_.push_back(name); };
  }
  void Pass(absl::Duration span) {
    clock_.Advance(span);
    timers_.Wake();
  }

  FakeClock clock_;
  Timers timers_{&clock_};
  TaskSet tasks_;
  std::vector<int> woken_;
};

TEST_F(TimersTest, SleepersWakeInTheOrderOfTheirTimes) {
  tasks_.Spawn(Nap(timers_, absl::Seconds(3), 3), Keep());
  tasks_.Spawn(Nap(timers_, absl::Seconds(1), 1), Keep());
  EXPECT_EQ(timers_.next(), clock_.Now() + absl::Seconds(1));

  Pass(absl::Milliseconds(999));
  EXPECT_THAT(woken_, IsEmpty());
  Pass(absl::Seconds(10));

  EXPECT_THAT(woken_, ElementsAre(1, 3));
  EXPECT_EQ(timers_.next(), absl::InfiniteFuture());
}

TEST_F(TimersTest, FlowMaySleepAgain) {
  tasks_.Spawn(NapTwice(timers_, absl::Seconds(1), 1), Keep());

  Pass(absl::Seconds(1));
  EXPECT_THAT(woken_, IsEmpty());
  Pass(absl::Seconds(1));

  EXPECT_THAT(woken_, ElementsAre(1));
}

TEST_F(TimersTest, FlowThatIsGoneIsNotWoken) {
  {
    TaskSet short_lived;
    short_lived.Spawn(Nap(timers_, absl::Seconds(1), 1), Keep());
    short_lived.Spawn(Nap(timers_, absl::Seconds(1), 2), Keep());
  }
  tasks_.Spawn(Nap(timers_, absl::Seconds(1), 3), Keep());

  Pass(absl::Seconds(1));

  EXPECT_THAT(woken_, ElementsAre(3));
}

}  // namespace
}  // namespace cordon::client
