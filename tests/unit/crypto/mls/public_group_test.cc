#include "crypto/mls/public_group.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_kem.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_nodes.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/mls_clients.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::KnownTree;
using ::cordon::testing::MlsClient;
using ::cordon::testing::NameChecker;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

class PublicGroupTest : public ::testing::Test {
 protected:
  PublicGroupTest() {
    context_.group_id = ToBytes(KnownTree::kGroupId);
    context_.epoch = Epoch{7};
    context_.tree_hash = ToBytes(known_.tree().RootHash());
    context_.confirmed_transcript_hash = Bytes(32, 3);
    context_.extensions = {MakeExternalSenders(
        {{.signature_key = ToBytes(relay_.public_key()),
          .credential = Credential::Basic(AsBytes("relay"))}})};
  }

  PublicChecks Checks() const {
    return {.checker = checker_, .instant = absl::FromUnixSeconds(0)};
  }
  GroupInfo Info(uint32_t signer = 0) {
    GroupInfo info{.group_context = context_,
                   .extensions = {},
                   .confirmation_tag = Bytes(32, 4),
                   .signer = LeafIndex{signer}};
    SignGroupInfo(known_.client(signer).signer, info);
    return info;
  }
  TreeNodes Nodes() {
    auto nodes = ParseTreeNodes(codec::Serialize(known_.tree()));
    EXPECT_OK(nodes);
    return *std::move(nodes);
  }
  PublicGroup Group() {
    auto group = PublicGroup::FromGroupInfo(Info(), Nodes(), Checks());
    EXPECT_OK(group);
    return *std::move(group);
  }

  PublicMessage Framed(Sender sender, Content content,
                       const Ed25519PrivateKey& key) {
    PublicMessage message{
        .content = {.wire_format = WireFormat::kPublicMessage,
                    .content = {.group_id = context_.group_id,
                                .epoch = context_.epoch,
                                .sender = sender,
                                .content = std::move(content)}},
        .membership_tag = Bytes(32, 1)};
    if (std::holds_alternative<Commit>(message.content.content.content)) {
      message.content.auth.confirmation_tag = Bytes(32, 2);
    }
    Sign(key, codec::Serialize(context_), message.content);
    return message;
  }
  PublicMessage ByMember(uint32_t leaf, Content content) {
    return Framed(MemberSender{LeafIndex{leaf}}, std::move(content),
                  known_.client(leaf).signer);
  }
  PublicMessage ByRelay(Proposal proposal) {
    return Framed(OutsideSender{0}, std::move(proposal), relay_);
  }

  // PathOf is an honest path in `tree`, for whoever holds `signer`.
  UpdatePath PathOf(const RatchetTree& tree, LeafIndex leaf, TreeMember member,
                    const Ed25519PrivateKey& signer,
                    absl::Span<const LeafIndex> added = {}) {
    auto path = CreatePath({.tree = tree,
                            .sender = leaf,
                            .added = added,
                            .context = context_,
                            .signer = signer},
                           std::move(member), random_);
    EXPECT_OK(path);
    return std::move(path->path);
  }
  UpdatePath MembersPath(uint32_t leaf) {
    return PathOf(known_.tree(), LeafIndex{leaf},
                  *known_.tree().Member(LeafIndex{leaf}),
                  known_.client(leaf).signer);
  }
  // External is a commit by `client`, which removes `former` if there is one.
  PublicMessage External(const MlsClient& client,
                         std::optional<LeafIndex> former) {
    Commit commit{
        .proposals = {Proposal(ExternalInit{.kem_output = Bytes(32, 1)})},
        .path = std::nullopt};
    RatchetTree tree = known_.tree();
    if (former.has_value()) {
      commit.proposals.emplace_back(Proposal(Remove{.removed = *former}));
      EXPECT_OK(tree.Remove(*former));
    }
    const auto leaf = tree.ReserveLeaf();
    EXPECT_OK(leaf);
    // What the joiner believes of names shall not stop it.
    commit.path = PathOf(tree, *leaf,
                         {.leaf = client.member().leaf, .device = DeviceId()},
                         client.signer);
    return Framed(NewMemberCommitSender{}, commit, client.signer);
  }
  static Commit Empty(UpdatePath path) {
    return {.proposals = {}, .path = std::move(path)};
  }
  MlsClient Client(absl::string_view name) {
    return MlsClient::Make(name, random_);
  }

