#include "crypto/mls/ratchet_tree.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/random.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_nodes.h"
#include "crypto/mls/tree_validation.h"
#include "crypto/prim/hash.h"
#include "tests/support/mls_clients.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/crypto/mls/naive_tree.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::KnownTree;
using ::cordon::testing::MlsClient;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<DeviceId> DevicesOf(const RatchetTree& tree) {
  std::vector<DeviceId> devices;
  for (const LeafIndex leaf : tree.Members()) {
    devices.push_back(tree.Member(leaf)->device);
  }
  return devices;
}

// Reread builds the tree anew from its bytes: no cached hash survives.
absl::StatusOr<RatchetTree> Reread(const RatchetTree& tree) {
  CORDON_ASSIGN_OR_RETURN(TreeNodes nodes,
                          ParseTreeNodes(codec::Serialize(tree)));
  return RatchetTree::FromNodes(std::move(nodes), DevicesOf(tree));
}

class RatchetTreeTest : public ::testing::Test {
 protected:
  MlsClient Client(absl::string_view name) {
    return MlsClient::Make(name, random_);
  }
  KnownTree Warm(uint32_t members) { return KnownTree::Warm(members, random_); }
  std::vector<Bytes> Keys(size_t count) {
    std::vector<Bytes> keys;
    for (size_t i = 0; i < count; ++i) keys.push_back(RandomBytes(random_, 32));
    return keys;
  }
  // ExpectSameAsReread finds a stale hash, a lost node, a wrong count.
  static void ExpectSameAsReread(const RatchetTree& tree) {
    ASSERT_OK_AND_ASSIGN(const RatchetTree again, Reread(tree));
    EXPECT_EQ(tree.RootHash(), again.RootHash());
    EXPECT_EQ(codec::Serialize(tree), codec::Serialize(again));
    EXPECT_EQ(tree.member_count(), again.member_count());
    EXPECT_EQ(tree.width(), again.width());
    EXPECT_EQ(tree.credential_types(), again.credential_types());
  }

  SeededRandom random_{1};
};

TEST_F(RatchetTreeTest, NewGroupIsItsCreatorAlone) {
  const MlsClient alice = Client("alice");

  ASSERT_OK_AND_ASSIGN(const RatchetTree tree,
                       RatchetTree::Create(alice.member()));

  EXPECT_EQ(tree.width(), LeafCount{1});
  EXPECT_EQ(tree.member_count(), 1U);
  EXPECT_EQ(tree.Member(LeafIndex{0})->leaf, alice.key_package.leaf_node);
  EXPECT_EQ(tree.FindDevice(alice.device()), LeafIndex{0});
  EXPECT_THAT(tree.FilteredDirectPath(LeafIndex{0}), IsEmpty());
}

