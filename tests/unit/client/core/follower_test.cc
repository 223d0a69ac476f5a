#include "client/core/follower.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command/record.h"
#include "client/core/delivery_types.h"
#include "client/core/event.h"
#include "client/core/view/record.h"
#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/policy/room_policy.h"
#include "tests/support/client_room.h"
#include "tests/support/listings.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_client.h"

namespace cordon::client {
namespace {

using ::cordon::testing::ClientRoom;
using ::cordon::testing::kAlice;
using ::cordon::testing::kBob;
using ::cordon::testing::RecordsIn;
using ::cordon::testing::TestClient;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

SendText Text(const ClientRoom& room, const std::string& body) {
  return {.room = room.name(), .body = body};
}

class FollowerTest : public ::testing::Test {
 protected:
  ClientRoom room_{policy::RoomKind::kChannel};
  TestClient& chief_ = room_.client(0);
  TestClient& alice_ = room_.client(1);
  TestClient& bob_ = room_.client(2);
};

TEST_F(FollowerTest, WhatOneSendsAllRead) {
  ASSERT_OK(chief_.Do(Text(room_, "good morning")));
  room_.Settle();
  ASSERT_OK(alice_.Do(Text(room_, "good day")));
  room_.Settle();

  for (size_t i = 0; i < 3; ++i) {
    SCOPED_TRACE(room_.device(i));
    EXPECT_THAT(room_.TextsAt(i), ElementsAre("good morning", "good day"));
    EXPECT_THAT(room_.FindingsAt(i), IsEmpty());
    EXPECT_THAT(room_.client(i).Told<RecordArrived>(), SizeIs(2));
  }
}

TEST_F(FollowerTest, LinkIsCaughtUpWhenAllWasRead) {
  const std::vector<LinkChanged> told = bob_.Told<LinkChanged>();

  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.back().link, Link::kCaughtUp);
}

TEST_F(FollowerTest, RelayThatIsAwayIsTriedAgainUntilItIsBack) {
  bob_.relay().GoAway();
  room_.Wait(absl::Seconds(5));
  ASSERT_EQ(bob_.Told<LinkChanged>().back().link, Link::kOffline);
  ASSERT_OK(alice_.Do(Text(room_, "meanwhile")));
  room_.Settle();
  EXPECT_THAT(room_.TextsAt(2), IsEmpty());

  bob_.relay().ComeBack();
  room_.Wait(kFollowBackoff.longest);

  EXPECT_EQ(bob_.Told<LinkChanged>().back().link, Link::kCaughtUp);
  EXPECT_THAT(room_.TextsAt(2), ElementsAre("meanwhile"));
  EXPECT_THAT(room_.FindingsAt(2), IsEmpty());
}

TEST_F(FollowerTest, SyncSaysThatTheRelayIsAway) {
  bob_.relay().GoAway();
  room_.Settle();

  const uint64_t id = bob_.Begin(Sync{});
  room_.Settle();
  auto answer = bob_.Result(id);

  ASSERT_TRUE(answer.has_value());
  ASSERT_OK(*answer);
  const auto& view = std::get<SyncView>(**answer);
  EXPECT_FALSE(view.online);
  EXPECT_THAT(view.trouble, HasSubstr("away"));
}

TEST_F(FollowerTest, SyncEndsWhenNothingWaitsToLeave) {
  ASSERT_OK(alice_.Do(Text(room_, "one")));
  const uint64_t id = alice_.Begin(Sync{});
  room_.Settle();
  auto answer = alice_.Result(id);

  ASSERT_TRUE(answer.has_value());
  ASSERT_OK(*answer);
  const auto& view = std::get<SyncView>(**answer);
  EXPECT_TRUE(view.online);
  EXPECT_EQ(view.unsent, 0U);
  EXPECT_THAT(view.findings, IsEmpty());
}

TEST_F(FollowerTest, WhatWasReadIsReadOnceAfterARestart) {
  ASSERT_OK(alice_.Do(Text(room_, "one")));
  room_.Settle();

  bob_.Restart();
  room_.Settle();
  ASSERT_OK(alice_.Do(Text(room_, "two")));
  room_.Settle();

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("one", "two"));
  EXPECT_THAT(room_.FindingsAt(2), IsEmpty());
}

// ---- a relay that lies -----------------------------------------------------

TEST_F(FollowerTest, WhatAStreamLeftOutIsAskedFor) {
  bob_.relay().LieAbout(room_.id()).lost = {LogSeq{2}};
  ASSERT_OK(alice_.Do(Text(room_, "lost")));
  room_.Settle();
  ASSERT_OK(alice_.Do(Text(room_, "shown")));
  room_.Settle();

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("lost", "shown"));
  EXPECT_THAT(room_.FindingsAt(2), IsEmpty());
}

TEST_F(FollowerTest, WithheldEntryIsNamedAndTheRoomWaits) {
  bob_.relay().LieAbout(room_.id()).withheld = {LogSeq{2}};
  ASSERT_OK(alice_.Do(Text(room_, "withheld")));
  room_.Settle();
  ASSERT_OK(alice_.Do(Text(room_, "shown")));
  room_.Settle();

  EXPECT_THAT(room_.TextsAt(2), IsEmpty());
  EXPECT_THAT(room_.FindingsAt(2), ElementsAre(HasSubstr("withholds")));

  bob_.relay().StopLying();
  ASSERT_OK(alice_.Do(Text(room_, "third")));
  room_.Settle();
  EXPECT_THAT(room_.TextsAt(2), ElementsAre("withheld", "shown", "third"));
}

