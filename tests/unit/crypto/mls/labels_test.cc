#include "crypto/mls/labels.h"

#include <cstdint>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/prim/hkdf.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

const Bytes& ASecret() {
  static const auto& secret = *new Bytes(kHashBytes, 0x17);
  return secret;
}

std::string Expanded(ByteSpan info, size_t size) {
  Bytes out(size);
  HkdfExpand(ASecret(), info, absl::MakeSpan(out));
  return ToHex(out);
}

TEST(LabelsTest, RefHashHashesTheWholeLabelAndTheValueAsVectors) {
  EXPECT_EQ(RefHash("ab", Bytes{7}), Sha256(Bytes{2, 'a', 'b', 1, 7}));
}

TEST(LabelsTest, ExpandWithLabelWritesLengthPrefixedLabelAndContext) {
  Bytes out(20);
  ExpandWithLabel(ASecret(), "x", Bytes{1, 2}, absl::MakeSpan(out));

  const Bytes info =
      Concat(Concat(Bytes{0, 20, 9}, AsBytes("MLS 1.0 x")), Bytes{2, 1, 2});
  EXPECT_EQ(ToHex(out), Expanded(info, 20));
}

TEST(LabelsTest, DeriveSecretIsExpansionToHashSizeWithoutContext) {
  const Bytes info =
      Concat(Concat(Bytes{0, 32, 9}, AsBytes("MLS 1.0 y")), Bytes{0});

  EXPECT_EQ(ToHex(DeriveSecret(ASecret(), "y").ExposeSecret()),
            Expanded(info, 32));
}

TEST(LabelsTest, DeriveTreeSecretHasTheGenerationForContext) {
  Bytes out(12);
  DeriveTreeSecret(ASecret(), "nonce", 0x01020304, absl::MakeSpan(out));

  const Bytes info = Concat(Concat(Bytes{0, 12, 13}, AsBytes("MLS 1.0 nonce")),
                            Bytes{4, 1, 2, 3, 4});
  EXPECT_EQ(ToHex(out), Expanded(info, 12));
}

class SignWithLabelTest : public ::testing::Test {
 protected:
  SeededRandom random_{3};
  const Ed25519PrivateKey key_ = Ed25519PrivateKey::Generate(random_);
  const Bytes content_ = ToBytes("content");
  const Ed25519Signature signature_ = SignWithLabel(key_, "L", content_);
};

TEST_F(SignWithLabelTest, Verifies) {
  EXPECT_TRUE(VerifyWithLabel(key_.public_key(), "L", content_, signature_));
}

TEST_F(SignWithLabelTest, SignsLabelAndContentAsVectors) {
  const Bytes signed_bytes = Concat(Concat(Bytes{9}, AsBytes("MLS 1.0 L")),
                                    Concat(Bytes{7}, AsBytes("content")));

  EXPECT_TRUE(VerifyEd25519(key_.public_key(), signed_bytes, signature_));
}

TEST_F(SignWithLabelTest, DoesNotVerifyUnderAnotherLabelContentOrKey) {
  const auto other = Ed25519PrivateKey::Generate(random_);

  EXPECT_FALSE(VerifyWithLabel(key_.public_key(), "M", content_, signature_));
  EXPECT_FALSE(
      VerifyWithLabel(key_.public_key(), "L", AsBytes("c"), signature_));
  EXPECT_FALSE(VerifyWithLabel(other.public_key(), "L", content_, signature_));
}

class EncryptWithLabelTest : public ::testing::Test {
 protected:
  SeededRandom random_{4};
  const hpke::KeyPair key_ = hpke::KeyPair::Generate(random_);
  HpkeCiphertext sealed_ = *EncryptWithLabel(
      key_.public_key, "L", AsBytes("context"), AsBytes("text"), random_);
};

TEST_F(EncryptWithLabelTest, OpensUnderItsLabelAndContext) {
  ASSERT_OK_AND_ASSIGN(
      const SecretBytes text,
      DecryptWithLabel(key_, "L", AsBytes("context"), sealed_));

  EXPECT_EQ(AsText(text.ExposeSecret()), "text");
}

TEST_F(EncryptWithLabelTest, DoesNotOpenUnderAnotherLabelOrContext) {
  EXPECT_THAT(DecryptWithLabel(key_, "M", AsBytes("context"), sealed_),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(DecryptWithLabel(key_, "L", AsBytes("else"), sealed_),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(EncryptWithLabelTest, KeyOfAWrongSizeIsRefused) {
  EXPECT_THAT(EncryptWithLabel(Bytes(65), "L", {}, {}, random_),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cordon::mls
