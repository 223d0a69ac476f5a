#include "crypto/prim/aead.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

class AeadTest : public ::testing::Test {
 protected:
  SeededRandom random_{1};
  AeadKey key_ = AeadKey::Random(random_);
  AeadNonce nonce_{};
};

TEST_F(AeadTest, OpensWhatItSealed) {
  const Bytes sealed = AeadSeal(key_, nonce_, AsBytes("ad"), AsBytes("text"));

  EXPECT_EQ(sealed.size(), 4 + kAeadTagBytes);
  EXPECT_THAT(AeadOpen(key_, nonce_, AsBytes("ad"), sealed),
              IsOkAndHolds(ToBytes("text")));
}

TEST_F(AeadTest, AnyOtherInputDoesNotOpen) {
  Bytes sealed = AeadSeal(key_, nonce_, AsBytes("ad"), AsBytes("text"));
  const AeadKey other_key = AeadKey::Random(random_);
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);

  EXPECT_THAT(AeadOpen(key_, nonce_, AsBytes("aD"), sealed), refused);
  EXPECT_THAT(AeadOpen(key_, AeadNonce{1}, AsBytes("ad"), sealed), refused);
  EXPECT_THAT(AeadOpen(other_key, nonce_, AsBytes("ad"), sealed), refused);
  EXPECT_THAT(AeadOpen(key_, nonce_, AsBytes("ad"), Bytes(15)), refused);
  sealed[0] ^= 1;
  EXPECT_THAT(AeadOpen(key_, nonce_, AsBytes("ad"), sealed), refused);
}

TEST_F(AeadTest, SecretPlaintextOpensIntoASecret) {
  const Bytes sealed = AeadSeal(key_, nonce_, {}, AsBytes("key"));

  ASSERT_OK_AND_ASSIGN(const SecretBytes opened,
                       AeadOpenSecret(key_, nonce_, {}, sealed));
  EXPECT_TRUE(Equal(opened.ExposeSecret(), AsBytes("key")));
  EXPECT_THAT(AeadOpenSecret(key_, nonce_, AsBytes("x"), sealed),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cordon
