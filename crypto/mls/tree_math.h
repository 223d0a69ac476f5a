#ifndef CORDON_CRYPTO_MLS_TREE_MATH_H_
#define CORDON_CRYPTO_MLS_TREE_MATH_H_

// Where things are in a ratchet tree: indices only, no keys. RFC 9420,
// appendix C.
//
// Trees are full: the number of leaves is a power of two. Nodes are numbered
// from left to right, so leaf i is node 2i, parents are odd, and an index stays
// where it is when the tree grows to the right.
// Threads: pure functions.
// Errors: none. An index outside the tree is a bug of ours and stops the
// program; whoever takes an index from a peer compares it with the size first.

#include <cstdint>
#include <optional>
#include <vector>

#include "crypto/base/limits.h"
#include "crypto/base/number.h"

namespace cordon::mls {

using LeafIndex = Number<struct LeafIndexTag, uint32_t>;
using NodeIndex = Number<struct NodeIndexTag, uint32_t>;
// The number of leaves, blank ones included; a power of two.
using LeafCount = Number<struct LeafCountTag, uint32_t>;

// The smallest full tree that has room for kRoomDevicesMax members.
inline constexpr LeafCount kTreeLeavesMax{8192};
// Levels of that tree, leaves included; bounds every walk up or down.
inline constexpr uint32_t kTreeLevelsMax = 14;
static_assert(kTreeLeavesMax.value >= kRoomDevicesMax);
static_assert(1U << (kTreeLevelsMax - 1) == kTreeLeavesMax.value);

constexpr NodeIndex NodeOf(LeafIndex leaf) {
  return NodeIndex{leaf.value * 2};
}
constexpr bool IsLeaf(NodeIndex node) {
  return node.value % 2 == 0;
}

// LeafOf is the inverse of NodeOf; `node` is a leaf.
LeafIndex LeafOf(NodeIndex node);

// FullTreeFor is the smallest full tree with at least `leaves` leaves.
LeafCount FullTreeFor(uint32_t leaves);

// NodeCount is the number of nodes of a tree, 2n - 1.
uint32_t NodeCount(LeafCount leaves);

NodeIndex Root(LeafCount leaves);

// Level is 0 for leaves and one more than its children's for a parent.
uint32_t Level(NodeIndex node);

// Left and Right are absent for leaves.
std::optional<NodeIndex> Left(NodeIndex node);
std::optional<NodeIndex> Right(NodeIndex node);

// LeftChild and RightChild are for parents only.
NodeIndex LeftChild(NodeIndex parent);
NodeIndex RightChild(NodeIndex parent);

// Parent and Sibling are absent for the root.
std::optional<NodeIndex> Parent(NodeIndex node, LeafCount leaves);
std::optional<NodeIndex> Sibling(NodeIndex node, LeafCount leaves);

// DirectPath lists the parents above `leaf`, the root last.
std::vector<NodeIndex> DirectPath(LeafIndex leaf, LeafCount leaves);

// IsInSubtree says whether `node` is `top` or below it.
bool IsInSubtree(NodeIndex node, NodeIndex top);

// CommonAncestor is the lowest node above both leaves; for one leaf and
// itself, that leaf.
NodeIndex CommonAncestor(LeafIndex a, LeafIndex b);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_TREE_MATH_H_
