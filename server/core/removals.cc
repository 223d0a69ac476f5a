#include "server/core/removals.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/log.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/x509_credential.h"
#include "crypto/codec/writer.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/public_group.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"
#include "server/core/append_input.h"
#include "server/core/room_groups.h"
#include "storage/relay/delivery_log.h"
#include "storage/relay/group_store.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {
namespace {

constexpr size_t kRoomsPage = 256;
constexpr absl::string_view kEnvelopeLabel = "cordon relay removal v1";
// The relay stands first, and alone, in a room's external senders.
constexpr mls::OutsideSender kRelay{.index = 0};

EnvelopeId EnvelopeFor(const mls::PublicGroup& group, mls::LeafIndex leaf) {
  codec::Writer out;
  out.Vector(AsBytes(kEnvelopeLabel));
  out.Vector(group.context().group_id);
  out.U64(group.epoch().value);
  out.U32(leaf.value);
  const Digest digest = Sha256(out.Take());
  std::array<uint8_t, EnvelopeId::kBytes> id{};
  std::copy_n(digest.begin(), id.size(), id.begin());
  return EnvelopeId(id);
}

mls::PublicMessage RemoveBy(const Ed25519PrivateKey& key,
                            const mls::PublicGroup& group,
                            mls::LeafIndex leaf) {
  mls::PublicMessage message{
      .content = {
          .content = {.group_id = group.context().group_id,
                      .epoch = group.epoch(),
                      .sender = kRelay,
                      .content = mls::Proposal(mls::Remove{.removed = leaf})}}};
  mls::Sign(key, codec::Serialize(group.context()), message.content);
  return message;
}

}  // namespace

bool Removals::IsOut(const mls::TreeMember& member) const {
  const absl::Time now = parts_.clock->Now();
  const absl::StatusOr<cert::VerifiedChain> chain = cert::VerifyCredential(
      *parts_.trust->verifier(), member.leaf.credential,
      {.usage = cert::Usage::kIdentity, .at = now, .ignore_dates = true});
  return !chain.ok() || chain->validity().not_after + kExpiryGrace < now;
}

absl::Status Removals::Load() {
  return ForEachRoom([this](const relay::Room& room) { return NoteOut(room); });
}

absl::Status Removals::ProposeExpired(const sqlite::Transaction& txn) {
  return ForEachRoom([&](const relay::Room& room) -> absl::Status {
    CORDON_RETURN_IF_ERROR(NoteOut(room));
    return AfterCommit(txn, room.room);
  });
}

absl::Status Removals::ForEachRoom(RoomStep step) {
  if (parts_.trust->verifier() == nullptr) return absl::OkStatus();
  RoomId after;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const std::vector<relay::Room> rooms,
                            parts_.stores->log.ListRooms(after, kRoomsPage));
    if (rooms.empty()) return absl::OkStatus();
    for (const relay::Room& room : rooms) {
      after = room.room;
      CORDON_RETURN_IF_ERROR(step(room));
    }
  }
}

absl::Status Removals::NoteOut(const relay::Room& room) {
  const absl::StatusOr<SharedGroup> group = parts_.groups->Find(room);
  if (!group.ok()) {
    // One room that cannot be read must not keep all others from being served.
    LogError("removals: cannot read room#", Alias(room.room.span()));
    return absl::OkStatus();
  }
  const mls::RatchetTree& tree = (*group)->tree();
  for (const mls::LeafIndex leaf : tree.Members()) {
    const mls::TreeMember& member = *tree.Member(leaf);
    if (IsOut(member)) owed_[room.room].insert(member.device);
  }
  return absl::OkStatus();
}

absl::Status Removals::ProposeFor(const sqlite::Transaction& txn,
                                  const DeviceId& device) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<relay::Membership> memberships,
                          parts_.stores->groups.RoomsOf(device));
  for (const relay::Membership& membership : memberships) {
    CORDON_ASSIGN_OR_RETURN(const relay::Room room,
                            parts_.rooms->FindRoom(membership.room));
    const absl::StatusOr<SharedGroup> group = parts_.groups->Find(room);
    if (!group.ok()) {
      // A room that cannot be read must not keep anybody from being revoked.
      LogError("removals: cannot read room#", Alias(room.room.span()));
      continue;
    }
    const mls::TreeMember* const member =
        (*group)->tree().Member(mls::LeafIndex{membership.leaf});
    if (member == nullptr || !IsOut(*member)) continue;
    owed_[membership.room].insert(device);
    CORDON_RETURN_IF_ERROR(Propose(txn, membership.room));
  }
  return absl::OkStatus();
}

absl::Status Removals::AfterCommit(const sqlite::Transaction& txn,
                                   const RoomId& room) {
  if (!owed_.contains(room)) return absl::OkStatus();
  return Propose(txn, room);
}

Removals::Leaves Removals::OwedIn(const RoomId& room,
                                  const mls::RatchetTree& tree) {
  Leaves leaves;
  for (const DeviceId& device : owed_[room]) {
    const std::optional<mls::LeafIndex> leaf = tree.FindDevice(device);
    if (leaf.has_value() && IsOut(*tree.Member(*leaf))) {
      leaves.push_back(*leaf);
    }
  }
  std::sort(leaves.begin(), leaves.end());
  return leaves;
}

absl::Status Removals::Propose(const sqlite::Transaction& txn,
                               const RoomId& room_id) {
  CORDON_ASSIGN_OR_RETURN(relay::Room room, parts_.rooms->FindRoom(room_id));
  CORDON_ASSIGN_OR_RETURN(const SharedGroup group, parts_.groups->Find(room));
  const Leaves leaves = OwedIn(room_id, group->tree());
  // Gone, or in the room by a certificate that stands.
  if (leaves.empty()) return absl::OkStatus();
  const cert::X509CredentialChecker checker(parts_.trust->verifier());
  mls::PublicGroup next = *group;
  for (const mls::LeafIndex leaf : leaves) {
    AppendInput input{.room = room_id,
                      .envelope_id = EnvelopeFor(next, leaf),
                      .kind = EntryKind::kProposal,
                      .epoch = room.epoch};
    CORDON_ASSIGN_OR_RETURN(const std::optional<LogSeq> placed,
                            parts_.rooms->FindPlaced(DeviceId(), input));
    if (placed.has_value()) continue;
    const mls::PublicMessage message = RemoveBy(*parts_.key, next, leaf);
    absl::StatusOr<mls::PublicGroup> heard = next.Hear(
        message, {.checker = checker, .instant = parts_.clock->Now()});
    if (!heard.ok()) {
      // Too many proposals wait in this epoch; the next commit brings us back.
      LogWarning("removals: not heard in room#", Alias(room_id.span()));
      break;
    }
    next = *std::move(heard);
    input.sealed = codec::Serialize(mls::MlsMessage(message));
    CORDON_RETURN_IF_ERROR(
        parts_.rooms->Place(txn, room, DeviceId(), input).status());
    CORDON_ASSIGN_OR_RETURN(room, parts_.rooms->FindRoom(room_id));
  }
  return parts_.groups->Put(txn, room_id, ImageOf(std::move(next)));
}

}  // namespace cordon::server
