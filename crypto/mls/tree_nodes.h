#ifndef CORDON_CRYPTO_MLS_TREE_NODES_H_
#define CORDON_CRYPTO_MLS_TREE_NODES_H_

// A ratchet tree as it travels: a list of optional nodes from left to right.
// RFC 9420, sections 7.1 and 12.4.3.3.
//
//   struct { opaque encryption_key<V>; opaque parent_hash<V>;
//            uint32 unmerged_leaves<V>; } ParentNode;
//   struct { uint8 node_type; select { leaf: LeafNode; parent: ParentNode; } }
//   optional<Node> ratchet_tree<V>;
//
// The codec knows the shape only: leaves at even places, parents at odd ones,
// the last entry not blank, keys of any size. What the nodes must be to each
// other is tree_validation.h's to say.
// Threads: values and pure functions.
// Errors: kInvalidArgument for what does not parse, and for a tree wider than
// kTreeLeavesMax.

#include <cstdint>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/hash.h"

namespace cordon::mls {

// NodeType, in a tree and in what is hashed.
inline constexpr uint8_t kNodeTypeLeaf = 1;
inline constexpr uint8_t kNodeTypeParent = 2;

struct ParentNode {
  Bytes encryption_key;
  Bytes parent_hash = {};
  std::vector<LeafIndex> unmerged_leaves = {};  // increasing

  friend bool operator==(const ParentNode&, const ParentNode&) = default;
};

void Write(const ParentNode& parent, codec::Writer& out);
// ReadParentNode refuses unmerged leaves that are not strictly increasing.
absl::StatusOr<ParentNode> ReadParentNode(codec::Reader& in);

// Tree hashes of one node (7.8); null for a blank one.
Digest LeafTreeHash(LeafIndex index, const LeafNode* leaf);
Digest ParentTreeHash(const ParentNode* parent, const Digest& left,
                      const Digest& right);

// ParentHash is the hash that the nodes below `parent` on a path carry (7.9):
//   struct { opaque encryption_key<V>; opaque parent_hash<V>;
//            opaque original_sibling_tree_hash<V>; } ParentHashInput;
Digest ParentHash(const ParentNode& parent, ByteSpan original_sibling_hash);

struct BlankNode {
  friend bool operator==(const BlankNode&, const BlankNode&) = default;
};
using Node = std::variant<BlankNode, LeafNode, ParentNode>;
// Without trailing blanks.
using TreeNodes = std::vector<Node>;

void Write(const TreeNodes& nodes, codec::Writer& out);
absl::StatusOr<TreeNodes> ReadTreeNodes(codec::Reader& in);
absl::StatusOr<TreeNodes> ParseTreeNodes(ByteSpan bytes);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_TREE_NODES_H_
