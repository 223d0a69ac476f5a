// Tree validation: resolutions, tree hashes, parent hashes, leaf signatures.

#include "crypto/mls/tree_validation.h"

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/given_tree.h"
#include "crypto/mls/vectors/kinds.h"

namespace cordon::mls::vectors {
namespace {

absl::Status VerifyNode(const RatchetTree& tree, NodeIndex node,
                        const Fields& hash, const Fields& resolution) {
  CORDON_ASSIGN_OR_RETURN(const Bytes given, hash.AsHex());
  CORDON_RETURN_IF_ERROR(ExpectEqual(absl::StrCat("tree hash of ", node.value),
                                     tree.Hash(node), given));
  Json computed = Json::array();
  for (const NodeIndex each : tree.Resolution(node)) {
    computed.push_back(each.value);
  }
  return Expect(computed == resolution.json(),
                absl::StrCat("resolution of ", node.value, " differs"));
}

}  // namespace

absl::Status VerifyTreeValidation(const Fields& vector) {
  CORDON_RETURN_IF_ERROR(CheckSuite(vector));
  CORDON_ASSIGN_OR_RETURN(const Bytes bytes, vector.Hex("tree"));
  CORDON_ASSIGN_OR_RETURN(const Bytes group_id, vector.Hex("group_id"));
  CORDON_ASSIGN_OR_RETURN(const auto hashes, vector.Array("tree_hashes"));
  CORDON_ASSIGN_OR_RETURN(const auto resolutions, vector.Array("resolutions"));
  CORDON_ASSIGN_OR_RETURN(const RatchetTree tree, ReadTree(bytes));
  const uint32_t nodes = NodeCount(tree.width());
  CORDON_RETURN_IF_ERROR(
      Expect(hashes.size() == nodes && resolutions.size() == nodes,
             "tree_hashes or resolutions: length differs"));
  for (uint32_t i = 0; i < nodes; ++i) {
    CORDON_RETURN_IF_ERROR(
        VerifyNode(tree, NodeIndex{i}, hashes[i], resolutions[i]));
  }
  for (const LeafIndex leaf : tree.Members()) {
    CORDON_RETURN_IF_ERROR(VerifyLeafSignature(
        tree.Member(leaf)->leaf, {.group_id = group_id, .index = leaf}));
  }
  return VerifyParentHashes(tree);
}

}  // namespace cordon::mls::vectors
