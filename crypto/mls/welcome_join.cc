#include "crypto/mls/welcome_join.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/mls/epoch_advance.h"
#include "crypto/mls/epoch_state.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/group_secrets.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/psk_secret.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/services.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_kem.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_nodes.h"
#include "crypto/mls/tree_validation.h"
#include "crypto/mls/welcome.h"
#include "crypto/prim/hash.h"

namespace cordon::mls {
namespace {

absl::Status Invalid(absl::string_view why) {
  return absl::InvalidArgumentError(why);
}

std::set<DeviceId> DevicesOf(const RatchetTree& tree) {
  std::set<DeviceId> devices;
  for (const LeafIndex leaf : tree.Members()) {
    devices.insert(tree.Member(leaf)->device);
  }
  return devices;
}

// The one key that says from which group the new one goes on; absent for a
// group of its own.
absl::StatusOr<std::optional<ResumptionPsk>> FoundingKey(
    const std::vector<PreSharedKeyId>& psks) {
  std::optional<ResumptionPsk> founding;
  for (const PreSharedKeyId& id : psks) {
    if (id.nonce.size() != kHashBytes) {
      return Invalid("welcome: nonce of a wrong size");
    }
    const auto* psk = std::get_if<ResumptionPsk>(&id.psk);
    if (psk == nullptr || psk->usage == ResumptionUsage::kApplication) continue;
    if (founding.has_value()) {
      return Invalid("welcome: goes on from two groups");
    }
    founding = *psk;
  }
  return founding;
}

absl::Status CheckReInit(const GroupContext& context, const RatchetTree& tree,
                         const EpochState& old) {
  const auto& asked = old.member().re_init;
  if (!asked.has_value()) return Invalid("reinit: the old group goes on");
  if (context.group_id != asked->group_id ||
      context.version != asked->version ||
      context.cipher_suite != asked->cipher_suite ||
      context.extensions != asked->extensions) {
    return Invalid("reinit: not the group that was agreed");
  }
  if (DevicesOf(tree) != DevicesOf(old.tree())) {
    return Invalid("reinit: other members");
  }
  return absl::OkStatus();
}

absl::Status CheckBranch(const GroupContext& context, const RatchetTree& tree,
                         const EpochState& old) {
  if (context.version != old.context().version ||
      context.cipher_suite != old.context().cipher_suite) {
    return Invalid("branch: other version or suite");
  }
  const std::set<DeviceId> members = DevicesOf(tree);
  const std::set<DeviceId> known = DevicesOf(old.tree());
  if (!std::includes(known.begin(), known.end(), members.begin(),
                     members.end())) {
    return Invalid("branch: members that the old group does not have");
  }
  return absl::OkStatus();
}

absl::Status CheckFounding(const ResumptionPsk& psk, const GroupInfo& info,
                           const RatchetTree& tree, const EpochState* old) {
  if (old == nullptr || !Equal(old->context().group_id, psk.group_id)) {
    return absl::FailedPreconditionError("welcome: old group is not given");
  }
  if (info.group_context.epoch != Epoch{1}) {
    return Invalid("welcome: goes on from a group, but not in epoch 1");
  }
  if (psk.usage == ResumptionUsage::kBranch) {
    return CheckBranch(info.group_context, tree, *old);
  }
  if (psk.epoch != old->epoch()) return Invalid("reinit: of another epoch");
  return CheckReInit(info.group_context, tree, *old);
}

// The predecessor answers for its own epoch, the application for the rest.
class JoinerPsks final : public PskLookup {
 public:
  JoinerPsks(const EpochState* predecessor, const PskLookup& outer)
      : predecessor_(predecessor), outer_(outer) {}

  absl::StatusOr<SecretBytes> External(ByteSpan id) const override {
    return outer_.External(id);
  }
  absl::StatusOr<SecretBytes> Resumption(ByteSpan group_id,
                                         Epoch epoch) const override {
    if (predecessor_ != nullptr && epoch == predecessor_->epoch() &&
        Equal(group_id, predecessor_->context().group_id)) {
      return SecretBytes::Copy(
          predecessor_->opening().resumption_psk.ExposeSecret());
    }
    return outer_.Resumption(group_id, epoch);
  }

