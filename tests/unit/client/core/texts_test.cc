#include "client/core/texts.h"

#include <cstdint>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command/operation.h"
#include "client/core/command/record.h"
#include "client/core/model/record.h"
#include "client/core/view/operation.h"
#include "client/core/view/record.h"
#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/policy/room_policy.h"
#include "storage/vault/search_index.h"
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
using ::cordon::testing::TestClient;
using ::testing::SizeIs;

class TextsTest : public ::testing::Test {
 protected:
  std::string Send(TestClient& client, const std::string& body) {
    auto sent =
        client.As<Composed>(SendText{.room = room_.name(), .body = body});
    EXPECT_OK(sent);
    room_.Settle();
    return ToHex(sent->records.at(0).id.span());
  }

  // Unread records of the room, as the lists of rooms and of operations say.
  static void ExpectUnread(TestClient& client, uint64_t unread) {
    const auto rooms = client.As<RoomsView>(ListRooms{});
    const auto operations = client.As<OperationsView>(ListOperations{});
    ASSERT_OK(rooms);
    ASSERT_OK(operations);
    ASSERT_THAT(rooms->rooms, SizeIs(1));
    ASSERT_THAT(operations->operations, SizeIs(1));
    EXPECT_EQ(rooms->rooms[0].unread, unread);
    EXPECT_EQ(operations->operations[0].unread, unread);
  }

  ClientRoom room_{policy::RoomKind::kChannel, {kChief, kAlice}};
  TestClient& chief_ = room_.client(0);
  TestClient& alice_ = room_.client(1);
};

TEST_F(TextsTest, NewestAreReadInTheLogsOrder) {
  for (const char* body : {"one", "two", "three"}) Send(chief_, body);

  auto read =
      alice_.As<RecordsView>(ReadRoom{.room = room_.name(), .records_max = 2});

  ASSERT_OK(read);
  ASSERT_THAT(read->records, SizeIs(2));
  EXPECT_EQ(std::get<Text>(read->records[0].content).body, "two");
  EXPECT_EQ(std::get<Text>(read->records[1].content).body, "three");
}

TEST_F(TextsTest, ReadingMarksAsReadUnlessAskedNotTo) {
  Send(chief_, "one");
  const auto read_marker = [this] {
    return alice_.vault()
        .Read([this](const vault::VaultTxn& txn) {
          return txn.rooms().GetRoom(room_.id());
        })
        ->read;
  };

  ASSERT_OK(alice_.Do(ReadRoom{.room = room_.name(), .mark_read = false}));
  EXPECT_EQ(read_marker(), LogSeq{0});
  ASSERT_OK(alice_.Do(ReadRoom{.room = room_.name()}));
  EXPECT_EQ(read_marker(), LogSeq{2});
}

TEST_F(TextsTest, RecordsOfOthersAreUnreadUntilTheyAreRead) {
  Send(chief_, "one");
  Send(chief_, "two");
  Send(alice_, "an answer");
  ExpectUnread(alice_, 2);
  ExpectUnread(chief_, 1);

  ASSERT_OK(alice_.Do(ReadRoom{.room = room_.name(), .mark_read = false}));
  ExpectUnread(alice_, 2);
  ASSERT_OK(alice_.Do(ReadRoom{.room = room_.name()}));
  ExpectUnread(alice_, 0);
  ExpectUnread(chief_, 1);

  Send(alice_, "and one more");
  Send(chief_, "three");
  ExpectUnread(alice_, 1);
  ExpectUnread(chief_, 2);
}

TEST_F(TextsTest, ReadingWhatIsNotThereLeavesTheOthersUnread) {
  Send(chief_, "one");

  EXPECT_THAT(alice_.Do(ReadRoom{.room = "stop3/other"}),
              StatusIs(absl::StatusCode::kNotFound));

  ExpectUnread(alice_, 1);
}

TEST_F(TextsTest, ReplyRefersToWhatItAnswers) {
  const std::string first = Send(chief_, "a question");

  auto reply = alice_.As<Composed>(SendText{
      .room = room_.name(), .body = "an answer", .in_reply_to = first});
  ASSERT_OK(reply);
  room_.Settle();
  auto shown = chief_.As<RecordView>(
      ShowRecord{.record = ToHex(reply->records[0].id.span())});

  ASSERT_OK(shown);
  ASSERT_THAT(shown->refs, SizeIs(1));
  EXPECT_EQ(ToHex(shown->refs[0].record.span()), first);
}

TEST_F(TextsTest, ReplyToAnUnknownRecordIsNotFound) {
  EXPECT_THAT(
      alice_.Do(SendText{
          .room = room_.name(), .body = "an answer", .in_reply_to = "abcdef"}),
      StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(TextsTest, EmptyTextIsRefused) {
  EXPECT_THAT(alice_.Do(SendText{.room = room_.name(), .body = ""}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TextsTest, WhatArrivedIsFoundByItsWords) {
  Send(chief_, "container of footwear");

  auto hits = alice_.vault().Read([](const vault::VaultTxn& txn) {
    return txn.search().Search({.words = "footwear"});
  });

  ASSERT_OK(hits);
  EXPECT_THAT(*hits, SizeIs(1));
}

}  // namespace
}  // namespace cordon::client
