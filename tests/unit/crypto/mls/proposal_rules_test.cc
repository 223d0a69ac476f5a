#include "crypto/mls/proposal_rules.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
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
constexpr LeafIndex kCommitter{0};
constexpr ExtensionType kSupported{0xf100};
constexpr ExtensionType kUnsupported{0xf1ff};

class ProposalRulesTest : public ::testing::Test {
 protected:
  absl::StatusOr<AppliedProposals> Apply(
      const std::vector<ListedProposal>& list) {
    return ApplyProposals(list, Base(kCommitter));
  }
  absl::StatusOr<AppliedProposals> ApplyExternal(
      const std::vector<ListedProposal>& list) {
    return ApplyProposals(list, Base(std::nullopt));
  }
  CommitBase Base(std::optional<LeafIndex> committer) const {
    return {.tree = known_.tree(),
            .context = context_,
            .committer = committer,
            .checker = checker_,
            .at = {.instant = absl::FromUnixSeconds(0)},
            .founding_usage = founding_usage_};
  }

  MlsClient Client(absl::string_view name) {
    return MlsClient::Make(name, random_);
  }
  static ListedProposal ByCommitter(Proposal proposal) {
    return {.proposal = std::move(proposal), .author = kCommitter};
  }
  static ListedProposal From(uint32_t author, Proposal proposal) {
    return {.proposal = std::move(proposal),
            .author = LeafIndex{author},
            .by_reference = true};
  }
  static ListedProposal Adding(const MlsClient& client) {
    return ByCommitter(Add{.key_package = client.key_package});
  }
  static ListedProposal Removing(uint32_t leaf) {
    return ByCommitter(Remove{.removed = LeafIndex{leaf}});
  }
  static ListedProposal Setting(Extensions extensions) {
    return ByCommitter(
        GroupContextExtensions{.extensions = std::move(extensions)});
  }
  ListedProposal Psk(absl::string_view id) {
    return ByCommitter(
        PreSharedKey{.psk = MakeExternalPskId(AsBytes(id), random_)});
  }
  ListedProposal Resumption(ResumptionUsage usage) {
    return ByCommitter(PreSharedKey{
        .psk = MakeResumptionPskId(
            {.usage = usage, .group_id = ToBytes("g"), .epoch = Epoch{1}},
            random_)});
  }
  static ListedProposal Init() {
    return {.proposal = ExternalInit{.kem_output = Bytes(32, 1)},
            .author = std::nullopt};
  }
  static ListedProposal Reinitialising() {
    return ByCommitter(ReInit{.group_id = ToBytes("next"),
                              .version = kMls10,
                              .cipher_suite = kCipherSuite});
  }

  // UpdateOf is a valid Update of `leaf`, changed and then signed by its owner.
  template <typename Change>
  ListedProposal UpdateOf(uint32_t leaf, Change change) {
    LeafNode next = known_.tree().Member(LeafIndex{leaf})->leaf;
    next.source = LeafNodeSource::kUpdate;
    next.lifetime = {};
    next.parent_hash = {};
    next.encryption_key = RandomBytes(random_, 32);
    change(next);
    SignLeafNode(known_.client(leaf).signer,
                 {.group_id = context_.group_id, .index = LeafIndex{leaf}},
                 next);
    return From(leaf, Update{.leaf_node = std::move(next)});
  }
  ListedProposal UpdateOf(uint32_t leaf) {
    return UpdateOf(leaf, [](LeafNode&) {});
  }

  SeededRandom random_{1};
  KnownTree known_ = KnownTree::Warm(5, random_);
  GroupContext context_{.group_id = ToBytes(KnownTree::kGroupId),
                        .epoch = Epoch{3},
                        .tree_hash = {},
                        .confirmed_transcript_hash = {},
                        .extensions = {}};
  std::optional<ResumptionUsage> founding_usage_;
  NameChecker checker_;
};

TEST_F(ProposalRulesTest, EmptyListNeedsAPathAndChangesNothing) {
  ASSERT_OK_AND_ASSIGN(const AppliedProposals applied, Apply({}));

  EXPECT_TRUE(applied.path_required);
  EXPECT_EQ(applied.tree.RootHash(), known_.tree().RootHash());
}

