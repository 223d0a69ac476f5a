#include "crypto/mls/tree_kem.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/hpke_ciphertext.h"
#include "crypto/mls/labels.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/update_path.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/kem_x25519.h"

namespace cordon::mls {
namespace {

constexpr absl::string_view kPathSecretLabel = "UpdatePathNode";

// The keys and secrets of a new path, before anything is encrypted.
struct FreshPath {
  std::vector<NodeIndex> nodes;
  std::vector<Secret> secrets;
  std::vector<hpke::KeyPair> pairs;
  std::vector<Bytes> public_keys;
  Secret commit_secret;
};

FreshPath MakeFreshPath(const RatchetTree& tree, LeafIndex sender,
                        RandomSource& random) {
  FreshPath fresh;
  Secret secret = Secret::Random(random);
  for (const PathStep& step : tree.FilteredDirectPath(sender)) {
    hpke::KeyPair pair = NodeKeyPair(secret);
    fresh.nodes.push_back(step.node);
    fresh.public_keys.push_back(ToBytes(pair.public_key));
    fresh.pairs.push_back(std::move(pair));
    Secret next = NextPathSecret(secret);
    fresh.secrets.push_back(std::move(secret));
    secret = std::move(next);
  }
  fresh.commit_secret = std::move(secret);
  return fresh;
}

absl::StatusOr<std::vector<UpdatePathNode>> EncryptPath(const PathPlan& plan,
                                                        const FreshPath& fresh,
                                                        ByteSpan context,
                                                        RandomSource& random) {
  const auto recipients = PathRecipients(plan.tree, plan.sender, plan.added);
  std::vector<UpdatePathNode> nodes;
  for (size_t i = 0; i < recipients.size(); ++i) {
    UpdatePathNode node{.encryption_key = fresh.public_keys[i]};
    for (const NodeIndex recipient : recipients[i]) {
      CORDON_ASSIGN_OR_RETURN(
          HpkeCiphertext sealed,
          EncryptWithLabel(*plan.tree.EncryptionKey(recipient),
                           kPathSecretLabel, context,
                           fresh.secrets[i].ExposeSecret(), random));
      node.encrypted_path_secret.push_back(std::move(sealed));
    }
    nodes.push_back(std::move(node));
  }
  return nodes;
}

// StepAbove is the first step of the path that is also above `leaf`.
std::optional<size_t> StepAbove(absl::Span<const PathStep> steps,
                                LeafIndex leaf) {
  for (size_t i = 0; i < steps.size(); ++i) {
    if (IsInSubtree(NodeOf(leaf), steps[i].node)) return i;
  }
  return std::nullopt;
}

}  // namespace

hpke::KeyPair NodeKeyPair(const Secret& path_secret) {
  return hpke::DeriveKeyPair(DeriveSecret(path_secret, "node").ExposeSecret());
}

Secret NextPathSecret(const Secret& path_secret) {
  return DeriveSecret(path_secret, "path");
}

// ---- PathKeys ---------------------------------------------------------------

PathKeys::PathKeys(LeafIndex self, hpke::KeyPair leaf_key) : self_(self) {
  Set(NodeOf(self), std::move(leaf_key));
}

PathKeys PathKeys::CloneSecret() const {
  PathKeys clone(self_);
  clone.keys_ = keys_;
  return clone;
}

const hpke::KeyPair* PathKeys::Find(NodeIndex node) const {
  const auto found = keys_.find(node);
  return found == keys_.end() ? nullptr : found->second.get();
}

void PathKeys::Set(NodeIndex node, hpke::KeyPair key) {
  CORDON_CHECK(IsInSubtree(NodeOf(self_), node));
  keys_[node] = std::make_shared<const hpke::KeyPair>(std::move(key));
}

absl::Status PathKeys::SetFrom(const RatchetTree& tree, NodeIndex node,
                               const Secret& path_secret) {
  PathKeys next = CloneSecret();
  Secret secret = path_secret.CloneSecret();
  for (std::optional<NodeIndex> at = node; at.has_value();
       at = mls::Parent(*at, tree.width())) {
    const Bytes* const expected = tree.EncryptionKey(*at);
    if (expected == nullptr) {
      // Not on the filtered path of whoever made the secret.
      if (at == node) return absl::InvalidArgumentError("path: blank node");
      continue;
    }
    hpke::KeyPair pair = NodeKeyPair(secret);
    if (!Equal(pair.public_key, *expected)) {
      return absl::InvalidArgumentError("path: secret gives another key");
    }
    next.Set(*at, std::move(pair));
    secret = NextPathSecret(secret);
  }
  *this = std::move(next);
  return absl::OkStatus();
}

void PathKeys::Forget(const RatchetTree& tree) {
  std::erase_if(keys_, [&tree](const auto& entry) {
    const Bytes* const key = tree.EncryptionKey(entry.first);
    return key == nullptr || !Equal(*key, entry.second->public_key);
  });
}

absl::Status PathKeys::Check(const RatchetTree& tree) const {
  for (const auto& [node, pair] : keys_) {
    const Bytes* const key = tree.EncryptionKey(node);
    if (!IsInSubtree(NodeOf(self_), node) || key == nullptr ||
        !Equal(*key, X25519PublicOf(pair->private_key))) {
      return absl::InvalidArgumentError("path keys: not the tree's");
    }
  }
  return absl::OkStatus();
}

void Write(const PathKeys& keys, codec::Writer& out) {
  out.U32(keys.self_.value);
  out.Nested([&keys](codec::Writer& content) {
    for (const auto& [node, pair] : keys.keys_) {
      content.U32(node.value);
      content.Fixed(pair->private_key.ExposeSecret());
      content.Fixed(pair->public_key);
    }
  });
}

absl::StatusOr<PathKeys> ReadPathKeys(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const uint32_t self, in.U32());
  CORDON_ASSIGN_OR_RETURN(codec::Reader content, in.Nested());
  if (self >= kTreeLeavesMax.value) {
    return absl::InvalidArgumentError("path keys: leaf outside any tree");
  }
  PathKeys keys(LeafIndex{self});
  const NodeIndex own = NodeOf(keys.self());
  while (!content.AtEnd()) {
    CORDON_ASSIGN_OR_RETURN(const uint32_t node, content.U32());
    CORDON_ASSIGN_OR_RETURN(const ByteSpan secret,
                            content.Fixed(kX25519KeyBytes));
    CORDON_ASSIGN_OR_RETURN(const ByteSpan shown,
                            content.Fixed(kX25519KeyBytes));
    if (!IsInSubtree(own, NodeIndex{node})) {
      return absl::InvalidArgumentError("path keys: node not on the path");
    }
    hpke::KeyPair pair;
    CORDON_ASSIGN_OR_RETURN(pair.private_key, X25519PrivateKey::Copy(secret));
    std::copy(shown.begin(), shown.end(), pair.public_key.begin());
    keys.Set(NodeIndex{node}, std::move(pair));
  }
  if (keys.Find(own) == nullptr) {
    return absl::InvalidArgumentError("path keys: no leaf key");
  }
  return keys;
}

