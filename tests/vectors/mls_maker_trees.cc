#include <cstddef>
#include <cstdint>
#include <optional>

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/number.h"
#include "crypto/codec/writer.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_kem.h"
#include "crypto/mls/tree_math.h"
#include "tests/support/mls_clients.h"
#include "tests/support/seeded_random.h"
#include "tests/vectors/mls_makers.h"

namespace cordon::testing {
namespace {

using mls::LeafCount;
using mls::LeafIndex;
using mls::NodeIndex;
using mls::Proposal;
using mls::RatchetTree;

template <typename Compute>
Json NodesOf(LeafCount leaves, Compute compute) {
  Json nodes = Json::array();
  for (uint32_t i = 0; i < mls::NodeCount(leaves); ++i) {
    const std::optional<NodeIndex> node = compute(NodeIndex{i});
    nodes.push_back(node.has_value() ? Json(node->value) : Json());
  }
  return nodes;
}

Json TreeMathCase(LeafCount leaves) {
  return {{"n_leaves", leaves.value},
          {"n_nodes", mls::NodeCount(leaves)},
          {"root", mls::Root(leaves).value},
          {"left", NodesOf(leaves, mls::Left)},
          {"right", NodesOf(leaves, mls::Right)},
          {"parent", NodesOf(leaves,
                             [leaves](NodeIndex node) {
                               return mls::Parent(node, leaves);
                             })},
          {"sibling", NodesOf(leaves, [leaves](NodeIndex node) {
             return mls::Sibling(node, leaves);
           })}};
}

Json OperationCase(const RatchetTree& before, const RatchetTree& after,
                   const Proposal& proposal, uint32_t sender) {
  return {{"tree_before", Hex(codec::Serialize(before))},
          {"tree_hash_before", Hex(before.RootHash())},
          {"proposal", Hex(codec::Serialize(proposal))},
          {"proposal_sender", sender},
          {"tree_after", Hex(codec::Serialize(after))},
          {"tree_hash_after", Hex(after.RootHash())}};
}

Json ValidationCase(const RatchetTree& tree) {
  Json hashes = Json::array();
  Json resolutions = Json::array();
  for (uint32_t i = 0; i < mls::NodeCount(tree.width()); ++i) {
    hashes.push_back(Hex(tree.Hash(NodeIndex{i})));
    Json resolution = Json::array();
    for (const NodeIndex node : tree.Resolution(NodeIndex{i})) {
      resolution.push_back(node.value);
    }
    resolutions.push_back(resolution);
  }
  return {{"cipher_suite", mls::kCipherSuite.value},
          {"group_id", Hex(AsBytes(KnownTree::kGroupId))},
          {"tree", Hex(codec::Serialize(tree))},
          {"tree_hashes", hashes},
          {"resolutions", resolutions}};
}

// Three members, after a path of the first: everybody holds secrets of it.
class KemMaker {
 public:
  KemMaker() {
    context_.group_id = ToBytes(KnownTree::kGroupId);
    context_.epoch = Epoch{7};
    context_.confirmed_transcript_hash = Bytes(32, 8);
    first_.emplace(Create(kFirst));
    known_.tree() = first_->tree;
  }

  Json Case() {
    Json states = Json::array();
    for (const LeafIndex leaf : known_.tree().Members()) {
      states.push_back(State(leaf));
    }
    return {
        {"cipher_suite", mls::kCipherSuite.value},
        {"group_id", Hex(context_.group_id)},
        {"epoch", context_.epoch.value},
        {"confirmed_transcript_hash", Hex(context_.confirmed_transcript_hash)},
        {"ratchet_tree", Hex(codec::Serialize(known_.tree()))},
        {"leaves_private", states},
        {"update_paths", {Path(LeafIndex{1}), Path(LeafIndex{0})}}};
  }

