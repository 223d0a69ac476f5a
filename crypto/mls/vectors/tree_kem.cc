// TreeKEM: private states that fit the tree, and paths that all can follow.

#include "crypto/mls/tree_kem.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/random.h"
#include "crypto/base/status.h"
#include "crypto/codec/writer.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/update_path.h"
#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/given_tree.h"
#include "crypto/mls/vectors/kinds.h"
#include "crypto/prim/kem_x25519.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls::vectors {
namespace {

// A tree with the private keys of all its members.
class TreeKemCase {
 public:
  static absl::StatusOr<TreeKemCase> Read(const Fields& vector) {
    CORDON_ASSIGN_OR_RETURN(const Bytes bytes, vector.Hex("ratchet_tree"));
    CORDON_ASSIGN_OR_RETURN(RatchetTree tree, ReadTree(bytes));
    TreeKemCase made(std::move(tree));
    CORDON_ASSIGN_OR_RETURN(made.context_.group_id, vector.Hex("group_id"));
    CORDON_ASSIGN_OR_RETURN(made.context_.confirmed_transcript_hash,
                            vector.Hex("confirmed_transcript_hash"));
    CORDON_ASSIGN_OR_RETURN(made.context_.epoch.value, vector.Uint("epoch"));
    CORDON_ASSIGN_OR_RETURN(const auto leaves, vector.Array("leaves_private"));
    for (const Fields& leaf : leaves) {
      CORDON_RETURN_IF_ERROR(made.ReadLeaf(leaf));
    }
    return made;
  }

  absl::Status VerifyPath(const Fields& item) const {
    CORDON_ASSIGN_OR_RETURN(const uint32_t index, item.Uint32("sender"));
    const LeafIndex sender{index};
    CORDON_ASSIGN_OR_RETURN(const UpdatePath path, ReadPath(item));
    CORDON_ASSIGN_OR_RETURN(const RatchetTree merged, Merge(path, sender));
    CORDON_RETURN_IF_ERROR(item.Expect("tree_hash_after", merged.RootHash()));
    const GroupContext context = ContextOf(merged);
    const PathView view = ViewOf(merged, sender, context);
    for (const auto& [leaf, keys] : keys_) {
      if (leaf == sender) continue;
      CORDON_RETURN_IF_ERROR(VerifyFollower(item, path, view, keys));
    }
    return VerifyOwnPath(sender);
  }

 private:
  explicit TreeKemCase(RatchetTree tree) : tree_(std::move(tree)) {}

  absl::Status ReadLeaf(const Fields& item) {
    CORDON_ASSIGN_OR_RETURN(const uint32_t index, item.Uint32("index"));
    const LeafIndex leaf{index};
    CORDON_RETURN_IF_ERROR(
        Expect(tree_.Member(leaf) != nullptr, "index: no member"));
    CORDON_ASSIGN_OR_RETURN(const Bytes raw, item.Hex("encryption_priv"));
    CORDON_ASSIGN_OR_RETURN(auto key, X25519PrivateKey::Copy(raw));
    PathKeys keys(leaf, hpke::KeyPair::Of(std::move(key)));
    CORDON_ASSIGN_OR_RETURN(const auto secrets, item.Array("path_secrets"));
    for (const Fields& entry : secrets) {
      CORDON_ASSIGN_OR_RETURN(const Secret secret, entry.Hash("path_secret"));
      CORDON_ASSIGN_OR_RETURN(const uint32_t node, entry.Uint32("node"));
      CORDON_RETURN_IF_ERROR(Expect(IsInSubtree(NodeOf(leaf), NodeIndex{node}),
                                    "node: not above leaf"));
      keys.Set(NodeIndex{node}, NodeKeyPair(secret));
    }
    CORDON_RETURN_IF_ERROR(keys.Check(tree_));
    CORDON_ASSIGN_OR_RETURN(const Secret seed, item.Hash("signature_priv"));
    Ed25519PrivateKey signer = Ed25519PrivateKey::FromSeed(seed);
    CORDON_RETURN_IF_ERROR(
        Expect(tree_.FindSignatureKey(signer.public_key()) == leaf,
               "signature_priv: not the leaf's"));
    signers_.emplace(leaf, std::move(signer));
    keys_.emplace(leaf, std::move(keys));
    return absl::OkStatus();
  }

