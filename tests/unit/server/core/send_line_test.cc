#include "server/core/send_line.h"

#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "server/core/follow_item.h"
#include "server/core/follower.h"

namespace cordon::server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SendLineTest : public ::testing::Test {
 protected:
  // Notes its turns, and does what a test wants of one.
  struct NotingFollower final : Follower {
    NotingFollower(SendLineTest* fixture, std::string letter)
        : test(fixture), name(std::move(letter)) {}
    bool Offer(absl::Span<const SharedItem>) override { return true; }
    void Send() override {
      test->turns_.push_back(name);
      on_send();
    }
    void End(const absl::Status&) override {}
    void Tick() override {}

    SendLineTest* const test;
    const std::string name;
    std::function<void()> on_send = [] {};
  };

  void JoinAll() {
    for (Follower* const follower : {&a_, &b_, &c_}) line_.Join(follower);
  }

  SendLine line_;
  std::vector<std::string> turns_;
  NotingFollower a_{this, "a"};
  NotingFollower b_{this, "b"};
  NotingFollower c_{this, "c"};
};

TEST_F(SendLineTest, LeadGivesEachItsTurnOnceInOrder) {
  JoinAll();

  line_.Lead();
  line_.Lead();

  EXPECT_THAT(turns_, ElementsAre("a", "b", "c"));
}

TEST_F(SendLineTest, WhoJoinsDuringATurnGetsOne) {
  a_.on_send = [this] { line_.Join(&b_); };
  line_.Join(&a_);

  line_.Lead();

  EXPECT_THAT(turns_, ElementsAre("a", "b"));
}

TEST_F(SendLineTest, RelievingAnEmptyLineLeavesItToTheHerald) {
  line_.Relieve();
  JoinAll();

  EXPECT_THAT(turns_, IsEmpty());
  line_.Lead();

  EXPECT_THAT(turns_, ElementsAre("a", "b", "c"));
}

TEST_F(SendLineTest, HeraldIsRelievedByWhoComesBy) {
  a_.on_send = [this] { std::thread([this] { line_.Relieve(); }).join(); };
  const std::thread::id herald = std::this_thread::get_id();
  b_.on_send = [herald] { EXPECT_NE(std::this_thread::get_id(), herald); };
  JoinAll();

  line_.Lead();

  EXPECT_THAT(turns_, ElementsAre("a", "b", "c"));
}

// Two would wake each other up for every turn.
TEST_F(SendLineTest, OneRelievesAndTheOthersGoOn) {
  const std::thread::id reliever = std::this_thread::get_id();
  a_.on_send = [this] { std::thread([this] { line_.Relieve(); }).join(); };
  b_.on_send = [reliever] { EXPECT_EQ(std::this_thread::get_id(), reliever); };
  JoinAll();

  line_.Relieve();

  EXPECT_THAT(turns_, ElementsAre("a", "b", "c"));
}

TEST_F(SendLineTest, HeraldLeavesNewOnesToWhoRelievesIt) {
  a_.on_send = [this] {
    line_.Join(&b_);
    line_.Lead();
    EXPECT_THAT(turns_, ElementsAre("a"));
  };
  line_.Join(&a_);

  line_.Relieve();
  line_.Join(&c_);
  line_.Lead();

  EXPECT_THAT(turns_, ElementsAre("a", "b", "c"));
}

}  // namespace
}  // namespace cordon::server
