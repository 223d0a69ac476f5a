#ifndef CORDON_CRYPTO_MLS_TREE_KEM_H_
#define CORDON_CRYPTO_MLS_TREE_KEM_H_

// TreeKEM, the secret half: a member's private keys on its path, making a new
// path for a commit and following that of another. RFC 9420, sections 7.4 to
// 7.6 and 12.4.
//
// A member knows the private key of its own leaf and of those parents above it
// that were set since it joined; every other key of the tree is public to it.
// Threads: a PathKeys that does not change may be read from many threads.
// Secrets: key pairs, path secrets and commit secrets are in secret types;
// keys that a new path replaces are erased with the last epoch that used them.
// Errors: kInvalidArgument for a path that does not fit the tree, does not open
// or does not give the keys it promises; kFailedPrecondition if this member
// holds no key it could be opened with.

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/base/id.h"
#include "crypto/base/random.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {

// NodeKeyPair is the key pair that a path secret gives its node (7.4).
hpke::KeyPair NodeKeyPair(const Secret& path_secret);
// NextPathSecret is the secret one step further up, after the last node the
// commit secret.
Secret NextPathSecret(const Secret& path_secret);

class PathKeys {
 public:
  PathKeys(LeafIndex self, hpke::KeyPair leaf_key);
  PathKeys(PathKeys&&) noexcept = default;
  PathKeys& operator=(PathKeys&&) noexcept = default;

  // CloneSecret is for the next epoch beside this one; both hold the same keys.
  PathKeys CloneSecret() const;

  LeafIndex self() const { return self_; }
  // Null if this member has no key for `node`.
  const hpke::KeyPair* Find(NodeIndex node) const;
  void Set(NodeIndex node, hpke::KeyPair key);

  // SetFrom takes a path secret for `node` and follows it to the root of
  // `tree`: a joiner's first keys. Every key must be the tree's.
  absl::Status SetFrom(const RatchetTree& tree, NodeIndex node,
                       const Secret& path_secret);

  // Forget erases the keys of nodes that are blank or have another key now.
  void Forget(const RatchetTree& tree);
  // Check: each key belongs to a node on our path that is not blank and has
  // this public key.
  absl::Status Check(const RatchetTree& tree) const;

  // What is written is secret; the caller wipes it.
  friend void Write(const PathKeys& keys, codec::Writer& out);
  friend absl::StatusOr<PathKeys> ReadPathKeys(codec::Reader& in);

 private:
  explicit PathKeys(LeafIndex self) : self_(self) {}

  LeafIndex self_;
  // Owned by the epochs that use a key: the current one and a pending one.
  std::map<NodeIndex, std::shared_ptr<const hpke::KeyPair>> keys_;
};
void Write(const PathKeys& keys, codec::Writer& out);
absl::StatusOr<PathKeys> ReadPathKeys(codec::Reader& in);

// What the maker of a path starts from.
struct PathPlan {
  // With the commit's proposals applied, and in an external commit with the
  // sender's leaf reserved.
  const RatchetTree& tree;
  LeafIndex sender;
  // Leaves that this commit adds.
  absl::Span<const LeafIndex> added;
  // Of the next epoch, with the old transcript hash; CreatePath sets tree_hash.
  const GroupContext& context;
  const Ed25519PrivateKey& signer;
};

struct CreatedPath {
  UpdatePath path;
  RatchetTree tree;  // with the path merged in
  PathKeys keys;
  Secret commit_secret;
  // For each node of the filtered direct path, from the leaf upward.
  std::vector<NodeIndex> nodes;
  std::vector<Secret> path_secrets;

  // SecretFor is what a joiner is told: the secret of the lowest node above
  // both it and the sender.
  const Secret& SecretFor(LeafIndex sender, LeafIndex joiner) const;
};

// CreatePath makes fresh keys from the sender's leaf to the root. `member` is
// what the leaf shall be; its key, source, parent hash and signature are set
// here.
absl::StatusOr<CreatedPath> CreatePath(const PathPlan& plan, TreeMember member,
                                       RandomSource& random);

// What a follower knows. Borrowed for one call.
struct PathView {
  // With the commit's proposals applied, before the path was merged.
  const RatchetTree& before;
  // After.
  const RatchetTree& merged;
  LeafIndex sender;
  absl::Span<const LeafIndex> added;
  // Of the next epoch, with the merged tree's hash and the old transcript hash.
  const GroupContext& context;
};

// The path secret that was encrypted to us, and for which step.
struct OpenedPathSecret {
  size_t step = 0;
  Secret path_secret;
};
absl::StatusOr<OpenedPathSecret> OpenPathSecret(const UpdatePath& path,
                                                const PathView& view,
                                                const PathKeys& keys);

struct FollowedPath {
  PathKeys keys;
  Secret commit_secret;
};
// FollowPath gives the next epoch's keys. `path` must have been merged with
// MergePath, whose result is `view.merged`.
absl::StatusOr<FollowedPath> FollowPath(const UpdatePath& path,
                                        const PathView& view,
                                        const PathKeys& keys);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_TREE_KEM_H_
