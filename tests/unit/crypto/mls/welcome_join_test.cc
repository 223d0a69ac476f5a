#include "crypto/mls/welcome_join.h"

#include <memory>
#include <optional>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/group.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/group_secrets.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/welcome.h"
#include "tests/support/mls_room.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::MlsRoom;
using ::cordon::testing::StatusIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

// A Welcome that can be taken apart and put together again, as a malicious
// committer could.
class WelcomeJoinTest : public ::testing::Test {
 protected:
  WelcomeJoinTest() {
    auto pending = room_->member(1).Commit(
        {.proposals = {room_->AddOf(own_)}, .force_path = true},
        room_->services());
    welcome_ = *pending->welcome;
    secrets_ = *OpenGroupSecrets(welcome_.secrets[0], own_.init_key(),
                                 welcome_.encrypted_group_info);
    info_ = *OpenGroupInfo(welcome_.encrypted_group_info, WelcomeSecret());
  }

  Secret WelcomeSecret() const {
    return DeriveWelcomeSecret(
        *Secret::Copy(secrets_.joiner_secret.ExposeSecret()), Secret());
  }
  // Seals `info_` and `secrets_` as they now are; signed again by member 1.
  Welcome Resealed() {
    SignGroupInfo(room_->member(1).current().member().signer, info_);
    Welcome resealed;
    resealed.encrypted_group_info = SealGroupInfo(info_, WelcomeSecret());
    resealed.secrets.push_back(*SealGroupSecrets(
        secrets_,
        {.key_package_ref = own_.ref(), .init_key = own_.init_key().public_key},
        resealed.encrypted_group_info, room_->random()));
    return resealed;
  }
  absl::Status Join(const Welcome& welcome) {
    return JoinByWelcome(welcome, own_, {}, room_->services()).status();
  }

  std::unique_ptr<MlsRoom> room_ = MlsRoom::WithMembers(3, 1);
  const OwnKeyPackage own_ = room_->MakeKeyPackage("joiner");
  Welcome welcome_;
  GroupSecrets secrets_;
  GroupInfo info_;
};

TEST_F(WelcomeJoinTest, AnHonestWelcomeIsTakenAlsoWhenResealed) {
  EXPECT_OK(Join(welcome_));
  EXPECT_OK(Join(Resealed()));
}

TEST_F(WelcomeJoinTest, AnotherSuiteIsRefused) {
  welcome_.cipher_suite = CipherSuite{1};

  EXPECT_THAT(Join(welcome_), StatusIs(kInvalid));
}

TEST_F(WelcomeJoinTest, AContextOfAnotherSuiteIsRefused) {
  info_.group_context.cipher_suite = CipherSuite{1};

  EXPECT_THAT(Join(Resealed()), StatusIs(kInvalid));
}

TEST_F(WelcomeJoinTest, AnotherKeyPackageIsNotFound) {
  EXPECT_THAT(JoinByWelcome(welcome_, room_->MakeKeyPackage("other"), {},
                            room_->services()),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(WelcomeJoinTest, ATreeThatIsNotTheContextsIsRefused) {
  info_.group_context.tree_hash[0] ^= 1;

  EXPECT_THAT(Join(Resealed()), StatusIs(kInvalid));
}

TEST_F(WelcomeJoinTest, ATreeWithoutUsIsRefused) {
  SetExtension(info_.extensions,
               MakeRatchetTree(codec::Serialize(room_->member(0).tree())));
  info_.group_context.tree_hash = room_->member(0).context().tree_hash;

  EXPECT_THAT(Join(Resealed()), StatusIs(kInvalid));
}

TEST_F(WelcomeJoinTest, ASignatureOfAnotherMemberIsRefused) {
  info_.signer = LeafIndex{2};

  EXPECT_THAT(Join(Resealed()), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(WelcomeJoinTest, ABlankSignerIsRefused) {
  info_.signer = LeafIndex{99};

  EXPECT_THAT(Join(Resealed()), StatusIs(kInvalid));
}

TEST_F(WelcomeJoinTest, AWrongConfirmationTagIsRefused) {
  info_.confirmation_tag[0] ^= 1;

  EXPECT_THAT(Join(Resealed()), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(WelcomeJoinTest, AnotherTranscriptOrEpochIsRefused) {
  info_.group_context.confirmed_transcript_hash[0] ^= 1;

  EXPECT_THAT(Join(Resealed()), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(WelcomeJoinTest, APathSecretOfOtherKeysIsRefused) {
  secrets_.path_secret = SecretBytes::Copy(Bytes(32, 9));
  EXPECT_THAT(Join(Resealed()), StatusIs(kInvalid));

  secrets_.path_secret = SecretBytes::Copy(Bytes(31, 9));
  EXPECT_THAT(Join(Resealed()), StatusIs(kInvalid));
}

TEST_F(WelcomeJoinTest, AJoinerSecretOfAWrongSizeIsRefused) {
  Welcome resealed = Resealed();
  secrets_.joiner_secret = SecretBytes::Copy(Bytes(31));
  resealed.secrets[0] = *SealGroupSecrets(
      secrets_,
      {.key_package_ref = own_.ref(), .init_key = own_.init_key().public_key},
      resealed.encrypted_group_info, room_->random());

  EXPECT_THAT(Join(resealed), StatusIs(kInvalid));
}

TEST_F(WelcomeJoinTest, APreSharedKeyThatIsNotKnownIsNotFound) {
  secrets_.psks = {MakeExternalPskId(AsBytes("x"), room_->random())};

  EXPECT_THAT(Join(Resealed()), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(WelcomeJoinTest, APreSharedKeyWithAShortNonceIsRefused) {
  room_->psks().Put("x", "key");
  secrets_.psks = {{.psk = ExternalPsk{ToBytes("x")}, .nonce = Bytes(31)}};

  EXPECT_THAT(Join(Resealed()), StatusIs(kInvalid));
}

TEST_F(WelcomeJoinTest, GoingOnFromTwoGroupsIsRefused) {
  const ResumptionPsk one{ResumptionUsage::kBranch, ToBytes("a"), Epoch{1}};
  const ResumptionPsk two{ResumptionUsage::kReinit, ToBytes("b"), Epoch{1}};
  secrets_.psks = {MakeResumptionPskId(one, room_->random()),
                   MakeResumptionPskId(two, room_->random())};

  EXPECT_THAT(Join(Resealed()), StatusIs(kInvalid));
}

TEST_F(WelcomeJoinTest, AMemberWhomTheCheckerRefusesKeepsUsOut) {
  room_->checker().Refuse("member-2");

  EXPECT_THAT(Join(welcome_), StatusIs(absl::StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace cordon::mls
