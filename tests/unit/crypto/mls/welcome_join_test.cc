#include "crypto/mls/welcome_join.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/commit_maker.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/group.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/group_secrets.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/proposal.h"
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

// The old room's member 0 founds a group that goes on from it.
absl::StatusOr<PendingCommit> FoundSuccessor(
    MlsRoom& room, ResumptionUsage usage, Bytes group_id,
    const std::vector<OwnKeyPackage>& joiners) {
  Group& old = room.member(0);
  CORDON_ASSIGN_OR_RETURN(SecretBytes key, old.ResumptionKey(old.epoch()));
  room.psks().PutResumption(old.group_id(), old.epoch(), std::move(key));
  CORDON_ASSIGN_OR_RETURN(
      Group next,
      Group::Create(room.MakeKeyPackage("member-0"),
                    {.group_id = std::move(group_id),
                     .founding = ResumptionPsk{usage, ToBytes(old.group_id()),
                                               old.epoch()}},
                    room.services()));
  CommitOptions options;
  for (const OwnKeyPackage& own : joiners) {
    options.proposals.push_back(room.AddOf(own));
  }
  return next.Commit(std::move(options), room.services());
}

TEST(GroupReInitTest, EndsTheGroupWhichGoesOnAsAnother) {
  auto room = MlsRoom::WithMembers(2, 60);
  room->CommitBy(0, {.proposals = {ReInit{.group_id = ToBytes("next"),
                                          .version = kMls10,
                                          .cipher_suite = kCipherSuite}}});
  ASSERT_TRUE(room->member(1).re_init().has_value());
  EXPECT_THAT(room->member(1).Seal(AsBytes("x"), {}, room->random()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(room->member(1).Commit({}, room->services()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(room->member(1).ProposeUpdate({}, {}, room->services()),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  std::vector<OwnKeyPackage> joiners;
  joiners.push_back(room->MakeKeyPackage("member-1"));
  ASSERT_OK_AND_ASSIGN(const PendingCommit founded,
                       FoundSuccessor(*room, ResumptionUsage::kReinit,
                                      ToBytes("next"), joiners));
  ASSERT_OK_AND_ASSIGN(const Group::Joined joined,
                       Group::Join(*founded.welcome, joiners[0],
                                   {.predecessor = &room->member(1).current()},
                                   room->services()));
  EXPECT_EQ(ToBytes(joined.group.EpochAuthenticator()),
            ToBytes(founded.next.epoch_authenticator()));
}

TEST(GroupReInitTest, AnotherGroupThanAgreedIsRefused) {
  auto room = MlsRoom::WithMembers(2, 61);
  room->CommitBy(0, {.proposals = {ReInit{.group_id = ToBytes("next"),
                                          .version = kMls10,
                                          .cipher_suite = kCipherSuite}}});
  std::vector<OwnKeyPackage> joiners;
  joiners.push_back(room->MakeKeyPackage("member-1"));
  ASSERT_OK_AND_ASSIGN(const PendingCommit other_id,
                       FoundSuccessor(*room, ResumptionUsage::kReinit,
                                      ToBytes("else"), joiners));
  joiners.push_back(room->MakeKeyPackage("intruder"));
  ASSERT_OK_AND_ASSIGN(const PendingCommit more_members,
                       FoundSuccessor(*room, ResumptionUsage::kReinit,
                                      ToBytes("next"), joiners));

  const JoinOptions options{.predecessor = &room->member(1).current()};
  for (const auto* founded : {&other_id, &more_members}) {
    EXPECT_THAT(
        Group::Join(*founded->welcome, joiners[0], options, room->services()),
        StatusIs(absl::StatusCode::kInvalidArgument));
  }
  EXPECT_THAT(Group::Join(*other_id.welcome, joiners[0], {}, room->services()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(GroupReInitTest, ReInitComesAlone) {
  auto room = MlsRoom::WithMembers(2, 62);

  EXPECT_THAT(room->member(0).Commit(
                  {.proposals = {ReInit{.group_id = ToBytes("n"),
                                        .version = kMls10,
                                        .cipher_suite = kCipherSuite},
                                 Remove{LeafIndex{1}}}},
                  room->services()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(GroupBranchTest, ASubsetBranchesOff) {
  auto room = MlsRoom::WithMembers(3, 63);
  std::vector<OwnKeyPackage> joiners;
  joiners.push_back(room->MakeKeyPackage("member-2"));
  ASSERT_OK_AND_ASSIGN(const PendingCommit founded,
                       FoundSuccessor(*room, ResumptionUsage::kBranch,
                                      ToBytes("branch"), joiners));

  EXPECT_OK(Group::Join(*founded.welcome, joiners[0],
                        {.predecessor = &room->member(2).current()},
                        room->services()));
}

TEST(GroupBranchTest, StrangersInABranchAreRefused) {
  auto room = MlsRoom::WithMembers(3, 64);
  std::vector<OwnKeyPackage> joiners;
  joiners.push_back(room->MakeKeyPackage("member-2"));
  joiners.push_back(room->MakeKeyPackage("stranger"));
  ASSERT_OK_AND_ASSIGN(const PendingCommit founded,
                       FoundSuccessor(*room, ResumptionUsage::kBranch,
                                      ToBytes("branch"), joiners));

  EXPECT_THAT(Group::Join(*founded.welcome, joiners[0],
                          {.predecessor = &room->member(2).current()},
                          room->services()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cordon::mls
