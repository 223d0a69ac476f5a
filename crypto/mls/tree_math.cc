#include "crypto/mls/tree_math.h"

#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "crypto/base/check.h"

namespace cordon::mls {
namespace {

void CheckInside(NodeIndex node, LeafCount leaves) {
  CORDON_CHECK(std::has_single_bit(leaves.value));
  CORDON_CHECK(node.value < NodeCount(leaves));
}

}  // namespace

LeafIndex LeafOf(NodeIndex node) {
  CORDON_CHECK(IsLeaf(node));
  return LeafIndex{node.value / 2};
}

LeafCount FullTreeFor(uint32_t leaves) {
  return LeafCount{std::bit_ceil(leaves)};
}

uint32_t NodeCount(LeafCount leaves) {
  return 2 * leaves.value - 1;
}

NodeIndex Root(LeafCount leaves) {
  CORDON_CHECK(std::has_single_bit(leaves.value));
  return NodeIndex{leaves.value - 1};
}

uint32_t Level(NodeIndex node) {
  return static_cast<uint32_t>(std::countr_one(node.value));
}

std::optional<NodeIndex> Left(NodeIndex node) {
  if (IsLeaf(node)) return std::nullopt;
  return LeftChild(node);
}

std::optional<NodeIndex> Right(NodeIndex node) {
  if (IsLeaf(node)) return std::nullopt;
  return RightChild(node);
}

NodeIndex LeftChild(NodeIndex parent) {
  CORDON_CHECK(!IsLeaf(parent));
  return NodeIndex{parent.value ^ 1U << (Level(parent) - 1)};
}

NodeIndex RightChild(NodeIndex parent) {
  CORDON_CHECK(!IsLeaf(parent));
  return NodeIndex{parent.value ^ 3U << (Level(parent) - 1)};
}

std::optional<NodeIndex> Parent(NodeIndex node, LeafCount leaves) {
  CheckInside(node, leaves);
  if (node == Root(leaves)) return std::nullopt;
  const uint32_t level = Level(node);
  const uint32_t side = node.value >> (level + 1) & 1;
  return NodeIndex{(node.value | 1U << level) ^ side << (level + 1)};
}

std::optional<NodeIndex> Sibling(NodeIndex node, LeafCount leaves) {
  CheckInside(node, leaves);
  if (node == Root(leaves)) return std::nullopt;
  return NodeIndex{node.value ^ 2U << Level(node)};
}

std::vector<NodeIndex> DirectPath(LeafIndex leaf, LeafCount leaves) {
  std::vector<NodeIndex> path;
  for (auto node = Parent(NodeOf(leaf), leaves); node.has_value();
       node = Parent(*node, leaves)) {
    path.push_back(*node);
  }
  return path;
}

bool IsInSubtree(NodeIndex node, NodeIndex top) {
  const uint32_t reach = (1U << Level(top)) - 1;
  return node.value + reach >= top.value && node.value <= top.value + reach;
}

NodeIndex CommonAncestor(LeafIndex a, LeafIndex b) {
  // The highest bit in which the leaves differ tells the ancestor's level.
  const auto level = std::bit_width(a.value ^ b.value);
  const uint32_t first = a.value >> level << level;
  return NodeIndex{2 * first + (1U << level) - 1};
}

}  // namespace cordon::mls