// ---- making a path ----------------------------------------------------------

const Secret& CreatedPath::SecretFor(LeafIndex sender, LeafIndex joiner) const {
  const auto found =
      std::find(nodes.begin(), nodes.end(), CommonAncestor(sender, joiner));
  // A joiner is a member, so the node above both is never filtered out.
  CORDON_CHECK(found != nodes.end());
  return path_secrets[static_cast<size_t>(found - nodes.begin())];
}

absl::StatusOr<CreatedPath> CreatePath(const PathPlan& plan, TreeMember member,
                                       RandomSource& random) {
  FreshPath fresh = MakeFreshPath(plan.tree, plan.sender, random);
  hpke::KeyPair leaf_key = hpke::KeyPair::Generate(random);
  RatchetTree tree = plan.tree;
  CORDON_ASSIGN_OR_RETURN(member.leaf.parent_hash,
                          tree.SetPath(plan.sender, fresh.public_keys));
  member.leaf.encryption_key = ToBytes(leaf_key.public_key);
  member.leaf.source = LeafNodeSource::kCommit;
  member.leaf.lifetime = {};
  SignLeafNode(plan.signer,
               {.group_id = plan.context.group_id, .index = plan.sender},
               member.leaf);
  LeafNode leaf = member.leaf;
  CORDON_RETURN_IF_ERROR(tree.SetLeaf(plan.sender, std::move(member)));

  GroupContext context = plan.context;
  const Digest tree_hash = tree.RootHash();
  context.tree_hash = ToBytes(tree_hash);
  CORDON_ASSIGN_OR_RETURN(
      auto nodes, EncryptPath(plan, fresh, codec::Serialize(context), random));

  PathKeys keys(plan.sender, std::move(leaf_key));
  for (size_t i = 0; i < fresh.nodes.size(); ++i) {
    keys.Set(fresh.nodes[i], std::move(fresh.pairs[i]));
  }
  return CreatedPath{
      .path = {.leaf_node = std::move(leaf), .nodes = std::move(nodes)},
      .tree = std::move(tree),
      .keys = std::move(keys),
      .commit_secret = std::move(fresh.commit_secret),
      .nodes = std::move(fresh.nodes),
      .path_secrets = std::move(fresh.secrets)};
}

