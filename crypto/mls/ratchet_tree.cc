#include "crypto/mls/ratchet_tree.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/base/call_once.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_nodes.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/kem_x25519.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {
namespace {

// Recursion below goes down a tree of at most kTreeLevelsMax levels.

absl::Status Duplicate() {
  return absl::InvalidArgumentError("tree: key or device is there already");
}

absl::Status NoMember() {
  return absl::InvalidArgumentError("tree: leaf is blank");
}

absl::Status CheckSizes(const LeafNode& leaf) {
  if (leaf.encryption_key.size() != kX25519KeyBytes ||
      leaf.signature_key.size() != kEd25519PublicKeyBytes) {
    return absl::InvalidArgumentError("tree: key of a wrong size");
  }
  return absl::OkStatus();
}

}  // namespace

struct RatchetTree::TreeNode {
  NodePtr left;
  NodePtr right;
  MemberPtr member;  // of a leaf; null if blank
  ParentPtr parent;  // of a parent; null if blank
  uint32_t members = 0;
  bool all_blank = true;  // no node at or below has content

  // Many threads may ask one node for its hash first.
  mutable absl::once_flag hashed;
  mutable Digest hash{};
};

// ---- making nodes -----------------------------------------------------------

RatchetTree::NodePtr RatchetTree::MakeLeaf(MemberPtr member) {
  auto node = std::make_shared<TreeNode>();
  node->all_blank = member == nullptr;
  node->members = member == nullptr ? 0 : 1;
  node->member = std::move(member);
  return node;
}

RatchetTree::NodePtr RatchetTree::MakeParent(NodePtr left, NodePtr right,
                                             ParentPtr content) {
  auto node = std::make_shared<TreeNode>();
  node->members = left->members + right->members;
  node->all_blank = left->all_blank && right->all_blank && content == nullptr;
  node->left = std::move(left);
  node->right = std::move(right);
  node->parent = std::move(content);
  return node;
}

RatchetTree::NodePtr RatchetTree::MakeBlank(LeafCount width) {
  if (width.value == 1) return MakeLeaf(nullptr);
  const LeafCount half{width.value / 2};
  return MakeParent(MakeBlank(half), MakeBlank(half), nullptr);
}

// Build takes nodes from left to right, and with each leaf the next device.
RatchetTree::NodePtr RatchetTree::Build(TreeNodes& nodes,
                                        absl::Span<const DeviceId>& devices,
                                        NodeIndex top) {
  Node* const here = top.value < nodes.size() ? &nodes[top.value] : nullptr;
  if (IsLeaf(top)) {
    auto* const leaf = here == nullptr ? nullptr : std::get_if<LeafNode>(here);
    if (leaf == nullptr) return MakeLeaf(nullptr);
    TreeMember member{.leaf = std::move(*leaf), .device = devices.front()};
    devices.remove_prefix(1);
    return MakeLeaf(std::make_shared<const TreeMember>(std::move(member)));
  }
  NodePtr left = Build(nodes, devices, LeftChild(top));
  NodePtr right = Build(nodes, devices, RightChild(top));
  ParentPtr content;
  if (here != nullptr && std::holds_alternative<ParentNode>(*here)) {
    content = std::make_shared<const ParentNode>(
        std::move(std::get<ParentNode>(*here)));
  }
  return MakeParent(std::move(left), std::move(right), std::move(content));
}

// CopyPath makes new nodes from `index` down to the leaf `changed`.
RatchetTree::NodePtr RatchetTree::CopyPath(const NodePtr& from, NodeIndex index,
                                           NodeIndex changed,
                                           const NodePtr& leaf,
                                           EditParent edit) {
  if (index == changed) return leaf;
  const NodeIndex left = LeftChild(index);
  const bool goes_left = IsInSubtree(changed, left);
  NodePtr child =
      goes_left ? CopyPath(from->left, left, changed, leaf, edit)
                : CopyPath(from->right, RightChild(index), changed, leaf, edit);
  ParentPtr content = edit(index, from->parent);
  return goes_left
             ? MakeParent(std::move(child), from->right, std::move(content))
             : MakeParent(from->left, std::move(child), std::move(content));
}

absl::StatusOr<RatchetTree> RatchetTree::Create(TreeMember creator) {
  CORDON_RETURN_IF_ERROR(CheckSizes(creator.leaf));
  RatchetTree tree(LeafCount{1}, MakeLeaf(nullptr));
  CORDON_RETURN_IF_ERROR(tree.Add(std::move(creator)).status());
  return tree;
}

