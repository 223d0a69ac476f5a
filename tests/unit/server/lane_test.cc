#include "server/lane.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "server/core/fanout.h"
#include "server/core/follow_item.h"
#include "server/core/follower.h"
#include "server/core/publications.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/statement.h"
#include "tests/support/notification.h"
#include "tests/support/status_matchers.h"

namespace cordon::server {
namespace {

using ::cordon::testing::IsOk;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::Pair;

struct TestItem final : EncodedItem {
  size_t size_bytes() const override { return 1; }
};
struct TestEncoder final : ItemEncoder {
  SharedItem Encode(const FollowItem&) const override {
    return std::make_shared<TestItem>();
  }
  SharedItem EncodeEntry(const LogEntry&) const override {
    return std::make_shared<TestItem>();
  }
};
struct CountingFollower final : Follower {
  bool Offer(absl::Span<const SharedItem> items) override {
    offered += items.size();
    return !std::exchange(in_line, true);
  }
  void Send() override {
    in_line = false;
    ++sent;
  }
  void End(const absl::Status&) override {}
  void Tick() override {}
  size_t offered = 0;
  int sent = 0;
  bool in_line = false;
};

constexpr DeviceId kDevice({1});

class LaneTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(db_, sqlite::Db::OpenInMemory());
    ASSERT_OK(db_->ExecuteScript(
        "CREATE TABLE t (n INTEGER PRIMARY KEY NOT NULL) STRICT"));
    fanout_.Add(&follower_, kDevice, {});
  }
  void Open(const LaneOptions& options = {}) {
    lane_ = std::make_unique<Lane>(
        Lane::Parts{.db = db_.get(),
                    .publications = &publications_,
                    .fanout = &fanout_,
                    .on_step_end =
                        [this](bool kept) {
                          ends_.emplace_back(
                              kept, *db_->ReadNumber("SELECT count(*) FROM t"));
                        },
                    .on_batch_lost = [this](const absl::Status&) { ++lost_; }},
        options);
  }
  absl::Status Insert(int n) {
    CORDON_ASSIGN_OR_RETURN(
        sqlite::Statement insert,
        sqlite::Statement::Prepare(db_.get(), "INSERT INTO t (n) VALUES (:n)"));
    return insert.Start().Bind("n", n).Finish();
  }
  // Post runs a step and waits for its answer.
  absl::Status PostAndWait(Lane::Step step) {
    testing::Notification answered;
    absl::Status outcome;
    absl::Status posted =
        lane_->Post(std::move(step), [&](const absl::Status& status) {
          outcome = status;
          answered.Notify();
        });
    if (!posted.ok()) return posted;
    answered.WaitForNotification();
    return outcome;
  }
  // Hold keeps the lane busy until the notification is given, so that what is
  // posted meanwhile becomes one batch.
  void Hold(testing::Notification& release) {
    testing::Notification held;
    ASSERT_OK(lane_->PostOutside([&held, &release] {
      held.Notify();
      release.WaitForNotification();
    }));
    held.WaitForNotification();
  }

  std::unique_ptr<sqlite::Db> db_;
  TestEncoder encoder_;
  Publications publications_;
  CountingFollower follower_;
  Fanout fanout_{&encoder_};
  int lost_ = 0;
  // Of each step: whether it was kept, and the rows that there are then.
  std::vector<std::pair<bool, int64_t>> ends_;
  std::unique_ptr<Lane> lane_;
};

TEST_F(LaneTest, StepIsCommittedWhenItIsAnswered) {
  Open();

  EXPECT_OK(PostAndWait([this](sqlite::Transaction&) { return Insert(1); }));

  lane_->Stop();
  EXPECT_THAT(db_->ReadNumber("SELECT count(*) FROM t"), IsOkAndHolds(1));
}

TEST_F(LaneTest, AskGivesTheResult) {
  Open();
  testing::Notification answered;
  absl::StatusOr<int> result = 0;

  ASSERT_OK(lane_->Ask<int>(
      [](sqlite::Transaction&) { return absl::StatusOr<int>(7); },
      [&](absl::StatusOr<int> got) {
        result = std::move(got);
        answered.Notify();
      }));
  answered.WaitForNotification();

  EXPECT_THAT(result, IsOkAndHolds(7));
}

TEST_F(LaneTest, RefusedStepOfABatchTakesBackOnlyItsOwn) {
  Open();
  testing::Notification release;
  Hold(release);
  std::vector<absl::StatusCode> outcomes;
  const auto note = [&outcomes](const absl::Status& status) {
    outcomes.push_back(status.code());
  };

  ASSERT_OK(
      lane_->Post([this](sqlite::Transaction&) { return Insert(1); }, note));
  ASSERT_OK(lane_->Post(
      [this](sqlite::Transaction&) {
        publications_.Add(ToDevice{kDevice, CaughtUpItem{}});
        EXPECT_OK(Insert(2));
        return absl::InvalidArgumentError("refused half-way");
      },
      note));
  ASSERT_OK(lane_->Post(
      [this](sqlite::Transaction&) {
        publications_.Add(ToDevice{kDevice, CaughtUpItem{}});
        return Insert(3);
      },
      note));
  release.Notify();
  lane_->Stop();

  EXPECT_THAT(outcomes, ElementsAre(absl::StatusCode::kOk,
                                    absl::StatusCode::kInvalidArgument,
                                    absl::StatusCode::kOk));
  EXPECT_THAT(db_->ReadNumber("SELECT sum(n) FROM t"), IsOkAndHolds(4));
  EXPECT_EQ(follower_.offered, 1);
}

