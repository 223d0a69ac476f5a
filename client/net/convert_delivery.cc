#include "client/net/convert_delivery.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/core/delivery_types.h"
#include "client/net/convert.h"
#include "cordon/wire/v1/delivery.pb.h"
#include "cordon/wire/v1/types.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/cert/join_request.h"
#include "crypto/log/chain_hash.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::client {
namespace {

wire::EntryKind KindToWire(EntryKind kind) {
  switch (kind) {
    case EntryKind::kApplication:
      return wire::ENTRY_KIND_APPLICATION;
    case EntryKind::kProposal:
      return wire::ENTRY_KIND_PROPOSAL;
    case EntryKind::kCommit:
      return wire::ENTRY_KIND_COMMIT;
  }
  return wire::ENTRY_KIND_UNSPECIFIED;
}

absl::StatusOr<EntryKind> KindFrom(wire::EntryKind kind) {
  switch (kind) {
    case wire::ENTRY_KIND_APPLICATION:
      return EntryKind::kApplication;
    case wire::ENTRY_KIND_PROPOSAL:
      return EntryKind::kProposal;
    case wire::ENTRY_KIND_COMMIT:
      return EntryKind::kCommit;
    default:
      return Malformed("kind of a log entry");
  }
}

absl::StatusOr<RoomHeadItem> HeadFrom(const wire::RoomHead& from) {
  RoomHeadItem item{
      .epoch = Epoch{from.epoch()},
      .head = {.seq = LogSeq{from.seq()}, .hash = ChainHash()},
  };
  CORDON_ASSIGN_OR_RETURN(item.room, IdFrom<RoomId>(from.room_id(), "room id"));
  CORDON_ASSIGN_OR_RETURN(item.head.hash,
                          IdFrom<ChainHash>(from.chain_hash(), "chain hash"));
  return item;
}

absl::StatusOr<InboxItem> InboxFrom(const wire::InboxItem& from) {
  InboxItem item{
      .id = from.id(),
      .epoch = Epoch{from.epoch()},
      .head = {.seq = LogSeq{from.seq()}, .hash = ChainHash()},
      .welcome_id = from.welcome_id(),
  };
  if (item.id == 0) return Malformed("inbox item without an id");
  CORDON_ASSIGN_OR_RETURN(item.room, IdFrom<RoomId>(from.room_id(), "room id"));
  CORDON_ASSIGN_OR_RETURN(item.head.hash,
                          IdFrom<ChainHash>(from.chain_hash(), "chain hash"));
  CORDON_ASSIGN_OR_RETURN(
      item.secrets,
      BytesFrom(from.secrets(), kJoinerSecretsBytesMax, "joiner's secrets"));
  return item;
}

absl::StatusOr<CrlItem> CrlFrom(const wire::Crl& from) {
  CrlItem item;
  CORDON_ASSIGN_OR_RETURN(
      item.crl, BytesFrom(from.crl(), kCrlBytesMax, "revocation list"));
  CORDON_ASSIGN_OR_RETURN(
      item.issuing_certificate,
      BytesFrom(from.issuing_certificate(), kCertificateBytesMax,
                "issuing certificate"));
  return item;
}

absl::StatusOr<JoinRequestItem> JoinRequestFrom(const wire::JoinRequest& from) {
  JoinRequestItem item;
  CORDON_ASSIGN_OR_RETURN(
      item.invitation,
      IdFrom<InvitationId>(from.invitation_id(), "invitation id"));
  CORDON_ASSIGN_OR_RETURN(
      item.request,
      BytesFrom(from.request(), cert::kJoinRequestBytesMax, "join request"));
  return item;
}

// Lifts what a conversion gave into the variant.
template <typename Item>
absl::StatusOr<FollowItem> AsItem(absl::StatusOr<Item> item) {
  if (!item.ok()) return std::move(item).status();
  return FollowItem(*std::move(item));
}

absl::StatusOr<FollowItem> ItemFrom(const wire::FollowItem& from) {
  switch (from.item_case()) {
    case wire::FollowItem::kEntry:
      return AsItem(FromWire(from.entry()));
    case wire::FollowItem::kInbox:
      return AsItem(InboxFrom(from.inbox()));
    case wire::FollowItem::kCrl:
      return AsItem(CrlFrom(from.crl()));
    case wire::FollowItem::kJoinRequest:
      return AsItem(JoinRequestFrom(from.join_request()));
    case wire::FollowItem::kRoomHead:
      return AsItem(HeadFrom(from.room_head()));
    case wire::FollowItem::kRoomLeft: {
      RoomLeftItem left;
      CORDON_ASSIGN_OR_RETURN(
          left.room, IdFrom<RoomId>(from.room_left().room_id(), "room id"));
      return FollowItem(left);
    }
    case wire::FollowItem::kCaughtUp:
      return FollowItem(CaughtUpItem{});
    default:
      return Malformed("kind of what is followed");
  }
}

void FillWelcome(const WelcomeParts& from, wire::WelcomeUpload* to) {
  to->set_encrypted_group_info(ToString(from.encrypted_group_info));
  to->set_ratchet_tree(ToString(from.ratchet_tree));
  for (const JoinerSecrets& joiner : from.joiners) {
    wire::JoinerSecrets* const secrets = to->add_joiners();
    secrets->set_device_id(ToString(joiner.device.span()));
    secrets->set_secrets(ToString(joiner.secrets));
  }
}

}  // namespace

