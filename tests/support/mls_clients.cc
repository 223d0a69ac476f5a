#include "tests/support/mls_clients.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/random.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_kem.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::testing {

using mls::LeafIndex;
using mls::NodeIndex;

absl::StatusOr<DeviceId> NameChecker::Identify(
    const mls::Credential& credential, ByteSpan /*signature_key*/,
    const mls::CheckAt& /*at*/) const {
  if (credential.type() != mls::kBasicCredential) {
    return absl::InvalidArgumentError("checker: not basic");
  }
  if (refused_.contains(ToString(credential.content()))) {
    return absl::PermissionDeniedError("checker: told to refuse");
  }
  return DeviceId(Sha256(credential.content()));
}

absl::Status NameChecker::CheckSuccessor(const mls::Credential& old,
                                         const mls::Credential& next) const {
  if (old == next) return absl::OkStatus();
  return absl::PermissionDeniedError("checker: another name");
}

absl::Status NameChecker::CheckLifetime(const mls::Lifetime& /*lifetime*/,
                                        const mls::CheckAt& /*at*/) const {
  if (lifetimes_ok_) return absl::OkStatus();
  return absl::InvalidArgumentError("checker: lifetime");
}

mls::Capabilities TestCapabilities() {
  return {.versions = {mls::kMls10},
          .cipher_suites = {mls::kCipherSuite},
          .extensions = {mls::ExtensionType{0xf100}},
          .proposals = {},
          .credentials = {mls::kBasicCredential}};
}

MlsClient MlsClient::Make(absl::string_view name, RandomSource& random) {
  Ed25519PrivateKey signer = Ed25519PrivateKey::Generate(random);
  hpke::KeyPair leaf_key = hpke::KeyPair::Generate(random);
  hpke::KeyPair init_key = hpke::KeyPair::Generate(random);
  mls::KeyPackage key_package{
      .init_key = ToBytes(init_key.public_key),
      .leaf_node = {.encryption_key = ToBytes(leaf_key.public_key),
                    .signature_key = ToBytes(signer.public_key()),
                    .credential = mls::Credential::Basic(AsBytes(name)),
                    .capabilities = TestCapabilities(),
                    .lifetime = {.not_before_s = 0, .not_after_s = 1}}};
  MlsClient client{.name = std::string(name),
                   .signer = std::move(signer),
                   .leaf_key = std::move(leaf_key),
                   .init_key = std::move(init_key),
                   .key_package = std::move(key_package)};
  client.Resign();
  return client;
}

DeviceId MlsClient::device() const {
  return DeviceId(Sha256(AsBytes(name)));
}

mls::TreeMember MlsClient::member() const {
  return {.leaf = key_package.leaf_node, .device = device()};
}

KnownTree::KnownTree(mls::RatchetTree tree, std::vector<MlsClient> clients)
    : tree_(std::move(tree)), clients_(std::move(clients)) {
  for (uint32_t i = 0; i < clients_.size(); ++i) {
    node_keys_[NodeOf(LeafIndex{i})] = clients_[i].leaf_key.CloneSecret();
  }
}

KnownTree KnownTree::Cold(uint32_t members, RandomSource& random) {
  std::vector<MlsClient> clients;
  for (uint32_t i = 0; i < members; ++i) {
    clients.push_back(MlsClient::Make(absl::StrCat("member-", i), random));
  }
  auto tree = mls::RatchetTree::Create(clients.front().member());
  CORDON_CHECK(tree.ok());
  for (uint32_t i = 1; i < members; ++i) {
    CORDON_CHECK(tree->Add(clients[i].member()).ok());
  }
  return KnownTree(*std::move(tree), std::move(clients));
}

KnownTree KnownTree::Warm(uint32_t members, RandomSource& random) {
  KnownTree known = Cold(members, random);
  // The left leaf of each pair is below every parent that can be set.
  for (uint32_t i = 0; i < members; i += 2) {
    known.Refresh(LeafIndex{i}, random);
  }
  return known;
}

mls::PathKeys KnownTree::KeysOf(LeafIndex leaf) const {
  mls::PathKeys keys(leaf, node_keys_.at(NodeOf(leaf)).CloneSecret());
  for (const NodeIndex node : DirectPath(leaf, tree_.width())) {
    const mls::ParentNode* const parent = tree_.Parent(node);
    if (parent == nullptr) continue;
    // An unmerged leaf was never told the key.
    if (std::find(parent->unmerged_leaves.begin(),
                  parent->unmerged_leaves.end(),
                  leaf) != parent->unmerged_leaves.end()) {
      continue;
    }
    keys.Set(node, node_keys_.at(node).CloneSecret());
  }
  return keys;
}

void KnownTree::Refresh(LeafIndex leaf, RandomSource& random) {
  std::vector<Bytes> public_keys;
  mls::Secret secret = mls::Secret::Random(random);
  for (const mls::PathStep& step : tree_.FilteredDirectPath(leaf)) {
    hpke::KeyPair pair = mls::NodeKeyPair(secret);
    public_keys.push_back(ToBytes(pair.public_key));
    node_keys_[step.node] = std::move(pair);
    secret = mls::NextPathSecret(secret);
  }
  auto parent_hash = tree_.SetPath(leaf, public_keys);
  CORDON_CHECK(parent_hash.ok());
  MlsClient& client = clients_.at(leaf.value);
  client.leaf_key = hpke::KeyPair::Generate(random);
  node_keys_[NodeOf(leaf)] = client.leaf_key.CloneSecret();
  mls::TreeMember member = *tree_.Member(leaf);
  member.leaf.source = mls::LeafNodeSource::kCommit;
  member.leaf.lifetime = {};
  member.leaf.parent_hash = *std::move(parent_hash);
  member.leaf.encryption_key = ToBytes(client.leaf_key.public_key);
  SignLeafNode(client.signer, {.group_id = AsBytes(kGroupId), .index = leaf},
               member.leaf);
  CORDON_CHECK(tree_.SetLeaf(leaf, std::move(member)).ok());
}

}  // namespace cordon::testing
