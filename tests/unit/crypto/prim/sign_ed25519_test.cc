#include "crypto/prim/sign_ed25519.h"

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "tests/support/seeded_random.h"

namespace cordon {
namespace {

using ::cordon::testing::SeededRandom;

struct Vector {
  const char* seed;
  const char* public_key;
  const char* message;
  const char* signature;
};

class Rfc8032Test : public ::testing::TestWithParam<Vector> {};

TEST_P(Rfc8032Test, KeyAndSignatureAreThePublishedOnes) {
  const Bytes message = FromHex(GetParam().message).value();
  const Ed25519Seed seed =
      Ed25519Seed::Copy(FromHex(GetParam().seed).value()).value();
  const Ed25519PrivateKey key = Ed25519PrivateKey::FromSeed(seed);

  EXPECT_EQ(ToHex(key.public_key()), GetParam().public_key);
  EXPECT_EQ(ToHex(key.Sign(message)), GetParam().signature);
  EXPECT_TRUE(VerifyEd25519(key.public_key(), message,
                            FromHex(GetParam().signature).value()));
}

// RFC 8032, 7.1, tests 1, 2 and 3.
INSTANTIATE_TEST_SUITE_P(
    Section71, Rfc8032Test,
    ::testing::Values(
        Vector{
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        Vector{
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
        Vector{
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40"
            "a"}));

class SignEd25519Test : public ::testing::Test {
 protected:
  SeededRandom random_{1};
  Ed25519PrivateKey key_ = Ed25519PrivateKey::Generate(random_);
  Bytes message_ = ToBytes("message");
  Ed25519Signature signature_ = key_.Sign(message_);
};

TEST_F(SignEd25519Test, AnyChangedBitIsRefused) {
  for (size_t i = 0; i < signature_.size() * 8; ++i) {
    SCOPED_TRACE(i);
    Ed25519Signature changed = signature_;
    changed[i / 8] ^= static_cast<uint8_t>(1 << (i % 8));
    EXPECT_FALSE(VerifyEd25519(key_.public_key(), message_, changed));
  }
  EXPECT_FALSE(
      VerifyEd25519(key_.public_key(), AsBytes("massage"), signature_));
}

TEST_F(SignEd25519Test, AnotherKeyIsRefused) {
  const auto other = Ed25519PrivateKey::Generate(random_);

  EXPECT_FALSE(VerifyEd25519(other.public_key(), message_, signature_));
}

TEST_F(SignEd25519Test, WrongLengthsAreRefused) {
  const ByteSpan key(key_.public_key());
  const ByteSpan signature(signature_);

  EXPECT_FALSE(VerifyEd25519(key.first(31), message_, signature));
  EXPECT_FALSE(VerifyEd25519(Concat(key, Bytes(1)), message_, signature));
  EXPECT_FALSE(VerifyEd25519(key, message_, signature.first(63)));
  EXPECT_FALSE(VerifyEd25519(key, message_, Concat(signature, Bytes(1))));
  EXPECT_FALSE(VerifyEd25519({}, message_, {}));
}

// RFC 8032, 5.1.7: S must be below the group's order L. S + L satisfies the
// same equation and would be a second signature for the same message.
TEST_F(SignEd25519Test, SignatureWithScalarPlusOrderIsRefused) {
  const Bytes order = FromHex(
                          "edd3f55c1a631258d69cf7a2def9de14"
                          "00000000000000000000000000000010")
                          .value();
  Ed25519Signature malleated = signature_;
  unsigned carry = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    const unsigned sum = malleated[32 + i] + order[i] + carry;
    malleated[32 + i] = static_cast<uint8_t>(sum);
    carry = sum >> 8;
  }
  ASSERT_EQ(carry, 0U);

  EXPECT_FALSE(VerifyEd25519(key_.public_key(), message_, malleated));
}

// With a key of small order, R = the identity and S = 0 would sign anything.
TEST(SmallOrderKeyTest, SignsNothing) {
  Bytes forged(kEd25519SignatureBytes);
  forged[0] = 1;
  const char* const keys[] = {
      // The identity, the point of order two, one of order four.
      "0100000000000000000000000000000000000000000000000000000000000000",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "0000000000000000000000000000000000000000000000000000000000000000",
      // Two of order eight.
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
      // The identity with y = p + 1, and y = p: not canonical.
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"};
  for (const char* const key : keys) {
    SCOPED_TRACE(key);
    EXPECT_FALSE(
        VerifyEd25519(FromHex(key).value(), AsBytes("anything"), forged));
  }
}

TEST_F(SignEd25519Test, KeyComesBackFromItsSeed) {
  const Ed25519PrivateKey again = Ed25519PrivateKey::FromSeed(key_.CloneSeed());

  EXPECT_EQ(again.public_key(), key_.public_key());
  EXPECT_EQ(again.Sign(message_), signature_);
}

TEST_F(SignEd25519Test, CloneAndMovedKeySignAlike) {
  Ed25519PrivateKey clone = key_.CloneSecret();
  const Ed25519PrivateKey moved = std::move(clone);

  EXPECT_EQ(moved.public_key(), key_.public_key());
  EXPECT_EQ(moved.Sign(message_), signature_);
}

}  // namespace
}  // namespace cordon