wire::AppendRequest ToWire(const AppendCall& call) {
  wire::AppendRequest request;
  request.set_room_id(ToString(call.room.span()));
  wire::Envelope* const envelope = request.mutable_envelope();
  envelope->set_envelope_id(ToString(call.envelope.span()));
  envelope->set_kind(KindToWire(call.kind));
  envelope->set_epoch(call.epoch.value);
  envelope->set_sealed(ToString(call.sealed));
  request.set_group_info(ToString(call.group_info));
  if (call.welcome.has_value()) {
    FillWelcome(*call.welcome, request.mutable_welcome());
  }
  return request;
}

wire::FollowRequest ToWire(const FollowCall& call) {
  wire::FollowRequest request;
  for (const RoomPlace& place : call.cursors) {
    wire::Cursor* const cursor = request.add_cursors();
    cursor->set_room_id(ToString(place.room.span()));
    cursor->set_seq(place.seq.value);
  }
  request.set_inbox_after(call.inbox_after);
  for (const CrlHeld& held : call.crls) {
    wire::CrlKnown* const known = request.add_crls();
    known->set_issuer(ToString(held.issuer.span()));
    known->set_number(held.number);
  }
  return request;
}

absl::StatusOr<RelayFacts> FromWire(const wire::DescribeAnswer& answer) {
  if (answer.mls_public_key().size() != kEd25519PublicKeyBytes) {
    return Malformed("the relay's MLS key");
  }
  return RelayFacts{.mls_public_key = ToBytes(AsBytes(answer.mls_public_key())),
                    .file_bytes_max = answer.file_bytes_max()};
}

absl::StatusOr<LogSeq> FromWire(const wire::AppendAnswer& answer) {
  if (answer.seq() == 0) return Malformed("place in the log");
  return LogSeq{answer.seq()};
}

absl::StatusOr<LogEntry> FromWire(const wire::LogEntry& from) {
  LogEntry entry{.seq = LogSeq{from.seq()},
                 .epoch = Epoch{from.epoch()},
                 .received = absl::FromUnixMillis(from.received_ms())};
  if (from.seq() == 0) return Malformed("place in the log");
  CORDON_ASSIGN_OR_RETURN(entry.room,
                          IdFrom<RoomId>(from.room_id(), "room id"));
  CORDON_ASSIGN_OR_RETURN(entry.kind, KindFrom(from.kind()));
  CORDON_ASSIGN_OR_RETURN(entry.author,
                          IdFrom<DeviceId>(from.author(), "author"));
  CORDON_ASSIGN_OR_RETURN(
      entry.envelope, IdFrom<EnvelopeId>(from.envelope_id(), "envelope id"));
  const size_t bytes_max = entry.kind == EntryKind::kApplication
                               ? kEnvelopeBytesMax
                               : kHandshakeBytesMax;
  CORDON_ASSIGN_OR_RETURN(entry.sealed,
                          BytesFrom(from.sealed(), bytes_max, "envelope"));
  return entry;
}

absl::StatusOr<std::vector<FollowItem>> FromWire(
    const wire::FollowBatch& batch) {
  std::vector<FollowItem> items;
  items.reserve(static_cast<size_t>(batch.items_size()));
  for (const wire::FollowItem& from : batch.items()) {
    CORDON_ASSIGN_OR_RETURN(FollowItem item, ItemFrom(from));
    items.push_back(std::move(item));
  }
  return items;
}

absl::StatusOr<LogPage> FromWire(const wire::BackfillAnswer& answer) {
  LogPage page;
  CORDON_ASSIGN_OR_RETURN(page.head, HeadFrom(answer.head()));
  for (const wire::LogEntry& from : answer.entries()) {
    CORDON_ASSIGN_OR_RETURN(LogEntry entry, FromWire(from));
    page.entries.push_back(std::move(entry));
  }
  return page;
}

absl::StatusOr<SharedWelcome> FromWire(const wire::FetchWelcomeAnswer& answer) {
  SharedWelcome welcome;
  CORDON_ASSIGN_OR_RETURN(
      welcome.encrypted_group_info,
      BytesFrom(answer.encrypted_group_info(), kTreeBytesMax, "group info"));
  CORDON_ASSIGN_OR_RETURN(
      welcome.ratchet_tree,
      BytesFrom(answer.ratchet_tree(), kTreeBytesMax, "ratchet tree"));
  return welcome;
}

absl::StatusOr<GroupInfos> FromWire(const wire::FetchGroupInfoAnswer& answer) {
  GroupInfos infos;
  if (answer.group_infos_size() > kGroupInfosMax) {
    return Malformed("number of group infos");
  }
  for (const std::string& from : answer.group_infos()) {
    CORDON_ASSIGN_OR_RETURN(Bytes info,
                            BytesFrom(from, kTreeBytesMax, "group info"));
    infos.group_infos.push_back(std::move(info));
  }
  CORDON_ASSIGN_OR_RETURN(
      infos.ratchet_tree,
      BytesFrom(answer.ratchet_tree(), kTreeBytesMax, "ratchet tree"));
  return infos;
}

}  // namespace cordon::client