TEST_F(LaneTest, EndOfEachStepIsToldWhenItsWritesAreKeptOrGone) {
  Open();

  EXPECT_OK(PostAndWait([this](sqlite::Transaction&) { return Insert(1); }));
  EXPECT_THAT(PostAndWait([this](sqlite::Transaction&) {
                EXPECT_OK(Insert(2));
                return absl::InvalidArgumentError("refused half-way");
              }),
              Not(IsOk()));
  lane_->Stop();

  EXPECT_THAT(ends_, ElementsAre(Pair(true, 1), Pair(false, 1)));
}

TEST_F(LaneTest, AnswersComeInTheOrderPosted) {
  Open({.jobs_max = 100, .batch_jobs_max = 3});
  std::vector<int> order;

  for (int i = 0; i < 20; ++i) {
    ASSERT_OK(
        lane_->Post([](sqlite::Transaction&) { return absl::OkStatus(); },
                    [&order, i](const absl::Status&) { order.push_back(i); }));
  }
  lane_->Stop();

  ASSERT_EQ(order.size(), 20);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

// What is published must be durable: a reader could otherwise know of an entry
// that a crash takes back.
TEST_F(LaneTest, NothingIsPublishedWhenTheCommitFails) {
  Open();

  const absl::Status outcome =
      PostAndWait([this](sqlite::Transaction&) -> absl::Status {
        publications_.Add(ToDevice{kDevice, CaughtUpItem{}});
        CORDON_RETURN_IF_ERROR(Insert(1));
        // A constraint that is checked at the commit.
        return db_->ExecuteScript(
            "CREATE TABLE u (n INTEGER REFERENCES t (n) "
            "DEFERRABLE INITIALLY DEFERRED) STRICT;"
            "INSERT INTO u (n) VALUES (99)");
      });
  lane_->Stop();

  EXPECT_THAT(outcome, Not(IsOk()));
  EXPECT_EQ(lost_, 1);
  EXPECT_EQ(follower_.offered, 0);
  EXPECT_THAT(db_->ReadNumber("SELECT count(*) FROM t"), IsOkAndHolds(0));
}

// The more there is to do, the less each entry costs.
TEST_F(LaneTest, WhatWasCommittedWhileTheHeraldWasBusyGoesOutTogether) {
  Open();
  testing::Notification busy;
  testing::Notification release;
  ASSERT_OK(lane_->Post([](sqlite::Transaction&) { return absl::OkStatus(); },
                        [&busy, &release](const absl::Status&) {
                          busy.Notify();
                          release.WaitForNotification();
                        }));
  busy.WaitForNotification();
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(lane_->Post(
        [this](sqlite::Transaction&) {
          publications_.Add(ToDevice{kDevice, CaughtUpItem{}});
          return absl::OkStatus();
        },
        [](const absl::Status& status) { EXPECT_OK(status); }));
    // Its transaction is over when the lane is free.
    testing::Notification over;
    ASSERT_OK(lane_->PostOutside([&over] { over.Notify(); }));
    over.WaitForNotification();
  }

  release.Notify();
  lane_->Stop();

  EXPECT_EQ(follower_.offered, 3);
  EXPECT_EQ(follower_.sent, 1);
}

TEST_F(LaneTest, MoreThanJobsMaxUnansweredAreRefused) {
  Open({.jobs_max = 2});
  testing::Notification release;
  Hold(release);
  const auto nothing = [](sqlite::Transaction&) { return absl::OkStatus(); };
  int answers = 0;
  const auto count = [&answers](const absl::Status&) { ++answers; };

  EXPECT_OK(lane_->Post(nothing, count));
  EXPECT_THAT(lane_->Post(nothing, count),
              StatusIs(absl::StatusCode::kResourceExhausted));
  release.Notify();
  lane_->Stop();

  EXPECT_EQ(answers, 1);
  EXPECT_EQ(lane_->unanswered(), 0);
}

TEST_F(LaneTest, StoppedLaneRefusesAndHasAnsweredEverything) {
  Open();
  int answers = 0;
  for (int i = 0; i < 10; ++i) {
    ASSERT_OK(lane_->Post([this, i](sqlite::Transaction&) { return Insert(i); },
                          [&answers](const absl::Status&) { ++answers; }));
  }

  lane_->Stop();

  EXPECT_EQ(answers, 10);
  EXPECT_THAT(lane_->Post([](sqlite::Transaction&) { return absl::OkStatus(); },
                          [](const absl::Status&) {}),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(LaneTest, StepsFromManyThreadsAllHappenOnce) {
  Open();
  std::vector<std::thread> posters;
  for (int poster = 0; poster < 4; ++poster) {
    posters.emplace_back([this, poster] {
      for (int i = 0; i < 50; ++i) {
        EXPECT_OK(lane_->Post(
            [this, n = poster * 50 + i](sqlite::Transaction&) {
              return Insert(n);
            },
            [](const absl::Status& status) { EXPECT_OK(status); }));
      }
    });
  }
  for (std::thread& poster : posters) poster.join();
  lane_->Stop();

  EXPECT_THAT(db_->ReadNumber("SELECT count(*) FROM t"), IsOkAndHolds(200));
}

}  // namespace
}  // namespace cordon::server
