// What is printed as it arrives: `read --follow` and `watch`.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <memory>
#include <string>

#include "tests/e2e/answer.h"
#include "tests/e2e/operation.h"
#include "tests/e2e/programs.h"

namespace cordon::testing {
namespace {

using ::testing::IsEmpty;

class FollowingTest : public ::testing::Test {
 protected:
  FollowingTest() {
    stop3_.Invite(alice_, "fr.customs", "alice");
    stop3_.Create();
    Works(alice_, {"sync"});
  }

  static std::string TextIn(const std::string& line) {
    const Json record = Parsed(line);
    return record.is_object() ? record["content"].value("text", "") : line;
  }
  void Say(const std::string& room, const std::string& text) {
    Works(unit_, {"send", room, text});
  }
  // An interruption is how it ends, not a failure.
  static void Interrupt(Program& program) {
    program.Signal(SIGINT);
    const Ended ended = program.Wait();
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(ended.out, IsEmpty());
  }

  TestOperation stop3_;
  Person& unit_ = stop3_.unit();
  Person& alice_ = stop3_.alice();
};

TEST_F(FollowingTest, ReadGoesOnWithWhatArrivesInItsRoomEachOnce) {
  Say("stop3/general", "before");
  Works(alice_, {"sync"});

  const std::unique_ptr<Program> reading =
      alice_.Begin({"read", "stop3/general", "--follow"});
  EXPECT_EQ(TextIn(reading->ReadLine()), "before");
  Say("stop3/instructions", "elsewhere");
  Say("stop3/general", "after");
  EXPECT_EQ(TextIn(reading->ReadLine()), "after");

  Interrupt(*reading);
}

TEST_F(FollowingTest, WatchPrintsWhatArrivesInTheOperation) {
  const std::unique_ptr<Program> watching = alice_.Begin({"watch", "stop3"});

  Say("stop3/instructions", "one");
  EXPECT_EQ(TextIn(watching->ReadLine()), "one");
  Say("stop3/general", "two");
  EXPECT_EQ(TextIn(watching->ReadLine()), "two");

  Interrupt(*watching);
}

TEST_F(FollowingTest, WhatCannotBeReadIsNotFollowed) {
  const Ended ended = alice_.Cordon({"read", "stop3/nowhere", "--follow"});

  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_EQ(CodeOf(ended), "not_found");
}

}  // namespace
}  // namespace cordon::testing
