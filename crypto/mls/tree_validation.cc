#include "crypto/mls/tree_validation.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_nodes.h"
#include "crypto/prim/hash.h"

namespace cordon::mls {
namespace {

// The part of `leaves` (increasing) that lies below `top`.
std::vector<LeafIndex> Below(const std::vector<LeafIndex>& leaves,
                             NodeIndex top) {
  std::vector<LeafIndex> below;
  std::copy_if(
      leaves.begin(), leaves.end(), std::back_inserter(below),
      [top](LeafIndex leaf) { return IsInSubtree(NodeOf(leaf), top); });
  return below;
}

// UpdatedWith is the node under `child` that was in one UpdatePath with a
// parent of these unmerged leaves: all the rest of the child's resolution came
// later.
std::optional<NodeIndex> UpdatedWith(const RatchetTree& tree, NodeIndex child,
                                     const std::vector<LeafIndex>& unmerged) {
  const std::vector<NodeIndex> resolution = tree.Resolution(child);
  const std::vector<LeafIndex> later = Below(unmerged, child);
  if (resolution.size() != later.size() + 1) return std::nullopt;
  std::optional<NodeIndex> merged;
  for (const NodeIndex node : resolution) {
    if (IsLeaf(node) &&
        std::binary_search(later.begin(), later.end(), LeafOf(node))) {
      continue;
    }
    if (merged.has_value()) return std::nullopt;
    merged = node;
  }
  return merged;
}

ByteSpan ParentHashIn(const RatchetTree& tree, NodeIndex node) {
  if (!IsLeaf(node)) return tree.Parent(node)->parent_hash;
  const LeafNode& leaf = tree.Member(LeafOf(node))->leaf;
  return leaf.source == LeafNodeSource::kCommit ? ByteSpan(leaf.parent_hash)
                                                : ByteSpan();
}

bool IsValidThrough(const RatchetTree& tree, NodeIndex node, NodeIndex child,
                    NodeIndex sibling) {
  const ParentNode& parent = *tree.Parent(node);
  const auto updated = UpdatedWith(tree, child, parent.unmerged_leaves);
  if (!updated.has_value()) return false;
  const Digest original =
      tree.HashWithout(sibling, Below(parent.unmerged_leaves, sibling));
  return Equal(ParentHashIn(tree, *updated), ParentHash(parent, original));
}

// SupportsTypesOf: the leaf supports every type of credential in the tree.
bool SupportsTypesOf(const RatchetTree& tree, LeafIndex leaf) {
  const Capabilities& able = tree.Member(leaf)->leaf.capabilities;
  return std::all_of(
      tree.credential_types().begin(), tree.credential_types().end(),
      [&able](const auto& entry) { return able.Supports(entry.first); });
}

}  // namespace

absl::StatusOr<RatchetTree> ValidateTree(TreeNodes nodes, ByteSpan group_id,
                                         const LeafRules& rules) {
  std::vector<DeviceId> devices;
  for (size_t i = 0; i < nodes.size(); i += 2) {
    const auto* const leaf = std::get_if<LeafNode>(&nodes[i]);
    if (leaf == nullptr) continue;
    const NodeIndex node{static_cast<uint32_t>(i)};
    CORDON_RETURN_IF_ERROR(VerifyLeafSignature(
        *leaf, {.group_id = group_id, .index = LeafOf(node)}));
    CORDON_ASSIGN_OR_RETURN(const DeviceId device, ValidateLeaf(*leaf, rules));
    devices.push_back(device);
  }
  CORDON_ASSIGN_OR_RETURN(RatchetTree tree,
                          RatchetTree::FromNodes(std::move(nodes), devices));
  CORDON_RETURN_IF_ERROR(CheckCredentialTypes(tree));
  CORDON_RETURN_IF_ERROR(VerifyParentHashes(tree));
  return tree;
}

absl::Status CheckCredentialTypes(const RatchetTree& tree) {
  return CheckCredentialTypes(tree, tree, tree.Members());
}

absl::Status CheckCredentialTypes(const RatchetTree& before,
                                  const RatchetTree& after,
                                  absl::Span<const LeafIndex> changed) {
  const bool new_type =
      std::any_of(after.credential_types().begin(),
                  after.credential_types().end(), [&before](const auto& entry) {
                    return !before.credential_types().contains(entry.first);
                  });
  const std::vector<LeafIndex> all =
      new_type ? after.Members() : std::vector<LeafIndex>();
  if (new_type) changed = all;
  if (!std::all_of(changed.begin(), changed.end(), [&after](LeafIndex leaf) {
        return SupportsTypesOf(after, leaf);
      })) {
    return absl::InvalidArgumentError(
        "tree: a credential type that a member does not support");
  }
  return absl::OkStatus();
}

absl::Status VerifyParentHashes(const RatchetTree& tree) {
  for (uint32_t i = 1; i < NodeCount(tree.width()); i += 2) {
    const NodeIndex node{i};
    if (tree.Parent(node) == nullptr) continue;
    const NodeIndex left = LeftChild(node);
    const NodeIndex right = RightChild(node);
    // Exactly one side: two members cannot both have set one key.
    if (IsValidThrough(tree, node, left, right) ==
        IsValidThrough(tree, node, right, left)) {
      return absl::InvalidArgumentError("tree: parent hash does not hold");
    }
  }
  return absl::OkStatus();
}

}  // namespace cordon::mls
