#include "crypto/prim/kem_x25519.h"

#include <algorithm>
#include <string>

#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon {
namespace {

using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

X25519PrivateKey PrivateKey(absl::string_view hex) {
  return X25519PrivateKey::Copy(FromHex(hex).value()).value();
}

X25519PublicKey PublicKey(absl::string_view hex) {
  const Bytes raw = FromHex(hex).value();
  X25519PublicKey key{};
  EXPECT_EQ(raw.size(), key.size());
  std::copy_n(raw.begin(), key.size(), key.begin());
  return key;
}

constexpr char kAlicePrivate[] =
    "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
constexpr char kAlicePublic[] =
    "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
constexpr char kBobPrivate[] =
    "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
constexpr char kBobPublic[] =
    "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";

// RFC 7748, 6.1.
TEST(KemX25519Test, BothSidesGetThePublishedSecret) {
  constexpr char kShared[] =
      "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
  const X25519PrivateKey alice = PrivateKey(kAlicePrivate);
  const X25519PrivateKey bob = PrivateKey(kBobPrivate);
  ASSERT_OK_AND_ASSIGN(const auto from_alice,
                       X25519(alice, PublicKey(kBobPublic)));
  ASSERT_OK_AND_ASSIGN(const auto from_bob,
                       X25519(bob, PublicKey(kAlicePublic)));

  EXPECT_EQ(X25519PublicOf(alice), PublicKey(kAlicePublic));
  EXPECT_EQ(X25519PublicOf(bob), PublicKey(kBobPublic));
  EXPECT_EQ(ToHex(from_alice.ExposeSecret()), kShared);
  EXPECT_EQ(ToHex(from_bob.ExposeSecret()), kShared);
}

// RFC 7748, 5.2: scalars and points that are not of the form keys have.
TEST(KemX25519Test, ScalarIsClampedAndTopBitOfThePointIgnored) {
  ASSERT_OK_AND_ASSIGN(const auto first,
                       X25519(PrivateKey("a546e36bf0527c9d3b16154b82465edd"
                                         "62144c0ac1fc5a18506a2244ba449ac4"),
                              PublicKey("e6db6867583030db3594c1a424b15f7c"
                                        "726624ec26b3353b10a903a6d0ab1c4c")));
  EXPECT_EQ(ToHex(first.ExposeSecret()),
            "c3da55379de9c6908e94ea4df28d084f"
            "32eccf03491c71f754b4075577a28552");

  ASSERT_OK_AND_ASSIGN(const auto second,
                       X25519(PrivateKey("4b66e9d4d1b4673c5ad22691957d6af5"
                                         "c11b6421e0ea01d42ca4169e7918ba0d"),
                              PublicKey("e5210f12786811d3f4b7959d0538ae2c"
                                        "31dbe7106fc03c3efc4cd549c715a493")));
  EXPECT_EQ(ToHex(second.ExposeSecret()),
            "95cbde9476e8907d7aade45cb4b873f8"
            "8b595a68799fa152e6f8f7647aac7957");
}

class SmallOrderTest : public ::testing::TestWithParam<const char*> {};

// The points of order 1, 2, 4 and 8, some in their non-canonical form: all give
// an all-zero secret (RFC 7748, section 6.1) that everybody knows.
TEST_P(SmallOrderTest, IsRefused) {
  EXPECT_THAT(X25519(PrivateKey(kAlicePrivate), PublicKey(GetParam())),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

INSTANTIATE_TEST_SUITE_P(
    Points, SmallOrderTest,
    ::testing::Values(
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"));

TEST(KemX25519Test, RandomKeysAgree) {
  SeededRandom random(1);
  const X25519PrivateKey a = X25519PrivateKey::Random(random);
  const X25519PrivateKey b = X25519PrivateKey::Random(random);
  ASSERT_OK_AND_ASSIGN(const auto ab, X25519(a, X25519PublicOf(b)));
  ASSERT_OK_AND_ASSIGN(const auto ba, X25519(b, X25519PublicOf(a)));
  ASSERT_OK_AND_ASSIGN(const auto aa, X25519(a, X25519PublicOf(a)));

  EXPECT_TRUE(ab.EqualsConstantTime(ba));
  EXPECT_FALSE(ab.EqualsConstantTime(aa));
}

TEST(KemX25519Test, KeyOfAnotherLengthIsNoKey) {
  EXPECT_THAT(X25519PrivateKey::Copy(Bytes(31)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(X25519PrivateKey::Copy(Bytes(33)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cordon
