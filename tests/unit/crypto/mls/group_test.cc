#include "crypto/mls/group.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/message_protection.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/psk.h"
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
  const Welcome welcome = *pending.welcome;

  room->DeliverCommit(std::move(pending), 1);
  ASSERT_OK_AND_ASSIGN(Group::Joined joined,
                       Group::Join(welcome, own, {}, room->services()));
  room->Enter(std::move(joined.group));

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

// ---- coming in from outside

TEST(GroupExternalTest, AStrangerJoinsByItsOwnCommit) {
  auto room = MlsRoom::WithMembers(3, 40);
  ASSERT_OK_AND_ASSIGN(
      Group::ExternallyJoined joined,
      Group::JoinExternal(
          room->member(1).ExportGroupInfo({.tree = TreePlace::kInside}),
          room->MakeIdentity("stranger"), {}, room->services()));

  for (size_t i = 0; i < 3; ++i) {
    ASSERT_OK_AND_ASSIGN(
        Processed processed,
        room->member(i).Process(joined.commit, room->services()));
    auto& next = std::get<NextEpoch>(processed);
    EXPECT_TRUE(next.change().external);
    EXPECT_EQ(next.change().committer, joined.group.self());
    ASSERT_OK(room->member(i).Adopt(std::move(next)));
  }
  room->Enter(std::move(joined.group));

  room->ExpectAgreement();
  room->CommitBy(3, {});
  room->ExpectAgreement();
}

TEST(GroupExternalTest, AMemberComesBackInPlaceOfItsFormerLeaf) {
  auto room = MlsRoom::WithMembers(4, 41);
  const GroupInfo info = room->member(0).ExportGroupInfo({});
  const Bytes tree = codec::Serialize(room->member(0).tree());
  ASSERT_OK_AND_ASSIGN(Group::ExternallyJoined joined,
                       Group::JoinExternal(info, room->MakeIdentity("member-2"),
                                           {.tree = tree}, room->services()));
  room->Leave(2);

  for (size_t i = 0; i < 3; ++i) {
    ASSERT_OK_AND_ASSIGN(
        Processed processed,
        room->member(i).Process(joined.commit, room->services()));
    ASSERT_OK(room->member(i).Adopt(std::get<NextEpoch>(std::move(processed))));
  }
  room->Enter(std::move(joined.group));

  EXPECT_EQ(room->member(0).tree().member_count(), 4U);
  room->ExpectAgreement();
}

