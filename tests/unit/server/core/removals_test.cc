#include "server/core/removals.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/cert/role.h"
#include "storage/relay/delivery_log.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/relay_rooms.h"
#include "tests/support/room_device.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::server {
namespace {

using cert::Role;
using ::cordon::testing::AddOf;
using ::cordon::testing::RelayRooms;
using ::cordon::testing::RoomDevice;
using ::cordon::testing::TestPki;
using ::testing::SizeIs;

constexpr RoomId kRoom({7});
constexpr RoomId kBroken({8});

class RemovalsTest : public ::testing::Test {
 protected:
  RemovalsTest() { relay_.OpenAlerts(kRoom, eva_, {&carla_, &alice_}); }
  size_t Proposals() {
    size_t count = 0;
    for (const relay::LogEntry& entry : relay_.Log(kRoom)) {
      if (entry.kind == relay::EntryKind::kProposal && entry.author.is_zero()) {
        ++count;
      }
    }
    return count;
  }

  TestPki pki_;
  RelayRooms relay_{&pki_};
  RoomDevice eva_{&pki_.Device("ocu.authority/eva/desk", {Role::kCoordinator}),
                  &pki_};
  RoomDevice carla_{
      &pki_.Device("fr.customs/carla/desk", {Role::kContactPoint}), &pki_};
  RoomDevice alice_{&pki_.Device("fr.customs/alice/laptop", {Role::kOfficer}),
                    &pki_};
};

TEST_F(RemovalsTest, RevokedMemberIsProposedOnceAnEpoch) {
  ASSERT_OK(relay_.Revoke(alice_.device()));
  EXPECT_EQ(Proposals(), 1U);
  ASSERT_OK(relay_.Reconsider(alice_.id()));
  EXPECT_EQ(Proposals(), 1U);
}

TEST_F(RemovalsTest, WhoIsInNoRoomOrNotRevokedIsNotProposed) {
  const auto& stranger =
      pki_.Device("fr.customs/bruno/laptop", {Role::kOfficer});
  ASSERT_OK(relay_.Revoke(stranger));

  EXPECT_EQ(Proposals(), 0U);
}

TEST_F(RemovalsTest, AnyMemberCommitsItAndThenNothingIsOwed) {
  ASSERT_OK(relay_.Revoke(alice_.device()));
  carla_.Process(relay_.Log(kRoom).back().sealed);
  ASSERT_OK(relay_.Append(carla_, carla_.Commit({})));
  carla_.Adopt();

  EXPECT_FALSE(carla_.group().tree().FindDevice(alice_.id()).has_value());
  ASSERT_OK(relay_.Append(carla_, carla_.Commit({})));
  EXPECT_EQ(Proposals(), 1U);
}

TEST_F(RemovalsTest, CommitThatLeavesThemInIsFollowedByAnotherProposal) {
  ASSERT_OK(relay_.Revoke(alice_.device()));

  ASSERT_OK(relay_.Append(carla_, carla_.Commit({})));

  EXPECT_EQ(Proposals(), 2U);
}

TEST_F(RemovalsTest, WhoIsOwedIsKnownAfterARestart) {
  ASSERT_OK(relay_.Revoke(alice_.device()));
  relay_.Restart();

  ASSERT_OK(relay_.Append(carla_, carla_.Commit({})));

  EXPECT_EQ(Proposals(), 2U);
}

TEST_F(RemovalsTest, ExpiredMembersAreProposedAfterTheGrace) {
  pki_.clock().Advance(kCertificateLifetime - kCertificateBackdate);
  ASSERT_OK(relay_.ProposeExpired());
  EXPECT_EQ(Proposals(), 0U);

  pki_.clock().Advance(kCertificateBackdate + kExpiryGrace + absl::Hours(1));
  ASSERT_OK(relay_.ProposeExpired());
  ASSERT_OK(relay_.ProposeExpired());

  EXPECT_EQ(Proposals(), 3U);
}

TEST_F(RemovalsTest, RoomThatCannotBeReadHoldsUpNoRevocation) {
  ASSERT_OK(relay_.store().Write([&](const sqlite::Transaction& txn) {
    EXPECT_OK(relay_.store()->log.OpenRoom(
        txn, {.room = kBroken, .kind = 1, .creator = eva_.id()}));
    EXPECT_OK(relay_.store()->groups.Put(txn, kBroken, {}));
    return relay_.store()->groups.AddMember(txn, kBroken,
                                            {.device = alice_.id()});
  }));

  EXPECT_OK(relay_.Revoke(alice_.device()));
  EXPECT_EQ(Proposals(), 1U);
  relay_.Restart();
  EXPECT_THAT(relay_.Log(kRoom), SizeIs(2));
}

}  // namespace
}  // namespace cordon::server