absl::StatusOr<RatchetTree> RatchetTree::FromNodes(
    TreeNodes nodes, absl::Span<const DeviceId> devices) {
  const auto members = std::count_if(
      nodes.begin(), nodes.end(),
      [](const Node& node) { return std::holds_alternative<LeafNode>(node); });
  CORDON_CHECK(static_cast<size_t>(members) == devices.size());
  const LeafCount width =
      FullTreeFor(static_cast<uint32_t>(nodes.size() / 2 + 1));
  if (width > kTreeLeavesMax) {
    return absl::ResourceExhaustedError("tree: wider than kTreeLeavesMax");
  }
  RatchetTree tree(width, Build(nodes, devices, Root(width)));
  const TreeNode& root = *tree.root_;
  if (root.members == 0 || (width.value > 1 && root.right->members == 0)) {
    return absl::InvalidArgumentError("tree: wider than its members need");
  }
  CORDON_RETURN_IF_ERROR(tree.IndexAll());
  return tree;
}

// ---- looking ----------------------------------------------------------------

uint32_t RatchetTree::member_count() const {
  return root_->members;
}

const RatchetTree::TreeNode* RatchetTree::At(NodeIndex node) const {
  if (node.value >= NodeCount(width_)) return nullptr;
  const TreeNode* at = root_.get();
  for (NodeIndex index = Root(width_); index != node;) {
    const bool goes_left = node < index;
    at = goes_left ? at->left.get() : at->right.get();
    index = goes_left ? LeftChild(index) : RightChild(index);
  }
  return at;
}

const TreeMember* RatchetTree::Member(LeafIndex leaf) const {
  if (leaf.value >= width_.value) return nullptr;
  return At(NodeOf(leaf))->member.get();
}

const ParentNode* RatchetTree::Parent(NodeIndex node) const {
  const TreeNode* const at = At(node);
  return at == nullptr ? nullptr : at->parent.get();
}

const Bytes* RatchetTree::EncryptionKey(NodeIndex node) const {
  const TreeNode* const at = At(node);
  if (at == nullptr) return nullptr;
  if (at->member != nullptr) return &at->member->leaf.encryption_key;
  return at->parent == nullptr ? nullptr : &at->parent->encryption_key;
}

void RatchetTree::AppendMembers(const TreeNode& node, NodeIndex index,
                                std::vector<LeafIndex>& out) {
  if (node.members == 0) return;
  if (IsLeaf(index)) {
    out.push_back(LeafOf(index));
    return;
  }
  AppendMembers(*node.left, LeftChild(index), out);
  AppendMembers(*node.right, RightChild(index), out);
}

std::vector<LeafIndex> RatchetTree::Members() const {
  std::vector<LeafIndex> members;
  members.reserve(root_->members);
  AppendMembers(*root_, Root(width_), members);
  return members;
}

std::optional<LeafIndex> RatchetTree::FindDevice(const DeviceId& device) const {
  const auto found = by_device_.Find(device.span());
  if (!found.has_value()) return std::nullopt;
  return LeafIndex{*found};
}

std::optional<LeafIndex> RatchetTree::FindSignatureKey(ByteSpan key) const {
  const auto found = by_signature_key_.Find(key);
  if (!found.has_value()) return std::nullopt;
  return LeafIndex{*found};
}

std::optional<NodeIndex> RatchetTree::FindEncryptionKey(ByteSpan key) const {
  const auto found = by_encryption_key_.Find(key);
  if (!found.has_value()) return std::nullopt;
  return NodeIndex{*found};
}

void RatchetTree::AppendResolution(const TreeNode& node, NodeIndex index,
                                   std::vector<NodeIndex>& out) {
  if (node.all_blank) return;
  if (node.member != nullptr || node.parent != nullptr) {
    out.push_back(index);
    if (node.parent == nullptr) return;
    for (const LeafIndex leaf : node.parent->unmerged_leaves) {
      out.push_back(NodeOf(leaf));
    }
    return;
  }
  AppendResolution(*node.left, LeftChild(index), out);
  AppendResolution(*node.right, RightChild(index), out);
}

std::vector<NodeIndex> RatchetTree::Resolution(NodeIndex node) const {
  const TreeNode* const at = At(node);
  CORDON_CHECK(at != nullptr);
  std::vector<NodeIndex> resolution;
  AppendResolution(*at, node, resolution);
  return resolution;
}

