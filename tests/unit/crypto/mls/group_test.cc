#include "crypto/mls/group.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/commit_maker.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/welcome.h"
#include "tests/support/mls_room.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::GroupStore;
using ::cordon::testing::MlsRoom;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Lt;
using ::testing::Not;
using ::testing::SizeIs;

constexpr ExtensionType kKnownExtension{0xf100};

Bytes Pattern(size_t size) {
  return Bytes(size, 0x5a);
}

TEST(GroupTest, GroupOfOneSealsAndCommits) {
  auto room = MlsRoom::WithMembers(1, 1);

  EXPECT_EQ(room->member(0).epoch(), Epoch{0});
  room->CommitBy(0, {});

  EXPECT_EQ(room->member(0).epoch(), Epoch{1});
  EXPECT_OK(room->member(0).Seal(AsBytes("x"), {}, room->random()));
}

TEST(GroupTest, EveryMemberOpensWhatEveryOtherSeals) {
  MlsRoom::WithMembers(7, 2)->ExpectAgreement();
}

TEST(GroupTest, ManyCommitsByEverybodyKeepAgreement) {
  auto room = MlsRoom::WithMembers(6, 3);

  for (size_t round = 0; round < 3; ++round) {
    for (size_t author = 0; author < room->size(); ++author) {
      room->CommitBy(author, {});
    }
  }

  EXPECT_EQ(room->member(0).epoch(), Epoch{19});
  room->ExpectAgreement();
}

TEST(GroupTest, AddedLaterJoinsByAWelcomeThatHoldsAPath) {
  auto room = MlsRoom::WithMembers(3, 4);
  const OwnKeyPackage own = room->MakeKeyPackage("late");
  ASSERT_OK_AND_ASSIGN(PendingCommit pending,
                       room->member(1).Commit({.proposals = {room->AddOf(own)},
                                               .force_path = true},
                                              room->services()));
  room->DeliverAdd(std::move(pending), 1, own);

  room->ExpectAgreement();
  room->CommitBy(3, {});
  room->CommitBy(0, {});
  room->ExpectAgreement();
}

