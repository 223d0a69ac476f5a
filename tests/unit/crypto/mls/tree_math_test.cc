#include "crypto/mls/tree_math.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cordon::mls {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// RFC 9420, appendix C: the eleven-element example, here with eight leaves.
//                               X
//               X                               X
//       X               X               X               X
//   X       X       X       X       X       X       X       X
//   0   1   2   3   4   5   6   7   8   9  10  11  12  13  14
constexpr LeafCount kEight{8};

TEST(TreeMathTest, LevelOfLeavesIsZeroAndGrowsToTheRoot) {
  EXPECT_EQ(Level(NodeIndex{0}), 0U);
  EXPECT_EQ(Level(NodeIndex{14}), 0U);
  EXPECT_EQ(Level(NodeIndex{5}), 1U);
  EXPECT_EQ(Level(NodeIndex{11}), 2U);
  EXPECT_EQ(Level(NodeIndex{7}), 3U);
}

TEST(TreeMathTest, ChildrenOfParentsAndNoneOfLeaves) {
  EXPECT_EQ(Left(NodeIndex{7}), NodeIndex{3});
  EXPECT_EQ(Right(NodeIndex{7}), NodeIndex{11});
  EXPECT_EQ(Left(NodeIndex{13}), NodeIndex{12});
  EXPECT_EQ(Right(NodeIndex{13}), NodeIndex{14});
  EXPECT_EQ(Left(NodeIndex{4}), std::nullopt);
  EXPECT_EQ(Right(NodeIndex{4}), std::nullopt);
}

TEST(TreeMathTest, ParentAndSiblingOfTheRootAreAbsent) {
  EXPECT_EQ(Parent(NodeIndex{7}, kEight), std::nullopt);
  EXPECT_EQ(Sibling(NodeIndex{7}, kEight), std::nullopt);
  EXPECT_EQ(Parent(NodeIndex{0}, LeafCount{1}), std::nullopt);
}

TEST(TreeMathTest, EveryChildKnowsItsParentAndSibling) {
  for (uint32_t i = 1; i < NodeCount(kEight); i += 2) {
    SCOPED_TRACE(i);
    const NodeIndex node{i};
    EXPECT_EQ(Parent(*Left(node), kEight), node);
    EXPECT_EQ(Parent(*Right(node), kEight), node);
    EXPECT_EQ(Sibling(*Left(node), kEight), Right(node));
    EXPECT_EQ(Sibling(*Right(node), kEight), Left(node));
  }
}

TEST(TreeMathTest, DirectPathEndsAtTheRoot) {
  EXPECT_THAT(DirectPath(LeafIndex{5}, kEight),
              ElementsAre(NodeIndex{9}, NodeIndex{11}, NodeIndex{7}));
  EXPECT_THAT(DirectPath(LeafIndex{0}, LeafCount{1}), IsEmpty());
}

TEST(TreeMathTest, IndicesStayWhenTheTreeGrows) {
  EXPECT_EQ(Parent(NodeIndex{2}, kEight), Parent(NodeIndex{2}, LeafCount{16}));
  EXPECT_EQ(Root(kEight), NodeIndex{7});
  EXPECT_EQ(Root(LeafCount{16}), NodeIndex{15});
}

TEST(TreeMathTest, FullTreeIsTheNextPowerOfTwo) {
  EXPECT_EQ(FullTreeFor(1), LeafCount{1});
  EXPECT_EQ(FullTreeFor(2), LeafCount{2});
  EXPECT_EQ(FullTreeFor(5), kEight);
  EXPECT_EQ(FullTreeFor(kRoomDevicesMax), kTreeLeavesMax);
}

TEST(TreeMathTest, SubtreeReachesFromItsFirstToItsLastLeaf) {
  EXPECT_TRUE(IsInSubtree(NodeIndex{11}, NodeIndex{11}));
  EXPECT_TRUE(IsInSubtree(NodeIndex{8}, NodeIndex{11}));
  EXPECT_TRUE(IsInSubtree(NodeIndex{14}, NodeIndex{11}));
  EXPECT_FALSE(IsInSubtree(NodeIndex{7}, NodeIndex{11}));
  EXPECT_FALSE(IsInSubtree(NodeIndex{6}, NodeIndex{11}));
  EXPECT_FALSE(IsInSubtree(NodeIndex{2}, NodeIndex{0}));
}

TEST(TreeMathTest, CommonAncestorIsTheLowestNodeOnBothPaths) {
  for (uint32_t a = 0; a < kEight.value; ++a) {
    for (uint32_t b = 0; b < kEight.value; ++b) {
      if (a == b) continue;
      SCOPED_TRACE(a * 100 + b);
      const auto path = DirectPath(LeafIndex{a}, kEight);
      const auto lowest =
          std::find_if(path.begin(), path.end(), [b](NodeIndex node) {
            return IsInSubtree(NodeOf(LeafIndex{b}), node);
          });
      EXPECT_EQ(CommonAncestor(LeafIndex{a}, LeafIndex{b}), *lowest);
    }
  }
}

TEST(TreeMathTest, CommonAncestorOfALeafAndItselfIsTheLeaf) {
  EXPECT_EQ(CommonAncestor(LeafIndex{3}, LeafIndex{3}), NodeIndex{6});
}

TEST(TreeMathDeathTest, IndexOutsideTheTreeStopsTheProgram) {
  EXPECT_DEATH(Parent(NodeIndex{15}, kEight), "tree_math");
  EXPECT_DEATH(LeafOf(NodeIndex{1}), "tree_math");
  EXPECT_DEATH(Root(LeafCount{3}), "tree_math");
  EXPECT_DEATH(LeftChild(NodeIndex{2}), "tree_math");
}

}  // namespace
}  // namespace cordon::mls
