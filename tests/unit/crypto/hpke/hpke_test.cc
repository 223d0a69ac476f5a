#include "crypto/hpke/hpke.h"

#include <algorithm>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/random.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/text_vectors.h"

namespace cordon::hpke {
namespace {

using ::cordon::testing::IsOk;
using ::cordon::testing::RunTextVectors;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TextCase;

// Gives one private key, as if it had been drawn.
class FixedRandom final : public RandomSource {
 public:
  explicit FixedRandom(Bytes bytes) : bytes_(std::move(bytes)) {}
  void Fill(MutableByteSpan out) override {
    CORDON_CHECK(out.size() == bytes_.size());
    std::copy(bytes_.begin(), bytes_.end(), out.begin());
  }

 private:
  const Bytes bytes_;
};

KeyPair PairFrom(ByteSpan private_key) {
  return KeyPair::Of(*X25519PrivateKey::Copy(private_key));
}

void CheckKeys(TextCase& vector) {
  const KeyPair ephemeral = DeriveKeyPair(vector.Hex("ikmE"));
  const KeyPair recipient = DeriveKeyPair(vector.Hex("ikmR"));
  EXPECT_EQ(ToHex(ephemeral.private_key.ExposeSecret()), vector.Text("skEm"));
  EXPECT_EQ(ToHex(recipient.private_key.ExposeSecret()), vector.Text("skRm"));
  EXPECT_EQ(ToHex(ephemeral.public_key), vector.Text("enc"));
  EXPECT_EQ(ToHex(recipient.public_key), vector.Text("pkRm"));
}

void CheckMessage(TextCase& vector) {
  FixedRandom random(vector.Hex("skEm"));
  ASSERT_OK_AND_ASSIGN(const Sealed sealed,
                       Seal(vector.Hex("pkRm"), vector.Hex("info"),
                            vector.Hex("aad"), vector.Hex("pt"), random));
  EXPECT_EQ(ToHex(sealed.encapsulation), vector.Text("enc"));
  EXPECT_EQ(ToHex(sealed.ciphertext), vector.Text("ct"));

  ASSERT_OK_AND_ASSIGN(
      const SecretBytes opened,
      Open(PairFrom(vector.Hex("skRm")), vector.Hex("enc"), vector.Hex("info"),
           vector.Hex("aad"), vector.Hex("ct")));
  EXPECT_EQ(ToHex(opened.ExposeSecret()), vector.Text("pt"));
}

void CheckExport(TextCase& vector) {
  const Bytes context = vector.Hex("exporter_context");
  const Bytes info = vector.Hex("info");
  const ExportLabel label{
      .info = info, .context = AsText(context), .size_bytes = 32};
  FixedRandom random(vector.Hex("skEm"));
  ASSERT_OK_AND_ASSIGN(const Exported sent,
                       SealExport(vector.Hex("pkRm"), label, random));
  EXPECT_EQ(ToHex(sent.encapsulation), vector.Text("enc"));
  EXPECT_EQ(ToHex(sent.secret.ExposeSecret()), vector.Text("exported"));

  ASSERT_OK_AND_ASSIGN(
      const SecretBytes received,
      OpenExport(PairFrom(vector.Hex("skRm")), vector.Hex("enc"), label));
  EXPECT_EQ(ToHex(received.ExposeSecret()), vector.Text("exported"));
}

TEST(HpkeTest, PublishedVectorsHold) {
  RunTextVectors("hpke.txt", [](TextCase& vector) {
    CheckKeys(vector);
    if (vector.Has("exported")) {
      CheckExport(vector);
    } else {
      CheckMessage(vector);
    }
  });
}

class HpkeSealedTest : public ::testing::Test {
 protected:
  absl::StatusOr<SecretBytes> OpenWith(const KeyPair& key, ByteSpan info,
                                       ByteSpan associated) {
    return Open(key, sealed_.encapsulation, info, associated,
                sealed_.ciphertext);
  }