std::vector<PathStep> RatchetTree::FilteredDirectPath(LeafIndex leaf) const {
  CORDON_CHECK(leaf.value < width_.value);
  std::vector<PathStep> steps;
  const NodeIndex wanted = NodeOf(leaf);
  const TreeNode* at = root_.get();
  for (NodeIndex index = Root(width_); index != wanted;) {
    const bool goes_left = wanted < index;
    const TreeNode& copath = goes_left ? *at->right : *at->left;
    if (!copath.all_blank) {
      steps.push_back(
          {.node = index,
           .copath = goes_left ? RightChild(index) : LeftChild(index)});
    }
    at = goes_left ? at->left.get() : at->right.get();
    index = goes_left ? LeftChild(index) : RightChild(index);
  }
  std::reverse(steps.begin(), steps.end());
  return steps;
}

// ---- hashes -----------------------------------------------------------------

const Digest& RatchetTree::HashOf(const TreeNode& node, NodeIndex index) {
  absl::call_once(node.hashed, [&node, index] {
    if (IsLeaf(index)) {
      node.hash = LeafTreeHash(
          LeafOf(index), node.member == nullptr ? nullptr : &node.member->leaf);
    } else {
      node.hash = ParentTreeHash(node.parent.get(),
                                 HashOf(*node.left, LeftChild(index)),
                                 HashOf(*node.right, RightChild(index)));
    }
  });
  return node.hash;
}

Digest RatchetTree::Hash(NodeIndex node) const {
  const TreeNode* const at = At(node);
  CORDON_CHECK(at != nullptr);
  return HashOf(*at, node);
}

Digest RatchetTree::HashOfWithout(const TreeNode& node, NodeIndex index,
                                  const std::vector<LeafIndex>& blanked) {
  const auto first = std::find_if(
      blanked.begin(), blanked.end(),
      [index](LeafIndex leaf) { return IsInSubtree(NodeOf(leaf), index); });
  if (first == blanked.end()) return HashOf(node, index);
  if (IsLeaf(index)) return LeafTreeHash(LeafOf(index), nullptr);
  const auto last = std::find_if(first, blanked.end(), [index](LeafIndex leaf) {
    return !IsInSubtree(NodeOf(leaf), index);
  });
  // Only what lies below concerns the children: each leaf is looked at once a
  // level.
  const std::vector<LeafIndex> below(first, last);
  const Digest left = HashOfWithout(*node.left, LeftChild(index), below);
  const Digest right = HashOfWithout(*node.right, RightChild(index), below);
  if (node.parent == nullptr) return ParentTreeHash(nullptr, left, right);
  ParentNode parent = *node.parent;
  parent.unmerged_leaves.clear();
  std::set_difference(node.parent->unmerged_leaves.begin(),
                      node.parent->unmerged_leaves.end(), below.begin(),
                      below.end(), std::back_inserter(parent.unmerged_leaves));
  return ParentTreeHash(&parent, left, right);
}

Digest RatchetTree::HashWithout(NodeIndex node,
                                const std::vector<LeafIndex>& blanked) const {
  const TreeNode* const at = At(node);
  CORDON_CHECK(at != nullptr);
  return HashOfWithout(*at, node, blanked);
}

// ---- indices ----------------------------------------------------------------

absl::Status RatchetTree::CheckNew(const TreeMember& member) const {
  CORDON_RETURN_IF_ERROR(CheckSizes(member.leaf));
  if (by_encryption_key_.Find(member.leaf.encryption_key).has_value() ||
      by_signature_key_.Find(member.leaf.signature_key).has_value() ||
      by_device_.Find(member.device.span()).has_value()) {
    return Duplicate();
  }
  return absl::OkStatus();
}

bool RatchetTree::Enlist(LeafIndex leaf, const TreeMember& member) {
  ++credential_types_[member.leaf.credential.type()];
  return by_encryption_key_.Insert(member.leaf.encryption_key,
                                   NodeOf(leaf).value) &&
         by_signature_key_.Insert(member.leaf.signature_key, leaf.value) &&
         by_device_.Insert(member.device.span(), leaf.value);
}

void RatchetTree::Strike(const TreeMember& member) {
  by_encryption_key_.Erase(member.leaf.encryption_key);
  by_signature_key_.Erase(member.leaf.signature_key);
  by_device_.Erase(member.device.span());
  const auto type = credential_types_.find(member.leaf.credential.type());
  if (--type->second == 0) credential_types_.erase(type);
}

