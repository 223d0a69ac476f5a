#include "crypto/mls/update_path.h"

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_validation.h"
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

constexpr LeafIndex kSender{2};

class UpdatePathTest : public ::testing::Test {
 protected:
  // Path makes an honest path of kSender, with empty ciphertexts.
  UpdatePath Path() {
    UpdatePath path{.leaf_node = known_.tree().Member(kSender)->leaf,
                    .nodes = {}};
    RatchetTree tree = known_.tree();
    std::vector<Bytes> keys;
    for (const auto& nodes : PathRecipients(tree, kSender, {})) {
      UpdatePathNode node{.encryption_key = RandomBytes(random_, 32)};
      node.encrypted_path_secret.resize(nodes.size());
      keys.push_back(node.encryption_key);
      path.nodes.push_back(std::move(node));
    }
    auto parent_hash = tree.SetPath(kSender, keys);
    EXPECT_OK(parent_hash);
    path.leaf_node.source = LeafNodeSource::kCommit;
    path.leaf_node.encryption_key = RandomBytes(random_, 32);
    path.leaf_node.parent_hash = *parent_hash;
    Sign(path);
    return path;
  }
  void Sign(UpdatePath& path) {
    SignLeafNode(known_.client(kSender.value).signer,
                 {.group_id = AsBytes(KnownTree::kGroupId), .index = kSender},
                 path.leaf_node);
  }
  absl::StatusOr<RatchetTree> Merge(const UpdatePath& path) {
    const PathPlace place{
        .group_id = AsBytes(KnownTree::kGroupId),
        .sender = kSender,
        .added = added_,
        .former = &known_.tree().Member(kSender)->leaf.credential};
    const LeafRules rules{.group_extensions = group_extensions_,
                          .checker = checker_,
                          .at = {.instant = absl::FromUnixSeconds(0)}};
    return MergePath(known_.tree(), path, place, rules);
  }
  // MergeChanged merges a path that its author changed and signed again.
  absl::Status MergeChanged(const std::function<void(UpdatePath&)>& change) {
    UpdatePath path = Path();
    change(path);
    Sign(path);
    return Merge(path).status();
  }

  SeededRandom random_{1};
  KnownTree known_ = KnownTree::Warm(6, random_);
  std::vector<LeafIndex> added_;
  Extensions group_extensions_;
  NameChecker checker_;
};

TEST_F(UpdatePathTest, HonestPathIsMergedIntoAValidTree) {
  const UpdatePath path = Path();

  ASSERT_OK_AND_ASSIGN(const RatchetTree merged, Merge(path));

  EXPECT_OK(VerifyParentHashes(merged));
  EXPECT_EQ(merged.Member(kSender)->leaf, path.leaf_node);
  EXPECT_EQ(merged.FindEncryptionKey(path.nodes[0].encryption_key),
            NodeIndex{5});
}

TEST_F(UpdatePathTest, RecipientsAreTheCopathsResolutionWithoutNewLeaves) {
  EXPECT_THAT(PathRecipients(known_.tree(), kSender, {}),
              ElementsAre(ElementsAre(NodeIndex{6}), ElementsAre(NodeIndex{1}),
                          ElementsAre(NodeIndex{9})));
  EXPECT_THAT(PathRecipients(known_.tree(), kSender, {{LeafIndex{3}}}),
              ElementsAre(IsEmpty(), ElementsAre(NodeIndex{1}),
                          ElementsAre(NodeIndex{9})));
}

TEST_F(UpdatePathTest, WrongNumberOfNodesIsRefused) {
  EXPECT_THAT(MergeChanged([](UpdatePath& path) { path.nodes.pop_back(); }),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(MergeChanged([](UpdatePath& path) {
                path.nodes.push_back({.encryption_key = Bytes(32, 1)});
              }),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(UpdatePathTest, WrongNumberOfCiphertextsIsRefused) {
  EXPECT_THAT(MergeChanged([](UpdatePath& path) {
                path.nodes[1].encrypted_path_secret.clear();
              }),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(MergeChanged([](UpdatePath& path) {
                path.nodes[1].encrypted_path_secret.resize(2);
              }),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(UpdatePathTest, CiphertextForANewLeafIsRefused) {
  added_ = {LeafIndex{3}};

  EXPECT_THAT(Merge(Path()), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(UpdatePathTest, WrongParentHashIsRefused) {
  EXPECT_THAT(MergeChanged(
                  [](UpdatePath& path) { path.leaf_node.parent_hash[0] ^= 1; }),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(UpdatePathTest, ExchangedNodeKeyIsRefused) {
  EXPECT_THAT(MergeChanged([](UpdatePath& path) {
                path.nodes[2].encryption_key[0] ^= 1;
              }),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(UpdatePathTest, KeyThatIsInTheTreeIsRefused) {
  const Bytes taken = *known_.tree().EncryptionKey(NodeIndex{8});
  EXPECT_THAT(MergeChanged([&taken](UpdatePath& path) {
                path.nodes[0].encryption_key = taken;
              }),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(MergeChanged([&taken](UpdatePath& path) {
                path.leaf_node.encryption_key = taken;
              }),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(UpdatePathTest, KeptLeafKeyIsRefused) {
  const Bytes own = *known_.tree().EncryptionKey(NodeOf(kSender));
  EXPECT_THAT(MergeChanged([&own](UpdatePath& path) {
                path.leaf_node.encryption_key = own;
              }),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(UpdatePathTest, LeafOfAnotherSourceIsRefused) {
  EXPECT_THAT(MergeChanged([](UpdatePath& path) {
                path.leaf_node.source = LeafNodeSource::kUpdate;
              }),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(UpdatePathTest, LeafSignatureIsChecked) {
  UpdatePath path = Path();
  path.leaf_node.signature[5] ^= 1;

  EXPECT_THAT(Merge(path), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(UpdatePathTest, AnothersNameIsNoSuccessor) {
  EXPECT_THAT(MergeChanged([](UpdatePath& path) {
                path.leaf_node.credential = Credential::Basic(AsBytes("eve"));
              }),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(UpdatePathTest, CheckersRefusalIsPassedOn) {
  checker_.Refuse("member-2");

  EXPECT_THAT(Merge(Path()), StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(UpdatePathTest, LeafMustKeepSupportingTheGroup) {
  group_extensions_ = {{.type = ExtensionType{0xf100}, .data = {}}};
  EXPECT_OK(Merge(Path()));

  EXPECT_THAT(MergeChanged([](UpdatePath& path) {
                path.leaf_node.capabilities.extensions.clear();
              }),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(UpdatePathTest, ResultIsAFreshValueAndTheTreeUnchanged) {
  const auto before = known_.tree().RootHash();

  ASSERT_OK(Merge(Path()));

  EXPECT_EQ(known_.tree().RootHash(), before);
}

}  // namespace
}  // namespace cordon::mls