  SeededRandom random_{1};
  KnownTree known_ = KnownTree::Warm(5, random_);
  const Ed25519PrivateKey relay_ = Ed25519PrivateKey::Generate(random_);
  GroupContext context_;
  NameChecker checker_;
};

TEST_F(PublicGroupTest, GroupInfoAndItsTreeMakeAGroup) {
  const PublicGroup group = Group();

  EXPECT_EQ(group.epoch(), Epoch{7});
  EXPECT_EQ(group.tree().member_count(), 5U);
  EXPECT_EQ(group.context(), context_);
  EXPECT_FALSE(group.ended());
}

TEST_F(PublicGroupTest, GroupInfoOfAnotherTreeIsRefused) {
  const KnownTree other = KnownTree::Warm(5, random_);
  auto nodes = ParseTreeNodes(codec::Serialize(other.tree()));
  ASSERT_OK(nodes);

  EXPECT_THAT(PublicGroup::FromGroupInfo(Info(), *nodes, Checks()),
              StatusIs(kInvalid));
}

TEST_F(PublicGroupTest, GroupInfoOfAnotherSuiteIsRefused) {
  context_.cipher_suite = CipherSuite{1};

  EXPECT_FALSE(PublicGroup::FromGroupInfo(Info(), Nodes(), Checks()).ok());
}