// CheckParent is what a tree holds of its parents (12.4.3.1): every unmerged
// leaf is a member below, known to the next parent on the way down as well.
absl::Status RatchetTree::CheckParent(NodeIndex node,
                                      const ParentNode& parent) const {
  if (parent.encryption_key.size() != kX25519KeyBytes) {
    return absl::InvalidArgumentError("tree: key of a wrong size");
  }
  if (At(node)->members == 0) {
    return absl::InvalidArgumentError("tree: parent without a member below");
  }
  for (const LeafIndex leaf : parent.unmerged_leaves) {
    if (!IsInSubtree(NodeOf(leaf), node) || Member(leaf) == nullptr) {
      return absl::InvalidArgumentError(
          "tree: unmerged leaf is no member below");
    }
    const TreeNode* at = At(node);
    for (NodeIndex index = node; Level(index) > 1;) {
      const bool goes_left = NodeOf(leaf) < index;
      at = goes_left ? at->left.get() : at->right.get();
      index = goes_left ? LeftChild(index) : RightChild(index);
      if (at->parent == nullptr) continue;
      if (!std::binary_search(at->parent->unmerged_leaves.begin(),
                              at->parent->unmerged_leaves.end(), leaf)) {
        return absl::InvalidArgumentError("tree: unmerged leaf merged below");
      }
      break;
    }
  }
  return absl::OkStatus();
}

absl::Status RatchetTree::IndexAll() {
  for (const LeafIndex leaf : Members()) {
    const TreeMember& member = *Member(leaf);
    CORDON_RETURN_IF_ERROR(CheckSizes(member.leaf));
    if (!Enlist(leaf, member)) return Duplicate();
  }
  for (uint32_t i = 1; i < NodeCount(width_); i += 2) {
    const ParentNode* const parent = Parent(NodeIndex{i});
    if (parent == nullptr) continue;
    CORDON_RETURN_IF_ERROR(CheckParent(NodeIndex{i}, *parent));
    if (!by_encryption_key_.Insert(parent->encryption_key, i)) {
      return Duplicate();
    }
  }
  return absl::OkStatus();
}

// ---- changing ---------------------------------------------------------------

void RatchetTree::Widen() {
  root_ = MakeParent(root_, MakeBlank(width_), nullptr);
  width_ = LeafCount{width_.value * 2};
}

void RatchetTree::Narrow() {
  while (width_.value > 1 && root_->right->members == 0) {
    root_ = root_->left;
    width_ = LeafCount{width_.value / 2};
  }
}

void RatchetTree::ReplaceAndBlankPath(LeafIndex leaf, MemberPtr member) {
  root_ =
      CopyPath(root_, Root(width_), NodeOf(leaf), MakeLeaf(std::move(member)),
               [this](NodeIndex, const ParentPtr& old) -> ParentPtr {
                 if (old != nullptr) {
                   by_encryption_key_.Erase(old->encryption_key);
                 }
                 return nullptr;
               });
}

absl::StatusOr<LeafIndex> RatchetTree::ReserveLeaf() {
  if (root_->members == width_.value) {
    if (width_ >= kTreeLeavesMax) {
      return absl::ResourceExhaustedError("tree: full at kTreeLeavesMax");
    }
    Widen();
  }
  const TreeNode* at = root_.get();
  NodeIndex index = Root(width_);
  while (!IsLeaf(index)) {
    const bool left_full = at->left->members == 1U << (Level(index) - 1);
    at = left_full ? at->right.get() : at->left.get();
    index = left_full ? RightChild(index) : LeftChild(index);
  }
  return LeafOf(index);
}

absl::StatusOr<LeafIndex> RatchetTree::Add(TreeMember member) {
  CORDON_RETURN_IF_ERROR(CheckNew(member));
  CORDON_ASSIGN_OR_RETURN(const LeafIndex leaf, ReserveLeaf());
  CORDON_CHECK(Enlist(leaf, member));
  root_ = CopyPath(
      root_, Root(width_), NodeOf(leaf),
      MakeLeaf(std::make_shared<const TreeMember>(std::move(member))),
      [leaf](NodeIndex, const ParentPtr& old) -> ParentPtr {
        if (old == nullptr) return nullptr;
        ParentNode parent = *old;
        auto& unmerged = parent.unmerged_leaves;
        unmerged.insert(
            std::lower_bound(unmerged.begin(), unmerged.end(), leaf), leaf);
        return std::make_shared<const ParentNode>(std::move(parent));
      });
  return leaf;
}

absl::Status RatchetTree::Update(std::vector<LeafUpdate> updates) {
  RatchetTree next = *this;
  for (const LeafUpdate& update : updates) {
    const TreeMember* const old = Member(update.index);
    if (old == nullptr) return NoMember();
    next.Strike(*old);
  }
  for (LeafUpdate& update : updates) {
    CORDON_RETURN_IF_ERROR(next.CheckNew(update.member));
    CORDON_CHECK(next.Enlist(update.index, update.member));
    next.ReplaceAndBlankPath(update.index, std::make_shared<const TreeMember>(
                                               std::move(update.member)));
  }
  *this = std::move(next);
  return absl::OkStatus();
}