 private:
  mls::CreatedPath Create(LeafIndex sender) {
    return Made(mls::CreatePath({.tree = known_.tree(),
                                 .sender = sender,
                                 .added = {},
                                 .context = context_,
                                 .signer = known_.client(sender.value).signer},
                                *known_.tree().Member(sender), random_));
  }

  // What the member at `leaf` knows since the first path.
  Json State(LeafIndex leaf) {
    const MlsClient& client = known_.client(leaf.value);
    const hpke::KeyPair& key = leaf == kFirst
                                   ? *first_->keys.Find(mls::NodeOf(leaf))
                                   : client.leaf_key;
    Json secrets = Json::array();
    for (size_t i = 0; i < first_->nodes.size(); ++i) {
      const NodeIndex node = first_->nodes[i];
      if (!mls::IsInSubtree(mls::NodeOf(leaf), node)) continue;
      secrets.push_back(
          {{"node", node.value},
           {"path_secret", Hex(first_->path_secrets[i].ExposeSecret())}});
    }
    return {{"index", leaf.value},
            {"encryption_priv", Hex(key.private_key.ExposeSecret())},
            {"signature_priv", Hex(client.signer.CloneSeed().ExposeSecret())},
            {"path_secrets", secrets}};
  }

  // A path of `sender` that is not merged.
  Json Path(LeafIndex sender) {
    const mls::CreatedPath made = Create(sender);
    Json secrets = Json::array();
    for (const LeafIndex leaf : known_.tree().Members()) {
      secrets.push_back(leaf == sender
                            ? Json()
                            : Hex(made.SecretFor(sender, leaf).ExposeSecret()));
    }
    return {{"sender", sender.value},
            {"update_path", Hex(codec::Serialize(made.path))},
            {"path_secrets", secrets},
            {"commit_secret", Hex(made.commit_secret.ExposeSecret())},
            {"tree_hash_after", Hex(made.tree.RootHash())}};
  }

  static constexpr LeafIndex kFirst{0};

  SeededRandom random_{11};
  KnownTree known_ = KnownTree::Cold(3, random_);
  mls::GroupContext context_;
  std::optional<mls::CreatedPath> first_;
};

}  // namespace

Cases MakeTreeMath() {
  return {TreeMathCase(LeafCount{1}), TreeMathCase(LeafCount{4})};
}

Cases MakeTreeOperations() {
  SeededRandom random(9);
  const RatchetTree before = KnownTree::Warm(3, random).tree();
  Cases cases;

  const MlsClient late = MlsClient::Make("late", random);
  RatchetTree added = before;
  Made(added.Add(late.member()));
  cases.push_back(OperationCase(before, added, mls::Add{late.key_package}, 0));

  mls::TreeMember renewed = *before.Member(LeafIndex{1});
  renewed.leaf.source = mls::LeafNodeSource::kUpdate;
  renewed.leaf.lifetime = {};
  renewed.leaf.encryption_key = late.key_package.leaf_node.encryption_key;
  RatchetTree updated = before;
  CORDON_CHECK(
      updated.Update({{.index = LeafIndex{1}, .member = renewed}}).ok());
  cases.push_back(OperationCase(before, updated, mls::Update{renewed.leaf}, 1));

  // Without the last leaf the right half of the tree goes.
  RatchetTree removed = before;
  CORDON_CHECK(removed.Remove(LeafIndex{2}).ok());
  cases.push_back(OperationCase(before, removed, mls::Remove{LeafIndex{2}}, 0));
  return cases;
}

Cases MakeTreeValidation() {
  SeededRandom random(10);
  KnownTree known = KnownTree::Warm(3, random);
  // One leaf that is unmerged in a path.
  CORDON_CHECK(known.tree().Add(MlsClient::Make("late", random).member()).ok());
  // Warm: only a leaf made for a commit or an update is signed for its group.
  return {ValidationCase(KnownTree::Warm(2, random).tree()),
          ValidationCase(known.tree())};
}

Cases MakeTreeKem() {
  return {KemMaker().Case()};
}

}  // namespace cordon::testing
