#include "crypto/policy/room_change.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/cert/x509_credential.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/proposal_rules.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"
#include "crypto/policy/room_defaults.h"
#include "crypto/policy/room_extensions.h"
#include "crypto/policy/room_policy.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::policy {
namespace {

using cert::Role;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestDevice;
using ::cordon::testing::TestPki;
using mls::LeafIndex;

constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr std::array<uint8_t, 32> kRelayKey = {1, 2, 3};

// Leaves 0, 1, 2: a coordinator, a contact point and an officer of France.
constexpr LeafIndex kEva{0};
constexpr LeafIndex kCarla{1};
constexpr LeafIndex kAlice{2};

class RoomChangeTest : public ::testing::Test {
 protected:
  RoomChangeTest() {
    auto tree = mls::RatchetTree::Create(Member(eva_));
    CORDON_CHECK(tree.ok());
    tree_ = *std::move(tree);
    CORDON_CHECK(tree_->Add(Member(carla_)).ok());
    CORDON_CHECK(tree_->Add(Member(alice_)).ok());
  }

  mls::LeafNode Leaf(const TestDevice& device) {
    return {
        .encryption_key =
            ToBytes(hpke::KeyPair::Generate(pki_.random()).public_key),
        .signature_key = ToBytes(device.identity_key.public_key()),
        .credential = cert::X509CredentialOf(device.identity, device.issuing)};
  }
  mls::TreeMember Member(const TestDevice& device) {
    return {.leaf = Leaf(device), .device = device.name.id()};
  }
  mls::Proposal AddOf(const TestDevice& device) {
    return mls::Add{{.leaf_node = Leaf(device)}};
  }
  static mls::Proposal RemoveOf(LeafIndex leaf) {
    return mls::Remove{.removed = leaf};
  }
  mls::Proposal SetOf(const RoomPolicy& policy) {
    return mls::GroupContextExtensions{RoomExtensions(policy, kRelayKey)};
  }

  absl::Status Commit(LeafIndex committer,
                      std::vector<mls::ListedProposal> proposals) {
    const std::unique_ptr<cert::ChainVerifier> verifier = pki_.Verifier();
    const RoomEpoch room{*tree_, extensions_};
    return CheckCommit({.before = room,
                        .after = room,
                        .committer = committer,
                        .proposals = proposals},
                       {.verifier = *verifier, .instant = pki_.clock().Now()});
  }
  absl::Status ByValue(LeafIndex committer, mls::Proposal proposal) {
    return Commit(committer, {{.proposal = std::move(proposal)}});
  }
  absl::Status Proposed(std::optional<LeafIndex> author,
                        mls::Proposal proposal) {
    const std::unique_ptr<cert::ChainVerifier> verifier = pki_.Verifier();
    return CheckProposal(
        {.proposal = std::move(proposal),
         .author = author,
         .by_reference = true},
        {*tree_, extensions_},
        {.verifier = *verifier, .instant = pki_.clock().Now()});
  }
  absl::Status Welcomed(LeafIndex author, const TestDevice& newcomer) {
    const std::unique_ptr<cert::ChainVerifier> verifier = pki_.Verifier();
    return CheckWelcome(author, newcomer.name, {*tree_, extensions_},
                        {.verifier = *verifier, .instant = pki_.clock().Now()});
  }
  // `device` comes back by an external commit that removes `removed`, and that
  // holds `more`.
  absl::Status External(const TestDevice& device,
                        std::optional<LeafIndex> removed,
                        std::optional<mls::Proposal> more = std::nullopt) {
    const std::unique_ptr<cert::ChainVerifier> verifier = pki_.Verifier();
    mls::RatchetTree after = *tree_;
    std::vector<mls::ListedProposal> proposals;
    if (removed.has_value()) {
      CORDON_CHECK(after.Remove(*removed).ok());
      proposals.push_back({.proposal = RemoveOf(*removed)});
    }
    if (more.has_value()) proposals.push_back({.proposal = *std::move(more)});
    const auto leaf = after.Add(Member(device));
    CORDON_CHECK(leaf.ok());
    return CheckCommit({.before = {*tree_, extensions_},
                        .after = {after, extensions_},
                        .committer = *leaf,
                        .external = true,
                        .proposals = proposals},
                       {.verifier = *verifier, .instant = pki_.clock().Now()});
  }

