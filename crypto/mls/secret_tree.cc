#include "crypto/mls/secret_tree.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/labels.h"
#include "crypto/mls/state_change.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/aead.h"

namespace cordon::mls {
namespace {

// The first byte of a piece's name. Ratchets and keys go on with leaf and kind.
enum class Piece : uint8_t { kNode = 1, kRatchet = 2, kKey = 3 };

Secret Expand(const Secret& secret, absl::string_view label,
              absl::string_view context) {
  Secret expanded;
  ExpandWithLabel(secret.ExposeSecret(), label, AsBytes(context),
                  expanded.MutableSecret());
  return expanded;
}

MessageKey KeyAt(const Secret& ratchet, uint32_t generation) {
  MessageKey derived;
  DeriveTreeSecret(ratchet.ExposeSecret(), "key", generation,
                   derived.key.MutableSecret());
  DeriveTreeSecret(ratchet.ExposeSecret(), "nonce", generation,
                   MutableByteSpan(derived.nonce));
  return derived;
}

Secret SecretAfter(const Secret& ratchet, uint32_t generation) {
  Secret next;
  DeriveTreeSecret(ratchet.ExposeSecret(), "secret", generation,
                   next.MutableSecret());
  return next;
}

MessageKey Clone(const MessageKey& key) {
  return MessageKey{.key = key.key.CloneSecret(), .nonce = key.nonce};
}

Bytes NodeName(ByteSpan prefix, NodeIndex node) {
  codec::Writer out;
  out.Fixed(prefix);
  out.U8(static_cast<uint8_t>(Piece::kNode));
  out.U32(node.value);
  return out.Take();
}

void WriteRatchetName(ByteSpan prefix, Piece piece,
                      const std::pair<LeafIndex, RatchetKind>& id,
                      codec::Writer& out) {
  out.Fixed(prefix);
  out.U8(static_cast<uint8_t>(piece));
  out.U32(id.first.value);
  out.U8(static_cast<uint8_t>(id.second));
}

template <typename Id>
Bytes RatchetName(ByteSpan prefix, const Id& id) {
  codec::Writer out;
  WriteRatchetName(prefix, Piece::kRatchet, id, out);
  return out.Take();
}

template <typename Id>
Bytes KeyName(ByteSpan prefix, const Id& id) {
  codec::Writer out;
  WriteRatchetName(prefix, Piece::kKey, id.first, out);
  out.U32(id.second);
  return out.Take();
}

SecretBytes Joined(ByteSpan first, ByteSpan second) {
  SecretBytes joined(first.size() + second.size());
  const auto middle =
      std::copy(first.begin(), first.end(), joined.MutableSecret().begin());
  std::copy(second.begin(), second.end(), middle);
  return joined;
}

SecretBytes RatchetValue(uint32_t generation, const Secret& secret) {
  codec::Writer out;
  out.U32(generation);
  return Joined(out.bytes(), secret.ExposeSecret());
}

absl::Status DoesNotParse() {
  return absl::DataLossError("secret tree: stored piece does not parse");
}

}  // namespace

SecretTree SecretTree::Create(LeafCount leaves, Secret encryption_secret) {
  SecretTree tree(leaves);
  tree.SetNode(Root(leaves), std::move(encryption_secret));
  return tree;
}

SecretTree SecretTree::Restore(LeafCount leaves) {
  return SecretTree(leaves);
}

void SecretTree::SetNode(NodeIndex node, Secret secret) {
  nodes_.insert_or_assign(node, std::move(secret));
  dirty_.nodes.insert(node);
}

absl::Status SecretTree::SplitDownTo(LeafIndex leaf) {
  NodeIndex node = NodeOf(leaf);
  // The lowest ancestor that still holds a secret.
  while (nodes_.count(node) == 0) {
    const std::optional<NodeIndex> parent = Parent(node, leaves_);
    if (!parent.has_value()) {
      return absl::DataLossError("secret tree: no secret above a leaf");
    }
    node = *parent;
  }
  while (!IsLeaf(node)) {
    const Secret secret = std::move(nodes_.at(node));
    nodes_.erase(node);
    dirty_.nodes.insert(node);
    SetNode(*Left(node), Expand(secret, "tree", "left"));
    SetNode(*Right(node), Expand(secret, "tree", "right"));
    node = NodeOf(leaf) < node ? *Left(node) : *Right(node);
  }
  return absl::OkStatus();
}

absl::StatusOr<SecretTree::Ratchet*> SecretTree::RatchetOf(LeafIndex leaf,
                                                           RatchetKind kind) {
  if (leaf.value >= leaves_.value) {
    return absl::InvalidArgumentError("secret tree: leaf outside the tree");
  }
  auto found = ratchets_.find({leaf, kind});
  if (found != ratchets_.end()) return &found->second;
  CORDON_RETURN_IF_ERROR(SplitDownTo(leaf));
  const Secret secret = std::move(nodes_.at(NodeOf(leaf)));
  nodes_.erase(NodeOf(leaf));
  dirty_.nodes.insert(NodeOf(leaf));
  for (const RatchetKind each :
       {RatchetKind::kHandshake, RatchetKind::kApplication}) {
    const bool handshake = each == RatchetKind::kHandshake;
    ratchets_[{leaf, each}].secret =
        Expand(secret, handshake ? "handshake" : "application", "");
    dirty_.ratchets.insert({leaf, each});
  }
  return &ratchets_.at({leaf, kind});
}

absl::StatusOr<SecretTree::Leased> SecretTree::LeaseSkipped(
    const KeyId& id) const {
  const auto found = skipped_.find(id);
  if (found == skipped_.end()) {
    return absl::FailedPreconditionError("secret tree: key is gone");
  }
  Leased leased;
  leased.leaf_ = id.first.first;
  leased.kind_ = id.first.second;
  leased.generation_ = id.second;
  leased.key_ = Clone(found->second);
  return leased;
}

absl::StatusOr<SecretTree::Leased> SecretTree::Lease(LeafIndex leaf,
                                                     RatchetKind kind,
                                                     uint32_t generation) {
  CORDON_ASSIGN_OR_RETURN(const Ratchet* ratchet, RatchetOf(leaf, kind));
  if (generation < ratchet->next_generation) {
    return LeaseSkipped({{leaf, kind}, generation});
  }
  if (generation - ratchet->next_generation > kGenerationsAheadMax ||
      generation == UINT32_MAX) {
    return absl::ResourceExhaustedError(
        "secret tree: generation beyond kGenerationsAheadMax");
  }
  Leased leased;
  leased.leaf_ = leaf;
  leased.kind_ = kind;
  leased.generation_ = generation;
  leased.from_ = ratchet->next_generation;
  Secret secret = ratchet->secret.CloneSecret();
  for (uint32_t at = leased.from_; at < generation; ++at) {
    leased.skipped_.push_back(KeyAt(secret, at));
    secret = SecretAfter(secret, at);
  }
  leased.key_ = KeyAt(secret, generation);
  leased.next_ = SecretAfter(secret, generation);
  return leased;
}

absl::StatusOr<SecretTree::Leased> SecretTree::LeaseNext(LeafIndex leaf,
                                                         RatchetKind kind) {
  CORDON_ASSIGN_OR_RETURN(const Ratchet* ratchet, RatchetOf(leaf, kind));
  return Lease(leaf, kind, ratchet->next_generation);
}

void SecretTree::KeepSkipped(const RatchetId& id, uint32_t generation,
                             MessageKey key) {
  skipped_.insert_or_assign(KeyId{id, generation}, std::move(key));
  dirty_.keys.insert({id, generation});
  const auto oldest = skipped_.lower_bound({id, 0});
  const auto end = skipped_.upper_bound({id, UINT32_MAX});
  if (static_cast<size_t>(std::distance(oldest, end)) > kSkippedKeysMax) {
    dirty_.keys.insert(oldest->first);
    skipped_.erase(oldest);
  }
}

void SecretTree::Advance(Ratchet& ratchet, Leased leased) {
  const RatchetId id{leased.leaf_, leased.kind_};
  for (size_t i = 0; i < leased.skipped_.size(); ++i) {
    KeepSkipped(id, leased.from_ + static_cast<uint32_t>(i),
                std::move(leased.skipped_[i]));
  }
  ratchet.secret = *std::move(leased.next_);
  ratchet.next_generation = leased.generation_ + 1;
  dirty_.ratchets.insert(id);
}

absl::Status SecretTree::Consume(Leased leased) {
  CORDON_ASSIGN_OR_RETURN(Ratchet * ratchet,
                          RatchetOf(leased.leaf_, leased.kind_));
  const KeyId id{{leased.leaf_, leased.kind_}, leased.generation_};
  if (leased.generation_ < ratchet->next_generation) {
    if (skipped_.erase(id) == 0) {
      return absl::FailedPreconditionError("secret tree: key is gone");
    }
    dirty_.keys.insert(id);
    return absl::OkStatus();
  }
  if (leased.from_ != ratchet->next_generation) {
    // Moved since the lease: what it passed over is settled already.
    CORDON_ASSIGN_OR_RETURN(
        leased, Lease(leased.leaf_, leased.kind_, leased.generation_));
  }
  Advance(*ratchet, std::move(leased));
  return absl::OkStatus();
}

void SecretTree::SaveTo(ByteSpan prefix, StateChanges& changes) {
  for (const NodeIndex node : dirty_.nodes) {
    const auto found = nodes_.find(node);
    StateChange& change = changes.emplace_back();
    change.name = NodeName(prefix, node);
    if (found != nodes_.end()) {
      change.value = SecretBytes::Copy(found->second.ExposeSecret());
    }
  }
  for (const RatchetId& id : dirty_.ratchets) {
    const Ratchet& ratchet = ratchets_.at(id);
    changes.push_back({RatchetName(prefix, id),
                       RatchetValue(ratchet.next_generation, ratchet.secret)});
  }
  for (const KeyId& id : dirty_.keys) {
    const auto found = skipped_.find(id);
    StateChange& change = changes.emplace_back();
    change.name = KeyName(prefix, id);
    if (found != skipped_.end()) {
      change.value =
          Joined(found->second.key.ExposeSecret(), found->second.nonce);
    }
  }
  dirty_ = Dirty();
}

void SecretTree::EraseAll(ByteSpan prefix, StateChanges& changes) const {
  for (const auto& [node, secret] : nodes_) {
    changes.push_back({NodeName(prefix, node), std::nullopt});
  }
  for (const auto& [id, ratchet] : ratchets_) {
    changes.push_back({RatchetName(prefix, id), std::nullopt});
  }
  for (const auto& [id, key] : skipped_) {
    changes.push_back({KeyName(prefix, id), std::nullopt});
  }
}

absl::Status SecretTree::LoadNode(ByteSpan name, ByteSpan value) {
  codec::Reader in(name);
  CORDON_ASSIGN_OR_RETURN(const uint32_t index, in.U32());
  CORDON_RETURN_IF_ERROR(in.End());
  if (index >= NodeCount(leaves_)) return DoesNotParse();
  CORDON_ASSIGN_OR_RETURN(Secret secret, Secret::Copy(value));
  nodes_.insert_or_assign(NodeIndex{index}, std::move(secret));
  return absl::OkStatus();
}

absl::Status SecretTree::LoadRatchet(ByteSpan name, ByteSpan value) {
  codec::Reader in(name);
  codec::Reader content(value);
  CORDON_ASSIGN_OR_RETURN(const RatchetId id, ReadRatchetId(in));
  CORDON_RETURN_IF_ERROR(in.End());
  Ratchet ratchet;
  CORDON_ASSIGN_OR_RETURN(ratchet.next_generation, content.U32());
  CORDON_ASSIGN_OR_RETURN(ratchet.secret, Secret::Copy(content.rest()));
  ratchets_.insert_or_assign(id, std::move(ratchet));
  return absl::OkStatus();
}

absl::Status SecretTree::LoadKey(ByteSpan name, ByteSpan value) {
  codec::Reader in(name);
  codec::Reader content(value);
  CORDON_ASSIGN_OR_RETURN(const RatchetId id, ReadRatchetId(in));
  CORDON_ASSIGN_OR_RETURN(const uint32_t generation, in.U32());
  CORDON_RETURN_IF_ERROR(in.End());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan key, content.Fixed(kKeyBytes));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan nonce, content.Fixed(kNonceBytes));
  CORDON_RETURN_IF_ERROR(content.End());
  MessageKey skipped;
  std::copy(key.begin(), key.end(), skipped.key.MutableSecret().begin());
  std::copy(nonce.begin(), nonce.end(), skipped.nonce.begin());
  skipped_.insert_or_assign(KeyId{id, generation}, std::move(skipped));
  return absl::OkStatus();
}

