#ifndef CORDON_TESTS_UNIT_CRYPTO_MLS_NAIVE_TREE_H_
#define CORDON_TESTS_UNIT_CRYPTO_MLS_NAIVE_TREE_H_

// The ratchet tree once more, as the RFC's text tells it and as slowly as that:
// an array of nodes (appendix C), every hash computed anew, nothing remembered.
// What RatchetTree is compared with.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_nodes.h"
#include "crypto/prim/hash.h"

namespace cordon::mls {

class NaiveTree {
 public:
  explicit NaiveTree(LeafNode creator) { nodes_.emplace_back(creator); }

  LeafCount width() const {
    return LeafCount{static_cast<uint32_t>(nodes_.size() / 2 + 1)};
  }
  bool Occupied(LeafIndex leaf) const {
    return std::holds_alternative<LeafNode>(nodes_[NodeOf(leaf).value]);
  }
  std::vector<LeafIndex> Members() const {
    std::vector<LeafIndex> members;
    for (uint32_t i = 0; i < width().value; ++i) {
      if (Occupied(LeafIndex{i})) members.push_back(LeafIndex{i});
    }
    return members;
  }

  // Section 12.1.1.
  LeafIndex Add(LeafNode leaf) {
    uint32_t free = 0;
    while (free < width().value && Occupied(LeafIndex{free})) ++free;
    if (free == width().value) nodes_.resize(nodes_.size() * 2 + 1);
    for (const NodeIndex node : DirectPath(LeafIndex{free}, width())) {
      if (ParentNode* parent = ParentAt(node)) {
        parent->unmerged_leaves.push_back(LeafIndex{free});
        std::sort(parent->unmerged_leaves.begin(),
                  parent->unmerged_leaves.end());
      }
    }
    nodes_[NodeOf(LeafIndex{free}).value] = std::move(leaf);
    return LeafIndex{free};
  }

  // Section 12.1.2.
  void Update(LeafIndex index, LeafNode leaf) {
    nodes_[NodeOf(index).value] = std::move(leaf);
    BlankPath(index);
  }

  // Section 12.1.3.
  void Remove(LeafIndex index) {
    nodes_[NodeOf(index).value] = BlankNode{};
    BlankPath(index);
    while (width().value > 1) {
      const uint32_t half = width().value / 2;
      const auto members = Members();
      if (!members.empty() && members.back().value >= half) break;
      nodes_.resize(nodes_.size() / 2);
    }
  }

  // Section 7.5; returns the leaf's parent hash.
  Bytes SetPath(LeafIndex index, const std::vector<Bytes>& keys) {
    const auto path = FilteredDirectPath(index);
    BlankPath(index);
    Bytes parent_hash;
    for (size_t i = path.size(); i > 0; --i) {
      const auto [node, copath] = path[i - 1];
      ParentNode parent{.encryption_key = keys[i - 1],
                        .parent_hash = parent_hash};
      // ParentHashInput, section 7.9.
      codec::Writer input;
      input.Vector(parent.encryption_key);
      input.Vector(parent.parent_hash);
      input.Vector(Hash(copath));
      const Digest hash = Sha256(input.bytes());
      parent_hash = ToBytes(hash);
      nodes_[node.value] = std::move(parent);
    }
    return parent_hash;
  }
  void SetLeaf(LeafIndex index, LeafNode leaf) {
    nodes_[NodeOf(index).value] = std::move(leaf);
  }

  // Section 4.1.1.
  std::vector<NodeIndex> Resolution(NodeIndex node) const {
    if (const ParentNode* parent = ParentAt(node)) {
      std::vector<NodeIndex> resolution = {node};
      for (const LeafIndex leaf : parent->unmerged_leaves) {
        resolution.push_back(NodeOf(leaf));
      }
      return resolution;
    }
    if (IsLeaf(node)) {
      return Occupied(LeafOf(node)) ? std::vector<NodeIndex>{node}
                                    : std::vector<NodeIndex>{};
    }
    std::vector<NodeIndex> resolution = Resolution(LeftChild(node));
    const std::vector<NodeIndex> right = Resolution(RightChild(node));
    resolution.insert(resolution.end(), right.begin(), right.end());
    return resolution;
  }

  // Section 4.1.2: (node, copath child).
  std::vector<std::pair<NodeIndex, NodeIndex>> FilteredDirectPath(
      LeafIndex leaf) const {
    std::vector<std::pair<NodeIndex, NodeIndex>> path;
    NodeIndex below = NodeOf(leaf);
    for (const NodeIndex node : DirectPath(leaf, width())) {
      const NodeIndex copath =
          LeftChild(node) == below ? RightChild(node) : LeftChild(node);
      if (!Resolution(copath).empty()) path.emplace_back(node, copath);
      below = node;
    }
    return path;
  }

  // Section 7.8.
  Digest Hash(NodeIndex node) const {
    codec::Writer input;
    if (IsLeaf(node)) {
      const auto* leaf = std::get_if<LeafNode>(&nodes_[node.value]);
      input.U8(1);
      input.U32(LeafOf(node).value);
      input.U8(leaf == nullptr ? 0 : 1);
      if (leaf != nullptr) Write(*leaf, input);
      return Sha256(input.bytes());
    }
    const ParentNode* parent = ParentAt(node);
    input.U8(2);
    input.U8(parent == nullptr ? 0 : 1);
    if (parent != nullptr) Write(*parent, input);
    input.Vector(Hash(LeftChild(node)));
    input.Vector(Hash(RightChild(node)));
    return Sha256(input.bytes());
  }

  // Section 7.9: the hash of a subtree with these leaves blanked.
  Digest HashWithout(NodeIndex node, std::vector<LeafIndex> blanked) const {
    NaiveTree copy = *this;
    for (const LeafIndex leaf : blanked) {
      copy.nodes_[NodeOf(leaf).value] = BlankNode{};
      for (const NodeIndex above : DirectPath(leaf, width())) {
        if (ParentNode* parent = copy.ParentAt(above)) {
          std::erase(parent->unmerged_leaves, leaf);
        }
      }
    }
    return copy.Hash(node);
  }

  // Section 12.4.3.3.
  Bytes Encoded() const {
    TreeNodes nodes = nodes_;
    while (std::holds_alternative<BlankNode>(nodes.back())) nodes.pop_back();
    return codec::Serialize(nodes);
  }

  const ParentNode* ParentAt(NodeIndex node) const {
    return std::get_if<ParentNode>(&nodes_[node.value]);
  }

 private:
  ParentNode* ParentAt(NodeIndex node) {
    return std::get_if<ParentNode>(&nodes_[node.value]);
  }
  void BlankPath(LeafIndex leaf) {
    for (const NodeIndex node : DirectPath(leaf, width())) {
      nodes_[node.value] = BlankNode{};
    }
  }

  TreeNodes nodes_;
};

}  // namespace cordon::mls

#endif  // CORDON_TESTS_UNIT_CRYPTO_MLS_NAIVE_TREE_H_