TEST_F(ProposalRulesTest, AddsPsksAndReInitNeedNoPathAllOthersDo) {
  for (const auto& list :
       {std::vector{Adding(Client("x"))}, std::vector{Psk("p")},
        std::vector{Reinitialising()}}) {
    ASSERT_OK_AND_ASSIGN(const AppliedProposals applied, Apply(list));
    EXPECT_FALSE(applied.path_required);
  }
  for (const auto& list :
       {std::vector{Removing(1)}, std::vector{UpdateOf(1)},
        std::vector{Setting({})}, std::vector{Psk("p"), Removing(2)}}) {
    ASSERT_OK_AND_ASSIGN(const AppliedProposals applied, Apply(list));
    EXPECT_TRUE(applied.path_required);
  }
  ASSERT_OK_AND_ASSIGN(const AppliedProposals external,
                       ApplyExternal({Init()}));
  EXPECT_TRUE(external.path_required);
}

TEST_F(ProposalRulesTest, MixedListIsAppliedWhole) {
  const MlsClient x = Client("x");
  const MlsClient y = Client("y");

  ASSERT_OK_AND_ASSIGN(
      const AppliedProposals applied,
      Apply({Adding(x), Removing(2), UpdateOf(3), Adding(y), Psk("p")}));

  EXPECT_THAT(applied.added, ElementsAre(LeafIndex{2}, LeafIndex{5}));
  EXPECT_THAT(applied.removed, ElementsAre(LeafIndex{2}));
  EXPECT_THAT(applied.updated, ElementsAre(LeafIndex{3}));
  EXPECT_EQ(applied.psks.size(), 1U);
  EXPECT_EQ(applied.tree.FindDevice(x.device()), LeafIndex{2});
  EXPECT_EQ(applied.tree.FindDevice(y.device()), LeafIndex{5});
  EXPECT_EQ(known_.tree().FindDevice(x.device()), std::nullopt);
}

TEST_F(ProposalRulesTest, MoreProposalsThanTheLimitAreRefused) {
  std::vector<ListedProposal> list(kProposalsPerCommitMax + 1, Removing(1));

  EXPECT_THAT(Apply(list), StatusIs(absl::StatusCode::kResourceExhausted));
}

// ---- Add

