#include "crypto/policy/inbox_key.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/mls/extension.h"
#include "crypto/policy/extension_types.h"
#include "crypto/prim/kem_x25519.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::policy {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

const auto kInvalid = StatusIs(absl::StatusCode::kInvalidArgument);

class InboxKeyTest : public ::testing::Test {
 protected:
  SeededRandom random_{1};
  X25519PublicKey key_ = X25519PublicOf(X25519PrivateKey::Random(random_));
};

TEST_F(InboxKeyTest, ReadsBackFromALeafAmongOtherExtensions) {
  const mls::Extensions leaf = {
      {.type = mls::kApplicationIdExtension, .data = ToBytes("id")},
      InboxKeyExtension(key_)};

  EXPECT_THAT(InboxKeyOf(leaf), IsOkAndHolds(key_));
}

TEST_F(InboxKeyTest, ExtensionIsTheBareKeyUnderItsNumber) {
  const mls::Extension extension = InboxKeyExtension(key_);

  EXPECT_EQ(extension.type.value, 0xf0c1);
  EXPECT_TRUE(Equal(extension.data, key_));
}

TEST_F(InboxKeyTest, LeafWithoutOneIsRefused) {
  EXPECT_THAT(InboxKeyOf({}), kInvalid);
  EXPECT_THAT(InboxKeyOf({{.type = kTitlesExtension, .data = ToBytes(key_)}}),
              kInvalid);
}

TEST_F(InboxKeyTest, OtherLengthsAndTheZeroKeyAreRefused) {
  EXPECT_THAT(ParseInboxKey({}), kInvalid);
  EXPECT_THAT(ParseInboxKey(ByteSpan(key_).first(31)), kInvalid);
  EXPECT_THAT(ParseInboxKey(Concat(key_, Bytes{0})), kInvalid);
  EXPECT_THAT(ParseInboxKey(Bytes(32)), kInvalid);
}

}  // namespace
}  // namespace cordon::policy
