#include "crypto/mls/tree_validation.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_nodes.h"
#include "crypto/prim/hash.h"
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

class TreeValidationTest : public ::testing::Test {
 protected:
  LeafRules Rules() const {
    return {.group_extensions = group_extensions_,
            .checker = checker_,
            .at = {.instant = absl::FromUnixSeconds(0),
                   .standing = CheckAt::Standing::kStanding}};
  }
  static TreeNodes NodesOf(const RatchetTree& tree) {
    auto nodes = ParseTreeNodes(codec::Serialize(tree));
    EXPECT_OK(nodes);
    return *std::move(nodes);
  }
  absl::StatusOr<RatchetTree> Validate(TreeNodes nodes) const {
    return ValidateTree(std::move(nodes), AsBytes(KnownTree::kGroupId),
                        Rules());
  }
  // Resigned gives leaf `i` a changed content, signed by its owner.
  template <typename Change>
  TreeNodes Resigned(KnownTree& known, uint32_t i, Change change) {
    TreeNodes nodes = NodesOf(known.tree());
    auto& leaf = std::get<LeafNode>(nodes[2 * i]);
    change(leaf);
    SignLeafNode(
        known.client(i).signer,
        {.group_id = AsBytes(KnownTree::kGroupId), .index = LeafIndex{i}},
        leaf);
    return nodes;
  }

  SeededRandom random_{1};
  Extensions group_extensions_;
  NameChecker checker_;
};

TEST_F(TreeValidationTest, ColdWarmAndMixedTreesAreValid) {
  for (const uint32_t members : {1U, 2U, 3U, 4U, 5U, 7U, 8U, 9U, 33U}) {
    SCOPED_TRACE(members);
    EXPECT_OK(Validate(NodesOf(KnownTree::Cold(members, random_).tree())));
    EXPECT_OK(Validate(NodesOf(KnownTree::Warm(members, random_).tree())));
  }
}

TEST_F(TreeValidationTest, ResultIsTheSenderTreeWithItsDevices) {
  const KnownTree known = KnownTree::Warm(5, random_);

  ASSERT_OK_AND_ASSIGN(const RatchetTree tree, Validate(NodesOf(known.tree())));

  EXPECT_EQ(tree.RootHash(), known.tree().RootHash());
  for (const LeafIndex leaf : tree.Members()) {
    EXPECT_EQ(tree.FindDevice(known.tree().Member(leaf)->device), leaf);
  }
}

// Unmerged leaves in the sibling's half need the original tree hash (7.9).
TEST_F(TreeValidationTest, TreeStaysValidThroughAddsRemovesAndPaths) {
  KnownTree known = KnownTree::Warm(12, random_);
  for (const uint32_t removed : {3U, 6U, 11U}) {
    ASSERT_OK(known.tree().Remove(LeafIndex{removed}));
  }
  EXPECT_OK(VerifyParentHashes(known.tree()));
  for (const uint32_t leaf : {0U, 4U, 9U, 10U}) {
    known.Refresh(LeafIndex{leaf}, random_);
    EXPECT_OK(VerifyParentHashes(known.tree()));
  }
  for (int i = 0; i < 3; ++i) {
    const MlsClient joiner = MlsClient::Make(absl::StrCat("new-", i), random_);
    ASSERT_OK(known.tree().Add(joiner.member()));
    EXPECT_OK(VerifyParentHashes(known.tree()));
    known.Refresh(LeafIndex{8}, random_);
    EXPECT_OK(VerifyParentHashes(known.tree()));
    known.Refresh(LeafIndex{1}, random_);
    EXPECT_OK(VerifyParentHashes(known.tree()));
  }
  EXPECT_OK(Validate(NodesOf(known.tree())));
}

