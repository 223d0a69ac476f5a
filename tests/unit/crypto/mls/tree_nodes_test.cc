#include "crypto/mls/tree_nodes.h"

#include <cstddef>
#include <variant>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/hash.h"
#include "tests/support/mls_clients.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::MlsClient;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::testing::Eq;

class TreeNodesTest : public ::testing::Test {
 protected:
  LeafNode Leaf() {
    return MlsClient::Make("a", random_).key_package.leaf_node;
  }

  static ParentNode Parent() {
    return {.encryption_key = Bytes(32, 1),
            .parent_hash = Bytes(32, 2),
            .unmerged_leaves = {LeafIndex{1}, LeafIndex{5}}};
  }

  SeededRandom random_{1};
};

TEST_F(TreeNodesTest, ParentIsWrittenAsTheRfcSays) {
  const ParentNode parent{.encryption_key = {0xaa},
                          .parent_hash = {},
                          .unmerged_leaves = {LeafIndex{2}, LeafIndex{300}}};

  EXPECT_EQ(ToHex(codec::Serialize(parent)), "01aa0008000000020000012c");
}

TEST_F(TreeNodesTest, ListSurvivesTheCodec) {
  const TreeNodes nodes = {Leaf(), Parent(), BlankNode{}, BlankNode{}, Leaf()};

  EXPECT_THAT(ParseTreeNodes(codec::Serialize(nodes)), IsOkAndHolds(Eq(nodes)));
}

TEST_F(TreeNodesTest, EveryTruncationIsRefused) {
  const Bytes bytes = codec::Serialize(TreeNodes{Leaf(), Parent(), Leaf()});
  for (size_t size = 0; size < bytes.size(); ++size) {
    SCOPED_TRACE(size);
    EXPECT_THAT(ParseTreeNodes(ByteSpan(bytes).first(size)),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(TreeNodesTest, LastNodeMustNotBeBlank) {
  EXPECT_THAT(ParseTreeNodes(codec::Serialize(TreeNodes{Leaf(), BlankNode{}})),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseTreeNodes({0}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeNodesTest, LeavesStandAtEvenPlacesOnly) {
  EXPECT_THAT(ParseTreeNodes(codec::Serialize(TreeNodes{Parent()})),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseTreeNodes(codec::Serialize(TreeNodes{Leaf(), Leaf()})),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeNodesTest, UnknownNodeTypeIsRefused) {
  EXPECT_THAT(ParseTreeNodes({2, 1, 3}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeNodesTest, UnmergedLeavesMustIncrease) {
  ParentNode twice = Parent();
  twice.unmerged_leaves = {LeafIndex{5}, LeafIndex{5}};
  ParentNode down = Parent();
  down.unmerged_leaves = {LeafIndex{5}, LeafIndex{1}};

  EXPECT_THAT(
      ParseTreeNodes(codec::Serialize(TreeNodes{Leaf(), twice, Leaf()})),
      StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseTreeNodes(codec::Serialize(TreeNodes{Leaf(), down, Leaf()})),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeNodesTest, TreeWiderThanTheLimitIsRefused) {
  TreeNodes nodes(2 * size_t{kTreeLeavesMax.value} - 2, BlankNode{});
  nodes.push_back(Leaf());
  EXPECT_OK(ParseTreeNodes(codec::Serialize(nodes)));

  nodes.push_back(BlankNode{});
  nodes.push_back(Leaf());
  EXPECT_THAT(ParseTreeNodes(codec::Serialize(nodes)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TreeNodesTest, ParentHashDependsOnKeyHashAndSibling) {
  const Digest sibling{7};
  ParentNode other_key = Parent();
  other_key.encryption_key[0] ^= 1;
  ParentNode other_hash = Parent();
  other_hash.parent_hash[0] ^= 1;
  ParentNode other_unmerged = Parent();
  other_unmerged.unmerged_leaves.clear();

  const Digest hash = ParentHash(Parent(), sibling);

  EXPECT_NE(hash, ParentHash(other_key, sibling));
  EXPECT_NE(hash, ParentHash(other_hash, sibling));
  EXPECT_NE(hash, ParentHash(Parent(), Digest{8}));
  EXPECT_EQ(hash, ParentHash(other_unmerged, sibling));
}

}  // namespace
}  // namespace cordon::mls