absl::StatusOr<SecretTree::RatchetId> SecretTree::ReadRatchetId(
    codec::Reader& in) const {
  CORDON_ASSIGN_OR_RETURN(const uint32_t leaf, in.U32());
  CORDON_ASSIGN_OR_RETURN(const uint8_t kind, in.U8());
  if (leaf >= leaves_.value ||
      (kind != static_cast<uint8_t>(RatchetKind::kHandshake) &&
       kind != static_cast<uint8_t>(RatchetKind::kApplication))) {
    return DoesNotParse();
  }
  return RatchetId{LeafIndex{leaf}, static_cast<RatchetKind>(kind)};
}

absl::Status SecretTree::LoadPiece(ByteSpan name, ByteSpan value) {
  if (name.empty()) return DoesNotParse();
  const ByteSpan rest = name.subspan(1);
  absl::Status loaded = DoesNotParse();
  switch (static_cast<Piece>(name[0])) {
    case Piece::kNode:
      loaded = LoadNode(rest, value);
      break;
    case Piece::kRatchet:
      loaded = LoadRatchet(rest, value);
      break;
    case Piece::kKey:
      loaded = LoadKey(rest, value);
      break;
  }
  return loaded.ok() ? loaded : DoesNotParse();
}

}  // namespace cordon::mls