 private:
  const EpochState* const predecessor_;
  const PskLookup& outer_;
};

absl::StatusOr<LeafIndex> FindOwnLeaf(const RatchetTree& tree,
                                      const OwnKeyPackage& own) {
  const LeafNode& leaf = own.key_package().leaf_node;
  const auto found = tree.FindSignatureKey(leaf.signature_key);
  if (!found.has_value() || tree.Member(*found)->leaf != leaf) {
    return Invalid("welcome: our leaf is not in the tree");
  }
  return *found;
}

absl::StatusOr<PathKeys> OwnPath(const RatchetTree& tree, LeafIndex signer,
                                 const OwnKeyPackage& own,
                                 const GroupSecrets& secrets) {
  CORDON_ASSIGN_OR_RETURN(const LeafIndex self, FindOwnLeaf(tree, own));
  PathKeys keys(self, own.leaf_key().CloneSecret());
  if (secrets.path_secret.has_value()) {
    if (self == signer) return Invalid("welcome: from ourselves");
    CORDON_ASSIGN_OR_RETURN(const Secret path_secret,
                            Secret::Copy(secrets.path_secret->ExposeSecret()));
    CORDON_RETURN_IF_ERROR(
        keys.SetFrom(tree, CommonAncestor(self, signer), path_secret));
  }
  return keys;
}

}  // namespace

absl::StatusOr<RatchetTree> TreeOf(const GroupInfo& info,
                                   const std::optional<Bytes>& beside,
                                   const Services& services) {
  const Extension* inside =
      FindExtension(info.extensions, kRatchetTreeExtension);
  if (inside == nullptr && !beside.has_value()) {
    return absl::FailedPreconditionError("group info: tree is not given");
  }
  CORDON_ASSIGN_OR_RETURN(
      TreeNodes nodes,
      ParseTreeNodes(inside != nullptr ? inside->data : *beside));
  const GroupContext& context = info.group_context;
  CORDON_ASSIGN_OR_RETURN(RatchetTree tree,
                          ValidateTree(std::move(nodes), context.group_id,
                                       {.group_extensions = context.extensions,
                                        .checker = services.checker,
                                        .at = services.Standing()}));
  if (!Equal(tree.RootHash(), context.tree_hash)) {
    return Invalid("group info: another tree");
  }
  const TreeMember* signer = tree.Member(info.signer);
  if (signer == nullptr) return Invalid("group info: signer is blank");
  CORDON_RETURN_IF_ERROR(VerifyGroupInfo(info, signer->leaf.signature_key));
  return tree;
}

absl::StatusOr<JoinedEpoch> JoinByWelcome(const Welcome& welcome,
                                          const OwnKeyPackage& own,
                                          const JoinOptions& options,
                                          const Services& services) {
  if (welcome.cipher_suite != kCipherSuite) {
    return Invalid("welcome: another cipher suite");
  }
  CORDON_ASSIGN_OR_RETURN(const EncryptedGroupSecrets* sealed,
                          FindSecrets(welcome, own.ref()));
  CORDON_ASSIGN_OR_RETURN(
      const GroupSecrets secrets,
      OpenGroupSecrets(*sealed, own.init_key(), welcome.encrypted_group_info));
  CORDON_ASSIGN_OR_RETURN(const auto founding, FoundingKey(secrets.psks));
  CORDON_ASSIGN_OR_RETURN(
      const Secret psk_secret,
      DerivePskSecret(secrets.psks,
                      JoinerPsks(options.predecessor, services.psks)));
  CORDON_ASSIGN_OR_RETURN(const Secret joiner,
                          Secret::Copy(secrets.joiner_secret.ExposeSecret()));
  CORDON_ASSIGN_OR_RETURN(
      GroupInfo info, OpenGroupInfo(welcome.encrypted_group_info,
                                    DeriveWelcomeSecret(joiner, psk_secret)));
  CORDON_RETURN_IF_ERROR(CheckOurs(info.group_context));
  CORDON_ASSIGN_OR_RETURN(RatchetTree tree,
                          TreeOf(info, options.tree, services));
  if (founding.has_value()) {
    CORDON_RETURN_IF_ERROR(
        CheckFounding(*founding, info, tree, options.predecessor));
  }
  CORDON_ASSIGN_OR_RETURN(PathKeys keys,
                          OwnPath(tree, info.signer, own, secrets));
  EpochPublic shared = EpochPublic::Of(info.group_context, std::move(tree));
  EpochSecrets epoch =
      DeriveEpochSecrets(joiner, psk_secret, shared.context_bytes);
  const Digest tag = ConfirmationTag(epoch.confirmation_key,
                                     shared.context.confirmed_transcript_hash);
  if (!EqualsConstantTime(tag, info.confirmation_tag)) {
    return absl::UnauthenticatedError("welcome: confirmation tag differs");
  }
  return JoinedEpoch{
      .state = MakeState(
          std::move(shared), std::move(epoch),
          {.path = std::move(keys), .signer = own.signer().CloneSecret()}, tag),
      .extensions = std::move(info.extensions),
      .signer = info.signer};
}

}  // namespace cordon::mls
