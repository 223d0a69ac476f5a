#ifndef CORDON_CRYPTO_MLS_VECTORS_GIVEN_TREE_H_
#define CORDON_CRYPTO_MLS_VECTORS_GIVEN_TREE_H_

// The ratchet tree of a vector, in which nobody has a name: a member is whoever
// holds its signature key.

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/ratchet_tree.h"

namespace cordon::mls::vectors {

DeviceId DeviceOf(const LeafNode& leaf);

// ReadTree also demands that the tree is written again as it was read.
absl::StatusOr<RatchetTree> ReadTree(ByteSpan bytes);

}  // namespace cordon::mls::vectors

#endif  // CORDON_CRYPTO_MLS_VECTORS_GIVEN_TREE_H_
