#include "client/core/task.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace cordon::client {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A relay that answers when the test says so.
class SlowSource {
 public:
  void Get(Done<int> done) { waiting_.push_back(std::move(done)); }
  void AnswerNext(absl::StatusOr<int> value) {
    Done<int> done = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    std::move(done)(std::move(value));
  }

 private:
  std::vector<Done<int>> waiting_;
};

Task<absl::StatusOr<int>> GetOne(SlowSource& source) {
  co_return co_await Ask<int>(
      [&source](Done<int> done) { source.Get(std::move(done)); });
}

Task<absl::StatusOr<int>> SumOfTwo(SlowSource& source) {
  const absl::StatusOr<int> first = co_await GetOne(source);
  if (!first.ok()) co_return first.status();
  const absl::StatusOr<int> second = co_await GetOne(source);
  if (!second.ok()) co_return second.status();
  co_return *first + *second;
}

Task<absl::StatusOr<int>> Immediate() {
  co_return co_await Ask<int>([](Done<int> done) { std::move(done)(7); });
}

class TaskTest : public ::testing::Test {
 protected:
  auto Keep() {
    return [this](absl::StatusOr<int> result) { results_.push_back(result); };
  }

  SlowSource source_;
  TaskSet tasks_;
  std::vector<absl::StatusOr<int>> results_;
};

TEST_F(TaskTest, FlowResumesAtEachAnswerAndGivesItsResult) {
  tasks_.Spawn(SumOfTwo(source_), Keep());
  source_.AnswerNext(1);
  EXPECT_THAT(results_, IsEmpty());
  EXPECT_EQ(tasks_.running(), 1U);

  source_.AnswerNext(2);

  EXPECT_THAT(results_, ElementsAre(IsOkAndHolds(3)));
  EXPECT_EQ(tasks_.running(), 0U);
  tasks_.Reap();
}

TEST_F(TaskTest, AnswerDuringTheCallNeedsNoSuspension) {
  tasks_.Spawn(Immediate(), Keep());

  EXPECT_THAT(results_, ElementsAre(IsOkAndHolds(7)));
}

TEST_F(TaskTest, ErrorEndsTheFlowEarly) {
  tasks_.Spawn(SumOfTwo(source_), Keep());
  source_.AnswerNext(absl::AbortedError("lost"));

  EXPECT_THAT(results_, ElementsAre(StatusIs(absl::StatusCode::kAborted)));
}

TEST_F(TaskTest, TwoFlowsInterleave) {
  tasks_.Spawn(SumOfTwo(source_), Keep());
  tasks_.Spawn(SumOfTwo(source_), Keep());
  for (const int value : {1, 10, 2, 20}) source_.AnswerNext(value);

  EXPECT_THAT(results_, ElementsAre(IsOkAndHolds(3), IsOkAndHolds(30)));
}

TEST_F(TaskTest, AnswerAfterTheSetIsGoneIsDropped) {
  {
    TaskSet short_lived;
    short_lived.Spawn(SumOfTwo(source_), Keep());
  }
  source_.AnswerNext(1);

  EXPECT_THAT(results_, IsEmpty());
}

Task<absl::StatusOr<int>> Holds(std::shared_ptr<int> guard,
                                SlowSource& source) {
  const absl::StatusOr<int> answer = co_await GetOne(source);
  co_return answer.ok() ? *answer + *guard : answer;
}

TEST_F(TaskTest, DestroyedFlowFreesWhatItHeld) {
  auto guard = std::make_shared<int>(1);
  {
    TaskSet short_lived;
    short_lived.Spawn(Holds(guard, source_), Keep());
    EXPECT_EQ(guard.use_count(), 2);
  }
  EXPECT_EQ(guard.use_count(), 1);
}

}  // namespace
}  // namespace cordon::client
