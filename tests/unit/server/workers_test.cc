#include "server/workers.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/notification.h"
#include "tests/support/status_matchers.h"

namespace cordon::server {
namespace {

using ::cordon::testing::StatusIs;

TEST(WorkersTest, WorkUnderOneKeyRunsInOrder) {
  Workers workers({.threads = 3});
  std::vector<int> order;

  for (int i = 0; i < 50; ++i) {
    ASSERT_OK(workers.Post(7, [&order, i] { order.push_back(i); }));
  }
  workers.Stop();

  ASSERT_EQ(order.size(), 50);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(WorkersTest, StopFinishesWhatWasPosted) {
  Workers workers({.threads = 2});
  std::atomic<int> done{0};
  for (uint64_t key = 0; key < 20; ++key) {
    ASSERT_OK(workers.Post(key, [&done] { ++done; }));
  }

  workers.Stop();

  EXPECT_EQ(done, 20);
  EXPECT_THAT(workers.Post(1, [] {}), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(WorkersTest, BusyThreadRefusesMoreThanPostsMax) {
  Workers workers({.threads = 1, .posts_max = 1});
  testing::Notification running;
  testing::Notification release;
  ASSERT_OK(workers.Post(0, [&] {
    running.Notify();
    release.WaitForNotification();
  }));
  running.WaitForNotification();

  EXPECT_OK(workers.Post(0, [] {}));
  EXPECT_THAT(workers.Post(0, [] {}),
              StatusIs(absl::StatusCode::kResourceExhausted));

  release.Notify();
}

}  // namespace
}  // namespace cordon::server
