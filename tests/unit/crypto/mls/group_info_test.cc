#include "crypto/mls/group_info.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/tree_math.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

class GroupInfoTest : public ::testing::Test {
 protected:
  GroupInfoTest() { SignGroupInfo(key_, info_); }

  SeededRandom random_{1};
  const Ed25519PrivateKey key_ = Ed25519PrivateKey::Generate(random_);
  GroupInfo info_{.group_context = {.group_id = {1}, .epoch = Epoch{2}},
                  .extensions = {{ExtensionType{0x0a0a}, {3}}},
                  .confirmation_tag = {4},
                  .signer = LeafIndex{5}};
};

TEST_F(GroupInfoTest, SurvivesTheCodecWithUnknownExtensions) {
  EXPECT_THAT(ParseGroupInfo(codec::Serialize(info_)), IsOkAndHolds(info_));
}

TEST_F(GroupInfoTest, EveryTruncationIsRefused) {
  const Bytes bytes = codec::Serialize(info_);

  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(ParseGroupInfo(ByteSpan(bytes).first(size)),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(GroupInfoTest, SignatureCoversEveryField) {
  EXPECT_OK(VerifyGroupInfo(info_, key_.public_key()));
  const auto changed = [this](auto change) {
    GroupInfo copy = info_;
    change(copy);
    return VerifyGroupInfo(copy, key_.public_key());
  };
  constexpr auto kWrong = absl::StatusCode::kUnauthenticated;

  EXPECT_THAT(changed([](auto& i) { i.group_context.epoch = Epoch{3}; }),
              StatusIs(kWrong));
  EXPECT_THAT(changed([](auto& i) { i.extensions.clear(); }), StatusIs(kWrong));
  EXPECT_THAT(changed([](auto& i) { i.confirmation_tag = {5}; }),
              StatusIs(kWrong));
  EXPECT_THAT(changed([](auto& i) { i.signer = LeafIndex{6}; }),
              StatusIs(kWrong));
  EXPECT_THAT(changed([](auto& i) { i.signature[0] ^= 1; }), StatusIs(kWrong));
}

}  // namespace
}  // namespace cordon::mls