TEST(GroupTest, TreeMayTravelBesideTheWelcome) {
  auto room = MlsRoom::WithMembers(2, 5);
  const OwnKeyPackage own = room->MakeKeyPackage("late");
  ASSERT_OK_AND_ASSIGN(
      PendingCommit pending,
      room->member(0).Commit({.proposals = {room->AddOf(own)},
                              .tree = TreePlace::kBeside,
                              .welcome_extensions = {{kKnownExtension, {7}}}},
                             room->services()));
  const Bytes tree = codec::Serialize(pending.next.tree());

  EXPECT_THAT(Group::Join(*pending.welcome, own, {}, room->services()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  ASSERT_OK_AND_ASSIGN(
      const Group::Joined joined,
      Group::Join(*pending.welcome, own, {.tree = tree}, room->services()));
  EXPECT_THAT(joined.extensions, ElementsAre(Extension{kKnownExtension, {7}}));
}

TEST(GroupTest, ACutWelcomeServesEachJoinerAlone) {
  auto room = MlsRoom::WithMembers(1, 6);
  const OwnKeyPackage a = room->MakeKeyPackage("a");
  const OwnKeyPackage b = room->MakeKeyPackage("b");
  ASSERT_OK_AND_ASSIGN(
      const PendingCommit pending,
      room->member(0).Commit({.proposals = {room->AddOf(a), room->AddOf(b)}},
                             room->services()));
  const Bytes of_b = codec::Serialize(pending.welcome->secrets[1]);

  ASSERT_OK_AND_ASSIGN(const Welcome cut,
                       Assemble(of_b, pending.welcome->encrypted_group_info));

  EXPECT_OK(Group::Join(cut, b, {}, room->services()));
  EXPECT_THAT(Group::Join(cut, a, {}, room->services()),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST(GroupTest, NothingChangesUntilAdoptedAndLosingCostsNothing) {
  auto room = MlsRoom::WithMembers(3, 7);
  const Bytes before = ToBytes(room->member(0).EpochAuthenticator());
  {
    ASSERT_OK_AND_ASSIGN(const PendingCommit lost,
                         room->member(0).Commit({}, room->services()));
    EXPECT_EQ(lost.next.base(), room->member(0).epoch());
  }

  EXPECT_EQ(ToBytes(room->member(0).EpochAuthenticator()), before);
  room->CommitBy(1, {});
  room->ExpectAgreement();
}

TEST(GroupTest, MessagesOpenBetweenCommitAndAdoption) {
  auto room = MlsRoom::WithMembers(2, 8);
  Group& alice = room->member(0);
  Group& bob = room->member(1);
  ASSERT_OK_AND_ASSIGN(PendingCommit pending,
                       alice.Commit({}, room->services()));
  ASSERT_OK_AND_ASSIGN(Processed processed,
                       bob.Process(pending.commit, room->services()));
  ASSERT_OK_AND_ASSIGN(const SealedMessage between,
                       bob.Seal(AsBytes("between"), {}, room->random()));

  EXPECT_OK(alice.Open(between.message));
  ASSERT_OK(alice.Adopt(std::move(pending.next)));
  ASSERT_OK(bob.Adopt(std::get<NextEpoch>(std::move(processed))));

  EXPECT_THAT(alice.Open(between.message),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  room->ExpectAgreement();
}

TEST(GroupTest, LateMessagesOpenForAFewEpochsOnly) {
  auto room = MlsRoom::WithMembers(2, 9);
  std::vector<SealedMessage> late;
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK_AND_ASSIGN(
        SealedMessage sealed,
        room->member(0).Seal(AsBytes("late"), {}, room->random()));
    late.push_back(std::move(sealed));
  }

  for (size_t i = 0; i < kPastEpochsMax; ++i) room->CommitBy(0, {});
  ASSERT_OK_AND_ASSIGN(const OpenedMessage opened,
                       room->member(1).Open(late[0].message));
  EXPECT_EQ(opened.epoch, Epoch{1});

  room->CommitBy(0, {});
  EXPECT_THAT(room->member(1).Open(late[1].message),
              StatusIs(absl::StatusCode::kAborted));
}

TEST(GroupTest, OpenedMessageSaysWhoAndWhere) {
  auto room = MlsRoom::WithMembers(3, 10);
  ASSERT_OK(room->member(2).Seal(AsBytes("first"), {}, room->random()));
  ASSERT_OK_AND_ASSIGN(
      const SealedMessage sealed,
      room->member(2).Seal(Pattern(1000), AsBytes("aad"), room->random()));

  ASSERT_OK_AND_ASSIGN(const OpenedMessage opened,
                       room->member(0).Open(sealed.message));

  EXPECT_EQ(opened.data, Pattern(1000));
  EXPECT_EQ(AsText(opened.authenticated_data), "aad");
  EXPECT_EQ(opened.sender, LeafIndex{2});
  EXPECT_EQ(opened.generation, 1U);
  EXPECT_EQ(opened.epoch, Epoch{1});
  EXPECT_EQ(AsText(opened.leaf.credential.content()), "member-2");
  EXPECT_EQ(opened.leaf, room->member(0).tree().Member(LeafIndex{2})->leaf);
}

TEST(GroupTest, AMessageOpensOnce) {
  auto room = MlsRoom::WithMembers(2, 11);
  ASSERT_OK_AND_ASSIGN(const SealedMessage sealed,
                       room->member(0).Seal(AsBytes("x"), {}, room->random()));

  EXPECT_OK(room->member(1).Open(sealed.message));
  EXPECT_THAT(room->member(1).Open(sealed.message),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(room->member(0).Open(sealed.message),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(GroupTest, NoFlippedBitOfAMessageIsTakenAndTheMessageStillOpens) {
  auto room = MlsRoom::WithMembers(2, 12);
  ASSERT_OK_AND_ASSIGN(
      const SealedMessage sealed,
      room->member(0).Seal(AsBytes("x"), AsBytes("aad"), room->random()));

  for (size_t i = 0; i < sealed.message.size(); ++i) {
    Bytes flipped = sealed.message;
    flipped[i] ^= 0x10;
    EXPECT_THAT(room->member(1).Open(flipped), Not(testing::IsOk()))
        << "byte " << i;
  }

  EXPECT_OK(room->member(1).Open(sealed.message));
}

TEST(GroupTest, NoFlippedBitOfACommitIsTaken) {
  auto room = MlsRoom::WithMembers(2, 13);
  ASSERT_OK_AND_ASSIGN(const PendingCommit pending,
                       room->member(0).Commit({}, room->services()));

  for (size_t i = 0; i < pending.commit.size(); ++i) {
    Bytes flipped = pending.commit;
    flipped[i] ^= 0x10;
    EXPECT_THAT(room->member(1).Process(flipped, room->services()),
                Not(testing::IsOk()))
        << "byte " << i;
  }

  EXPECT_OK(room->member(1).Process(pending.commit, room->services()));
}

TEST(GroupTest, OwnCommitIsAdoptedNotProcessed) {
  auto room = MlsRoom::WithMembers(2, 14);
  ASSERT_OK_AND_ASSIGN(const PendingCommit pending,
                       room->member(0).Commit({}, room->services()));

  EXPECT_THAT(room->member(0).Process(pending.commit, room->services()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(GroupTest, CommitOfAnEpochThatIsOverIsAborted) {
  auto room = MlsRoom::WithMembers(3, 15);
  ASSERT_OK_AND_ASSIGN(PendingCommit late,
                       room->member(2).Commit({}, room->services()));
  room->CommitBy(0, {});

  EXPECT_THAT(room->member(1).Process(late.commit, room->services()),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(room->member(2).Adopt(std::move(late.next)),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  room->ExpectAgreement();
}

TEST(GroupTest, RemovedMemberLearnsItAndOpensNothingLater) {
  auto room = MlsRoom::WithMembers(3, 16);
  ASSERT_OK_AND_ASSIGN(
      PendingCommit pending,
      room->member(0).Commit({.proposals = {Remove{LeafIndex{2}}}},
                             room->services()));

  ASSERT_OK_AND_ASSIGN(
      const Processed processed,
      room->member(2).Process(pending.commit, room->services()));
  const auto* removed = std::get_if<RemovedByCommit>(&processed);
  ASSERT_NE(removed, nullptr);
  EXPECT_THAT(removed->change.removed, ElementsAre(LeafIndex{2}));
  ASSERT_OK(room->member(0).Adopt(std::move(pending.next)));
  ASSERT_OK_AND_ASSIGN(const SealedMessage sealed,
                       room->member(0).Seal(AsBytes("x"), {}, room->random()));
  EXPECT_THAT(room->member(2).Open(sealed.message),
              StatusIs(absl::StatusCode::kAborted));
}

TEST(GroupTest, RemoveByReferenceIsCommittedByAnother) {
  auto room = MlsRoom::WithMembers(4, 17);
  ASSERT_OK_AND_ASSIGN(
      const Bytes proposal,
      room->member(3).Propose(Remove{LeafIndex{1}}, {}, room->services()));
  room->DeliverProposal(proposal, 3);
  room->Leave(1);

  room->CommitBy(0, {});

  EXPECT_EQ(room->member(0).tree().Member(LeafIndex{1}), nullptr);
  room->ExpectAgreement();
}

TEST(GroupTest, ProposalsThatWaitStopApplicationMessages) {
  auto room = MlsRoom::WithMembers(3, 18);
  ASSERT_OK_AND_ASSIGN(
      const Bytes proposal,
      room->member(2).ProposeUpdate(std::nullopt, {}, room->services()));
  room->DeliverProposal(proposal, 2);

  for (size_t i = 0; i < room->size(); ++i) {
    EXPECT_TRUE(room->member(i).has_proposals());
    EXPECT_THAT(room->member(i).Seal(AsBytes("x"), {}, room->random()),
                StatusIs(absl::StatusCode::kFailedPrecondition));
  }
}

TEST(GroupTest, UpdateByReferenceRenewsTheProposersLeaf) {
  auto room = MlsRoom::WithMembers(4, 19);
  const Bytes old_key =
      room->member(0).tree().Member(LeafIndex{2})->leaf.encryption_key;
  ASSERT_OK_AND_ASSIGN(
      const Bytes proposal,
      room->member(2).ProposeUpdate(std::nullopt, {}, room->services()));
  room->DeliverProposal(proposal, 2);

  room->CommitBy(1, {});

  EXPECT_NE(room->member(0).tree().Member(LeafIndex{2})->leaf.encryption_key,
            old_key);
  room->ExpectAgreement();
  room->CommitBy(2, {});
  room->CommitBy(0, {});
  room->ExpectAgreement();
}

TEST(GroupTest, UpdateMayBringANewSignatureKey) {
  auto room = MlsRoom::WithMembers(3, 20);
  const Identity identity = room->MakeIdentity("member-2");
  const Bytes key = ToBytes(identity.signer.public_key());
  ASSERT_OK_AND_ASSIGN(const Bytes proposal,
                       room->member(2).ProposeUpdate(identity.CloneSecret(), {},
                                                     room->services()));
  room->DeliverProposal(proposal, 2);

  room->CommitBy(0, {});

  EXPECT_EQ(room->member(0).tree().Member(LeafIndex{2})->leaf.signature_key,
            key);
  room->ExpectAgreement();
}

TEST(GroupTest, CommitMayBringANewSignatureKey) {
  auto room = MlsRoom::WithMembers(3, 21);

  room->CommitBy(1, {.identity = room->MakeIdentity("member-1")});
  room->ExpectAgreement();
  room->CommitBy(1, {});

  room->ExpectAgreement();
}

TEST(GroupTest, AnIdentityThatMayNotSucceedIsRefused) {
  auto room = MlsRoom::WithMembers(2, 22);

  EXPECT_THAT(
      room->member(1).Commit({.identity = room->MakeIdentity("somebody else")},
                             room->services()),
      StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(room->member(1).ProposeUpdate(room->MakeIdentity("else"), {},
                                            room->services()),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST(GroupTest, AnInvalidProposalIsNotKept) {
  auto room = MlsRoom::WithMembers(2, 23);

  EXPECT_THAT(
      room->member(0).Propose(Remove{LeafIndex{9}}, {}, room->services()),
      StatusIs(absl::StatusCode::kInvalidArgument));
  const LeafNode leaf = room->member(0).tree().Member(LeafIndex{0})->leaf;
  EXPECT_THAT(room->member(0).Propose(Update{leaf}, {}, room->services()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(
      room->member(0).Propose(ExternalInit{Bytes(32)}, {}, room->services()),
      StatusIs(absl::StatusCode::kInvalidArgument));

  EXPECT_FALSE(room->member(0).has_proposals());
}

TEST(GroupTest, CommitNamingAProposalNeverSeenIsNotFound) {
  auto room = MlsRoom::WithMembers(3, 24);
  ASSERT_OK(
      room->member(0).Propose(Remove{LeafIndex{2}}, {}, room->services()));
  ASSERT_OK_AND_ASSIGN(const PendingCommit pending,
                       room->member(0).Commit({}, room->services()));

  EXPECT_THAT(room->member(1).Process(pending.commit, room->services()),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST(GroupTest, HandshakesMayBeEncrypted) {
  auto room = MlsRoom::WithMembers(3, 25);
  ASSERT_OK_AND_ASSIGN(const Bytes proposal,
                       room->member(1).ProposeUpdate(
                           std::nullopt, {.encrypt = true}, room->services()));
  ASSERT_OK_AND_ASSIGN(const FrameHeader header, ParseFrameHeader(proposal));
  EXPECT_EQ(header.wire_format, WireFormat::kPrivateMessage);
  room->DeliverProposal(proposal, 1);

  room->CommitBy(2, {.encrypt = true, .authenticated_data = {1, 2}});

  room->ExpectAgreement();
}

TEST(GroupTest, AnEncryptedCommitThatIsNotAdoptedCanBeProcessedAgain) {
  auto room = MlsRoom::WithMembers(2, 26);
  ASSERT_OK_AND_ASSIGN(
      PendingCommit pending,
      room->member(0).Commit({.encrypt = true}, room->services()));

  EXPECT_OK(room->member(1).Process(pending.commit, room->services()));
  ASSERT_OK_AND_ASSIGN(Processed again, room->member(1).Process(
                                            pending.commit, room->services()));

  ASSERT_OK(room->member(1).Adopt(std::get<NextEpoch>(std::move(again))));
  ASSERT_OK(room->member(0).Adopt(std::move(pending.next)));
  room->ExpectAgreement();
}

TEST(GroupTest, ApplicationDataNeverTravelsInTheOpen) {
  auto room = MlsRoom::WithMembers(2, 27);
  AuthenticatedContent said{
      .content = {.group_id = ToBytes("room"),
                  .epoch = Epoch{1},
                  .sender = MemberSender{LeafIndex{0}},
                  .content = ApplicationData{ToBytes("x")}}};
  Sign(room->member(0).current().member().signer,
       room->member(0).current().context_bytes(), said);
  const Bytes message = codec::Serialize(
      MlsMessage(PublicMessage{.content = said, .membership_tag = Bytes(32)}));

  EXPECT_THAT(room->member(1).Process(message, room->services()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(room->member(1).Open(message),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(GroupTest, ExtensionsAreReplacedWholly) {
  auto room = MlsRoom::WithMembers(3, 28);
  const Extensions extensions = {{kKnownExtension, {1, 2, 3}}};

  room->CommitBy(0, {.proposals = {GroupContextExtensions{extensions}}});

  EXPECT_EQ(room->member(2).context().extensions, extensions);
  room->ExpectAgreement();
}

TEST(GroupTest, ExtensionsThatAMemberDoesNotSupportAreRefused) {
  auto room = MlsRoom::WithMembers(2, 29);

  EXPECT_THAT(room->member(0).Commit({.proposals = {GroupContextExtensions{
                                          {{ExtensionType{0xf200}, {}}}}}},
                                     room->services()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(GroupTest, ExportsAndAuthenticatorsAgreeAndChangeWithTheEpoch) {
  auto room = MlsRoom::WithMembers(2, 30);
  const SecretBytes before = room->member(0).Export("label", {1}, 40);

  EXPECT_THAT(before.ExposeSecret(), SizeIs(40));
  EXPECT_TRUE(
      before.EqualsConstantTime(room->member(1).Export("label", {1}, 40)));
  EXPECT_FALSE(
      before.EqualsConstantTime(room->member(1).Export("label", {2}, 40)));
  room->CommitBy(0, {});
  EXPECT_FALSE(
      before.EqualsConstantTime(room->member(0).Export("label", {1}, 40)));
}

TEST(GroupCreateTest, GroupIdHasALimit) {
  MlsRoom room(90);

  EXPECT_THAT(
      Group::Create(room.MakeKeyPackage("a"),
                    {.group_id = Bytes(kGroupIdBytesMax + 1)}, room.services()),
      StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(GroupCreateTest, CreatorMustSupportTheExtensionsAndBeWhoItSays) {
  MlsRoom room(91);
  const OwnKeyPackage creator = room.MakeKeyPackage("a");

  EXPECT_THAT(
      Group::Create(creator, {.extensions = {{ExtensionType{0xf200}, {}}}},
                    room.services()),
      StatusIs(absl::StatusCode::kInvalidArgument));
  room.checker().Refuse("a");
  EXPECT_THAT(Group::Create(creator, {}, room.services()),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace cordon::mls
