#ifndef CORDON_CRYPTO_MLS_RATCHET_TREE_H_
#define CORDON_CRYPTO_MLS_RATCHET_TREE_H_

// The public ratchet tree of one epoch, as a value. RFC 9420, sections 4.1,
// 7.4 to 7.9.
//
// Copying is cheap: nodes never change once made, copies share them, and a
// change makes new nodes on one path only (O(log n)). Tree hashes are computed
// when asked for and kept in the node, so that only changed paths are hashed
// again. Indices by key and by device answer without a walk.
// A tree holds: no two equal encryption keys, signature keys or devices; keys
// of our suite's size; unmerged leaves that are members below their parent; a
// member in the right half. That members are who they say and that parents
// were set by members is checked before (leaf_node.h, tree_validation.h).
// Threads: a const tree may be read and copied from many threads at once.
// Errors: kInvalidArgument for what a peer's proposal or tree got wrong,
// kResourceExhausted beyond kTreeLeavesMax. On error nothing has changed.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/key_index.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_nodes.h"
#include "crypto/prim/hash.h"

namespace cordon::mls {

// A leaf and whose it is (what CredentialChecker::Identify said).
struct TreeMember {
  LeafNode leaf;
  DeviceId device;
};

struct LeafUpdate {
  LeafIndex index;
  TreeMember member;
};

// A node of a filtered direct path and its child that is off the path.
struct PathStep {
  NodeIndex node;
  NodeIndex copath;
};

class RatchetTree {
 public:
  // Create makes the tree of a new group: its creator alone.
  static absl::StatusOr<RatchetTree> Create(TreeMember creator);
  // FromNodes takes the devices of the members in leaf order.
  static absl::StatusOr<RatchetTree> FromNodes(
      TreeNodes nodes, absl::Span<const DeviceId> devices);

  LeafCount width() const { return width_; }
  uint32_t member_count() const;

  // Null for a blank leaf and outside the tree; lives as long as this value.
  const TreeMember* Member(LeafIndex leaf) const;
  const ParentNode* Parent(NodeIndex node) const;
  // Members lists the leaves that are not blank, from left to right.
  std::vector<LeafIndex> Members() const;

  std::optional<LeafIndex> FindDevice(const DeviceId& device) const;
  std::optional<LeafIndex> FindSignatureKey(ByteSpan key) const;
  // The node with this HPKE key, leaf or parent.
  std::optional<NodeIndex> FindEncryptionKey(ByteSpan key) const;
  // How many members use each type of credential.
  const std::map<CredentialType, uint32_t>& credential_types() const {
    return credential_types_;
  }

  // RootHash is GroupContext.tree_hash. `node` is inside the tree.
  Digest RootHash() const { return Hash(Root(width_)); }
  Digest Hash(NodeIndex node) const;
  // HashWithout is the hash as if the leaves `blanked` (increasing) were blank
  // and in no list of unmerged leaves: the "original" hash of 7.9.
  Digest HashWithout(NodeIndex node,
                     const std::vector<LeafIndex>& blanked) const;

  // Section 4.1.1. The public key of a resolution's node is EncryptionKey.
  std::vector<NodeIndex> Resolution(NodeIndex node) const;
  // Null for a blank node.
  const Bytes* EncryptionKey(NodeIndex node) const;
  // Section 4.1.2, from the leaf upward. `leaf` is inside the tree.
  std::vector<PathStep> FilteredDirectPath(LeafIndex leaf) const;

  // Add takes the leftmost blank leaf, widening the tree if there is none, and
  // lists it as unmerged above.
  absl::StatusOr<LeafIndex> Add(TreeMember member);
  // Update replaces all these leaves at once (keys may move between them) and
  // blanks their paths.
  absl::Status Update(std::vector<LeafUpdate> updates);
  // Remove blanks leaf and path and cuts off an empty right half. A tree may
  // lose its last member: an external commit then puts its author there.
  absl::Status Remove(LeafIndex leaf);
  // ReserveLeaf is the leaf that the next Add will take.
  absl::StatusOr<LeafIndex> ReserveLeaf();

  // SetPath blanks the direct path of `leaf` and puts new keys on the filtered
  // one, from the leaf upward (7.5); returns the leaf's parent hash. None of
  // the keys may be in the tree.
  absl::StatusOr<Bytes> SetPath(LeafIndex leaf, absl::Span<const Bytes> keys);
  // SetLeaf completes a path: the committer's new leaf, with a new key.
  absl::Status SetLeaf(LeafIndex leaf, TreeMember member);

  friend void Write(const RatchetTree& tree, codec::Writer& out);

 private:
  struct TreeNode;
  // Owned by every tree value it is part of: the epoch before and the one
  // after share all but a path.
  using NodePtr = std::shared_ptr<const TreeNode>;
  using MemberPtr = std::shared_ptr<const TreeMember>;
  using ParentPtr = std::shared_ptr<const ParentNode>;
  // What becomes of a parent on a path that is being copied; null is blank.
  using EditParent = absl::FunctionRef<ParentPtr(NodeIndex, const ParentPtr&)>;

  RatchetTree(LeafCount width, NodePtr root)
      : width_(width), root_(std::move(root)) {}

  static NodePtr MakeLeaf(MemberPtr member);
  static NodePtr MakeParent(NodePtr left, NodePtr right, ParentPtr content);
  static NodePtr MakeBlank(LeafCount width);
  static NodePtr Build(TreeNodes& nodes, absl::Span<const DeviceId>& devices,
                       NodeIndex top);
  static NodePtr CopyPath(const NodePtr& from, NodeIndex index,
                          NodeIndex changed, const NodePtr& leaf,
                          EditParent edit);
  static const Digest& HashOf(const TreeNode& node, NodeIndex index);
  static Digest HashOfWithout(const TreeNode& node, NodeIndex index,
                              const std::vector<LeafIndex>& blanked);
  static void AppendResolution(const TreeNode& node, NodeIndex index,
                               std::vector<NodeIndex>& out);
  static void AppendMembers(const TreeNode& node, NodeIndex index,
                            std::vector<LeafIndex>& out);
  static NodeIndex LastNode(const TreeNode& node, NodeIndex index);
  static void WriteNodes(const TreeNode& node, NodeIndex index, NodeIndex last,
                         codec::Writer& out);

  // Null outside the tree.
  const TreeNode* At(NodeIndex node) const;
  absl::Status CheckNew(const TreeMember& member) const;
  absl::Status CheckParent(NodeIndex node, const ParentNode& parent) const;
  absl::Status IndexAll();
  bool Enlist(LeafIndex leaf, const TreeMember& member);
  void Strike(const TreeMember& member);
  void Widen();
  void Narrow();
  // Puts `member` (null blanks) at `leaf` and blanks the parents above.
  void ReplaceAndBlankPath(LeafIndex leaf, MemberPtr member);

  LeafCount width_;
  NodePtr root_;
  KeyIndex by_encryption_key_;
  KeyIndex by_signature_key_;
  KeyIndex by_device_;
  std::map<CredentialType, uint32_t> credential_types_;
};

void Write(const RatchetTree& tree, codec::Writer& out);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_RATCHET_TREE_H_
