#include "client/core/bell.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/task.h"
#include "client/core/timers.h"
#include "tests/support/fake_clock.h"

namespace cordon::client {
namespace {

using ::cordon::testing::FakeClock;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class BellTest : public ::testing::Test {
 protected:
  Task<bool> Once(int name) {
    const bool rung = co_await bell_.Wait(&timers_, absl::Seconds(5));
    heard_.emplace_back(name, rung);
    co_return rung;
  }
  Task<bool> Twice(int name) {
    co_await bell_.Wait(&timers_, absl::Seconds(5));
    co_return co_await Once(name);
  }
  static void Drop(bool /*rung*/) {}

  FakeClock clock_;
  Timers timers_{&clock_};
  Bell bell_;
  std::vector<std::pair<int, bool>> heard_;
  TaskSet tasks_;
};

TEST_F(BellTest, RingWakesAllWhoWaitInTheirOrder) {
  tasks_.Spawn(Once(1), Drop);
  tasks_.Spawn(Once(2), Drop);
  EXPECT_THAT(heard_, IsEmpty());

  bell_.Ring();

  EXPECT_THAT(heard_, ElementsAre(Pair(1, true), Pair(2, true)));
  EXPECT_EQ(timers_.next(), absl::InfiniteFuture());
}

TEST_F(BellTest, WhoWaitsAgainWaitsForTheNextRing) {
  tasks_.Spawn(Twice(1), Drop);

  bell_.Ring();
  EXPECT_THAT(heard_, IsEmpty());
  bell_.Ring();

  EXPECT_THAT(heard_, ElementsAre(Pair(1, true)));
}

TEST_F(BellTest, PatienceEndsWithoutARing) {
  tasks_.Spawn(Once(1), Drop);

  clock_.Advance(absl::Seconds(4));
  timers_.Wake();
  EXPECT_THAT(heard_, IsEmpty());
  clock_.Advance(absl::Seconds(1));
  timers_.Wake();
  bell_.Ring();

  EXPECT_THAT(heard_, ElementsAre(Pair(1, false)));
}

TEST_F(BellTest, FlowDestroyedWhileWaitingIsForgotten) {
  auto tasks = std::make_unique<TaskSet>();
  tasks->Spawn(Once(1), Drop);

  tasks = nullptr;
  bell_.Ring();
  clock_.Advance(absl::Seconds(9));
  timers_.Wake();

  EXPECT_THAT(heard_, IsEmpty());
}

}  // namespace
}  // namespace cordon::client
