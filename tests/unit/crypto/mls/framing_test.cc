#include "crypto/mls/framing.h"

#include <cstddef>
#include <optional>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/welcome.h"
#include "tests/support/mls_clients.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::MlsClient;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

PublicMessage APublicMessage(Sender sender = MemberSender{LeafIndex{1}}) {
  PublicMessage message{
      .content = {.content = {.group_id = {1},
                              .epoch = Epoch{2},
                              .sender = sender,
                              .content = Proposal(Remove{LeafIndex{5}})},
                  .auth = {.signature = {7}}}};
  if (std::holds_alternative<MemberSender>(sender)) {
    message.membership_tag = {6};
  }
  return message;
}

PrivateMessage APrivateMessage() {
  return {.group_id = {1},
          .epoch = Epoch{2},
          .content_type = ContentType::kCommit,
          .authenticated_data = {3},
          .encrypted_sender_data = {4},
          .ciphertext = {5}};
}

std::vector<MlsMessage> OneOfEach() {
  SeededRandom random(1);
  return {APublicMessage(), APrivateMessage(),
          Welcome{.secrets = {{.new_member = {1},
                               .encrypted_group_secrets = {{2}, {3}}}},
                  .encrypted_group_info = {4}},
          GroupInfo{.group_context = GroupContext{.group_id = {1}},
                    .confirmation_tag = {2},
                    .signer = LeafIndex{3},
                    .signature = {4}},
          MlsClient::Make("a", random).key_package};
}

TEST(FramingTest, EveryMessageSurvivesTheCodec) {
  for (const MlsMessage& message : OneOfEach()) {
    EXPECT_THAT(ParseMlsMessage(codec::Serialize(message)),
                IsOkAndHolds(message));
  }
}

TEST(FramingTest, EveryTruncationAndATrailingByteAreRefused) {
  for (const MlsMessage& message : OneOfEach()) {
    Bytes bytes = codec::Serialize(message);
    for (size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_THAT(ParseMlsMessage(ByteSpan(bytes).first(size)),
                  StatusIs(kInvalid));
    }
    bytes.push_back(0);
    EXPECT_THAT(ParseMlsMessage(bytes), StatusIs(kInvalid));
  }
}

TEST(FramingTest, PrivateMessageIsWrittenAsTheRfcSays) {
  EXPECT_EQ(ToHex(codec::Serialize(MlsMessage(APrivateMessage()))),
            "00010002"          // mls10, private message
            "0101"              // group_id
            "0000000000000002"  // epoch
            "03"                // commit
            "0103"              // authenticated_data
            "0104"              // encrypted_sender_data
            "0105");            // ciphertext
}

TEST(FramingTest, OnlyMembersCarryAMembershipTag) {
  const PublicMessage outside = APublicMessage(OutsideSender{0});

  EXPECT_THAT(ParseMlsMessage(codec::Serialize(MlsMessage(outside))),
              IsOkAndHolds(MlsMessage(outside)));
  EXPECT_EQ(codec::Serialize(MlsMessage(APublicMessage())).back(), 6);
  EXPECT_EQ(codec::Serialize(MlsMessage(outside)).back(), 7);
}

TEST(FramingTest, UnknownVersionsAndFormatsAreRefused) {
  Bytes bytes = codec::Serialize(MlsMessage(APrivateMessage()));
  bytes[1] = 2;
  EXPECT_THAT(ParseMlsMessage(bytes), StatusIs(kInvalid));
  bytes[1] = 1;
  bytes[3] = 6;
  EXPECT_THAT(ParseMlsMessage(bytes), StatusIs(kInvalid));
  bytes[3] = 0;
  EXPECT_THAT(ParseMlsMessage(bytes), StatusIs(kInvalid));
}

TEST(FramingTest, ParseAsTakesOneKindOnly) {
  const Bytes bytes = codec::Serialize(MlsMessage(APrivateMessage()));

  EXPECT_THAT(ParseAs<PrivateMessage>(bytes), IsOkAndHolds(APrivateMessage()));
  EXPECT_THAT(ParseAs<PublicMessage>(bytes), StatusIs(kInvalid));
}

TEST(FrameHeaderTest, TellsWhereAMessageBelongs) {
  ASSERT_OK_AND_ASSIGN(
      const FrameHeader shown,
      ParseFrameHeader(codec::Serialize(MlsMessage(APublicMessage()))));
  EXPECT_EQ(shown.wire_format, WireFormat::kPublicMessage);
  EXPECT_EQ(shown.group_id, Bytes{1});
  EXPECT_EQ(shown.epoch, Epoch{2});
  EXPECT_EQ(shown.content_type, ContentType::kProposal);
  EXPECT_EQ(shown.sender, Sender(MemberSender{LeafIndex{1}}));

  ASSERT_OK_AND_ASSIGN(
      const FrameHeader hidden,
      ParseFrameHeader(codec::Serialize(MlsMessage(APrivateMessage()))));
  EXPECT_EQ(hidden.wire_format, WireFormat::kPrivateMessage);
  EXPECT_EQ(hidden.content_type, ContentType::kCommit);
  EXPECT_EQ(hidden.sender, std::nullopt);
}

TEST(FrameHeaderTest, RefusesWhatIsNoMessageOfAGroup) {
  const auto all = OneOfEach();
  for (size_t i = 2; i < all.size(); ++i) {
    EXPECT_THAT(ParseFrameHeader(codec::Serialize(all[i])), StatusIs(kInvalid));
  }
  PrivateMessage long_id = APrivateMessage();
  long_id.group_id = Bytes(kGroupIdBytesMax + 1);
  EXPECT_THAT(ParseFrameHeader(codec::Serialize(MlsMessage(long_id))),
              StatusIs(kInvalid));
  EXPECT_THAT(ParseMlsMessage(codec::Serialize(MlsMessage(long_id))),
              StatusIs(kInvalid));
  EXPECT_THAT(ParseFrameHeader({}), StatusIs(kInvalid));
}

}  // namespace
}  // namespace cordon::mls
