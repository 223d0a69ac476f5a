#include "crypto/mls/update_path.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_validation.h"

namespace cordon::mls {
namespace {

absl::Status CheckCiphertextCounts(const RatchetTree& tree,
                                   const UpdatePath& path,
                                   const PathPlace& place) {
  const auto recipients = PathRecipients(tree, place.sender, place.added);
  if (recipients.size() != path.nodes.size()) {
    return absl::InvalidArgumentError("path: not as long as the filtered path");
  }
  for (size_t i = 0; i < recipients.size(); ++i) {
    if (path.nodes[i].encrypted_path_secret.size() != recipients[i].size()) {
      return absl::InvalidArgumentError("path: wrong number of ciphertexts");
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<std::vector<NodeIndex>> PathRecipients(
    const RatchetTree& tree, LeafIndex sender,
    absl::Span<const LeafIndex> added) {
  std::vector<NodeIndex> excluded;
  excluded.reserve(added.size());
  for (const LeafIndex leaf : added) excluded.push_back(NodeOf(leaf));
  std::sort(excluded.begin(), excluded.end());
  std::vector<std::vector<NodeIndex>> recipients;
  for (const PathStep& step : tree.FilteredDirectPath(sender)) {
    std::vector<NodeIndex> nodes = tree.Resolution(step.copath);
    std::erase_if(nodes, [&excluded](NodeIndex node) {
      return std::binary_search(excluded.begin(), excluded.end(), node);
    });
    recipients.push_back(std::move(nodes));
  }
  return recipients;
}

absl::StatusOr<RatchetTree> MergeKeys(const RatchetTree& tree,
                                      const UpdatePath& path,
                                      const PathPlace& place,
                                      const DeviceId& device) {
  CORDON_RETURN_IF_ERROR(CheckCiphertextCounts(tree, path, place));
  if (tree.FindEncryptionKey(path.leaf_node.encryption_key).has_value()) {
    return absl::InvalidArgumentError("path: leaf's key is not new");
  }
  std::vector<Bytes> keys;
  keys.reserve(path.nodes.size());
  for (const UpdatePathNode& node : path.nodes) {
    keys.push_back(node.encryption_key);
  }
  RatchetTree merged = tree;
  CORDON_ASSIGN_OR_RETURN(const Bytes parent_hash,
                          merged.SetPath(place.sender, keys));
  if (path.leaf_node.parent_hash != parent_hash) {
    return absl::InvalidArgumentError("path: wrong parent hash");
  }
  CORDON_RETURN_IF_ERROR(merged.SetLeaf(
      place.sender, TreeMember{.leaf = path.leaf_node, .device = device}));
  return merged;
}

absl::StatusOr<RatchetTree> MergePath(const RatchetTree& tree,
                                      const UpdatePath& path,
                                      const PathPlace& place,
                                      const LeafRules& rules) {
  const LeafNode& leaf = path.leaf_node;
  if (leaf.source != LeafNodeSource::kCommit) {
    return absl::InvalidArgumentError("path: leaf not made for a commit");
  }
  CORDON_RETURN_IF_ERROR(VerifyLeafSignature(
      leaf, {.group_id = place.group_id, .index = place.sender}));
  CORDON_ASSIGN_OR_RETURN(const DeviceId device, ValidateLeaf(leaf, rules));
  if (place.former != nullptr) {
    CORDON_RETURN_IF_ERROR(
        rules.checker.CheckSuccessor(*place.former, leaf.credential));
  }
  CORDON_ASSIGN_OR_RETURN(RatchetTree merged,
                          MergeKeys(tree, path, place, device));
  CORDON_RETURN_IF_ERROR(CheckCredentialTypes(tree, merged, {place.sender}));
  return merged;
}

}  // namespace cordon::mls