  absl::StatusOr<RatchetTree> Merge(const UpdatePath& path,
                                    LeafIndex sender) const {
    CORDON_RETURN_IF_ERROR(VerifyLeafSignature(
        path.leaf_node, {.group_id = context_.group_id, .index = sender}));
    return MergeKeys(
        tree_, path,
        {.group_id = context_.group_id, .sender = sender, .added = {}},
        DeviceOf(path.leaf_node));
  }

  GroupContext ContextOf(const RatchetTree& tree) const {
    GroupContext context = context_;
    const auto hash = tree.RootHash();
    context.tree_hash = ToBytes(hash);
    return context;
  }

  PathView ViewOf(const RatchetTree& merged, LeafIndex sender,
                  const GroupContext& context) const {
    return {.before = tree_,
            .merged = merged,
            .sender = sender,
            .added = {},
            .context = context};
  }

  static absl::StatusOr<UpdatePath> ReadPath(const Fields& item) {
    CORDON_ASSIGN_OR_RETURN(const Bytes bytes, item.Hex("update_path"));
    CORDON_ASSIGN_OR_RETURN(UpdatePath path, ParseUpdatePath(bytes));
    CORDON_RETURN_IF_ERROR(
        ExpectEqual("path written again", codec::Serialize(path), bytes));
    return path;
  }

  static absl::Status VerifyFollower(const Fields& item, const UpdatePath& path,
                                     const PathView& view,
                                     const PathKeys& keys) {
    CORDON_ASSIGN_OR_RETURN(const auto secrets, item.Array("path_secrets"));
    const size_t place = keys.self().value;
    CORDON_RETURN_IF_ERROR(
        Expect(place < secrets.size(), "path_secrets: too short"));
    CORDON_ASSIGN_OR_RETURN(const Bytes secret, secrets[place].AsHex());
    CORDON_ASSIGN_OR_RETURN(const OpenedPathSecret opened,
                            OpenPathSecret(path, view, keys));
    CORDON_RETURN_IF_ERROR(
        ExpectEqual("path_secret", opened.path_secret.ExposeSecret(), secret));
    CORDON_ASSIGN_OR_RETURN(const FollowedPath followed,
                            FollowPath(path, view, keys));
    CORDON_RETURN_IF_ERROR(followed.keys.Check(view.merged));
    return item.Expect("commit_secret", followed.commit_secret.ExposeSecret());
  }

  // A path of our own making must serve every other member.
  absl::Status VerifyOwnPath(LeafIndex sender) const {
    const auto signer = signers_.find(sender);
    CORDON_RETURN_IF_ERROR(
        Expect(signer != signers_.end(), "sender: no private state"));
    CORDON_ASSIGN_OR_RETURN(const CreatedPath made,
                            CreatePath({.tree = tree_,
                                        .sender = sender,
                                        .added = {},
                                        .context = context_,
                                        .signer = signer->second},
                                       *tree_.Member(sender), SystemRandom()));
    CORDON_ASSIGN_OR_RETURN(const RatchetTree merged, Merge(made.path, sender));
    const GroupContext context = ContextOf(merged);
    for (const auto& [leaf, keys] : keys_) {
      if (leaf == sender) continue;
      CORDON_ASSIGN_OR_RETURN(
          const FollowedPath followed,
          FollowPath(made.path, ViewOf(merged, sender, context), keys));
      CORDON_RETURN_IF_ERROR(
          Expect(followed.commit_secret.EqualsConstantTime(made.commit_secret),
                 "own path: commit secret differs"));
    }
    return absl::OkStatus();
  }

  RatchetTree tree_;
  GroupContext context_;
  std::map<LeafIndex, PathKeys> keys_;
  std::map<LeafIndex, Ed25519PrivateKey> signers_;
};

}  // namespace

absl::Status VerifyTreeKem(const Fields& vector) {
  CORDON_RETURN_IF_ERROR(CheckSuite(vector));
  CORDON_ASSIGN_OR_RETURN(const TreeKemCase kem, TreeKemCase::Read(vector));
  CORDON_ASSIGN_OR_RETURN(const auto paths, vector.Array("update_paths"));
  for (const Fields& path : paths) {
    CORDON_RETURN_IF_ERROR(kem.VerifyPath(path));
  }
  return absl::OkStatus();
}

}  // namespace cordon::mls::vectors