  SeededRandom random_{1};
  const KeyPair key_ = KeyPair::Generate(random_);
  Sealed sealed_ = *Seal(key_.public_key, AsBytes("info"), AsBytes("aad"),
                         AsBytes("text"), random_);
};

TEST_F(HpkeSealedTest, OpensForTheRecipient) {
  ASSERT_OK_AND_ASSIGN(const SecretBytes text,
                       OpenWith(key_, AsBytes("info"), AsBytes("aad")));

  EXPECT_EQ(AsText(text.ExposeSecret()), "text");
}

TEST_F(HpkeSealedTest, DoesNotOpenForAnotherKey) {
  EXPECT_THAT(
      OpenWith(KeyPair::Generate(random_), AsBytes("info"), AsBytes("aad")),
      StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(HpkeSealedTest, DoesNotOpenUnderOtherInfo) {
  EXPECT_THAT(OpenWith(key_, AsBytes("inf0"), AsBytes("aad")),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(HpkeSealedTest, DoesNotOpenWithOtherAssociatedData) {
  EXPECT_THAT(OpenWith(key_, AsBytes("info"), AsBytes("aae")),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(HpkeSealedTest, DoesNotOpenAfterOneBitOfTheCiphertextFlipped) {
  sealed_.ciphertext[0] ^= 1;

  EXPECT_THAT(OpenWith(key_, AsBytes("info"), AsBytes("aad")),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(HpkeSealedTest, DoesNotOpenWithAnotherEncapsulation) {
  sealed_.encapsulation[0] ^= 1;

  EXPECT_THAT(OpenWith(key_, AsBytes("info"), AsBytes("aad")),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(HpkeSealedTest, TwoSealingsShareNothing) {
  ASSERT_OK_AND_ASSIGN(const Sealed again,
                       Seal(key_.public_key, AsBytes("info"), AsBytes("aad"),
                            AsBytes("text"), random_));

  EXPECT_NE(again.encapsulation, sealed_.encapsulation);
  EXPECT_NE(again.ciphertext, sealed_.ciphertext);
}

TEST_F(HpkeSealedTest, KeysOfAWrongSizeAreRefused) {
  const ByteSpan shorter = ByteSpan(key_.public_key).first(31);

  EXPECT_THAT(Seal(shorter, {}, {}, {}, random_),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Open(key_, shorter, {}, {}, sealed_.ciphertext),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Open(key_, {}, {}, {}, sealed_.ciphertext),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(HpkeSealedTest, KeysOfSmallOrderAreRefused) {
  const Bytes zero(32, 0);

  EXPECT_THAT(Seal(zero, {}, {}, {}, random_),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Open(key_, zero, {}, {}, sealed_.ciphertext),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(HpkeSealedTest, CiphertextShorterThanATagIsRefused) {
  EXPECT_THAT(Open(key_, sealed_.encapsulation, {}, {}, Bytes(15)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(HpkeExportTest, OtherLabelsGiveOtherSecrets) {
  SeededRandom random(2);
  const KeyPair key = KeyPair::Generate(random);
  const ExportLabel label{
      .info = AsBytes("i"), .context = "one", .size_bytes = 32};
  ASSERT_OK_AND_ASSIGN(const Exported sent,
                       SealExport(key.public_key, label, random));

  ASSERT_OK_AND_ASSIGN(
      const SecretBytes other,
      OpenExport(key, sent.encapsulation,
                 {.info = AsBytes("i"), .context = "two", .size_bytes = 32}));

  EXPECT_FALSE(other.EqualsConstantTime(sent.secret));
}

TEST(HpkeKeyPairTest, DerivationIsDeterministicAndDependsOnTheMaterial) {
  const KeyPair one = DeriveKeyPair(Bytes(32, 1));

  EXPECT_EQ(one.public_key, DeriveKeyPair(Bytes(32, 1)).public_key);
  EXPECT_NE(one.public_key, DeriveKeyPair(Bytes(32, 2)).public_key);
  EXPECT_EQ(one.public_key, one.CloneSecret().public_key);
}

}  // namespace
}  // namespace cordon::hpke
