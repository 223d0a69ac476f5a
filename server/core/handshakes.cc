#include "server/core/handshakes.h"

#include <optional>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/cert/x509_credential.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/public_group.h"
#include "server/core/append_input.h"
#include "server/core/caller.h"
#include "server/core/follow_item.h"
#include "server/core/handshake_check.h"
#include "server/core/inbox_payload.h"
#include "server/core/publications.h"
#include "server/core/room_groups.h"
#include "storage/relay/delivery_log.h"
#include "storage/relay/group_store.h"
#include "storage/relay/inbox_store.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {
namespace {

// A stranger's external commit gets a sentence of its own.
absl::Status ForStranger(const absl::Status& status, const AppendInput& input) {
  if (!absl::IsPermissionDenied(status)) return status;
  const absl::StatusOr<mls::FrameHeader> header =
      mls::ParseFrameHeader(input.sealed);
  if (!header.ok() || !header->sender.has_value() ||
      !std::holds_alternative<mls::NewMemberCommitSender>(*header->sender)) {
    return status;
  }
  return absl::PermissionDeniedError(
      "an external commit is for a device that is in the room already; ask an "
      "admitter to add this one");
}

}  // namespace

absl::StatusOr<HandshakeTask> Handshakes::Begin(const Caller& caller,
                                                AppendInput input) {
  HandshakeTask task;
  CORDON_ASSIGN_OR_RETURN(task.placed,
                          parts_.rooms->FindPlaced(caller.device, input));
  if (!task.placed.has_value()) {
    const absl::StatusOr<relay::Room> room =
        parts_.rooms->FindOpen(caller.device, input);
    if (!room.ok()) return ForStranger(room.status(), input);
    CORDON_ASSIGN_OR_RETURN(task.base, parts_.groups->Find(*room));
  }
  task.input = std::move(input);
  task.caller = caller.device;
  task.verifier = parts_.trust->verifier();
  task.now = parts_.clock->Now();
  return task;
}

absl::StatusOr<LogSeq> Handshakes::Finish(const sqlite::Transaction& txn,
                                          const Caller& caller,
                                          CheckedHandshake checked) {
  if (checked.placed.has_value()) return *checked.placed;
  // Both may have changed while the message was being checked.
  CORDON_ASSIGN_OR_RETURN(
      const std::optional<LogSeq> placed,
      parts_.rooms->FindPlaced(caller.device, checked.input));
  if (placed.has_value()) return *placed;
  CORDON_ASSIGN_OR_RETURN(const relay::Room room,
                          parts_.rooms->FindOpen(caller.device, checked.input));
  if (checked.proposal.has_value()) {
    return FinishProposal(txn, room, caller, std::move(checked));
  }
  return FinishCommit(txn, room, caller, std::move(checked));
}

absl::StatusOr<LogSeq> Handshakes::FinishProposal(
    const sqlite::Transaction& txn, const relay::Room& room,
    const Caller& caller, CheckedHandshake checked) {
  CORDON_ASSIGN_OR_RETURN(const SharedGroup current, parts_.groups->Find(room));
  if (current != checked.base) {
    // Another proposal was heard meanwhile; this one is added to both.
    const cert::X509CredentialChecker checker(parts_.trust->verifier());
    absl::StatusOr<mls::PublicGroup> next =
        current->Hear(*checked.proposal,
                      {.checker = checker, .instant = parts_.clock->Now()});
    if (!next.ok()) return RefusalOf(next.status(), "proposal");
    checked.next = ImageOf(*std::move(next));
  }
  CORDON_ASSIGN_OR_RETURN(
      const RoomHead head,
      parts_.rooms->Place(txn, room, caller.device, checked.input));
  CORDON_RETURN_IF_ERROR(parts_.groups->Put(txn, room.room, checked.next));
  return head.seq;
}

absl::StatusOr<LogSeq> Handshakes::FinishCommit(const sqlite::Transaction& txn,
                                                const relay::Room& room,
                                                const Caller& caller,
                                                CheckedHandshake checked) {
  CORDON_ASSIGN_OR_RETURN(
      const RoomHead head,
      parts_.rooms->Place(txn, room, caller.device, checked.input));
  CORDON_RETURN_IF_ERROR(Welcome(txn, head, checked));
  CORDON_RETURN_IF_ERROR(MoveMembers(txn, caller, head.seq, checked));
  CORDON_RETURN_IF_ERROR(parts_.groups->Put(txn, room.room, checked.next));
  CORDON_RETURN_IF_ERROR(parts_.stores->groups.PutInfo(
      txn, room.room, checked.next.group->epoch(),
      {.signer = caller.device, .info = checked.input.group_info}));
  CORDON_RETURN_IF_ERROR(parts_.removals->AfterCommit(txn, room.room));
  return head.seq;
}

absl::Status Handshakes::Welcome(const sqlite::Transaction& txn,
                                 const RoomHead& head,
                                 const CheckedHandshake& checked) {
  if (checked.joined.empty()) return absl::OkStatus();
  relay::InboxStore& inboxes = parts_.stores->inboxes;
  CORDON_ASSIGN_OR_RETURN(const relay::SharedPayloadId shared,
                          inboxes.PutShared(txn, checked.shared_welcome));
  for (const JoinerSecrets& joiner : checked.input.welcome->joiners) {
    InboxItem item{.room = checked.input.room,
                   .epoch = checked.next.group->epoch(),
                   .head = head,
                   .secrets = joiner.secrets,
                   .welcome_id = shared.value};
    CORDON_ASSIGN_OR_RETURN(const relay::InboxItemId id,
                            inboxes.Put(txn, {.device = joiner.device,
                                              .kind = kWelcomeItemKind,
                                              .payload = WriteWelcomeItem(item),
                                              .shared = shared}));
    item.id = id.value;
    parts_.publications->Add(ToDevice{joiner.device, std::move(item)});
  }
  return absl::OkStatus();
}

absl::Status Handshakes::MoveMembers(const sqlite::Transaction& txn,
                                     const Caller& caller, LogSeq seq,
                                     const CheckedHandshake& checked) {
  const RoomId& room = checked.input.room;
  relay::GroupStore& groups = parts_.stores->groups;
  CORDON_ASSIGN_OR_RETURN(const relay::Member author,
                          parts_.rooms->FindMember(caller.device, room));
  for (const PlacedMember& gone : checked.left) {
    CORDON_RETURN_IF_ERROR(groups.RemoveMember(txn, room, gone.leaf));
    if (checked.returned.has_value()) continue;
    parts_.publications->Add(DeviceLeft{gone.device, room});
  }
  for (const PlacedMember& come : checked.joined) {
    CORDON_RETURN_IF_ERROR(groups.AddMember(
        txn, room, {.leaf = come.leaf, .device = come.device, .since = seq}));
    parts_.publications->Add(DeviceJoined{come.device, room, seq});
  }
  if (!checked.returned.has_value()) return absl::OkStatus();
  // Who comes back keeps what it might read before.
  return groups.AddMember(txn, room,
                          {.leaf = checked.returned->leaf,
                           .device = checked.returned->device,
                           .since = author.since});
}

}  // namespace cordon::server
