// Whoever joins an operation that is under way, by the words of the command
// line: their contact point lets them in, with approve or with a later sync.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>

#include "absl/strings/match.h"

#include "tests/e2e/answer.h"
#include "tests/e2e/operation.h"
#include "tests/e2e/programs.h"

namespace cordon::testing {
namespace {

using ::testing::HasSubstr;

class NewcomerTest : public ::testing::Test {
 protected:
  NewcomerTest() {
    stop3_.Invite(alice_, "fr.customs", "alice");
    stop3_.Create();
    offer_ = TestOperation::OfferUser(alice_, "bea", "officer");
  }

  static size_t RoomsOf(Person& person) {
    const Ended listed = person.Cordon({"room", "list"});
    EXPECT_EQ(listed.exit_code, 0) << listed.err;
    return static_cast<size_t>(std::ranges::count(listed.out, '\n'));
  }

  TestOperation stop3_;
  Person& alice_ = stop3_.alice();
  Person& bea_ = stop3_.bea();
  std::string offer_;
};

TEST_F(NewcomerTest, ApproveEndsWhenWhoWasApprovedIsInTheRooms) {
  TestOperation::Redeem(bea_, offer_, alice_);

  EXPECT_EQ(RoomsOf(bea_), 4U);
}

TEST_F(NewcomerTest, SyncLetsInWhoWasNotWaitedFor) {
  const std::unique_ptr<Program> joining = bea_.Begin({"join", offer_});
  ASSERT_TRUE(Until([&] {
    return !Works(alice_, {"approve", "--no-wait"})
                .value("names", Json())
                .empty();
  }));
  EXPECT_EQ(joining->Wait().exit_code, 0);
  ASSERT_EQ(RoomsOf(bea_), 0U);

  Works(alice_, {"sync"});

  EXPECT_EQ(RoomsOf(bea_), 4U);
}

TEST_F(NewcomerTest, ApproveNamesWhoDoesNotComeInTheMeantime) {
  std::unique_ptr<Program> joining = bea_.Begin({"join", offer_});
  ASSERT_TRUE(Until([&] {
    return absl::StrContains(alice_.Cordon({"invite", "list"}).out,
                             "requested");
  }));
  joining.reset();

  const Ended approved = alice_.Cordon({"approve"});

  EXPECT_EQ(approved.exit_code, 0);
  EXPECT_THAT(approved.out, HasSubstr(R"({"outside":["fr.customs/bea"]})"));
}

}  // namespace
}  // namespace cordon::testing
