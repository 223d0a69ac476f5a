// Tree operations: an Add, Update or Remove applied. Its only suite is 1, which
// shares hash and key sizes with ours.

#include <cstdint>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/given_tree.h"
#include "crypto/mls/vectors/kinds.h"

namespace cordon::mls::vectors {
namespace {

absl::Status Apply(const Proposal& proposal, LeafIndex sender,
                   RatchetTree& tree) {
  if (const auto* add = std::get_if<Add>(&proposal)) {
    const LeafNode& leaf = add->key_package.leaf_node;
    return tree.Add({.leaf = leaf, .device = DeviceOf(leaf)}).status();
  }
  if (const auto* remove = std::get_if<Remove>(&proposal)) {
    return tree.Remove(remove->removed);
  }
  if (const auto* update = std::get_if<Update>(&proposal)) {
    const LeafNode& leaf = update->leaf_node;
    return tree.Update({LeafUpdate{
        .index = sender, .member = {.leaf = leaf, .device = DeviceOf(leaf)}}});
  }
  return absl::InvalidArgumentError("neither add, update nor remove");
}

}  // namespace

absl::Status VerifyTreeOperations(const Fields& vector) {
  CORDON_ASSIGN_OR_RETURN(const Bytes before, vector.Hex("tree_before"));
  CORDON_ASSIGN_OR_RETURN(RatchetTree tree, ReadTree(before));
  CORDON_RETURN_IF_ERROR(vector.Expect("tree_hash_before", tree.RootHash()));
  CORDON_ASSIGN_OR_RETURN(const Bytes bytes, vector.Hex("proposal"));
  CORDON_ASSIGN_OR_RETURN(const Proposal proposal, ParseProposal(bytes));
  CORDON_ASSIGN_OR_RETURN(const uint32_t sender,
                          vector.Uint32("proposal_sender"));
  CORDON_RETURN_IF_ERROR(Apply(proposal, LeafIndex{sender}, tree));
  CORDON_RETURN_IF_ERROR(vector.Expect("tree_after", codec::Serialize(tree)));
  return vector.Expect("tree_hash_after", tree.RootHash());
}

}  // namespace cordon::mls::vectors