absl::Status RatchetTree::Remove(LeafIndex leaf) {
  const TreeMember* const member = Member(leaf);
  if (member == nullptr) return NoMember();
  Strike(*member);
  ReplaceAndBlankPath(leaf, nullptr);
  Narrow();
  return absl::OkStatus();
}

absl::StatusOr<Bytes> RatchetTree::SetPath(LeafIndex leaf,
                                           absl::Span<const Bytes> keys) {
  const std::vector<PathStep> steps = FilteredDirectPath(leaf);
  if (keys.size() != steps.size()) {
    return absl::InvalidArgumentError("path: not as long as the filtered path");
  }
  absl::flat_hash_set<ByteSpan> fresh;
  for (const Bytes& key : keys) {
    if (key.size() != kX25519KeyBytes || !fresh.insert(key).second ||
        by_encryption_key_.Find(key).has_value()) {
      return absl::InvalidArgumentError("path: key not new or of a wrong size");
    }
  }

  absl::flat_hash_map<NodeIndex, ParentPtr> parents;
  Bytes parent_hash;  // the root's is empty
  for (size_t i = steps.size(); i > 0; --i) {
    ParentNode parent{.encryption_key = keys[i - 1],
                      .parent_hash = std::move(parent_hash)};
    const Digest hash = ParentHash(parent, Hash(steps[i - 1].copath));
    parent_hash = ToBytes(hash);
    parents[steps[i - 1].node] =
        std::make_shared<const ParentNode>(std::move(parent));
  }

  const NodePtr same_leaf = MakeLeaf(At(NodeOf(leaf))->member);
  root_ = CopyPath(
      root_, Root(width_), NodeOf(leaf), same_leaf,
      [this, &parents](NodeIndex index, const ParentPtr& old) -> ParentPtr {
        if (old != nullptr) by_encryption_key_.Erase(old->encryption_key);
        const auto found = parents.find(index);
        if (found == parents.end()) return nullptr;
        CORDON_CHECK(by_encryption_key_.Insert(found->second->encryption_key,
                                               index.value));
        return found->second;
      });
  return parent_hash;
}

absl::Status RatchetTree::SetLeaf(LeafIndex leaf, TreeMember member) {
  CORDON_CHECK(leaf.value < width_.value);
  const TreeMember* const old = Member(leaf);
  RatchetTree next = *this;
  if (by_encryption_key_.Find(member.leaf.encryption_key).has_value()) {
    return absl::InvalidArgumentError("path: leaf's key is not new");
  }
  if (old != nullptr) next.Strike(*old);
  CORDON_RETURN_IF_ERROR(next.CheckNew(member));
  CORDON_CHECK(next.Enlist(leaf, member));
  next.root_ =
      CopyPath(root_, Root(width_), NodeOf(leaf),
               MakeLeaf(std::make_shared<const TreeMember>(std::move(member))),
               [](NodeIndex, const ParentPtr& parent) { return parent; });
  *this = std::move(next);
  return absl::OkStatus();
}

// ---- writing ----------------------------------------------------------------

// LastNode is the last node with content, at or below `index`.
NodeIndex RatchetTree::LastNode(const TreeNode& node, NodeIndex index) {
  if (IsLeaf(index)) return index;
  if (!node.right->all_blank) return LastNode(*node.right, RightChild(index));
  if (node.parent != nullptr) return index;
  return LastNode(*node.left, LeftChild(index));
}

void RatchetTree::WriteNodes(const TreeNode& node, NodeIndex index,
                             NodeIndex last, codec::Writer& out) {
  if (!IsLeaf(index)) WriteNodes(*node.left, LeftChild(index), last, out);
  if (index > last) return;
  out.Present(node.member != nullptr || node.parent != nullptr);
  if (node.member != nullptr) {
    out.U8(kNodeTypeLeaf);
    Write(node.member->leaf, out);
  } else if (node.parent != nullptr) {
    out.U8(kNodeTypeParent);
    Write(*node.parent, out);
  }
  if (!IsLeaf(index)) WriteNodes(*node.right, RightChild(index), last, out);
}

void Write(const RatchetTree& tree, codec::Writer& out) {
  const NodeIndex root = Root(tree.width_);
  const NodeIndex last = RatchetTree::LastNode(*tree.root_, root);
  out.Nested([&tree, root, last](codec::Writer& content) {
    RatchetTree::WriteNodes(*tree.root_, root, last, content);
  });
}

}  // namespace cordon::mls
