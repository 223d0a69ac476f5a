#include "crypto/mls/tree_nodes.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/hash.h"

namespace cordon::mls {
namespace {

constexpr size_t kNodesMax = 2 * size_t{kTreeLeavesMax.value} - 1;

absl::StatusOr<LeafIndex> ReadLeafIndex(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const uint32_t index, in.U32());
  return LeafIndex{index};
}

void Write(const Node& node, codec::Writer& out) {
  out.Present(!std::holds_alternative<BlankNode>(node));
  if (const auto* leaf = std::get_if<LeafNode>(&node)) {
    out.U8(kNodeTypeLeaf);
    Write(*leaf, out);
  } else if (const auto* parent = std::get_if<ParentNode>(&node)) {
    out.U8(kNodeTypeParent);
    Write(*parent, out);
  }
}

absl::StatusOr<Node> ReadNode(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const bool present, in.Present());
  if (!present) return BlankNode{};
  CORDON_ASSIGN_OR_RETURN(const uint8_t type, in.U8());
  if (type == kNodeTypeLeaf) return ReadLeafNode(in);
  if (type == kNodeTypeParent) return ReadParentNode(in);
  return absl::InvalidArgumentError("tree: unknown node type");
}

absl::Status CheckPlaces(const TreeNodes& nodes) {
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (std::holds_alternative<BlankNode>(nodes[i])) continue;
    if (std::holds_alternative<LeafNode>(nodes[i]) != (i % 2 == 0)) {
      return absl::InvalidArgumentError("tree: leaf and parent mixed up");
    }
  }
  if (nodes.empty() || std::holds_alternative<BlankNode>(nodes.back())) {
    return absl::InvalidArgumentError("tree: last node is blank");
  }
  return absl::OkStatus();
}

}  // namespace

void Write(const ParentNode& parent, codec::Writer& out) {
  out.Vector(parent.encryption_key);
  out.Vector(parent.parent_hash);
  out.VectorSize(parent.unmerged_leaves.size() * sizeof(uint32_t));
  for (const LeafIndex leaf : parent.unmerged_leaves) out.U32(leaf.value);
}

absl::StatusOr<ParentNode> ReadParentNode(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan encryption_key, in.Vector());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan parent_hash, in.Vector());
  CORDON_ASSIGN_OR_RETURN(
      auto unmerged,
      codec::ReadVectorOf<LeafIndex>(in, kTreeLeavesMax.value, ReadLeafIndex));
  if (std::adjacent_find(unmerged.begin(), unmerged.end(),
                         std::greater_equal<>()) != unmerged.end()) {
    return absl::InvalidArgumentError("tree: unmerged leaves not increasing");
  }
  return ParentNode{.encryption_key = ToBytes(encryption_key),
                    .parent_hash = ToBytes(parent_hash),
                    .unmerged_leaves = std::move(unmerged)};
}

Digest LeafTreeHash(LeafIndex index, const LeafNode* leaf) {
  codec::Writer input;
  input.U8(kNodeTypeLeaf);
  input.U32(index.value);
  input.Present(leaf != nullptr);
  if (leaf != nullptr) Write(*leaf, input);
  return Sha256(input.bytes());
}

Digest ParentTreeHash(const ParentNode* parent, const Digest& left,
                      const Digest& right) {
  codec::Writer input;
  input.U8(kNodeTypeParent);
  input.Present(parent != nullptr);
  if (parent != nullptr) Write(*parent, input);
  input.Vector(left);
  input.Vector(right);
  return Sha256(input.bytes());
}

Digest ParentHash(const ParentNode& parent, ByteSpan original_sibling_hash) {
  codec::Writer input;
  input.Vector(parent.encryption_key);
  input.Vector(parent.parent_hash);
  input.Vector(original_sibling_hash);
  return Sha256(input.bytes());
}

void Write(const TreeNodes& nodes, codec::Writer& out) {
  out.Nested([&nodes](codec::Writer& content) {
    for (const Node& node : nodes) Write(node, content);
  });
}

absl::StatusOr<TreeNodes> ReadTreeNodes(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(TreeNodes nodes,
                          codec::ReadVectorOf<Node>(in, kNodesMax, ReadNode));
  CORDON_RETURN_IF_ERROR(CheckPlaces(nodes));
  return nodes;
}

absl::StatusOr<TreeNodes> ParseTreeNodes(ByteSpan bytes) {
  return codec::ParseWhole<TreeNodes>(bytes, ReadTreeNodes);
}

}  // namespace cordon::mls
