#include "client/core/room_opening.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/group_shelf.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/cert/role.h"
#include "crypto/policy/room_policy.h"
#include "storage/vault/room_store.h"
#include "tests/support/room_peer.h"
#include "tests/support/status_matchers.h"

namespace cordon::client {
namespace {

using ::cordon::testing::kOperation;
using ::cordon::testing::RoomPeer;
using ::cordon::testing::RoomTown;
using ::cordon::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RoomOpeningTest : public ::testing::Test {
 protected:
  RoomOpeningTest() { chief_.KnowOperation(kOperation, "stop3"); }

  absl::StatusOr<RoomId> Open() {
    return chief_.Open(kOperation, "general", policy::RoomKind::kChannel);
  }
  const auto& AtRelay() { return town_.world().rooms.rooms(); }

  RoomTown town_;
  RoomPeer& chief_ =
      town_.Add("ocu.authority/chief/desk", {cert::Role::kCoordinator});
};

TEST_F(RoomOpeningTest, RoomBeginsWithItsCreatorAlone) {
  ASSERT_OK_AND_ASSIGN(const RoomId room, Open());

  EXPECT_EQ(chief_.members(room), 1U);
  EXPECT_EQ(chief_.row(room).state, vault::RoomState::kJoined);
  EXPECT_EQ(chief_.row(room).cursor.seq, LogSeq{0});
  EXPECT_THAT(AtRelay(), SizeIs(1));
  chief_.Restart();
  EXPECT_EQ(chief_.members(room), 1U);
}

TEST_F(RoomOpeningTest, OpeningAgainGivesTheSameRoom) {
  ASSERT_OK_AND_ASSIGN(const RoomId room, Open());

  ASSERT_OK_AND_ASSIGN(const RoomId again, Open());

  EXPECT_EQ(again, room);
  EXPECT_THAT(AtRelay(), SizeIs(1));
}

TEST_F(RoomOpeningTest, AfterALostAnswerTheSameRoomIsOpened) {
  ASSERT_OK(chief_.Run(chief_.admitting().ReadDirectory("")));
  chief_.Begin(OpenRoom(chief_.parts(), chief_.tools(),
                        {.operation = kOperation,
                         .name = "general",
                         .title = "general",
                         .kind = policy::RoomKind::kChannel}));
  // Its answer comes never: the program ends after the room was made.
  chief_.Answers();
  chief_.Restart();

  ASSERT_OK_AND_ASSIGN(const RoomId room, Open());

  EXPECT_THAT(AtRelay(), SizeIs(1));
  EXPECT_TRUE(AtRelay().contains(room));
}

TEST_F(RoomOpeningTest, SameNameOfAnotherKindIsRefused) {
  ASSERT_OK(Open());

  EXPECT_THAT(chief_.Open(kOperation, "general", policy::RoomKind::kAlerts),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(RoomOpeningTest, NameThatIsNoneIsRefusedBeforeAnythingIsMade) {
  EXPECT_THAT(
      chief_.Open(kOperation, "General Talk", policy::RoomKind::kChannel),
      StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(AtRelay(), IsEmpty());
  EXPECT_OK(CheckShortName("a room", "intake-acme-2"));
  EXPECT_FALSE(CheckShortName("a room", "-x").ok());
  EXPECT_FALSE(CheckShortName("a room", "").ok());
}

}  // namespace
}  // namespace cordon::client