TEST_F(RatchetTreeTest, CreatorWithAKeyOfAnotherSizeIsRefused) {
  TreeMember member = Client("alice").member();
  member.leaf.encryption_key.pop_back();

  EXPECT_THAT(RatchetTree::Create(member),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(RatchetTreeTest, AddTakesTheLeftmostBlankLeafAndWidens) {
  KnownTree known = KnownTree::Cold(4, random_);
  RatchetTree& tree = known.tree();
  ASSERT_OK(tree.Remove(LeafIndex{1}));

  ASSERT_OK_AND_ASSIGN(const LeafIndex first, tree.Add(Client("x").member()));
  ASSERT_OK_AND_ASSIGN(const LeafIndex second, tree.Add(Client("y").member()));

  EXPECT_EQ(first, LeafIndex{1});
  EXPECT_EQ(second, LeafIndex{4});
  EXPECT_EQ(tree.width(), LeafCount{8});
  ExpectSameAsReread(tree);
}

TEST_F(RatchetTreeTest, AddIsUnmergedAtEveryParentThatIsSet) {
  KnownTree known = Warm(4);
  RatchetTree& tree = known.tree();
  ASSERT_OK(tree.Remove(LeafIndex{3}));
  known.Refresh(LeafIndex{0}, random_);

  ASSERT_OK(tree.Add(Client("x").member()));

  EXPECT_THAT(tree.Parent(Root(tree.width()))->unmerged_leaves,
              ElementsAre(LeafIndex{3}));
  EXPECT_EQ(tree.Parent(NodeIndex{5}), nullptr);
  EXPECT_THAT(tree.Resolution(Root(tree.width())),
              ElementsAre(NodeIndex{3}, NodeIndex{6}));
  ExpectSameAsReread(tree);
}

TEST_F(RatchetTreeTest, AddOfAKnownKeyOrDeviceIsRefusedAndChangesNothing) {
  KnownTree known = Warm(3);
  RatchetTree& tree = known.tree();
  const Digest before = tree.RootHash();
  const LeafNode& taken = tree.Member(LeafIndex{1})->leaf;
  TreeMember same_encryption_key = Client("x").member();
  same_encryption_key.leaf.encryption_key = taken.encryption_key;
  TreeMember key_of_a_parent = Client("x").member();
  key_of_a_parent.leaf.encryption_key = *tree.EncryptionKey(NodeIndex{1});
  TreeMember same_signature_key = Client("x").member();
  same_signature_key.leaf.signature_key = taken.signature_key;
  TreeMember same_device = Client("x").member();
  same_device.device = tree.Member(LeafIndex{1})->device;

  for (const TreeMember& member : {same_encryption_key, key_of_a_parent,
                                   same_signature_key, same_device}) {
    EXPECT_THAT(tree.Add(member), StatusIs(absl::StatusCode::kInvalidArgument));
  }

  EXPECT_EQ(tree.RootHash(), before);
  EXPECT_EQ(tree.member_count(), 3U);
}

TEST_F(RatchetTreeTest, RemoveBlanksThePathAndForgetsTheMember) {
  KnownTree known = Warm(8);
  RatchetTree& tree = known.tree();
  const TreeMember gone = *tree.Member(LeafIndex{5});
  const Bytes root_key = *tree.EncryptionKey(NodeIndex{7});

  ASSERT_OK(tree.Remove(LeafIndex{5}));

  for (const uint32_t node : {9U, 11U, 7U}) {
    EXPECT_EQ(tree.Parent(NodeIndex{node}), nullptr);
  }
  EXPECT_NE(tree.Parent(NodeIndex{3}), nullptr);
  EXPECT_EQ(tree.Member(LeafIndex{5}), nullptr);
  EXPECT_EQ(tree.FindDevice(gone.device), std::nullopt);
  EXPECT_EQ(tree.FindSignatureKey(gone.leaf.signature_key), std::nullopt);
  EXPECT_EQ(tree.FindEncryptionKey(gone.leaf.encryption_key), std::nullopt);
  EXPECT_EQ(tree.FindEncryptionKey(root_key), std::nullopt);
  ExpectSameAsReread(tree);
}

TEST_F(RatchetTreeTest, RemoveCutsOffEmptyHalvesDownToTheLastMember) {
  KnownTree known = Warm(5);
  RatchetTree& tree = known.tree();

  ASSERT_OK(tree.Remove(LeafIndex{4}));
  EXPECT_EQ(tree.width(), LeafCount{4});
  ASSERT_OK(tree.Remove(LeafIndex{2}));
  EXPECT_EQ(tree.width(), LeafCount{4});
  ASSERT_OK(tree.Remove(LeafIndex{3}));
  EXPECT_EQ(tree.width(), LeafCount{2});
  ExpectSameAsReread(tree);
}

TEST_F(RatchetTreeTest, RemoveOfABlankOrUnknownLeafIsRefused) {
  KnownTree known = Warm(3);

  EXPECT_THAT(known.tree().Remove(LeafIndex{3}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(known.tree().Remove(LeafIndex{4000}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(known.tree().member_count(), 3U);
}

TEST_F(RatchetTreeTest, RemovedMembersKeysMayComeBack) {
  KnownTree known = Warm(3);
  const TreeMember member = *known.tree().Member(LeafIndex{2});

  ASSERT_OK(known.tree().Remove(LeafIndex{2}));

  EXPECT_OK(known.tree().Add(member));
}

TEST_F(RatchetTreeTest, UpdateReplacesTheLeafAndBlanksItsPath) {
  KnownTree known = Warm(4);
  RatchetTree& tree = known.tree();
  TreeMember next = *tree.Member(LeafIndex{2});
  next.leaf.encryption_key = RandomBytes(random_, 32);

  ASSERT_OK(tree.Update({{.index = LeafIndex{2}, .member = next}}));

  EXPECT_EQ(tree.Member(LeafIndex{2})->leaf, next.leaf);
  EXPECT_EQ(tree.Parent(NodeIndex{5}), nullptr);
  EXPECT_EQ(tree.Parent(NodeIndex{3}), nullptr);
  EXPECT_NE(tree.Parent(NodeIndex{1}), nullptr);
  ExpectSameAsReread(tree);
}

TEST_F(RatchetTreeTest, UpdatesOfOneBatchMayPassKeysOn) {
  KnownTree known = Warm(4);
  RatchetTree& tree = known.tree();
  TreeMember first = *tree.Member(LeafIndex{0});
  TreeMember second = *tree.Member(LeafIndex{1});
  std::swap(first.leaf.signature_key, second.leaf.signature_key);

  ASSERT_OK(tree.Update({{.index = LeafIndex{0}, .member = first},
                         {.index = LeafIndex{1}, .member = second}}));

  EXPECT_EQ(tree.FindSignatureKey(first.leaf.signature_key), LeafIndex{0});
  ExpectSameAsReread(tree);
}

TEST_F(RatchetTreeTest, UpdateToATakenKeyIsRefusedAndChangesNothing) {
  KnownTree known = Warm(4);
  RatchetTree& tree = known.tree();
  const Digest before = tree.RootHash();
  TreeMember next = *tree.Member(LeafIndex{2});
  next.leaf.signature_key = tree.Member(LeafIndex{3})->leaf.signature_key;

  EXPECT_THAT(tree.Update({{.index = LeafIndex{2}, .member = next}}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(tree.Update({{.index = LeafIndex{9}, .member = next}}),
              StatusIs(absl::StatusCode::kInvalidArgument));

  EXPECT_EQ(tree.RootHash(), before);
  EXPECT_EQ(tree.FindDevice(next.device), LeafIndex{2});
}

TEST_F(RatchetTreeTest, FilteredPathLeavesOutNodesWithNobodyBeside) {
  KnownTree known = KnownTree::Cold(5, random_);

  // Leaf 4 is alone in its half: only the root has somebody on the other side.
  const auto steps = known.tree().FilteredDirectPath(LeafIndex{4});

  ASSERT_THAT(steps, SizeIs(1));
  EXPECT_EQ(steps[0].node, NodeIndex{7});
  EXPECT_EQ(steps[0].copath, NodeIndex{3});
  EXPECT_THAT(known.tree().FilteredDirectPath(LeafIndex{0}), SizeIs(3));
}

TEST_F(RatchetTreeTest, SetPathSetsTheFilteredPathAndBlanksTheRest) {
  KnownTree known = KnownTree::Cold(5, random_);
  RatchetTree& tree = known.tree();
  const std::vector<Bytes> keys = Keys(1);

  ASSERT_OK_AND_ASSIGN(const Bytes parent_hash,
                       tree.SetPath(LeafIndex{4}, keys));

  EXPECT_EQ(tree.Parent(NodeIndex{9}), nullptr);
  EXPECT_EQ(tree.Parent(NodeIndex{11}), nullptr);
  const ParentNode& root = *tree.Parent(NodeIndex{7});
  EXPECT_EQ(root.encryption_key, keys[0]);
  EXPECT_THAT(root.parent_hash, IsEmpty());
  EXPECT_TRUE(Equal(parent_hash, ParentHash(root, tree.Hash(NodeIndex{3}))));
  EXPECT_EQ(tree.FindEncryptionKey(keys[0]), NodeIndex{7});
}

TEST_F(RatchetTreeTest, SetPathEmptiesTheListsOfUnmergedLeaves) {
  KnownTree known = Warm(4);
  RatchetTree& tree = known.tree();
  ASSERT_OK(tree.Remove(LeafIndex{3}));
  known.Refresh(LeafIndex{0}, random_);
  ASSERT_OK(tree.Add(Client("x").member()));
  ASSERT_THAT(tree.Parent(NodeIndex{3})->unmerged_leaves, SizeIs(1));

  ASSERT_OK(tree.SetPath(LeafIndex{0}, Keys(2)));

  EXPECT_THAT(tree.Parent(NodeIndex{3})->unmerged_leaves, IsEmpty());
}

TEST_F(RatchetTreeTest, SetPathRefusesWrongLengthsAndKnownKeys) {
  KnownTree known = Warm(4);
  RatchetTree& tree = known.tree();
  const Digest before = tree.RootHash();
  std::vector<Bytes> twice = Keys(2);
  twice[1] = twice[0];
  std::vector<Bytes> of_a_leaf = Keys(2);
  of_a_leaf[0] = *tree.EncryptionKey(NodeIndex{6});
  std::vector<Bytes> replaced_just_now = Keys(2);
  replaced_just_now[0] = *tree.EncryptionKey(NodeIndex{1});
  std::vector<Bytes> too_short = Keys(2);
  too_short[1].pop_back();

  for (const auto& keys :
       {Keys(1), Keys(3), twice, of_a_leaf, replaced_just_now, too_short}) {
    EXPECT_THAT(tree.SetPath(LeafIndex{0}, keys),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }

  EXPECT_EQ(tree.RootHash(), before);
}

TEST_F(RatchetTreeTest, SetLeafKeepsThePathAndNeedsANewKey) {
  KnownTree known = Warm(4);
  RatchetTree& tree = known.tree();
  TreeMember same_key = *tree.Member(LeafIndex{1});
  TreeMember new_key = same_key;
  new_key.leaf.encryption_key = RandomBytes(random_, 32);

  EXPECT_THAT(tree.SetLeaf(LeafIndex{1}, same_key),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_OK(tree.SetLeaf(LeafIndex{1}, new_key));

  EXPECT_NE(tree.Parent(NodeIndex{1}), nullptr);
  EXPECT_EQ(tree.Member(LeafIndex{1})->leaf, new_key.leaf);
}

TEST_F(RatchetTreeTest, SetLeafWithAnothersDeviceIsRefused) {
  KnownTree known = Warm(4);
  TreeMember other = Client("x").member();
  other.device = known.tree().Member(LeafIndex{2})->device;

  EXPECT_THAT(known.tree().SetLeaf(LeafIndex{1}, other),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(known.tree().FindDevice(other.device), LeafIndex{2});
}

TEST_F(RatchetTreeTest, ChangesOfACopyAreNotSeenByTheOriginal) {
  KnownTree known = Warm(8);
  const RatchetTree& tree = known.tree();
  const Digest before = tree.RootHash();
  const Bytes bytes = codec::Serialize(tree);

  RatchetTree copy = tree;
  ASSERT_OK(copy.Remove(LeafIndex{3}));
  ASSERT_OK(copy.Add(Client("x").member()));
  ASSERT_OK(copy.Add(Client("y").member()));

  EXPECT_EQ(tree.RootHash(), before);
  EXPECT_EQ(codec::Serialize(tree), bytes);
  EXPECT_NE(copy.RootHash(), before);
  EXPECT_EQ(tree.width(), LeafCount{8});
}

TEST_F(RatchetTreeTest, ManyThreadsMayAskOneTreeForItsHash) {
  const KnownTree known = KnownTree::Cold(64, random_);
  std::vector<Digest> hashes(8);
  std::vector<std::thread> threads;
  for (Digest& hash : hashes) {
    threads.emplace_back([&known, &hash] { hash = known.tree().RootHash(); });
  }
  for (std::thread& thread : threads) thread.join();

  for (const Digest& hash : hashes) EXPECT_EQ(hash, hashes[0]);
}

// A seeded walk over all changes: after each, the tree is what its bytes say.
TEST_F(RatchetTreeTest, StaysWhatItsBytesSayThroughManyChanges) {
  KnownTree known = Warm(6);
  RatchetTree tree = known.tree();
  for (int i = 0; i < 200; ++i) {
    SCOPED_TRACE(i);
    const auto members = tree.Members();
    const LeafIndex leaf = members[random_.Below(members.size())];
    switch (random_.Below(3)) {
      case 0:
        ASSERT_OK(tree.Add(Client(absl::StrCat("x", i)).member()));
        break;
      case 1:
        if (members.size() > 1) {
          ASSERT_OK(tree.Remove(leaf));
        }
        break;
      default: {
        ASSERT_OK(
            tree.SetPath(leaf, Keys(tree.FilteredDirectPath(leaf).size())));
        TreeMember member = *tree.Member(leaf);
        member.leaf.encryption_key = RandomBytes(random_, 32);
        ASSERT_OK(tree.SetLeaf(leaf, member));
      }
    }
    ExpectSameAsReread(tree);
  }
}

// The same changes to a RatchetTree and to the RFC's text.
class RatchetTreeModelTest : public ::testing::TestWithParam<uint64_t> {
 protected:
  RatchetTreeModelTest()
      : creator_(MlsClient::Make("creator", random_)),
        naive_(creator_.member().leaf) {
    auto tree = RatchetTree::Create(creator_.member());
    EXPECT_OK(tree);
    tree_.emplace(*std::move(tree));
  }

  LeafIndex AnyMember() {
    const auto members = naive_.Members();
    return members[random_.Below(members.size())];
  }
  void AddOne(int number) {
    const MlsClient client =
        MlsClient::Make(absl::StrCat("member-", number), random_);
    ASSERT_OK_AND_ASSIGN(const LeafIndex leaf, tree_->Add(client.member()));
    EXPECT_EQ(leaf, naive_.Add(client.member().leaf));
  }
  void RemoveOne() {
    if (naive_.Members().size() == 1) return;
    const LeafIndex leaf = AnyMember();
    ASSERT_OK(tree_->Remove(leaf));
    naive_.Remove(leaf);
  }
  void UpdateOne() {
    const LeafIndex leaf = AnyMember();
    TreeMember member = *tree_->Member(leaf);
    member.leaf.encryption_key = RandomBytes(random_, 32);
    naive_.Update(leaf, member.leaf);
    ASSERT_OK(tree_->Update({{.index = leaf, .member = std::move(member)}}));
  }
  void CommitOne() {
    const LeafIndex leaf = AnyMember();
    std::vector<Bytes> keys;
    for (size_t i = 0; i < naive_.FilteredDirectPath(leaf).size(); ++i) {
      keys.push_back(RandomBytes(random_, 32));
    }
    ASSERT_OK_AND_ASSIGN(const Bytes parent_hash, tree_->SetPath(leaf, keys));
    EXPECT_EQ(parent_hash, naive_.SetPath(leaf, keys));
    TreeMember member = *tree_->Member(leaf);
    member.leaf.encryption_key = RandomBytes(random_, 32);
    member.leaf.source = LeafNodeSource::kCommit;
    member.leaf.parent_hash = parent_hash;
    naive_.SetLeaf(leaf, member.leaf);
    ASSERT_OK(tree_->SetLeaf(leaf, std::move(member)));
  }
  void ExpectSame() {
    ASSERT_EQ(tree_->width(), naive_.width());
    EXPECT_EQ(tree_->Members(), naive_.Members());
    EXPECT_EQ(codec::Serialize(*tree_), naive_.Encoded());
    for (uint32_t i = 0; i < NodeCount(tree_->width()); ++i) {
      SCOPED_TRACE(i);
      const NodeIndex node{i};
      ASSERT_EQ(tree_->Hash(node), naive_.Hash(node));
      ASSERT_EQ(tree_->Resolution(node), naive_.Resolution(node));
      if (const ParentNode* parent = tree_->Parent(node)) {
        ASSERT_EQ(tree_->HashWithout(node, parent->unmerged_leaves),
                  naive_.HashWithout(node, parent->unmerged_leaves));
      }
    }
    for (const LeafIndex leaf : tree_->Members()) {
      const auto steps = tree_->FilteredDirectPath(leaf);
      const auto expected = naive_.FilteredDirectPath(leaf);
      ASSERT_EQ(steps.size(), expected.size());
      for (size_t i = 0; i < steps.size(); ++i) {
        EXPECT_EQ(steps[i].node, expected[i].first);
        EXPECT_EQ(steps[i].copath, expected[i].second);
      }
    }
    EXPECT_OK(VerifyParentHashes(*tree_));
  }

  SeededRandom random_{GetParam()};
  MlsClient creator_;
  NaiveTree naive_;
  std::optional<RatchetTree> tree_;
};

TEST_P(RatchetTreeModelTest, AgreesWithTheTextOfTheRfcAfterEveryChange) {
  for (int i = 0; i < 60; ++i) {
    SCOPED_TRACE(i);
    switch (random_.Below(6)) {
      case 0:
        RemoveOne();
        break;
      case 1:
        UpdateOne();
        break;
      case 2:
      case 3:
        CommitOne();
        break;
      default:
        AddOne(i);
    }
    ExpectSame();
    if (HasFailure()) break;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RatchetTreeModelTest,
                         ::testing::Range(uint64_t{1}, uint64_t{9}));

}  // namespace
}  // namespace cordon::mls