// ---- following a path -------------------------------------------------------

absl::StatusOr<OpenedPathSecret> OpenPathSecret(const UpdatePath& path,
                                                const PathView& view,
                                                const PathKeys& keys) {
  const auto steps = view.before.FilteredDirectPath(view.sender);
  const auto recipients = PathRecipients(view.before, view.sender, view.added);
  const auto step = StepAbove(steps, keys.self());
  if (!step.has_value() || path.nodes.size() != steps.size()) {
    return absl::InvalidArgumentError("path: not for this tree or member");
  }
  const auto& sealed = path.nodes[*step].encrypted_path_secret;
  for (size_t i = 0; i < recipients[*step].size(); ++i) {
    const NodeIndex node = recipients[*step][i];
    const hpke::KeyPair* const key = keys.Find(node);
    if (key == nullptr) continue;
    if (i >= sealed.size()) break;
    CORDON_ASSIGN_OR_RETURN(
        const SecretBytes opened,
        DecryptWithLabel(*key, kPathSecretLabel, codec::Serialize(view.context),
                         sealed[i]));
    CORDON_ASSIGN_OR_RETURN(Secret secret, Secret::Copy(opened.ExposeSecret()));
    return OpenedPathSecret{.step = *step, .path_secret = std::move(secret)};
  }
  return absl::FailedPreconditionError("path: no key to open it with");
}

absl::StatusOr<FollowedPath> FollowPath(const UpdatePath& path,
                                        const PathView& view,
                                        const PathKeys& keys) {
  PathKeys next = keys.CloneSecret();
  // Keys that the proposals have blanked open nothing any more.
  next.Forget(view.before);
  CORDON_ASSIGN_OR_RETURN(OpenedPathSecret opened,
                          OpenPathSecret(path, view, next));
  next.Forget(view.merged);
  const auto steps = view.before.FilteredDirectPath(view.sender);
  Secret secret = std::move(opened.path_secret);
  for (size_t i = opened.step; i < steps.size(); ++i) {
    hpke::KeyPair pair = NodeKeyPair(secret);
    if (!Equal(pair.public_key, path.nodes[i].encryption_key)) {
      return absl::InvalidArgumentError("path: secret gives another key");
    }
    next.Set(steps[i].node, std::move(pair));
    secret = NextPathSecret(secret);
  }
  return FollowedPath{.keys = std::move(next),
                      .commit_secret = std::move(secret)};
}

}  // namespace cordon::mls
