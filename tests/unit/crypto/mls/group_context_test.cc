#include "crypto/mls/group_context.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/limits.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::StatusIs;

GroupContext AContext() {
  return GroupContext{.group_id = {1, 2},
                      .epoch = Epoch{0x0102},
                      .tree_hash = {3},
                      .confirmed_transcript_hash = {4, 5},
                      .extensions = {{ExtensionType{0xf000}, {6}}}};
}

TEST(GroupContextTest, IsWrittenAsTheRfcSays) {
  EXPECT_EQ(ToHex(codec::Serialize(AContext())),
            "00010003"          // version, suite
            "020102"            // group_id
            "0000000000000102"  // epoch
            "0103"              // tree_hash
            "020405"            // confirmed_transcript_hash
            "04f0000106");      // extensions
}

TEST(GroupContextTest, SurvivesTheCodec) {
  const Bytes bytes = codec::Serialize(AContext());

  ASSERT_OK_AND_ASSIGN(const GroupContext parsed, ParseGroupContext(bytes));

  EXPECT_EQ(parsed, AContext());
}

TEST(GroupContextTest, EveryTruncationAndATrailingByteAreRefused) {
  Bytes bytes = codec::Serialize(AContext());

  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(ParseGroupContext(ByteSpan(bytes).first(size)),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
  bytes.push_back(0);
  EXPECT_THAT(ParseGroupContext(bytes),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(GroupContextTest, GroupIdHasALimit) {
  GroupContext context = AContext();
  context.group_id = Bytes(kGroupIdBytesMax);
  EXPECT_OK(ParseGroupContext(codec::Serialize(context)));

  context.group_id.push_back(0);

  EXPECT_THAT(ParseGroupContext(codec::Serialize(context)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(GroupContextTest, AnotherVersionOrSuiteParsesButIsNotOurs) {
  GroupContext context = AContext();
  EXPECT_OK(CheckOurs(context));

  context.cipher_suite = CipherSuite{1};
  EXPECT_OK(ParseGroupContext(codec::Serialize(context)));
  EXPECT_THAT(CheckOurs(context), StatusIs(absl::StatusCode::kInvalidArgument));

  context.cipher_suite = kCipherSuite;
  context.version = ProtocolVersion{2};
  EXPECT_THAT(CheckOurs(context), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cordon::mls
