#include "server/core/room_info_check.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/x509_credential.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/public_group.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_nodes.h"
#include "crypto/policy/room_extensions.h"
#include "crypto/policy/room_policy.h"
#include "server/core/authz.h"
#include "server/core/caller.h"
#include "server/core/handshake_check.h"
#include "server/core/room_groups.h"

namespace cordon::server {
namespace {

absl::Status CheckExternalPub(const mls::GroupInfo& info) {
  CORDON_ASSIGN_OR_RETURN(const std::optional<Bytes> key,
                          mls::FindExternalPub(info.extensions));
  if (key.has_value()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "without external_pub nobody can come back by it");
}

absl::StatusOr<mls::PublicGroup> ReadNewGroup(const NewRoomTask& task) {
  CORDON_ASSIGN_OR_RETURN(const mls::GroupInfo info,
                          mls::ParseAs<mls::GroupInfo>(task.group_info));
  const mls::Extension* const tree =
      mls::FindExtension(info.extensions, mls::kRatchetTreeExtension);
  if (tree == nullptr) {
    return absl::InvalidArgumentError("a new room's needs its tree inside");
  }
  if (info.group_context.epoch.value != 0 ||
      !Equal(info.group_context.group_id, task.room.span())) {
    return absl::InvalidArgumentError(
        "a new room begins at epoch 0, its id being its group's");
  }
  CORDON_RETURN_IF_ERROR(CheckExternalPub(info));
  CORDON_ASSIGN_OR_RETURN(mls::TreeNodes nodes,
                          mls::ParseTreeNodes(tree->data));
  const cert::X509CredentialChecker checker(task.verifier);
  return mls::PublicGroup::FromGroupInfo(
      info, std::move(nodes), {.checker = checker, .instant = task.now});
}

absl::StatusOr<mls::LeafIndex> FindCreator(const mls::PublicGroup& group,
                                           const NewRoomTask& task) {
  const std::vector<mls::LeafIndex> members = group.tree().Members();
  const mls::TreeMember* const creator = group.tree().Member(members.front());
  if (members.size() != 1 || creator->device != task.caller->device) {
    return absl::PermissionDeniedError(
        "a new room has its creator in it, and nobody else");
  }
  // The group was taken as one that stands; its creator enters now.
  CORDON_RETURN_IF_ERROR(
      cert::VerifyCredential(*task.verifier, creator->leaf.credential,
                             {.usage = cert::Usage::kIdentity, .at = task.now})
          .status());
  return members.front();
}

}  // namespace

absl::Status CheckOfferedInfo(const mls::PublicGroup& group, ByteSpan bytes,
                              const DeviceId& signer) {
  const absl::StatusOr<mls::GroupInfo> info =
      mls::ParseAs<mls::GroupInfo>(bytes);
  if (!info.ok()) return RefusalOf(info.status(), "GroupInfo");
  CORDON_RETURN_IF_ERROR(RefusalOf(group.CheckGroupInfo(*info), "GroupInfo"));
  if (group.tree().Member(info->signer)->device != signer) {
    return absl::PermissionDeniedError(
        "the GroupInfo is refused: this device did not sign it");
  }
  if (mls::FindExtension(info->extensions, mls::kRatchetTreeExtension) !=
      nullptr) {
    return absl::InvalidArgumentError(
        "the GroupInfo is refused: the relay has the tree; leave it out");
  }
  return RefusalOf(CheckExternalPub(*info), "GroupInfo");
}

absl::StatusOr<CheckedRoom> CheckNewRoom(NewRoomTask task) {
  CheckedRoom checked{.exists = task.exists, .room = task.room};
  if (task.exists) return checked;
  absl::StatusOr<mls::PublicGroup> group = ReadNewGroup(task);
  if (!group.ok()) return RefusalOf(group.status(), "room");
  const absl::StatusOr<mls::LeafIndex> leaf = FindCreator(*group, task);
  if (!leaf.ok()) return RefusalOf(leaf.status(), "room");
  const mls::Extensions& extensions = group->context().extensions;
  CORDON_RETURN_IF_ERROR(
      RefusalOf(policy::CheckRoomExtensions(extensions), "room"));
  CORDON_RETURN_IF_ERROR(
      RefusalOf(policy::CheckRelaySender(extensions, task.relay_key), "room"));
  CORDON_ASSIGN_OR_RETURN(checked.policy, policy::PolicyOf(extensions));
  CORDON_RETURN_IF_ERROR(CheckMayOpen(checked.policy.kind, task.caller->roles));
  if (!policy::MayBeMember(checked.policy, task.caller->name)) {
    return absl::PermissionDeniedError(
        "the room is refused: its policy does not let its creator in");
  }
  checked.leaf = leaf->value;
  checked.group = ImageOf(*std::move(group));
  checked.group_info = std::move(task.group_info);
  return checked;
}

}  // namespace cordon::server