TEST_F(FollowerTest, RepeatedEntriesChangeNothing) {
  bob_.relay().LieAbout(room_.id()).repeated = {LogSeq{2}};
  ASSERT_OK(alice_.Do(Text(room_, "once")));
  room_.Settle();

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("once"));
  EXPECT_THAT(room_.FindingsAt(2), IsEmpty());
  EXPECT_THAT(room_.RefusalsAt(2), IsEmpty());
}

TEST_F(FollowerTest, LogThatWentBackStopsTheRoom) {
  ASSERT_OK(alice_.Do(Text(room_, "one")));
  room_.Settle();
  bob_.relay().LieAbout(room_.id()).ends_at = LogSeq{1};

  bob_.Restart();
  room_.Settle();

  EXPECT_THAT(room_.FindingsAt(2), ElementsAre(HasSubstr("older state")));
  EXPECT_THAT(bob_.Do(Text(room_, "no")),
              testing::StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(room_.TextsAt(2), ElementsAre("one"));
}

TEST_F(FollowerTest, OtherBytesInAPlaceAreFoundOutByTheNextRecord) {
  bob_.relay().LieAbout(room_.id()).forged = {{LogSeq{2}, Bytes(100, 7)}};
  ASSERT_OK(alice_.Do(Text(room_, "true")));
  room_.Settle();
  EXPECT_THAT(room_.TextsAt(2), IsEmpty());
  EXPECT_THAT(room_.FindingsAt(2), ElementsAre(HasSubstr("does not open")));

  ASSERT_OK(alice_.Do(Text(room_, "next")));
  room_.Settle();

  EXPECT_THAT(room_.TextsAt(2), ElementsAre("next"));
  EXPECT_THAT(room_.FindingsAt(2), Contains(HasSubstr("another log")));
}

// ---- two clients, two logs -------------------------------------------------

// To alice x lies before y, to bob y before x; neither log is wrong by itself.
class ForkTest : public FollowerTest {
 protected:
  ForkTest() {
    bob_.relay().GoAway();
    // Written before she has seen x.
    alice_.relay().GoAway();
    EXPECT_OK(alice_.Do(Text(room_, "y")));
    EXPECT_OK(chief_.Do(Text(room_, "x")));
    room_.Settle();
    alice_.relay().ComeBack();
    alice_.Restart();
    room_.Wait(absl::Seconds(5));
    const LogEntry at_two = room_.log().at(1);
    const LogEntry at_three = room_.log().at(2);
    bob_.relay().LieAbout(room_.id()).replaced = {{LogSeq{2}, at_three},
                                                  {LogSeq{3}, at_two}};
    bob_.relay().ComeBack();
    bob_.Restart();
    room_.Settle();
  }
};

TEST_F(ForkTest, IsNotSeenBeforeSomebodySpeaks) {
  EXPECT_THAT(room_.TextsAt(1), ElementsAre("x", "y"));
  EXPECT_THAT(room_.TextsAt(2), ElementsAre("y", "x"));
  EXPECT_THAT(room_.FindingsAt(1), IsEmpty());
  EXPECT_THAT(room_.FindingsAt(2), IsEmpty());
}

TEST_F(ForkTest, IsNamedAtTheNextRecordThatIsReadByEither) {
  ASSERT_OK(alice_.Do(Text(room_, "by alice")));
  room_.Settle();
  EXPECT_THAT(room_.FindingsAt(2),
              ElementsAre(AllOf(HasSubstr(kAlice), HasSubstr("another log"))));
  EXPECT_THAT(room_.FindingsAt(1), IsEmpty());

  ASSERT_OK(bob_.Do(Text(room_, "by bob")));
  room_.Settle();
  EXPECT_THAT(room_.FindingsAt(1),
              ElementsAre(AllOf(HasSubstr(kBob), HasSubstr("another log"))));
}

TEST_F(ForkTest, StaysWithTheRecordThatShowedIt) {
  ASSERT_OK(alice_.Do(Text(room_, "by alice")));
  room_.Settle();

  const std::vector<RecordView> read = RecordsIn(bob_, room_.name());
  ASSERT_THAT(read, SizeIs(3));
  EXPECT_THAT(read[0].warnings, IsEmpty());
  EXPECT_THAT(read[2].warnings, ElementsAre(HasSubstr("another log")));
}

// The relay goes over to the other log.
TEST_F(ForkTest, OtherHeadStopsTheRoom) {
  bob_.relay().StopLying();
  bob_.Restart();
  room_.Settle();

  EXPECT_THAT(room_.FindingsAt(2), ElementsAre(HasSubstr("another log")));
  EXPECT_THAT(bob_.Do(Text(room_, "no")),
              testing::StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(room_.TextsAt(2), ElementsAre("y", "x"));
}

TEST_F(ForkTest, OtherEntryInAPlaceThatWasReadStopsTheRoom) {
  // The stream goes back, and comes again with what alice was shown.
  bob_.relay().LieAbout(room_.id()).ends_at = LogSeq{1};
  room_.Settle();
  bob_.relay().StopLying();
  room_.Settle();

  EXPECT_THAT(room_.FindingsAt(2), Contains(HasSubstr("another entry 2")));
  EXPECT_THAT(bob_.Do(Text(room_, "no")),
              testing::StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(room_.TextsAt(2), ElementsAre("y", "x"));
}

}  // namespace
}  // namespace cordon::client
