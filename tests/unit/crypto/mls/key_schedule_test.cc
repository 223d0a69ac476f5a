#include "crypto/mls/key_schedule.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/labels.h"
#include "crypto/mls/suite.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/hkdf.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

Secret Filled(uint8_t byte) {
  return *Secret::Copy(Bytes(kHashBytes, byte));
}

std::string Hex(const Secret& secret) {
  return ToHex(secret.ExposeSecret());
}

std::string HexOfExpanded(const Secret& secret, absl::string_view label,
                          ByteSpan context) {
  Secret out;
  ExpandWithLabel(secret.ExposeSecret(), label, context, out.MutableSecret());
  return Hex(out);
}

std::vector<std::string> AllOf(const EpochSecrets& secrets) {
  return {Hex(secrets.init),
          Hex(secrets.sender_data),
          Hex(secrets.encryption),
          Hex(secrets.exporter),
          Hex(secrets.external),
          Hex(secrets.confirmation_key),
          Hex(secrets.membership_key),
          Hex(secrets.resumption_psk),
          Hex(secrets.epoch_authenticator)};
}

const Bytes kContext = ToBytes("context");

TEST(KeyScheduleTest, JoinerSecretExtractsTheCommitSecretUnderTheInitSecret) {
  const Secret init = Filled(1);
  const Secret commit = Filled(2);

  EXPECT_EQ(
      Hex(DeriveJoinerSecret(init, commit, kContext)),
      HexOfExpanded(HkdfExtract(init.ExposeSecret(), commit.ExposeSecret()),
                    "joiner", kContext));
}

TEST(KeyScheduleTest, WelcomeSecretDoesNotDependOnTheContext) {
  const Secret joiner = Filled(3);
  const Secret psk = Filled(4);

  EXPECT_EQ(
      Hex(DeriveWelcomeSecret(joiner, psk)),
      HexOfExpanded(HkdfExtract(joiner.ExposeSecret(), psk.ExposeSecret()),
                    "welcome", {}));
}

TEST(KeyScheduleTest, EpochSecretsFollowFromJoinerPskAndContext) {
  const Secret joiner = Filled(3);
  const Secret psk = Filled(4);
  Secret epoch;
  ExpandWithLabel(
      HkdfExtract(joiner.ExposeSecret(), psk.ExposeSecret()).ExposeSecret(),
      "epoch", kContext, epoch.MutableSecret());

  EXPECT_EQ(AllOf(DeriveEpochSecrets(joiner, psk, kContext)),
            AllOf(ExpandEpochSecret(epoch)));
}

TEST(KeyScheduleTest, EverySecretHasItsOwnLabel) {
  const Secret epoch = Filled(5);
  std::vector<std::string> expected;
  for (const char* label :
       {"init", "sender data", "encryption", "exporter", "external", "confirm",
        "membership", "resumption", "authentication"}) {
    expected.push_back(Hex(DeriveSecret(epoch, label)));
  }

  EXPECT_EQ(AllOf(ExpandEpochSecret(epoch)), expected);
}

TEST(KeyScheduleTest, EveryInputChangesEverySecret) {
  const Secret one = Filled(1);
  const Secret two = Filled(2);
  const auto secrets = AllOf(DeriveEpochSecrets(one, one, kContext));

  for (const auto& other :
       {AllOf(DeriveEpochSecrets(two, one, kContext)),
        AllOf(DeriveEpochSecrets(one, two, kContext)),
        AllOf(DeriveEpochSecrets(one, one, ToBytes("other")))}) {
    for (size_t i = 0; i < secrets.size(); ++i) EXPECT_NE(secrets[i], other[i]);
  }
}

TEST(KeyScheduleTest, WelcomeKeyAndNonceAreExpandedFromTheWelcomeSecret) {
  const Secret welcome = Filled(6);
  Bytes nonce(kNonceBytes);
  ExpandWithLabel(welcome.ExposeSecret(), "nonce", {}, absl::MakeSpan(nonce));

  const WelcomeKey key = DeriveWelcomeKey(welcome);

  EXPECT_EQ(ToHex(key.key.ExposeSecret()), HexOfExpanded(welcome, "key", {}));
  EXPECT_EQ(ToHex(key.nonce), ToHex(nonce));
}

TEST(KeyScheduleTest, SenderDataKeyDependsOnTheFirst32BytesOfTheCiphertext) {
  const Secret secret = Filled(7);
  const Bytes sample(32, 9);
  const auto key = DeriveSenderDataKey(secret, sample);

  EXPECT_EQ(ToHex(key.key.ExposeSecret()),
            HexOfExpanded(secret, "key", sample));
  EXPECT_TRUE(key.key.EqualsConstantTime(
      DeriveSenderDataKey(secret, Bytes(50, 9)).key));
  EXPECT_FALSE(key.key.EqualsConstantTime(
      DeriveSenderDataKey(secret, Bytes(31, 9)).key));
  EXPECT_NE(key.nonce, DeriveSenderDataKey(secret, Bytes(32, 8)).nonce);
}

TEST(KeyScheduleTest, ConfirmationTagIsAMacOfTheTranscript) {
  const Secret key = Filled(8);

  EXPECT_EQ(ConfirmationTag(key, kContext),
            HmacSha256(key.ExposeSecret(), kContext));
}

TEST(KeyScheduleTest, ExportsDependOnLabelContextAndLength) {
  const Secret exporter = Filled(9);
  const SecretBytes exported = Export(exporter, "label", kContext, 20);

  Bytes expected(20);
  ExpandWithLabel(DeriveSecret(exporter, "label").ExposeSecret(), "exported",
                  Sha256(kContext), absl::MakeSpan(expected));
  EXPECT_EQ(ToHex(exported.ExposeSecret()), ToHex(expected));
  EXPECT_FALSE(
      exported.EqualsConstantTime(Export(exporter, "other", kContext, 20)));
  EXPECT_FALSE(exported.EqualsConstantTime(
      Export(exporter, "label", AsBytes("other"), 20)));
}

TEST(KeyScheduleTest, ExternalInitGivesTheGroupTheJoinersSecret) {
  SeededRandom random(1);
  const Secret external = Filled(10);

  ASSERT_OK_AND_ASSIGN(
      const ExternalInitSecret sent,
      SealExternalInit(ExternalKeyPair(external).public_key, random));
  ASSERT_OK_AND_ASSIGN(const Secret received,
                       OpenExternalInit(external, sent.kem_output));

  EXPECT_TRUE(received.EqualsConstantTime(sent.init));
}

TEST(KeyScheduleTest, ExternalInitOfAnotherEpochGivesAnotherSecret) {
  SeededRandom random(2);
  ASSERT_OK_AND_ASSIGN(
      const ExternalInitSecret sent,
      SealExternalInit(ExternalKeyPair(Filled(10)).public_key, random));

  ASSERT_OK_AND_ASSIGN(const Secret received,
                       OpenExternalInit(Filled(11), sent.kem_output));

  EXPECT_FALSE(received.EqualsConstantTime(sent.init));
}

TEST(KeyScheduleTest, ExternalInitOfAWrongSizeIsRefused) {
  SeededRandom random(3);

  EXPECT_THAT(OpenExternalInit(Filled(10), Bytes(31)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(SealExternalInit(Bytes(33), random),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cordon::mls