TEST_F(PublicGroupTest, GroupInfoWithABadSignatureIsRefused) {
  GroupInfo info = Info();
  info.signature[0] ^= 1;
  GroupInfo by_nobody = Info();
  by_nobody.signer = LeafIndex{6};

  EXPECT_THAT(PublicGroup::FromGroupInfo(info, Nodes(), Checks()),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(PublicGroup::FromGroupInfo(by_nobody, Nodes(), Checks()),
              StatusIs(kInvalid));
}

TEST_F(PublicGroupTest, TreeWithARefusedLeafIsRefused) {
  checker_.Refuse("member-4");

  EXPECT_THAT(PublicGroup::FromGroupInfo(Info(), Nodes(), Checks()),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(PublicGroupTest, AnotherMembersGroupInfoOfThisEpochIsGood) {
  const PublicGroup group = Group();
  GroupInfo other_tag = Info(3);
  other_tag.confirmation_tag[0] ^= 1;
  SignGroupInfo(known_.client(3).signer, other_tag);
  const GroupInfo good = Info(3);
  context_.epoch = Epoch{8};

  EXPECT_OK(group.CheckGroupInfo(good));
  EXPECT_THAT(group.CheckGroupInfo(Info(3)), StatusIs(kInvalid));
  EXPECT_THAT(group.CheckGroupInfo(other_tag), StatusIs(kInvalid));
}

// ---- commits

TEST_F(PublicGroupTest, EmptyCommitLeadsToTheNextEpoch) {
  const PublicGroup group = Group();

  ASSERT_OK_AND_ASSIGN(
      const PublicCommit commit,
      group.Follow(ByMember(2, Empty(MembersPath(2))), Checks()));

  EXPECT_EQ(commit.committer, LeafIndex{2});
  EXPECT_TRUE(commit.has_path);
  EXPECT_FALSE(commit.external);
  EXPECT_EQ(commit.next.epoch(), Epoch{8});
  EXPECT_TRUE(
      Equal(commit.next.context().tree_hash, commit.next.tree().RootHash()));
  EXPECT_NE(commit.next.context().confirmed_transcript_hash,
            context_.confirmed_transcript_hash);
  EXPECT_EQ(group.epoch(), Epoch{7});
}

TEST_F(PublicGroupTest, CommitByValueNamesWhatItChanges) {
  const MlsClient joiner = Client("joiner");
  RatchetTree tree = known_.tree();
  ASSERT_OK(tree.Remove(LeafIndex{3}));
  ASSERT_OK(tree.Add(joiner.member()));
  const Commit commit{
      .proposals = {Proposal(Add{.key_package = joiner.key_package}),
                    Proposal(Remove{.removed = LeafIndex{3}})},
      .path = PathOf(tree, LeafIndex{0}, *tree.Member(LeafIndex{0}),
                     known_.client(0).signer, {{LeafIndex{3}}})};

  ASSERT_OK_AND_ASSIGN(const PublicCommit followed,
                       Group().Follow(ByMember(0, commit), Checks()));

  EXPECT_THAT(followed.added, ElementsAre(LeafIndex{3}));
  EXPECT_THAT(followed.removed, ElementsAre(LeafIndex{3}));
  EXPECT_EQ(followed.proposals.size(), 2U);
  EXPECT_EQ(followed.next.tree().FindDevice(joiner.device()), LeafIndex{3});
}

TEST_F(PublicGroupTest, CommitOfAddsNeedsNoPath) {
  const MlsClient joiner = Client("joiner");
  const Commit commit{
      .proposals = {Proposal(Add{.key_package = joiner.key_package})},
      .path = std::nullopt};

  ASSERT_OK_AND_ASSIGN(const PublicCommit followed,
                       Group().Follow(ByMember(1, commit), Checks()));

  EXPECT_FALSE(followed.has_path);
  EXPECT_EQ(followed.committer, LeafIndex{1});
  EXPECT_THAT(followed.added, ElementsAre(LeafIndex{5}));
}

TEST_F(PublicGroupTest, CommitWithoutAPathItNeedsIsRefused) {
  const Commit empty{.proposals = {}, .path = std::nullopt};
  const Commit removing{
      .proposals = {Proposal(Remove{.removed = LeafIndex{3}})},
      .path = std::nullopt};

  EXPECT_THAT(Group().Follow(ByMember(1, empty), Checks()), StatusIs(kInvalid));
  EXPECT_THAT(Group().Follow(ByMember(1, removing), Checks()),
              StatusIs(kInvalid));
}

TEST_F(PublicGroupTest, CommitWithABadSignatureIsRefused) {
  PublicMessage message = ByMember(2, Empty(MembersPath(2)));
  message.content.auth.signature[0] ^= 1;
  PublicMessage other_author = ByMember(2, Empty(MembersPath(2)));
  other_author.content.content.sender = MemberSender{LeafIndex{1}};

  EXPECT_THAT(Group().Follow(message, Checks()),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(Group().Follow(other_author, Checks()),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(PublicGroupTest, CommitOfAnotherEpochLosesAndOfAnotherGroupIsInvalid) {
  const PublicGroup group = Group();
  context_.epoch = Epoch{6};
  const PublicMessage old = ByMember(2, Empty(MembersPath(2)));
  context_.epoch = Epoch{7};
  context_.group_id = ToBytes("another");
  const PublicMessage elsewhere = ByMember(2, Empty(MembersPath(2)));

  EXPECT_THAT(group.Follow(old, Checks()),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(group.Follow(elsewhere, Checks()), StatusIs(kInvalid));
}

TEST_F(PublicGroupTest, CommitByNoMemberIsRefused) {
  PublicMessage message = ByMember(2, Empty(MembersPath(2)));
  message.content.content.sender = MemberSender{LeafIndex{6}};

  EXPECT_THAT(Group().Follow(message, Checks()), StatusIs(kInvalid));
}

TEST_F(PublicGroupTest, CommitWithAWrongParentHashIsRefused) {
  UpdatePath path = MembersPath(2);
  path.leaf_node.parent_hash[0] ^= 1;
  SignLeafNode(known_.client(2).signer,
               {.group_id = context_.group_id, .index = LeafIndex{2}},
               path.leaf_node);

  EXPECT_THAT(Group().Follow(ByMember(2, Empty(path)), Checks()),
              StatusIs(kInvalid));
}

TEST_F(PublicGroupTest, CommitWithATagOfAnotherSizeIsRefused) {
  PublicMessage message = ByMember(2, Empty(MembersPath(2)));
  message.content.auth.confirmation_tag.pop_back();

  EXPECT_THAT(Group().Follow(message, Checks()), StatusIs(kInvalid));
}

TEST_F(PublicGroupTest, CommitThatBreaksAProposalRuleIsRefused) {
  const Commit commit{.proposals = {Proposal(Remove{.removed = LeafIndex{2}})},
                      .path = MembersPath(2)};

  EXPECT_THAT(Group().Follow(ByMember(2, commit), Checks()),
              StatusIs(kInvalid));
}

// All but what only members can check: the two tags.
TEST_F(PublicGroupTest, EveryFlippedBitOfACommitIsNoticed) {
  const PublicGroup group = Group();
  const PublicMessage message = ByMember(2, Empty(MembersPath(2)));
  const Bytes bytes = codec::Serialize(MlsMessage(message));
  ASSERT_OK_AND_ASSIGN(const PublicCommit good,
                       group.Follow(message, Checks()));
  for (size_t i = 0; i < bytes.size(); ++i) {
    SCOPED_TRACE(i);
    Bytes flipped = bytes;
    flipped[i] ^= 1;
    const auto parsed = ParseAs<PublicMessage>(flipped);
    if (!parsed.ok()) continue;
    if (parsed->membership_tag != message.membership_tag ||
        parsed->content.auth.confirmation_tag !=
            message.content.auth.confirmation_tag) {
      continue;
    }
    EXPECT_FALSE(group.Follow(*parsed, Checks()).ok());
  }
}

TEST_F(PublicGroupTest, AnotherConfirmationTagLeadsToAnotherTranscript) {
  const PublicGroup group = Group();
  PublicMessage message = ByMember(2, Empty(MembersPath(2)));
  ASSERT_OK_AND_ASSIGN(const PublicCommit one, group.Follow(message, Checks()));
  message.content.auth.confirmation_tag[0] ^= 1;
  ASSERT_OK_AND_ASSIGN(const PublicCommit two, group.Follow(message, Checks()));

  // The tag enters the hash of the epoch after the next.
  EXPECT_EQ(one.next.context(), two.next.context());
  EXPECT_NE(codec::Serialize(one.next), codec::Serialize(two.next));
}

TEST_F(PublicGroupTest, ProposalIsNoCommitAndCommitNoProposal) {
  EXPECT_THAT(
      Group().Follow(ByMember(2, Proposal(Remove{.removed = LeafIndex{1}})),
                     Checks()),
      StatusIs(kInvalid));
  EXPECT_THAT(Group().Hear(ByMember(2, Empty(MembersPath(2))), Checks()),
              StatusIs(kInvalid));
}

TEST_F(PublicGroupTest, ReInitEndsTheGroup) {
  const Commit commit{
      .proposals = {Proposal(ReInit{.group_id = ToBytes("next"),
                                    .version = kMls10,
                                    .cipher_suite = kCipherSuite})},
      .path = std::nullopt};
  ASSERT_OK_AND_ASSIGN(const PublicCommit followed,
                       Group().Follow(ByMember(1, commit), Checks()));
  EXPECT_TRUE(followed.next.ended());

  EXPECT_THAT(
      followed.next.Follow(ByMember(2, Empty(MembersPath(2))), Checks()),
      StatusIs(absl::StatusCode::kFailedPrecondition));
}

// ---- proposals

TEST_F(PublicGroupTest, HeardProposalMayBeCommittedByReference) {
  const PublicMessage proposal =
      ByMember(1, Proposal(Remove{.removed = LeafIndex{3}}));
  const PublicGroup before = Group();
  ASSERT_OK_AND_ASSIGN(const PublicGroup group,
                       before.Hear(proposal, Checks()));
  RatchetTree tree = known_.tree();
  ASSERT_OK(tree.Remove(LeafIndex{3}));
  const PublicMessage commit = ByMember(
      0,
      Commit{.proposals = {MakeProposalRef(codec::Serialize(proposal.content))},
             .path = PathOf(tree, LeafIndex{0}, *tree.Member(LeafIndex{0}),
                            known_.client(0).signer)});

  EXPECT_THAT(before.Follow(commit, Checks()),
              StatusIs(absl::StatusCode::kNotFound));
  ASSERT_OK_AND_ASSIGN(const PublicCommit followed,
                       group.Follow(commit, Checks()));
  EXPECT_THAT(followed.removed, ElementsAre(LeafIndex{3}));
  EXPECT_EQ(followed.proposals[0].author, LeafIndex{1});
  EXPECT_EQ(followed.next.proposal_count(), 0U);
}

TEST_F(PublicGroupTest, HearingTwiceChangesNothing) {
  const PublicMessage proposal =
      ByMember(1, Proposal(Remove{.removed = LeafIndex{3}}));
  ASSERT_OK_AND_ASSIGN(const PublicGroup once,
                       Group().Hear(proposal, Checks()));

  ASSERT_OK_AND_ASSIGN(const PublicGroup twice, once.Hear(proposal, Checks()));

  EXPECT_EQ(twice.proposal_count(), 1U);
}

TEST_F(PublicGroupTest, RelayMayProposeARemoveAndNoUpdate) {
  const LeafNode leaf = known_.tree().Member(LeafIndex{1})->leaf;

  EXPECT_OK(Group().Hear(ByRelay(Remove{.removed = LeafIndex{3}}), Checks()));
  EXPECT_THAT(Group().Hear(ByRelay(Update{.leaf_node = leaf}), Checks()),
              StatusIs(kInvalid));
}

TEST_F(PublicGroupTest, UnknownExternalSenderIsRefused) {
  PublicMessage message = ByRelay(Remove{.removed = LeafIndex{3}});
  message.content.content.sender = OutsideSender{1};

  EXPECT_THAT(Group().Hear(message, Checks()), StatusIs(kInvalid));
}

TEST_F(PublicGroupTest, NewMemberMayProposeItsOwnAddOnly) {
  const MlsClient joiner = Client("joiner");
  const MlsClient other = Client("other");

  EXPECT_OK(Group().Hear(
      Framed(NewMemberProposalSender{},
             Proposal(Add{.key_package = joiner.key_package}), joiner.signer),
      Checks()));
  EXPECT_THAT(
      Group().Hear(Framed(NewMemberProposalSender{},
                          Proposal(Add{.key_package = other.key_package}),
                          joiner.signer),
                   Checks()),
      StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(Group().Hear(Framed(NewMemberProposalSender{},
                                  Proposal(Remove{.removed = LeafIndex{1}}),
                                  joiner.signer),
                           Checks()),
              StatusIs(kInvalid));
}

TEST_F(PublicGroupTest, ProposalThatCouldNeverBeCommittedIsRefused) {
  MlsClient broken = Client("broken");
  broken.key_package.signature[0] ^= 1;

  EXPECT_THAT(
      Group().Hear(ByMember(1, Proposal(Remove{.removed = LeafIndex{7}})),
                   Checks()),
      StatusIs(kInvalid));
  EXPECT_THAT(Group().Hear(
                  ByMember(1, Proposal(Add{.key_package = broken.key_package})),
                  Checks()),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(
      Group().Hear(
          ByMember(1, Proposal(ExternalInit{.kem_output = Bytes(32, 1)})),
          Checks()),
      StatusIs(kInvalid));
}

TEST_F(PublicGroupTest, ProposalWithABadSignatureIsRefused) {
  PublicMessage message =
      ByMember(1, Proposal(Remove{.removed = LeafIndex{3}}));
  message.content.auth.signature[0] ^= 1;

  EXPECT_THAT(Group().Hear(message, Checks()),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

// ---- external commits

TEST_F(PublicGroupTest, ExternalCommitTakesTheLeftmostBlankLeaf) {
  ASSERT_OK_AND_ASSIGN(
      const PublicCommit followed,
      Group().Follow(External(Client("new"), std::nullopt), Checks()));

  EXPECT_TRUE(followed.external);
  EXPECT_EQ(followed.committer, LeafIndex{5});
  EXPECT_THAT(followed.added, IsEmpty());
}

TEST_F(PublicGroupTest, ExternalCommitMayReplaceItsFormerLeaf) {
  ASSERT_OK_AND_ASSIGN(
      const PublicCommit followed,
      Group().Follow(External(Client("member-2"), LeafIndex{2}), Checks()));

  EXPECT_EQ(followed.committer, LeafIndex{2});
  EXPECT_THAT(followed.removed, ElementsAre(LeafIndex{2}));
}

TEST_F(PublicGroupTest, ExternalCommitThatReplacesAnotherIsRefused) {
  EXPECT_THAT(
      Group().Follow(External(Client("stranger"), LeafIndex{2}), Checks()),
      StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(PublicGroupTest, ExternalCommitOfAMemberThatStaysIsRefused) {
  EXPECT_THAT(
      Group().Follow(External(Client("member-2"), std::nullopt), Checks()),
      StatusIs(kInvalid));
}

TEST_F(PublicGroupTest, ExternalCommitWithoutAPathIsRefused) {
  const MlsClient joiner = Client("new");
  const Commit commit{
      .proposals = {Proposal(ExternalInit{.kem_output = Bytes(32, 1)})},
      .path = std::nullopt};

  EXPECT_THAT(
      Group().Follow(Framed(NewMemberCommitSender{}, commit, joiner.signer),
                     Checks()),
      StatusIs(kInvalid));
}

TEST_F(PublicGroupTest, ExternalCommitSignedByAnotherKeyIsRefused) {
  PublicMessage message = External(Client("new"), std::nullopt);
  Sign(Client("other").signer, codec::Serialize(context_), message.content);

  EXPECT_THAT(Group().Follow(message, Checks()),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

// ---- storing

TEST_F(PublicGroupTest, SurvivesWritingAndParsingWithWhatItHeard) {
  const PublicMessage proposal =
      ByMember(1, Proposal(Remove{.removed = LeafIndex{3}}));
  ASSERT_OK_AND_ASSIGN(const PublicGroup group,
                       Group().Hear(proposal, Checks()));
  const Bytes bytes = codec::Serialize(group);
  const Bytes tree = codec::Serialize(group.tree());

  ASSERT_OK_AND_ASSIGN(const PublicGroup read, PublicGroup::Parse(bytes, tree));

  EXPECT_EQ(codec::Serialize(read), bytes);
  EXPECT_EQ(codec::Serialize(read.tree()), tree);
  EXPECT_EQ(read.proposal_count(), 1U);
  EXPECT_EQ(read.tree().FindDevice(known_.client(4).device()), LeafIndex{4});
  const PublicMessage commit = ByMember(2, Empty(MembersPath(2)));
  ASSERT_OK_AND_ASSIGN(const PublicCommit before,
                       group.Follow(commit, Checks()));
  ASSERT_OK_AND_ASSIGN(const PublicCommit after, read.Follow(commit, Checks()));
  EXPECT_EQ(codec::Serialize(before.next), codec::Serialize(after.next));
}

TEST_F(PublicGroupTest, TruncatedOrChangedBytesAreRefused) {
  const Bytes bytes = codec::Serialize(Group());
  const Bytes tree = codec::Serialize(Group().tree());
  for (size_t size = 0; size < bytes.size(); ++size) {
    SCOPED_TRACE(size);
    EXPECT_THAT(PublicGroup::Parse(ByteSpan(bytes).first(size), tree),
                StatusIs(kInvalid));
  }
  Bytes other_format = bytes;
  other_format[0] = 1;
  EXPECT_THAT(PublicGroup::Parse(other_format, tree), StatusIs(kInvalid));
}

TEST_F(PublicGroupTest, TreeOfAnotherGroupIsRefused) {
  const Bytes bytes = codec::Serialize(Group());
  ASSERT_OK_AND_ASSIGN(
      const PublicCommit commit,
      Group().Follow(ByMember(2, Empty(MembersPath(2))), Checks()));

  EXPECT_THAT(PublicGroup::Parse(bytes, codec::Serialize(commit.next.tree())),
              StatusIs(kInvalid));
}

}  // namespace
}  // namespace cordon::mls
