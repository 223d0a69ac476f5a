#ifndef CORDON_CRYPTO_MLS_UPDATE_PATH_H_
#define CORDON_CRYPTO_MLS_UPDATE_PATH_H_

// What everybody, also without secrets, does with the path of a commit: check
// it against the tree and merge it. RFC 9420, sections 7.5, 7.6 and 12.4.2.
//
// What is left to members is opening the path secrets (tree_kem.h): a path that
// passes here may still carry ciphertexts that nobody can open.
// Threads: pure functions.
// Errors: kInvalidArgument and kUnauthenticated, with why; what the credential
// checker says, as said.

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"

namespace cordon::mls {

// Whose path it is and where it goes. Borrowed for one call.
struct PathPlace {
  ByteSpan group_id;
  // The committer's leaf; in an external commit the one ReserveLeaf gave.
  LeafIndex sender;
  // Leaves that this commit adds: path secrets are not encrypted to them.
  absl::Span<const LeafIndex> added;
  // The credential that the path's leaf follows; null if it follows none.
  const Credential* former = nullptr;
};

// PathRecipients lists, for each step of the filtered direct path, the nodes
// its secret is encrypted to: the copath's resolution without `added` leaves.
std::vector<std::vector<NodeIndex>> PathRecipients(
    const RatchetTree& tree, LeafIndex sender,
    absl::Span<const LeafIndex> added);

// MergePath checks `path` and returns `tree`, to which the commit's proposals
// are applied already, with the path merged in.
absl::StatusOr<RatchetTree> MergePath(const RatchetTree& tree,
                                      const UpdatePath& path,
                                      const PathPlace& place,
                                      const LeafRules& rules);

// MergeKeys is the part of MergePath about keys and hashes: no signature, no
// credential. For vectors and for those who checked the leaf on their own.
absl::StatusOr<RatchetTree> MergeKeys(const RatchetTree& tree,
                                      const UpdatePath& path,
                                      const PathPlace& place,
                                      const DeviceId& device);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_UPDATE_PATH_H_