  TestPki pki_;
  const TestDevice& eva_ =
      pki_.Device("ocu.authority/eva/desk", {Role::kCoordinator});
  const TestDevice& carla_ =
      pki_.Device("fr.customs/carla/desk", {Role::kContactPoint});
  const TestDevice& alice_ =
      pki_.Device("fr.customs/alice/laptop", {Role::kOfficer});
  const TestDevice& bruno_ =
      pki_.Device("fr.customs/bruno/laptop", {Role::kOfficer});
  const TestDevice& xia_ =
      pki_.Device("be.customs/xia/laptop", {Role::kOfficer});
  const TestDevice& brand_ =
      pki_.Device("acme.rightsholder/bo/laptop", {Role::kContactPoint});
  RoomPolicy policy_ = PolicyFor(RoomKind::kAlerts, OperationId({7}));
  mls::Extensions extensions_ = RoomExtensions(policy_, kRelayKey);
  std::optional<mls::RatchetTree> tree_;
};

TEST_F(RoomChangeTest, CoordinatorAdmitsAnyMember) {
  EXPECT_OK(ByValue(kEva, AddOf(xia_)));
  EXPECT_OK(
      Commit(kEva, {{.proposal = AddOf(xia_)}, {.proposal = AddOf(bruno_)}}));
}

TEST_F(RoomChangeTest, NobodyAdmitsWhomTheRoomIsNotFor) {
  EXPECT_THAT(ByValue(kEva, AddOf(brand_)), StatusIs(kDenied));
}

TEST_F(RoomChangeTest, ContactPointAdmitsItsOwnOrganisationOnly) {
  EXPECT_OK(ByValue(kCarla, AddOf(bruno_)));
  EXPECT_THAT(ByValue(kCarla, AddOf(xia_)), StatusIs(kDenied));
}

TEST_F(RoomChangeTest, OfficerAdmitsAndRemovesNobodyButMayLeave) {
  EXPECT_THAT(ByValue(kAlice, AddOf(bruno_)), StatusIs(kDenied));
  EXPECT_THAT(ByValue(kAlice, RemoveOf(kCarla)), StatusIs(kDenied));
  EXPECT_THAT(Proposed(kAlice, RemoveOf(kCarla)), StatusIs(kDenied));
  EXPECT_OK(Proposed(kAlice, RemoveOf(kAlice)));
  EXPECT_OK(ByValue(kCarla, RemoveOf(kAlice)));
}

TEST_F(RoomChangeTest, WhoMayProposeCountsNotWhoCommits) {
  EXPECT_OK(Commit(
      kAlice,
      {{.proposal = RemoveOf(kCarla), .author = kEva, .by_reference = true}}));
  EXPECT_THAT(Commit(kEva, {{.proposal = RemoveOf(kCarla),
                             .author = kAlice,
                             .by_reference = true}}),
              StatusIs(kDenied));
}

// The Welcome would be the committer's, whom the newcomer would refuse.
TEST_F(RoomChangeTest, NobodyIsAddedByReference) {
  EXPECT_THAT(Proposed(kEva, AddOf(xia_)), StatusIs(kDenied));
  EXPECT_THAT(
      Commit(kAlice,
             {{.proposal = AddOf(xia_), .author = kEva, .by_reference = true}}),
      StatusIs(kDenied));
}

TEST_F(RoomChangeTest, NewcomerTakesTheWelcomeOfWhoMayAdmitItOnly) {
  EXPECT_OK(Welcomed(kEva, xia_));
  EXPECT_OK(Welcomed(kCarla, bruno_));

  EXPECT_THAT(Welcomed(kCarla, xia_), StatusIs(kDenied));
  EXPECT_THAT(Welcomed(kAlice, bruno_), StatusIs(kDenied));
  EXPECT_THAT(Welcomed(kEva, brand_), StatusIs(kDenied));
  EXPECT_THAT(Welcomed(LeafIndex{7}, bruno_), StatusIs(kInvalid));
  pki_.Revoke(carla_);
  EXPECT_THAT(Welcomed(kCarla, bruno_), StatusIs(kDenied));
}

TEST_F(RoomChangeTest, RevokedAuthorDecidesNothing) {
  pki_.Revoke(carla_);

  EXPECT_THAT(ByValue(kCarla, AddOf(bruno_)), StatusIs(kDenied));
}

TEST_F(RoomChangeTest, RelayHasOnlyTheRevokedAndTheExpiredRemoved) {
  EXPECT_THAT(Proposed(std::nullopt, RemoveOf(kAlice)), StatusIs(kDenied));
  EXPECT_THAT(Proposed(std::nullopt, AddOf(bruno_)), StatusIs(kDenied));

  pki_.Revoke(alice_);
  EXPECT_OK(Proposed(std::nullopt, RemoveOf(kAlice)));
  EXPECT_OK(Commit(kCarla, {{.proposal = RemoveOf(kAlice),
                             .author = std::nullopt,
                             .by_reference = true}}));

  pki_.clock().Advance(absl::Hours(24 * 400));
  EXPECT_OK(Proposed(std::nullopt, RemoveOf(kCarla)));
}

TEST_F(RoomChangeTest, CoordinatorChangesThePolicyWithinWhatTheRoomIs) {
  RoomPolicy narrower = policy_;
  narrower.admit_own = RoleMask{0};
  RoomPolicy wider = policy_;
  wider.admit_any = MaskOf({Role::kCoordinator, Role::kContactPoint});
  RoomPolicy another = policy_;
  another.kind = RoomKind::kChannel;

  EXPECT_OK(ByValue(kEva, SetOf(narrower)));
  EXPECT_THAT(ByValue(kEva, SetOf(wider)), StatusIs(kInvalid));
  EXPECT_THAT(ByValue(kEva, SetOf(another)), StatusIs(kInvalid));
}

TEST_F(RoomChangeTest, OfficerChangesNoPolicy) {
  RoomPolicy wider = policy_;
  wider.admit_any = MaskOf({Role::kOfficer});

  EXPECT_THAT(ByValue(kAlice, SetOf(wider)), StatusIs(kDenied));
  EXPECT_THAT(Proposed(kAlice, SetOf(wider)), StatusIs(kDenied));
}

// The policy that lets them would be the one they bring along.
TEST_F(RoomChangeTest, ChangeIsJudgedByThePolicyBefore) {
  const RoomPolicy usual = policy_;
  policy_.remove_own = RoleMask{0};
  extensions_ = RoomExtensions(policy_, kRelayKey);

  EXPECT_THAT(Commit(kEva, {{.proposal = SetOf(usual)},
                            {.proposal = RemoveOf(kAlice),
                             .author = kCarla,
                             .by_reference = true}}),
              StatusIs(kDenied));
}

TEST_F(RoomChangeTest, ExtensionsKeepPolicyAndRelay) {
  const std::array<uint8_t, 32> other_key = {9};
  mls::Extensions none = extensions_;
  none.pop_back();

  EXPECT_THAT(ByValue(kEva, mls::GroupContextExtensions{RoomExtensions(
                                policy_, other_key)}),
              StatusIs(kInvalid));
  EXPECT_THAT(ByValue(kEva, mls::GroupContextExtensions{none}),
              StatusIs(kInvalid));
}

TEST_F(RoomChangeTest, ReInitIsForNobody) {
  EXPECT_THAT(ByValue(kEva, mls::ReInit{.group_id = ToBytes("other")}),
              StatusIs(kDenied));
}

TEST_F(RoomChangeTest, PreSharedKeysAreForNobody) {
  const mls::Proposal external =
      mls::PreSharedKey{{.psk = mls::ExternalPsk{{1}}, .nonce = Bytes(32, 1)}};
  const mls::Proposal resumption = mls::PreSharedKey{
      {.psk = mls::ResumptionPsk{.epoch = Epoch{1}}, .nonce = Bytes(32, 1)}};

  for (const mls::Proposal& key : {external, resumption}) {
    EXPECT_THAT(ByValue(kEva, key), StatusIs(kDenied));
    EXPECT_THAT(Proposed(kEva, key), StatusIs(kDenied));
    EXPECT_THAT(External(alice_, kAlice, key), StatusIs(kDenied));
  }
}

TEST_F(RoomChangeTest, UpdateIsForEverybody) {
  EXPECT_OK(Proposed(kAlice, mls::Update{Leaf(alice_)}));
}

TEST_F(RoomChangeTest, ExternalCommitReplacesTheSameDevice) {
  EXPECT_OK(External(alice_, kAlice));
}

TEST_F(RoomChangeTest, ExternalCommitOfAStrangerOrOverAnotherIsRefused) {
  EXPECT_THAT(External(bruno_, std::nullopt), StatusIs(kDenied));
  EXPECT_THAT(External(bruno_, kAlice), StatusIs(kDenied));
}

}  // namespace
}  // namespace cordon::policy
