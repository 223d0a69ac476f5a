#include "server/core/room_groups.h"

#include "absl/status/status.h"
#include "gtest/gtest.h"

#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/cert/role.h"
#include "crypto/mls/public_group.h"
#include "storage/relay/delivery_log.h"
#include "tests/support/relay_rooms.h"
#include "tests/support/room_device.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::server {
namespace {

using cert::Role;
using ::cordon::testing::RelayRooms;
using ::cordon::testing::RoomDevice;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestPki;

constexpr RoomId kFirst({1});
constexpr RoomId kSecond({2});

class RoomGroupsTest : public ::testing::Test {
 protected:
  // Rooms of two members each.
  RoomGroupsTest() {
    for (const RoomId& room : {kFirst, kSecond}) {
      relay_.OpenAlerts(room, eva_, {&alice_});
    }
  }

  TestPki pki_;
  RelayRooms relay_{&pki_};
  RoomDevice eva_{&pki_.Device("ocu.authority/eva/desk", {Role::kCoordinator}),
                  &pki_};
  RoomDevice alice_{&pki_.Device("fr.customs/alice/laptop", {Role::kOfficer}),
                    &pki_};
};

TEST_F(RoomGroupsTest, FoundOnceItIsTheSameValue) {
  RoomGroups groups(&relay_.store()->groups);
  ASSERT_OK_AND_ASSIGN(const SharedGroup first,
                       groups.Find(relay_.Room(kFirst)));
  ASSERT_OK_AND_ASSIGN(const SharedGroup again,
                       groups.Find(relay_.Room(kFirst)));

  EXPECT_EQ(first, again);
  EXPECT_EQ(first->epoch(), Epoch{1});
  EXPECT_EQ(first->tree().member_count(), 2U);
}

TEST_F(RoomGroupsTest, BeyondItsBoundTheOneUsedLongestAgoGoes) {
  RoomGroups groups(&relay_.store()->groups, /*leaves_kept=*/3);
  ASSERT_OK_AND_ASSIGN(const SharedGroup first,
                       groups.Find(relay_.Room(kFirst)));
  ASSERT_OK(groups.Find(relay_.Room(kSecond)));

  EXPECT_EQ(groups.size(), 1U);
  ASSERT_OK_AND_ASSIGN(const SharedGroup again,
                       groups.Find(relay_.Room(kFirst)));
  EXPECT_NE(first, again);
  EXPECT_EQ(first->context(), again->context());
}

TEST_F(RoomGroupsTest, MemoryOfAnotherEpochIsNotBelieved) {
  RoomGroups groups(&relay_.store()->groups);
  ASSERT_OK(groups.Find(relay_.Room(kFirst)));
  relay::Room later = relay_.Room(kFirst);
  later.epoch = later.epoch.Next();

  EXPECT_THAT(groups.Find(later), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(RoomGroupsTest, ForgottenIsReadAgain) {
  RoomGroups groups(&relay_.store()->groups);
  ASSERT_OK_AND_ASSIGN(const SharedGroup first,
                       groups.Find(relay_.Room(kFirst)));
  groups.Forget();
  ASSERT_OK_AND_ASSIGN(const SharedGroup again,
                       groups.Find(relay_.Room(kFirst)));

  EXPECT_NE(first, again);
}

TEST_F(RoomGroupsTest, UnknownRoomHasNone) {
  RoomGroups groups(&relay_.store()->groups);
  relay::Room unknown = relay_.Room(kFirst);
  unknown.room = RoomId({9});

  EXPECT_THAT(groups.Find(unknown), StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace cordon::server