TEST_F(ProposalRulesTest, AddOfAnInvalidKeyPackageIsRefused) {
  MlsClient unsigned_client = Client("x");
  unsigned_client.key_package.signature[0] ^= 1;
  MlsClient other_suite = Client("y");
  other_suite.key_package.cipher_suite = CipherSuite{1};
  other_suite.Resign();

  EXPECT_THAT(Apply({Adding(unsigned_client)}),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(Apply({Adding(other_suite)}), StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, AddOfWhomTheCheckerRefusesIsRefused) {
  checker_.Refuse("x");

  EXPECT_THAT(Apply({Adding(Client("x"))}),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(ProposalRulesTest, AddWithALifetimeThatIsOverIsRefused) {
  checker_.RefuseLifetimes();

  EXPECT_THAT(Apply({Adding(Client("x"))}), StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, AddOfOneClientTwiceIsRefused) {
  EXPECT_THAT(Apply({Adding(Client("x")), Adding(Client("x"))}),
              StatusIs(kInvalid));
  const MlsClient y = Client("y");
  EXPECT_THAT(Apply({Adding(y), Adding(y)}), StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, AddOfAMemberNeedsARemoveOfItsFormerLeaf) {
  const MlsClient again = Client("member-2");

  EXPECT_THAT(Apply({Adding(again)}), StatusIs(kInvalid));
  EXPECT_THAT(Apply({Adding(again), Removing(3)}), StatusIs(kInvalid));
  ASSERT_OK_AND_ASSIGN(const AppliedProposals applied,
                       Apply({Adding(again), Removing(2)}));
  EXPECT_EQ(applied.tree.FindDevice(again.device()), LeafIndex{2});
}

TEST_F(ProposalRulesTest, AddWithAKeyOfTheTreeIsRefused) {
  MlsClient x = Client("x");
  x.key_package.leaf_node.encryption_key =
      *known_.tree().EncryptionKey(NodeIndex{3});
  x.Resign();

  EXPECT_THAT(Apply({Adding(x)}), StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, AddMustSupportTheGroupsExtensions) {
  context_.extensions = {{.type = kUnsupported, .data = {}}};

  EXPECT_THAT(Apply({Adding(Client("x"))}), StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, AddIsJudgedByTheExtensionsOfItsOwnCommit) {
  MlsClient narrow = Client("x");
  narrow.key_package.leaf_node.capabilities.extensions = {};
  narrow.Resign();
  const Extensions wanted = {{.type = kSupported, .data = {}}};

  EXPECT_OK(Apply({Adding(narrow)}));
  EXPECT_OK(Apply({Setting(wanted)}));
  EXPECT_THAT(Apply({Adding(narrow), Setting(wanted)}), StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, AddWithACredentialTypeThatOthersDoNotKnowIsRefused) {
  MlsClient narrow = Client("x");
  narrow.key_package.leaf_node.capabilities.credentials = {kX509Credential};
  narrow.Resign();

  EXPECT_THAT(Apply({Adding(narrow)}), StatusIs(kInvalid));
}

// ---- Update

TEST_F(ProposalRulesTest, UpdateReplacesItsAuthorsLeaf) {
  const ListedProposal update = UpdateOf(3);

  ASSERT_OK_AND_ASSIGN(const AppliedProposals applied, Apply({update}));

  EXPECT_EQ(applied.tree.Member(LeafIndex{3})->leaf,
            std::get<Update>(update.proposal).leaf_node);
}

TEST_F(ProposalRulesTest, UpdateByTheCommitterOrByNoMemberIsRefused) {
  ListedProposal nobodys = UpdateOf(3);
  nobodys.author = std::nullopt;

  EXPECT_THAT(Apply({UpdateOf(kCommitter.value)}), StatusIs(kInvalid));
  EXPECT_THAT(Apply({nobodys}), StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, UpdateOfABlankLeafIsRefused) {
  ListedProposal update = UpdateOf(3);
  update.author = LeafIndex{6};

  EXPECT_THAT(Apply({update}), StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, UpdateWithTheSameKeyIsRefused) {
  const Bytes same = *known_.tree().EncryptionKey(NodeIndex{6});

  EXPECT_THAT(
      Apply({UpdateOf(3, [&](LeafNode& leaf) { leaf.encryption_key = same; })}),
      StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, UpdateWithALeafOfAnotherSourceIsRefused) {
  EXPECT_THAT(
      Apply({UpdateOf(
          3, [](LeafNode& leaf) { leaf.source = LeafNodeSource::kCommit; })}),
      StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, UpdateSignedForAnotherLeafIsRefused) {
  ListedProposal update = UpdateOf(3);
  update.author = LeafIndex{2};

  EXPECT_THAT(Apply({update}), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(ProposalRulesTest, UpdateToAnotherNameIsRefused) {
  EXPECT_THAT(Apply({UpdateOf(3,
                              [](LeafNode& leaf) {
                                leaf.credential =
                                    Credential::Basic(AsBytes("eve"));
                              })}),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(ProposalRulesTest, UpdateMustKeepSupportingTheGroup) {
  context_.extensions = {{.type = kSupported, .data = {}}};
  EXPECT_OK(Apply({UpdateOf(3)}));

  EXPECT_THAT(
      Apply({UpdateOf(
          3, [](LeafNode& leaf) { leaf.capabilities.extensions = {}; })}),
      StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, UpdateToAKeyOfAnotherMemberIsRefused) {
  const Bytes taken = *known_.tree().EncryptionKey(NodeIndex{2});

  EXPECT_THAT(Apply({UpdateOf(
                  3, [&](LeafNode& leaf) { leaf.encryption_key = taken; })}),
              StatusIs(kInvalid));
}

// ---- Remove

TEST_F(ProposalRulesTest, RemoveOfABlankLeafIsRefused) {
  EXPECT_THAT(Apply({Removing(6)}), StatusIs(kInvalid));
  EXPECT_THAT(Apply({Removing(4000000)}), StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, RemoveOfTheCommitterIsRefusedWhoeverProposedIt) {
  EXPECT_THAT(Apply({Removing(kCommitter.value)}), StatusIs(kInvalid));
  EXPECT_THAT(Apply({From(3, Remove{.removed = kCommitter})}),
              StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, RemoveOfOneselfIsForOthersToCommit) {
  EXPECT_OK(Apply({From(3, Remove{.removed = LeafIndex{3}})}));
}

TEST_F(ProposalRulesTest, LeafMayBeUpdatedOrRemovedOnlyOnce) {
  EXPECT_THAT(Apply({Removing(3), Removing(3)}), StatusIs(kInvalid));
  EXPECT_THAT(Apply({UpdateOf(3), UpdateOf(3)}), StatusIs(kInvalid));
  EXPECT_THAT(Apply({UpdateOf(3), Removing(3)}), StatusIs(kInvalid));
}

// ---- PreSharedKey

TEST_F(ProposalRulesTest, PsksKeepTheOrderOfTheList) {
  const ListedProposal first = Psk("a");
  const ListedProposal second = Resumption(ResumptionUsage::kApplication);

  ASSERT_OK_AND_ASSIGN(const AppliedProposals applied, Apply({first, second}));

  EXPECT_THAT(applied.psks,
              ElementsAre(std::get<PreSharedKey>(first.proposal).psk,
                          std::get<PreSharedKey>(second.proposal).psk));
}

TEST_F(ProposalRulesTest, PskNonceOfAnotherSizeIsRefused) {
  ListedProposal psk = Psk("a");
  std::get<PreSharedKey>(psk.proposal).psk.nonce.pop_back();

  EXPECT_THAT(Apply({psk}), StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, OnePskTwiceIsRefused) {
  const ListedProposal psk = Psk("a");

  EXPECT_THAT(Apply({psk, psk}), StatusIs(kInvalid));
  EXPECT_OK(Apply({psk, Psk("a")}));  // another nonce: another id
}

TEST_F(ProposalRulesTest, MorePsksThanTheLimitAreRefused) {
  std::vector<ListedProposal> list;
  for (size_t i = 0; i <= kPsksMax; ++i) list.push_back(Psk(absl::StrCat(i)));

  EXPECT_THAT(Apply(list), StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST_F(ProposalRulesTest, FoundingPsksBelongToFoundingCommits) {
  EXPECT_THAT(Apply({Resumption(ResumptionUsage::kReinit)}),
              StatusIs(kInvalid));
  EXPECT_THAT(Apply({Resumption(ResumptionUsage::kBranch)}),
              StatusIs(kInvalid));

  founding_usage_ = ResumptionUsage::kReinit;
  EXPECT_OK(Apply({Resumption(ResumptionUsage::kReinit)}));
  EXPECT_THAT(Apply({Resumption(ResumptionUsage::kBranch)}),
              StatusIs(kInvalid));
}

// ---- ReInit

TEST_F(ProposalRulesTest, ReInitIsNotedAndStandsAlone) {
  ASSERT_OK_AND_ASSIGN(const AppliedProposals applied,
                       Apply({Reinitialising()}));
  EXPECT_EQ(applied.re_init->group_id, ToBytes("next"));

  EXPECT_THAT(Apply({Reinitialising(), Psk("a")}), StatusIs(kInvalid));
  EXPECT_THAT(Apply({Reinitialising(), Reinitialising()}), StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, ReInitToAnOlderVersionIsRefused) {
  ListedProposal older = Reinitialising();
  std::get<ReInit>(older.proposal).version = ProtocolVersion{0};

  EXPECT_THAT(Apply({older}), StatusIs(kInvalid));
}

// ---- GroupContextExtensions

TEST_F(ProposalRulesTest, ExtensionsReplaceAllThatWereThere) {
  context_.extensions = {{.type = kSupported, .data = ToBytes("old")}};

  ASSERT_OK_AND_ASSIGN(const AppliedProposals applied, Apply({Setting({})}));

  EXPECT_THAT(applied.extensions, IsEmpty());
}

TEST_F(ProposalRulesTest, ExtensionsSetTwiceAreRefused) {
  EXPECT_THAT(Apply({Setting({}), Setting({})}), StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, ExtensionThatAMemberDoesNotSupportIsRefused) {
  EXPECT_THAT(Apply({Setting({{.type = kUnsupported, .data = {}}})}),
              StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, RequirementThatAMemberDoesNotMeetIsRefused) {
  const Extension required = MakeRequiredCapabilities(
      {.extensions = {kUnsupported}, .proposals = {}, .credentials = {}});

  EXPECT_THAT(Apply({Setting({required})}), StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, RequirementThatOnlyARemovedMemberDoesNotMeetIsFine) {
  TreeMember narrow = *known_.tree().Member(LeafIndex{2});
  narrow.leaf.capabilities.extensions = {};
  narrow.leaf.encryption_key = RandomBytes(random_, 32);
  ASSERT_OK(known_.tree().SetLeaf(LeafIndex{2}, narrow));
  const ListedProposal setting = Setting({{.type = kSupported, .data = {}}});

  EXPECT_THAT(Apply({setting}), StatusIs(kInvalid));
  EXPECT_OK(Apply({setting, Removing(2)}));
}

TEST_F(ProposalRulesTest, RequirementThatDoesNotParseIsRefused) {
  const Extension broken{.type = kRequiredCapabilitiesExtension, .data = {9}};

  EXPECT_THAT(Apply({Setting({broken})}), StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, NewExternalSendersAreCheckedAndKnownOnesAreNot) {
  const Extension senders = MakeExternalSenders(
      {{.signature_key = Bytes(32, 1),
        .credential = Credential::Basic(AsBytes("relay"))}});
  EXPECT_OK(Apply({Setting({senders})}));
  checker_.Refuse("relay");

  EXPECT_THAT(Apply({Setting({senders})}),
              StatusIs(absl::StatusCode::kPermissionDenied));

  context_.extensions = {senders};
  EXPECT_OK(Apply({Setting({senders})}));
}

TEST_F(ProposalRulesTest, ExternalSendersThatDoNotParseAreRefused) {
  const Extension broken{.type = kExternalSendersExtension, .data = {9}};

  EXPECT_THAT(Apply({Setting({broken})}), StatusIs(kInvalid));
}

// ---- ExternalInit and external commits

TEST_F(ProposalRulesTest, ExternalInitInAMembersCommitIsRefused) {
  EXPECT_THAT(Apply({Init()}), StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, ExternalCommitMayRemoveOneAndBringPsks) {
  ASSERT_OK_AND_ASSIGN(const AppliedProposals applied,
                       ApplyExternal({Init(), Removing(3), Psk("a")}));

  EXPECT_THAT(applied.removed, ElementsAre(LeafIndex{3}));
  EXPECT_EQ(applied.kem_output, Bytes(32, 1));
  EXPECT_EQ(applied.psks.size(), 1U);
}

TEST_F(ProposalRulesTest, ExternalCommitNeedsExactlyOneExternalInit) {
  EXPECT_THAT(ApplyExternal({}), StatusIs(kInvalid));
  EXPECT_THAT(ApplyExternal({Init(), Init()}), StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, ExternalCommitMayRemoveOnlyOne) {
  EXPECT_THAT(ApplyExternal({Init(), Removing(2), Removing(3)}),
              StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, ExternalCommitWithAnyOtherKindIsRefused) {
  EXPECT_THAT(ApplyExternal({Init(), Adding(Client("x"))}), StatusIs(kInvalid));
  EXPECT_THAT(ApplyExternal({Init(), UpdateOf(2)}), StatusIs(kInvalid));
  EXPECT_THAT(ApplyExternal({Init(), Setting({})}), StatusIs(kInvalid));
  EXPECT_THAT(ApplyExternal({Init(), Reinitialising()}), StatusIs(kInvalid));
}

TEST_F(ProposalRulesTest, ExternalCommitWithAReferenceIsRefused) {
  ListedProposal removing = Removing(3);
  removing.by_reference = true;

  EXPECT_THAT(ApplyExternal({Init(), removing}), StatusIs(kInvalid));
}

// ---- one proposal by itself

TEST_F(ProposalRulesTest, EachValidKindPassesByItself) {
  for (const ListedProposal& proposal :
       {Adding(Client("x")), UpdateOf(2), Removing(3), Psk("a"),
        Reinitialising(), Setting({})}) {
    SCOPED_TRACE(TypeOf(proposal.proposal).value);
    EXPECT_OK(ValidateProposal(proposal, Base(std::nullopt)));
  }
}

TEST_F(ProposalRulesTest, EachInvalidKindIsRefusedByItself) {
  MlsClient broken = Client("x");
  broken.key_package.version = ProtocolVersion{2};
  broken.Resign();
  ListedProposal nobodys = UpdateOf(2);
  nobodys.author = std::nullopt;
  ListedProposal short_nonce = Psk("a");
  std::get<PreSharedKey>(short_nonce.proposal).psk.nonce.clear();
  ListedProposal older = Reinitialising();
  std::get<ReInit>(older.proposal).version = ProtocolVersion{0};
  const Extension senders{.type = kExternalSendersExtension, .data = {9}};

  for (const ListedProposal& proposal :
       {Adding(broken), nobodys, Removing(7), short_nonce, older,
        Setting({senders}), Init()}) {
    SCOPED_TRACE(TypeOf(proposal.proposal).value);
    EXPECT_THAT(ValidateProposal(proposal, Base(std::nullopt)),
                StatusIs(kInvalid));
  }
}

TEST_F(ProposalRulesTest, ExternalSendersMayProposeAllButUpdateAndInit) {
  EXPECT_TRUE(MayBeExternal(Adding(Client("x")).proposal));
  EXPECT_TRUE(MayBeExternal(Removing(1).proposal));
  EXPECT_TRUE(MayBeExternal(Psk("a").proposal));
  EXPECT_TRUE(MayBeExternal(Reinitialising().proposal));
  EXPECT_TRUE(MayBeExternal(Setting({}).proposal));
  EXPECT_FALSE(MayBeExternal(UpdateOf(1).proposal));
  EXPECT_FALSE(MayBeExternal(Init().proposal));
}

}  // namespace
}  // namespace cordon::mls