TEST(GroupExternalTest, ADeviceThatIsThereCannotJoinTwice) {
  auto room = MlsRoom::WithMembers(2, 42);

  EXPECT_THAT(Group::JoinExternal(
                  room->member(0).ExportGroupInfo({.tree = TreePlace::kInside}),
                  room->MakeIdentity("member-1"), {.replace_own_leaf = false},
                  room->services()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(GroupExternalTest, GroupInfoMustHoldWhatItTakes) {
  auto room = MlsRoom::WithMembers(2, 43);
  const Identity stranger = room->MakeIdentity("stranger");
  const auto join = [&](const GroupInfo& info) {
    return Group::JoinExternal(info, stranger, {}, room->services());
  };

  EXPECT_THAT(join(room->member(0).ExportGroupInfo({})),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(join(room->member(0).ExportGroupInfo(
                  {.external_pub = false, .tree = TreePlace::kInside})),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  GroupInfo forged =
      room->member(0).ExportGroupInfo({.tree = TreePlace::kInside});
  forged.confirmation_tag[0] ^= 1;
  EXPECT_THAT(join(forged), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST(GroupExternalTest, AnExternalSenderProposesARemove) {
  auto room = MlsRoom::WithMembers(3, 44);
  const Ed25519PrivateKey relay = Ed25519PrivateKey::Generate(room->random());
  const ExternalSender sender{
      .signature_key = ToBytes(relay.public_key()),
      .credential = Credential::Basic(AsBytes("relay"))};
  room->CommitBy(
      0,
      {.proposals = {GroupContextExtensions{{MakeExternalSenders({sender})}}}});
  AuthenticatedContent said{
      .content = {.group_id = ToBytes("room"),
                  .epoch = room->member(0).epoch(),
                  .sender = OutsideSender{0},
                  .content = Proposal(Remove{LeafIndex{2}})}};
  Sign(relay, {}, said);
  const auto message = [](const AuthenticatedContent& content) {
    return codec::Serialize(MlsMessage(PublicMessage{.content = content}));
  };

  AuthenticatedContent unknown = said;
  unknown.content.sender = OutsideSender{1};
  EXPECT_THAT(room->member(0).Process(message(unknown), room->services()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  AuthenticatedContent forged = said;
  forged.auth.signature[0] ^= 1;
  EXPECT_THAT(room->member(0).Process(message(forged), room->services()),
              StatusIs(absl::StatusCode::kUnauthenticated));

  ASSERT_OK(room->member(0).Process(message(said), room->services()));
  ASSERT_OK(room->member(1).Process(message(said), room->services()));
  room->Leave(2);
  room->CommitBy(1, {});
  EXPECT_EQ(room->member(0).tree().member_count(), 2U);
  room->ExpectAgreement();
}

TEST(GroupExternalTest, ANewMemberProposesItself) {
  auto room = MlsRoom::WithMembers(2, 45);
  const OwnKeyPackage own = room->MakeKeyPackage("newcomer");
  AuthenticatedContent said{.content = {.group_id = ToBytes("room"),
                                        .epoch = room->member(0).epoch(),
                                        .sender = NewMemberProposalSender{},
                                        .content = room->AddOf(own)}};
  Sign(own.signer(), {}, said);
  const Bytes message =
      codec::Serialize(MlsMessage(PublicMessage{.content = said}));
  room->DeliverProposal(message, /*author=*/99);

  ASSERT_OK_AND_ASSIGN(PendingCommit pending,
                       room->member(0).Commit({}, room->services()));
  const Welcome welcome = *pending.welcome;
  room->DeliverCommit(std::move(pending), 0);
  ASSERT_OK_AND_ASSIGN(Group::Joined joined,
                       Group::Join(welcome, own, {}, room->services()));
  room->Enter(std::move(joined.group));

  room->ExpectAgreement();
}

// ---- pre-shared keys and groups that go on

TEST(GroupPskTest, ExternalKeysEnterTheScheduleOfAllWhoKnowThem) {
  auto room = MlsRoom::WithMembers(2, 50);
  room->psks().Put("id", "key");
  const OwnKeyPackage own = room->MakeKeyPackage("late");
  ASSERT_OK_AND_ASSIGN(PendingCommit pending,
                       room->member(0).Commit(
                           {.proposals = {room->AddOf(own),
                                          PreSharedKey{MakeExternalPskId(
                                              AsBytes("id"), room->random())}}},
                           room->services()));
  const Welcome welcome = *pending.welcome;

  room->DeliverCommit(std::move(pending), 0);
  ASSERT_OK_AND_ASSIGN(Group::Joined joined,
                       Group::Join(welcome, own, {}, room->services()));
  room->Enter(std::move(joined.group));

  room->ExpectAgreement();
}

TEST(GroupPskTest, WhoDoesNotKnowTheKeyCannotFollow) {
  auto room = MlsRoom::WithMembers(2, 51);
  MlsRoom other(52);
  room->psks().Put("id", "key");
  other.psks().Put("id", "another key");
  ASSERT_OK_AND_ASSIGN(
      const PendingCommit pending,
      room->member(0).Commit({.proposals = {PreSharedKey{MakeExternalPskId(
                                  AsBytes("id"), room->random())}}},
                             room->services()));

  EXPECT_THAT(room->member(1).Process(pending.commit, other.services()),
              StatusIs(absl::StatusCode::kUnauthenticated));
  MlsRoom ignorant(53);
  EXPECT_THAT(room->member(1).Process(pending.commit, ignorant.services()),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST(GroupPskTest, KeptEpochsAreKnownByTheGroupItself) {
  auto room = MlsRoom::WithMembers(2, 54);
  room->CommitBy(0, {});
  const auto key_of = [&](uint64_t epoch) {
    return PreSharedKey{MakeResumptionPskId(
        {ResumptionUsage::kApplication, ToBytes("room"), Epoch{epoch}},
        room->random())};
  };

  room->CommitBy(1, {.proposals = {key_of(1), key_of(2)}});

  room->ExpectAgreement();
  for (size_t i = 0; i < kPastEpochsMax; ++i) room->CommitBy(0, {});
  EXPECT_THAT(
      room->member(0).Commit({.proposals = {key_of(0)}}, room->services()),
      StatusIs(absl::StatusCode::kNotFound));
}

TEST(GroupPskTest, KeysOfReinitAndBranchAreForFoundingOnly) {
  auto room = MlsRoom::WithMembers(2, 55);

  for (const auto usage :
       {ResumptionUsage::kReinit, ResumptionUsage::kBranch}) {
    EXPECT_THAT(room->member(0).Commit(
                    {.proposals = {PreSharedKey{MakeResumptionPskId(
                         {usage, ToBytes("room"), Epoch{1}}, room->random())}}},
                    room->services()),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
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

// ---- storage

class GroupStorageTest : public ::testing::Test {
 protected:
  // Bob, as a crash now would leave him.
  Group& Reload() {
    store_.Apply(bob_->TakeChanges());
    auto loaded = store_.Load();
    EXPECT_OK(loaded);
    *bob_ = *std::move(loaded);
    return *bob_;
  }

  std::unique_ptr<MlsRoom> room_ = MlsRoom::WithMembers(3, 70);
  Group* const bob_ = &room_->member(1);
  GroupStore store_;
};

TEST_F(GroupStorageTest, EveryStepSurvivesReloading) {
  Reload();
  room_->ExpectAgreement();
  Reload();
  room_->CommitBy(0, {});
  Reload();
  room_->CommitBy(1, {});
  Reload();
  room_->ExpectAgreement();
  Reload();
  room_->CommitBy(
      2, {.proposals = {GroupContextExtensions{{{kKnownExtension, {1}}}}}});
  Reload();

  room_->ExpectAgreement();
}

TEST_F(GroupStorageTest, AKeyUsedBeforeReloadingIsNotUsedAgain) {
  ASSERT_OK_AND_ASSIGN(const SealedMessage first,
                       bob_->Seal(AsBytes("1"), {}, room_->random()));
  Reload();
  ASSERT_OK_AND_ASSIGN(const SealedMessage second,
                       bob_->Seal(AsBytes("2"), {}, room_->random()));

  EXPECT_NE(first.generation, second.generation);
  EXPECT_OK(room_->member(0).Open(second.message));
  EXPECT_OK(room_->member(0).Open(first.message));
}

TEST_F(GroupStorageTest, AnOpenedMessageDoesNotOpenAgainAfterReloading) {
  ASSERT_OK_AND_ASSIGN(
      const SealedMessage sealed,
      room_->member(0).Seal(AsBytes("1"), {}, room_->random()));
  ASSERT_OK(bob_->Open(sealed.message));

  EXPECT_THAT(Reload().Open(sealed.message),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(GroupStorageTest, ProposalsOfOthersAndAnOwnUpdateSurviveReloading) {
  ASSERT_OK_AND_ASSIGN(const Bytes own, bob_->ProposeUpdate(std::nullopt, {},
                                                            room_->services()));
  room_->DeliverProposal(own, 1);
  Reload();
  ASSERT_OK_AND_ASSIGN(
      const Bytes other,
      room_->member(0).ProposeUpdate(std::nullopt, {}, room_->services()));
  room_->DeliverProposal(other, 0);
  Reload();

  room_->CommitBy(2, {});
  Reload();

  room_->ExpectAgreement();
}

TEST_F(GroupStorageTest, APendingCommitStoredApartIsTheGroupAfterAdoption) {
  store_.Apply(bob_->TakeChanges());
  ASSERT_OK_AND_ASSIGN(PendingCommit pending,
                       bob_->Commit({}, room_->services()));
  const StateChanges of_next = pending.next.TakeChanges();
  ASSERT_OK_AND_ASSIGN(Group before, store_.Load());
  EXPECT_EQ(before.epoch(), Epoch{1});
  ASSERT_OK_AND_ASSIGN(
      const SealedMessage late,
      room_->member(0).Seal(AsBytes("late"), {}, room_->random()));

  store_.Apply(of_next);
  ASSERT_OK_AND_ASSIGN(Group after, store_.Load());

  EXPECT_EQ(after.epoch(), Epoch{2});
  EXPECT_EQ(ToBytes(after.EpochAuthenticator()),
            ToBytes(pending.next.epoch_authenticator()));
  EXPECT_OK(after.Open(late.message));
}

TEST_F(GroupStorageTest, OneMessageWritesFewBytesWhateverTheGroup) {
  Reload();
  ASSERT_OK(bob_->Seal(AsBytes("first"), {}, room_->random()));
  Reload();
  ASSERT_OK(bob_->Seal(AsBytes("second"), {}, room_->random()));

  store_.Apply(bob_->TakeChanges());

  EXPECT_THAT(store_.last_bytes(), Lt(size_t{100}));
  EXPECT_THAT(bob_->TakeChanges(), IsEmpty());
}

TEST_F(GroupStorageTest, EpochsGivenUpLeaveNothingBehind) {
  Reload();
  for (size_t i = 0; i < kPastEpochsMax + 1; ++i) room_->CommitBy(0, {});
  Reload();
  const size_t pieces = store_.pieces();

  for (size_t i = 0; i < 5; ++i) {
    room_->CommitBy(0, {});
    Reload();
  }

  EXPECT_EQ(store_.pieces(), pieces);
}

TEST_F(GroupStorageTest, LateMessagesOpenAfterReloading) {
  ASSERT_OK_AND_ASSIGN(
      const SealedMessage late,
      room_->member(0).Seal(AsBytes("late"), {}, room_->random()));
  room_->CommitBy(2, {});

  EXPECT_OK(Reload().Open(late.message));
}

TEST(GroupLoadTest, PiecesThatDoNotParseAreDataLoss) {
  EXPECT_THAT(Group::Load({}), StatusIs(absl::StatusCode::kDataLoss));
  std::vector<StatePiece> pieces;
  pieces.push_back({Bytes(3), SecretBytes()});
  EXPECT_THAT(Group::Load(pieces), StatusIs(absl::StatusCode::kDataLoss));
  pieces[0].name = Bytes(9);
  EXPECT_THAT(Group::Load(pieces), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(GroupLoadTest, EveryMissingOrTruncatedPieceOfTheCurrentEpochIsDataLoss) {
  auto room = MlsRoom::WithMembers(2, 80);
  const StateChanges changes = room->member(0).TakeChanges();
  for (size_t damaged = 0; damaged < changes.size(); ++damaged) {
    std::vector<StatePiece> missing;
    std::vector<StatePiece> truncated;
    for (size_t i = 0; i < changes.size(); ++i) {
      const StateChange& change = changes[i];
      if (!change.value.has_value()) continue;
      const ByteSpan value = change.value->ExposeSecret();
      truncated.push_back({change.name, SecretBytes::Copy(value.first(
                                            value.size() - (i == damaged)))});
      if (i != damaged) {
        missing.push_back({change.name, change.value->CloneSecret()});
      }
    }
    if (!changes[damaged].value.has_value()) continue;
    EXPECT_THAT(Group::Load(truncated), StatusIs(absl::StatusCode::kDataLoss));
    // The secret tree's root alone is missed only when it is needed.
    if (changes[damaged].name.size() == 9) {
      EXPECT_THAT(Group::Load(missing), StatusIs(absl::StatusCode::kDataLoss));
    }
  }
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
