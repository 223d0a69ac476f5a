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

// RFC 8439, 2.8.2.
TEST_F(AeadTest, GivesThePublishedCiphertext) {
  const Bytes raw_key = FromHex(
                            "808182838485868788898a8b8c8d8e8f"
                            "909192939495969798999a9b9c9d9e9f")
                            .value();
  ASSERT_OK_AND_ASSIGN(const AeadKey key, AeadKey::Copy(raw_key));
  const AeadNonce nonce = {7,    0,    0,    0,    0x40, 0x41,
                           0x42, 0x43, 0x44, 0x45, 0x46, 0x47};
  const Bytes associated = FromHex("50515253c0c1c2c3c4c5c6c7").value();
  const Bytes plaintext = ToBytes(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one "
      "tip for the future, sunscreen would be it.");

  EXPECT_EQ(ToHex(AeadSeal(key, nonce, associated, plaintext)),
            "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
            "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
            "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
            "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd060"
            "0691");
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
