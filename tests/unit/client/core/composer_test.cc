#include "client/core/composer.h"

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command/record.h"
#include "client/core/content.h"
#include "client/core/view/record.h"
#include "crypto/base/number.h"
#include "crypto/policy/room_policy.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"
#include "tests/support/client_room.h"
#include "tests/support/listings.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_client.h"

namespace cordon::client {
namespace {

using ::cordon::testing::ClientRoom;
using ::cordon::testing::kAlice;
using ::cordon::testing::kChief;
using ::cordon::testing::OutboxAt;
using ::cordon::testing::RecordsIn;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestClient;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ComposerTest : public ::testing::Test {
 protected:
  vault::Room RoomRow() {
    return *alice_.vault().Read([this](const vault::VaultTxn& txn) {
      return txn.rooms().GetRoom(room_.id());
    });
  }

  ClientRoom room_{policy::RoomKind::kChannel, {kChief, kAlice}};
  TestClient& alice_ = room_.client(1);
};

TEST_F(ComposerTest, RecordIsInTheOutboxBeforeAnythingIsSent) {
  alice_.relay().GoAway();
  room_.Settle();

  auto composed =
      alice_.As<Composed>(SendText{.room = room_.name(), .body = "offline"});

  ASSERT_OK(composed);
  ASSERT_THAT(composed->records, SizeIs(1));
  EXPECT_EQ(composed->records[0].room, room_.name());
  EXPECT_THAT(OutboxAt(alice_), SizeIs(1));
  EXPECT_EQ(RoomRow().own_counter, 1U);
  // It outlives a crash.
  alice_.Restart();
  const std::vector<RecordView> shown = RecordsIn(alice_, room_.name());
  ASSERT_THAT(shown, SizeIs(1));
  EXPECT_EQ(shown[0].seq, LogSeq{0});
  EXPECT_EQ(shown[0].author.organisation, "fr.customs");
}

TEST_F(ComposerTest, WhatThePolicyDoesNotAllowChangesNothing) {
  ClientRoom broadcast(policy::RoomKind::kBroadcast, {kChief, kAlice});

  EXPECT_THAT(
      broadcast.client(1).Do(SendText{.room = broadcast.name(), .body = "no"}),
      StatusIs(absl::StatusCode::kPermissionDenied));

  EXPECT_THAT(OutboxAt(broadcast.client(1)), IsEmpty());
  EXPECT_THAT(broadcast.log(), SizeIs(1));
}

TEST_F(ComposerTest, TextBeyondItsLimitChangesNothing) {
  EXPECT_THAT(alice_.Do(SendText{.room = room_.name(),
                                 .body = std::string(kTextBytesMax + 1, 'x')}),
              StatusIs(absl::StatusCode::kInvalidArgument));

  EXPECT_THAT(OutboxAt(alice_), IsEmpty());
  EXPECT_EQ(RoomRow().own_counter, 0U);
}

TEST_F(ComposerTest, UnknownRoomIsNotFound) {
  EXPECT_THAT(alice_.Do(SendText{.room = "stop3/nowhere", .body = "x"}),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(alice_.Do(SendText{.room = "nowhere", .body = "x"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ComposerTest, RoomThatWasLeftTakesNothing) {
  ASSERT_OK(alice_.vault()->Update([this](vault::VaultTxn& txn) {
    return txn.rooms().SetState(room_.id(), vault::RoomState::kLeft, "");
  }));

  EXPECT_THAT(alice_.Do(SendText{.room = room_.name(), .body = "x"}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace cordon::client