TEST_F(TreeValidationTest, AnyChangedParentIsNoticed) {
  const KnownTree known = KnownTree::Warm(8, random_);
  for (uint32_t i = 1; i < 15; i += 2) {
    SCOPED_TRACE(i);
    TreeNodes other_key = NodesOf(known.tree());
    std::get<ParentNode>(other_key[i]).encryption_key = Bytes(32, 9);
    EXPECT_THAT(Validate(other_key),
                StatusIs(absl::StatusCode::kInvalidArgument));

    TreeNodes other_hash = NodesOf(known.tree());
    std::get<ParentNode>(other_hash[i]).parent_hash = Bytes(32, 9);
    EXPECT_THAT(Validate(other_hash),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

// Either the tree is refused, or it is no longer the one of the GroupContext.
TEST_F(TreeValidationTest, EveryFlippedBitOfATreeIsNoticed) {
  const KnownTree known = KnownTree::Warm(3, random_);
  const Bytes bytes = codec::Serialize(known.tree());
  for (size_t i = 0; i < bytes.size(); ++i) {
    SCOPED_TRACE(i);
    Bytes flipped = bytes;
    flipped[i] ^= 1;
    auto nodes = ParseTreeNodes(flipped);
    if (!nodes.ok()) continue;
    const auto tree = Validate(*std::move(nodes));
    EXPECT_FALSE(tree.ok() && tree->RootHash() == known.tree().RootHash());
    EXPECT_FALSE(tree.ok()) << "everything in a tree is signed or hashed";
  }
}

TEST_F(TreeValidationTest, ParentThatNobodySetIsRefused) {
  TreeNodes nodes = NodesOf(KnownTree::Cold(4, random_).tree());
  nodes[1] = ParentNode{.encryption_key = Bytes(32, 9)};

  EXPECT_THAT(Validate(nodes), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeValidationTest, ParentHiddenFromAMemberIsRefused) {
  // Claiming that leaf 1 is unmerged would keep it from the parent's key.
  TreeNodes nodes = NodesOf(KnownTree::Warm(4, random_).tree());
  std::get<ParentNode>(nodes[3]).unmerged_leaves = {LeafIndex{1}};
  std::get<ParentNode>(nodes[1]).unmerged_leaves = {LeafIndex{1}};

  EXPECT_THAT(Validate(nodes), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeValidationTest, UnmergedLeafKeptSilentIsRefused) {
  KnownTree known = KnownTree::Warm(4, random_);
  ASSERT_OK(known.tree().Remove(LeafIndex{3}));
  known.Refresh(LeafIndex{0}, random_);
  ASSERT_OK(known.tree().Add(MlsClient::Make("new", random_).member()));
  TreeNodes nodes = NodesOf(known.tree());
  ASSERT_OK(Validate(nodes));

  std::get<ParentNode>(nodes[3]).unmerged_leaves.clear();

  EXPECT_THAT(Validate(nodes), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeValidationTest, BlankedParentBelowASetOneIsRefused) {
  TreeNodes nodes = NodesOf(KnownTree::Warm(8, random_).tree());
  nodes[3] = BlankNode{};

  EXPECT_THAT(Validate(nodes), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeValidationTest, LeafSignatureOfAnotherGroupIsRefused) {
  TreeNodes nodes = NodesOf(KnownTree::Warm(4, random_).tree());

  EXPECT_THAT(ValidateTree(std::move(nodes), AsBytes("another"), Rules()),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(TreeValidationTest, SwappedLeavesAreRefused) {
  TreeNodes nodes = NodesOf(KnownTree::Warm(4, random_).tree());
  std::swap(nodes[0], nodes[4]);

  EXPECT_THAT(Validate(nodes), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(TreeValidationTest, LeafsParentHashOfAnUpdateDoesNotCount) {
  KnownTree known = KnownTree::Warm(2, random_);
  const TreeNodes nodes = Resigned(known, 0, [](LeafNode& leaf) {
    leaf.source = LeafNodeSource::kUpdate;
    leaf.parent_hash.clear();
  });

  EXPECT_THAT(Validate(nodes), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeValidationTest, LeafsRulesHoldForEveryLeaf) {
  const KnownTree known = KnownTree::Warm(4, random_);
  checker_.Refuse("member-3");

  EXPECT_THAT(Validate(NodesOf(known.tree())),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(TreeValidationTest, GroupExtensionsHoldForEveryLeaf) {
  const KnownTree known = KnownTree::Warm(4, random_);
  group_extensions_ = {{.type = ExtensionType{0xf1ff}, .data = {}}};

  EXPECT_THAT(Validate(NodesOf(known.tree())),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeValidationTest, DuplicatesAreRefused) {
  KnownTree known = KnownTree::Cold(3, random_);
  const Bytes taken = known.tree().Member(LeafIndex{0})->leaf.encryption_key;
  const TreeNodes nodes = Resigned(
      known, 2, [&taken](LeafNode& leaf) { leaf.encryption_key = taken; });

  EXPECT_THAT(Validate(nodes), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeValidationTest, CredentialTypesInUseMustBeSupportedByAll) {
  KnownTree known = KnownTree::Cold(3, random_);
  RatchetTree after = known.tree();
  TreeMember odd = MlsClient::Make("odd", random_).member();
  odd.leaf.credential = Credential::X509({ToBytes("c")});
  odd.leaf.capabilities.credentials = {kBasicCredential, kX509Credential};
  ASSERT_OK_AND_ASSIGN(const LeafIndex leaf, after.Add(odd));

  // The others know basic credentials only.
  EXPECT_THAT(CheckCredentialTypes(after),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(CheckCredentialTypes(known.tree(), after, {leaf}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeValidationTest, NewLeafMustSupportTheTypesOfTheOthers) {
  KnownTree known = KnownTree::Cold(3, random_);
  RatchetTree after = known.tree();
  TreeMember narrow = MlsClient::Make("narrow", random_).member();
  narrow.leaf.capabilities.credentials = {};
  ASSERT_OK_AND_ASSIGN(const LeafIndex leaf, after.Add(narrow));

  EXPECT_OK(CheckCredentialTypes(known.tree()));
  EXPECT_THAT(CheckCredentialTypes(known.tree(), after, {leaf}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

// What a tree from outside may not be.
class TreeFromNodesTest : public ::testing::Test {
 protected:
  static TreeNodes NodesOf(const RatchetTree& tree) {
    auto nodes = ParseTreeNodes(codec::Serialize(tree));
    EXPECT_OK(nodes);
    return *std::move(nodes);
  }
  static absl::Status Build(TreeNodes nodes) {
    std::vector<DeviceId> devices;
    for (const Node& node : nodes) {
      if (const auto* leaf = std::get_if<LeafNode>(&node)) {
        devices.push_back(DeviceId(Sha256(leaf->signature_key)));
      }
    }
    return RatchetTree::FromNodes(std::move(nodes), devices).status();
  }
  KnownTree Warm(uint32_t members) { return KnownTree::Warm(members, random_); }
  static LeafNode& LeafAt(TreeNodes& nodes, size_t i) {
    return std::get<LeafNode>(nodes[i]);
  }
  static ParentNode& ParentAt(TreeNodes& nodes, size_t i) {
    return std::get<ParentNode>(nodes[i]);
  }

  SeededRandom random_{1};
};

TEST_F(TreeFromNodesTest, WholeTreeIsTaken) {
  EXPECT_OK(Build(NodesOf(Warm(7).tree())));
}

TEST_F(TreeFromNodesTest, DuplicateKeysAreRefused) {
  TreeNodes nodes = NodesOf(Warm(4).tree());
  TreeNodes leaf_keys = nodes;
  LeafAt(leaf_keys, 0).encryption_key = LeafAt(nodes, 6).encryption_key;
  TreeNodes signature_keys = nodes;
  LeafAt(signature_keys, 0).signature_key = LeafAt(nodes, 6).signature_key;
  TreeNodes parent_and_leaf = nodes;
  ParentAt(parent_and_leaf, 1).encryption_key = LeafAt(nodes, 6).encryption_key;
  TreeNodes parents = nodes;
  ParentAt(parents, 1).encryption_key = ParentAt(nodes, 5).encryption_key;

  for (const TreeNodes& bad :
       {leaf_keys, signature_keys, parent_and_leaf, parents}) {
    EXPECT_THAT(Build(bad), StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(TreeFromNodesTest, DuplicateDevicesAreRefused) {
  EXPECT_THAT(
      RatchetTree::FromNodes(NodesOf(Warm(2).tree()), std::vector<DeviceId>(2)),
      StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeFromNodesTest, KeysOfAnotherSizeAreRefused) {
  TreeNodes leaf = NodesOf(Warm(4).tree());
  LeafAt(leaf, 0).encryption_key.push_back(0);
  TreeNodes parent = NodesOf(Warm(4).tree());
  ParentAt(parent, 1).encryption_key.push_back(0);

  EXPECT_THAT(Build(leaf), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Build(parent), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeFromNodesTest, UnmergedLeafMustBeAMemberBelow) {
  TreeNodes elsewhere = NodesOf(Warm(4).tree());
  ParentAt(elsewhere, 1).unmerged_leaves = {LeafIndex{3}};
  TreeNodes outside = NodesOf(Warm(4).tree());
  ParentAt(outside, 3).unmerged_leaves = {LeafIndex{70}};
  TreeNodes blank = NodesOf(Warm(4).tree());
  blank[2] = BlankNode{};
  ParentAt(blank, 1).unmerged_leaves = {LeafIndex{1}};

  EXPECT_THAT(Build(elsewhere), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Build(outside), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Build(blank), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeFromNodesTest, UnmergedLeafMustBeUnmergedAtParentsBetween) {
  TreeNodes nodes = NodesOf(Warm(8).tree());
  ParentAt(nodes, 7).unmerged_leaves = {LeafIndex{1}};
  EXPECT_THAT(Build(nodes), StatusIs(absl::StatusCode::kInvalidArgument));
  ParentAt(nodes, 3).unmerged_leaves = {LeafIndex{1}};
  EXPECT_THAT(Build(nodes), StatusIs(absl::StatusCode::kInvalidArgument));
  ParentAt(nodes, 1).unmerged_leaves = {LeafIndex{1}};
  EXPECT_OK(Build(nodes));
}

TEST_F(TreeFromNodesTest, TreeWiderThanItsMembersNeedIsRefused) {
  TreeNodes nodes = NodesOf(Warm(2).tree());
  nodes.push_back(ParentNode{.encryption_key = Bytes(32, 1)});

  EXPECT_THAT(Build(nodes), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeFromNodesTest, ParentWithNobodyBelowIsRefused) {
  TreeNodes nodes = NodesOf(KnownTree::Cold(4, random_).tree());
  nodes[0] = BlankNode{};
  nodes[2] = BlankNode{};
  nodes[1] = ParentNode{.encryption_key = Bytes(32, 1)};

  EXPECT_THAT(Build(nodes), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cordon::mls
