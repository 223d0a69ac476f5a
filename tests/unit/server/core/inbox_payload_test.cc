#include "server/core/inbox_payload.h"

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "server/core/follow_item.h"
#include "tests/support/status_matchers.h"

namespace cordon::server {
namespace {

using ::cordon::testing::StatusIs;

InboxItem Item() {
  return {.room = RoomId({1, 2}),
          .epoch = Epoch{7},
          .head = {LogSeq{9}, ChainHash({3})},
          .secrets = ToBytes("secrets")};
}

TEST(InboxPayloadTest, WelcomeItemComesBack) {
  ASSERT_OK_AND_ASSIGN(const InboxItem item,
                       ReadWelcomeItem(WriteWelcomeItem(Item())));

  EXPECT_EQ(item.room, Item().room);
  EXPECT_EQ(item.epoch, Item().epoch);
  EXPECT_EQ(item.head, Item().head);
  EXPECT_EQ(item.secrets, Item().secrets);
}

TEST(InboxPayloadTest, CutOffItemIsDataLoss) {
  Bytes payload = WriteWelcomeItem(Item());
  payload.pop_back();

  EXPECT_THAT(ReadWelcomeItem(payload), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(InboxPayloadTest, SharedWelcomeComesBackWhole) {
  const Bytes payload =
      WriteSharedWelcome({.encrypted_group_info = {1, 2}, .ratchet_tree = {3}});

  ASSERT_OK_AND_ASSIGN(const SharedWelcome welcome, ReadSharedWelcome(payload));
  EXPECT_EQ(welcome.encrypted_group_info, Bytes({1, 2}));
  EXPECT_EQ(welcome.ratchet_tree, Bytes({3}));
  Bytes longer = payload;
  longer.push_back(0);
  EXPECT_THAT(ReadSharedWelcome(longer), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace cordon::server
