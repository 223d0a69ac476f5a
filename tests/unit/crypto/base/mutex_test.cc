#include "crypto/base/mutex.h"

#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace cordon {
namespace {

// What the mutex guards, as our classes write it.
class Counter {
 public:
  void Add() ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    ++count_;
  }
  int Get() ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    return count_;
  }
  // True once `Add` was called `wanted` times.
  bool Await(int wanted, absl::Time deadline) ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    wanted_ = wanted;
    return mu_.AwaitWithDeadline(absl::Condition(&Counter::Enough, this),
                                 deadline);
  }

 private:
  static bool Enough(Counter* self) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return self->count_ >= self->wanted_;
  }

  Mutex mu_;
  int count_ ABSL_GUARDED_BY(mu_) = 0;
  int wanted_ ABSL_GUARDED_BY(mu_) = 0;
};

// The thread sanitizer runs this too, and sees each lock and unlock.
TEST(MutexTest, NothingIsLostBetweenThreads) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 1000;
  Counter counter;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&counter] {
      for (int round = 0; round < kRounds; ++round) counter.Add();
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(counter.Get(), kThreads * kRounds);
}

TEST(MutexTest, WhoWaitsLetsOthersInUntilItHolds) {
  Counter counter;
  std::thread other([&counter] {
    counter.Add();
    counter.Add();
  });

  EXPECT_TRUE(counter.Await(2, absl::InfiniteFuture()));

  other.join();
  EXPECT_EQ(counter.Get(), 2);
}

TEST(MutexTest, WhoWaitsPastTheDeadlineIsToldAndHoldsTheLock) {
  Counter counter;

  EXPECT_FALSE(counter.Await(1, absl::InfinitePast()));

  counter.Add();
  EXPECT_TRUE(counter.Await(1, absl::InfinitePast()));
}

}  // namespace
}  // namespace cordon
