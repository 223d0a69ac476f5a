// Tree math: indices of trees of 1 to 512 leaves.

#include "crypto/mls/tree_math.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "crypto/base/status.h"
#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/kinds.h"

namespace cordon::mls::vectors {
namespace {

// ExpectNodes compares one array of the vector with what `compute` gives.
template <typename Compute>
absl::Status ExpectNodes(const Fields& vector, absl::string_view name,
                         uint32_t nodes, Compute compute) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<Fields> given, vector.Array(name));
  CORDON_RETURN_IF_ERROR(
      Expect(given.size() == nodes, absl::StrCat(name, ": length differs")));
  for (uint32_t i = 0; i < nodes; ++i) {
    const std::optional<NodeIndex> computed = compute(NodeIndex{i});
    const Json shown = computed.has_value() ? Json(computed->value) : Json();
    CORDON_RETURN_IF_ERROR(Expect(given[i].json() == shown,
                                  absl::StrCat(name, " of ", i, " differs")));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status VerifyTreeMath(const Fields& vector) {
  CORDON_ASSIGN_OR_RETURN(const uint32_t n_leaves, vector.Uint32("n_leaves"));
  const LeafCount leaves = FullTreeFor(n_leaves);
  CORDON_RETURN_IF_ERROR(Expect(leaves.value == n_leaves && n_leaves > 0,
                                "n_leaves: not a full tree"));
  const uint32_t nodes = NodeCount(leaves);
  CORDON_RETURN_IF_ERROR(vector.Expect("n_nodes", uint64_t{nodes}));
  CORDON_RETURN_IF_ERROR(vector.Expect("root", uint64_t{Root(leaves).value}));
  CORDON_RETURN_IF_ERROR(ExpectNodes(vector, "left", nodes, Left));
  CORDON_RETURN_IF_ERROR(ExpectNodes(vector, "right", nodes, Right));
  CORDON_RETURN_IF_ERROR(
      ExpectNodes(vector, "parent", nodes,
                  [leaves](NodeIndex node) { return Parent(node, leaves); }));
  return ExpectNodes(vector, "sibling", nodes, [leaves](NodeIndex node) {
    return Sibling(node, leaves);
  });
}

}  // namespace cordon::mls::vectors
