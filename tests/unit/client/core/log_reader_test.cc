#include "client/core/log_reader.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command/record.h"
#include "client/core/event.h"
#include "crypto/base/number.h"
#include "crypto/policy/room_policy.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"
#include "tests/support/client_room.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_client.h"

namespace cordon::client {
namespace {

using ::cordon::testing::ClientRoom;
using ::cordon::testing::kAlice;
using ::cordon::testing::kChief;
using ::cordon::testing::StatusIs;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class LogReaderTest : public ::testing::Test {
 protected:
  vault::Room RowAt(size_t index) {
    return *room_.client(index).vault().Read(
        [this](const vault::VaultTxn& txn) {
          return txn.rooms().GetRoom(room_.id());
        });
  }

  ClientRoom room_{policy::RoomKind::kChannel, {kChief, kAlice}};
};

TEST_F(LogReaderTest, BacklogIsReadInOrder) {
  constexpr int kRecords = 40;
  room_.client(1).relay().GoAway();
  room_.Settle();
  std::vector<std::string> sent;
  for (int i = 0; i < kRecords; ++i) {
    sent.push_back(std::to_string(i));
    ASSERT_OK(room_.client(0).Do(
        SendText{.room = room_.name(), .body = sent.back()}));
    room_.Settle();
  }

  room_.client(1).relay().ComeBack();
  room_.client(1).Restart();
  room_.Settle();

  EXPECT_EQ(room_.TextsAt(1), sent);
  EXPECT_THAT(room_.FindingsAt(1), IsEmpty());
  EXPECT_THAT(room_.client(1).Told<RecordArrived>(), SizeIs(kRecords));
}

TEST_F(LogReaderTest, CursorAndHashFollowTheLog) {
  ASSERT_OK(
      room_.client(0).Do(SendText{.room = room_.name(), .body = "hello"}));
  room_.Settle();

  const RoomHeadItem& head =
      room_.world().rooms.rooms().at(room_.id()).places.back();
  EXPECT_EQ(RowAt(1).cursor.seq, head.head.seq);
  EXPECT_EQ(RowAt(1).cursor.hash, head.head.hash);
  EXPECT_EQ(RowAt(0).cursor.hash, head.head.hash);
}

// A vault put back to an older state would use the same keys again.
TEST_F(LogReaderTest, OwnRecordThatTheVaultDoesNotKnowStopsTheRoom) {
  room_.Append(1, room_.SealForgotten(
                      1, room_.Sign(1, room_.TextBy(1, "forgotten", 1))));

  EXPECT_EQ(RowAt(1).state, vault::RoomState::kStopped);
  EXPECT_THAT(room_.FindingsAt(1), Contains(HasSubstr("older state")));
  EXPECT_THAT(room_.client(1).Do(SendText{.room = room_.name(), .body = "x"}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  // To the others nothing is wrong; and what was said is not lost.
  EXPECT_THAT(room_.TextsAt(0), ElementsAre("forgotten"));
  EXPECT_THAT(room_.TextsAt(1), ElementsAre("forgotten"));
}

TEST_F(LogReaderTest, OwnCiphertextRepeatedByTheRelayStopsNothing) {
  ASSERT_OK(
      room_.client(1).Do(SendText{.room = room_.name(), .body = "hello"}));
  room_.Settle();
  const LogEntry& sent = room_.log().back();
  room_.Append(1, {.room = room_.id(),
                   .envelope = EnvelopeId::Random(room_.pki().random()),
                   .epoch = sent.epoch,
                   .sealed = sent.sealed});

  EXPECT_EQ(RowAt(1).state, vault::RoomState::kJoined);
  EXPECT_THAT(room_.FindingsAt(1), ElementsAre(HasSubstr("shown before")));
  EXPECT_THAT(room_.TextsAt(0), ElementsAre("hello"));
}

}  // namespace
}  // namespace cordon::client
