#ifndef CORDON_CRYPTO_MLS_TREE_VALIDATION_H_
#define CORDON_CRYPTO_MLS_TREE_VALIDATION_H_

// Believing a ratchet tree that somebody sent. RFC 9420, sections 7.3, 7.9.2
// and 12.4.3.1.
//
// One pass: every leaf is checked once (signature, capabilities, credential),
// duplicates are found by hash, every parent is matched with the one node below
// that was set together with it. Work is O(n log n) hashes at worst, and n
// signatures, which is what one waits for.
// Threads: pure functions; the credential checker is asked on this thread.
// Errors: kInvalidArgument and kUnauthenticated, with why; what the checker
// says, as said.

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_nodes.h"

namespace cordon::mls {

// ValidateTree turns what came in a GroupInfo or beside it into a tree whose
// members are known. The caller compares its RootHash with the GroupContext's
// tree_hash, which says that it is this epoch's tree.
absl::StatusOr<RatchetTree> ValidateTree(TreeNodes nodes, ByteSpan group_id,
                                         const LeafRules& rules);

// VerifyParentHashes: every parent was set by a member below it, in one update
// of its path, for exactly the members then below (7.9.2).
absl::Status VerifyParentHashes(const RatchetTree& tree);

// CheckCredentialTypes: every type of credential in use is one that every
// member supports (7.3).
absl::Status CheckCredentialTypes(const RatchetTree& tree);
// The same when it held for `before` and only the leaves `changed` are new:
// the walk over all members is for a type that nobody used before.
absl::Status CheckCredentialTypes(const RatchetTree& before,
                                  const RatchetTree& after,
                                  absl::Span<const LeafIndex> changed);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_TREE_VALIDATION_H_
