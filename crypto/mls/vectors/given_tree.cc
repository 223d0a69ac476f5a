#include "crypto/mls/vectors/given_tree.h"

#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_nodes.h"
#include "crypto/mls/vectors/fields.h"
#include "crypto/prim/hash.h"

namespace cordon::mls::vectors {

DeviceId DeviceOf(const LeafNode& leaf) {
  return DeviceId(Sha256(leaf.signature_key));
}

absl::StatusOr<RatchetTree> ReadTree(ByteSpan bytes) {
  CORDON_ASSIGN_OR_RETURN(TreeNodes nodes, ParseTreeNodes(bytes));
  std::vector<DeviceId> devices;
  for (const Node& node : nodes) {
    if (const auto* leaf = std::get_if<LeafNode>(&node)) {
      devices.push_back(DeviceOf(*leaf));
    }
  }
  CORDON_ASSIGN_OR_RETURN(RatchetTree tree,
                          RatchetTree::FromNodes(std::move(nodes), devices));
  CORDON_RETURN_IF_ERROR(
      ExpectEqual("tree written again", codec::Serialize(tree), bytes));
  return tree;
}

}  // namespace cordon::mls::vectors
