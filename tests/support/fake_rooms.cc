#include "tests/support/fake_rooms.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/delivery_types.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/codec/writer.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/public_group.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_nodes.h"
#include "crypto/prim/hash.h"

namespace cordon::testing {
namespace {

constexpr size_t kGroupInfosKept = 3;

std::set<DeviceId> DevicesOf(const mls::RatchetTree& tree) {
  std::set<DeviceId> devices;
  for (const mls::LeafIndex leaf : tree.Members()) {
    devices.insert(tree.Member(leaf)->device);
  }
  return devices;
}

// Who stays keeps its place; who is new begins after `at`.
void Recount(FakeRooms::Room& room, LogSeq at) {
  std::map<DeviceId, LogSeq> members;
  for (const DeviceId& device : DevicesOf(room.group.tree())) {
    const auto before = room.members.find(device);
    members[device] = before == room.members.end() ? at : before->second;
  }
  room.members = std::move(members);
}

absl::Status CheckWelcome(const client::AppendCall& input,
                          const mls::PublicCommit& commit) {
  std::set<DeviceId> added;
  for (const mls::LeafIndex leaf : commit.added) {
    added.insert(commit.next.tree().Member(leaf)->device);
  }
  std::set<DeviceId> welcomed;
  if (input.welcome.has_value()) {
    for (const client::JoinerSecrets& joiner : input.welcome->joiners) {
      welcomed.insert(joiner.device);
    }
  }
  if (added == welcomed) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "the welcome is not for exactly those whom the commit adds");
}

}  // namespace

absl::Status FakeRooms::Create(const FakeCall& call, const RoomId& room,
                               const Bytes& group_info) {
  const auto found = rooms_.find(room);
  if (found != rooms_.end()) {
    if (found->second.creator == call.caller &&
        found->second.first_group_info == group_info) {
      return absl::OkStatus();
    }
    return absl::AlreadyExistsError("the relay has another room of this id");
  }
  CORDON_ASSIGN_OR_RETURN(const mls::GroupInfo info,
                          mls::ParseAs<mls::GroupInfo>(group_info));
  const mls::Extension* const tree =
      mls::FindExtension(info.extensions, mls::kRatchetTreeExtension);
  if (tree == nullptr) {
    return absl::InvalidArgumentError("the group info is without its tree");
  }
  CORDON_ASSIGN_OR_RETURN(mls::TreeNodes nodes,
                          mls::ParseTreeNodes(tree->data));
  CORDON_ASSIGN_OR_RETURN(
      mls::PublicGroup group,
      mls::PublicGroup::FromGroupInfo(info, std::move(nodes), call.checks()));
  if (group.epoch() != Epoch{0} ||
      !Equal(group.context().group_id, room.span()) ||
      DevicesOf(group.tree()) != std::set<DeviceId>{call.caller}) {
    return absl::InvalidArgumentError(
        "a new room is at epoch 0, of its own id, with its creator alone");
  }
  Room made{.creator = call.caller,
            .first_group_info = group_info,
            .group = std::move(group),
            .log = {},
            .places = {{.room = room, .head = ChainStart(room)}},
            .members = {{call.caller, LogSeq{0}}},
            .group_infos = {group_info}};
  rooms_.emplace(room, std::move(made));
  return absl::OkStatus();
}

absl::StatusOr<LogSeq> FakeRooms::Append(const FakeCall& call,
                                         const client::AppendCall& input) {
  CORDON_ASSIGN_OR_RETURN(const Room* const known,
                          Find(call.caller, input.room));
  for (const client::LogEntry& entry : known->log) {
    if (entry.envelope != input.envelope) continue;
    if (entry.author == call.caller) return entry.seq;
    return absl::AlreadyExistsError("this envelope id is another device's");
  }
  CORDON_ASSIGN_OR_RETURN(Room* const room,
                          FindAt(call.caller, input.room, input.epoch));
  const size_t bytes_max = input.kind == EntryKind::kApplication
                               ? kEnvelopeBytesMax
                               : kHandshakeBytesMax;
  if (input.sealed.empty() || input.sealed.size() > bytes_max) {
    return absl::InvalidArgumentError("the envelope is empty or too large");
  }
  if (input.kind == EntryKind::kProposal) {
    CORDON_RETURN_IF_ERROR(TakeProposal(call, input.sealed, *room));
  } else if (input.kind == EntryKind::kCommit) {
    CORDON_RETURN_IF_ERROR(TakeCommit(call, input, *room));
  }
  return Place(call, input, *room);
}

absl::StatusOr<LogSeq> FakeRooms::ProposeAsRelay(const FakeCall& call,
                                                 const RoomId& room,
                                                 Bytes sealed) {
  const auto found = rooms_.find(room);
  if (found == rooms_.end()) return absl::NotFoundError("no such room");
  CORDON_RETURN_IF_ERROR(TakeProposal(call, sealed, found->second));
  const uint8_t number = static_cast<uint8_t>(found->second.log.size());
  return Place({.caller = DeviceId(), .now = call.now, .checker = call.checker},
               {.room = room,
                .envelope = EnvelopeId({0xFF, number}),
                .kind = EntryKind::kProposal,
                .epoch = found->second.group.epoch(),
                .sealed = std::move(sealed)},
               found->second);
}

LogSeq FakeRooms::Misplace(const FakeCall& call,
                           const client::AppendCall& input) {
  return Place(call, input, rooms_.at(input.room));
}

absl::Status FakeRooms::TakeProposal(const FakeCall& call, const Bytes& sealed,
                                     Room& room) {
  CORDON_ASSIGN_OR_RETURN(const mls::PublicMessage message,
                          mls::ParseAs<mls::PublicMessage>(sealed));
  CORDON_ASSIGN_OR_RETURN(room.group, room.group.Hear(message, call.checks()));
  return absl::OkStatus();
}

absl::Status FakeRooms::TakeCommit(const FakeCall& call,
                                   const client::AppendCall& input,
                                   Room& room) {
  CORDON_ASSIGN_OR_RETURN(const mls::PublicMessage message,
                          mls::ParseAs<mls::PublicMessage>(input.sealed));
  CORDON_ASSIGN_OR_RETURN(mls::PublicCommit commit,
                          room.group.Follow(message, call.checks()));
  if (commit.next.tree().Member(commit.committer)->device != call.caller) {
    return absl::PermissionDeniedError("the commit is another device's");
  }
  CORDON_ASSIGN_OR_RETURN(const mls::GroupInfo info,
                          mls::ParseAs<mls::GroupInfo>(input.group_info));
  CORDON_RETURN_IF_ERROR(commit.next.CheckGroupInfo(info));
  CORDON_RETURN_IF_ERROR(CheckWelcome(input, commit));
  room.group = std::move(commit.next);
  return absl::OkStatus();
}

LogSeq FakeRooms::Place(const FakeCall& call, const client::AppendCall& input,
                        Room& room) {
  const client::RoomHeadItem& before = room.places.back();
  client::LogEntry entry{.room = input.room,
                         .seq = before.head.seq.Next(),
                         .kind = input.kind,
                         .epoch = input.epoch,
                         .author = call.caller,
                         .envelope = input.envelope,
                         .sealed = input.sealed,
                         .received = call.now};
  const LogSeq seq = entry.seq;
  room.places.push_back(
      {.room = input.room,
       .epoch = room.group.epoch(),
       .head =
           ChainNext(before.head, {.seq = seq,
                                   .kind = input.kind,
                                   .epoch = input.epoch,
                                   .author = call.caller,
                                   .envelope_id = input.envelope,
                                   .sealed_digest = Sha256(input.sealed)})});
  room.log.push_back(std::move(entry));
  if (input.kind == EntryKind::kCommit) {
    room.group_infos = {input.group_info};
    Recount(room, seq);
    Welcome(input, room);
  }
  return seq;
}

void FakeRooms::Welcome(const client::AppendCall& input, const Room& room) {
  if (!input.welcome.has_value()) return;
  const uint64_t welcome_id = welcomes_.size() + 1;
  welcomes_[welcome_id] = {
      .encrypted_group_info = input.welcome->encrypted_group_info,
      .ratchet_tree = input.welcome->ratchet_tree};
  const client::RoomHeadItem& place = room.places.back();
  for (const client::JoinerSecrets& joiner : input.welcome->joiners) {
    inboxes_[joiner.device].push_back({.id = ++last_inbox_id_,
                                       .room = input.room,
                                       .epoch = place.epoch,
                                       .head = place.head,
                                       .secrets = joiner.secrets,
                                       .welcome_id = welcome_id});
  }
}

absl::Status FakeRooms::PutGroupInfo(const FakeCall& call, const RoomId& room,
                                     const Bytes& group_info) {
  CORDON_ASSIGN_OR_RETURN(const mls::GroupInfo info,
                          mls::ParseAs<mls::GroupInfo>(group_info));
  CORDON_ASSIGN_OR_RETURN(Room* const found,
                          FindAt(call.caller, room, info.group_context.epoch));
  CORDON_RETURN_IF_ERROR(found->group.CheckGroupInfo(info));
  if (found->group_infos.size() == kGroupInfosKept) {
    found->group_infos.erase(found->group_infos.begin());
  }
  found->group_infos.push_back(group_info);
  return absl::OkStatus();
}

absl::StatusOr<client::GroupInfos> FakeRooms::FetchGroupInfo(
    const DeviceId& caller, const RoomId& room) const {
  CORDON_ASSIGN_OR_RETURN(const Room* const found, Find(caller, room));
  return client::GroupInfos{
      .group_infos = found->group_infos,
      .ratchet_tree = codec::Serialize(found->group.tree())};
}

absl::StatusOr<const FakeRooms::Room*> FakeRooms::Find(
    const DeviceId& caller, const RoomId& room) const {
  const auto found = rooms_.find(room);
  if (found == rooms_.end()) return absl::NotFoundError("no such room");
  if (!found->second.members.contains(caller)) {
    return absl::PermissionDeniedError("this device is not in that room");
  }
  return &found->second;
}

absl::StatusOr<FakeRooms::Room*> FakeRooms::FindAt(const DeviceId& caller,
                                                   const RoomId& room,
                                                   Epoch epoch) {
  CORDON_RETURN_IF_ERROR(Find(caller, room).status());
  Room& found = rooms_.at(room);
  if (found.group.epoch() == epoch) return &found;
  return absl::AbortedError("the room is at another epoch; catch up");
}

bool FakeRooms::Contains(const RoomId& room, const DeviceId& device) const {
  return Find(device, room).ok();
}

std::vector<RoomId> FakeRooms::RoomsOf(const DeviceId& device) const {
  std::vector<RoomId> rooms;
  for (const auto& [id, room] : rooms_) {
    if (room.members.contains(device)) rooms.push_back(id);
  }
  return rooms;
}

void FakeRooms::AckInbox(const DeviceId& device, uint64_t through) {
  std::erase_if(inboxes_[device], [through](const client::InboxItem& item) {
    return item.id <= through;
  });
}

absl::StatusOr<client::SharedWelcome> FakeRooms::FetchWelcome(
    const DeviceId& caller, uint64_t welcome_id) {
  for (const client::InboxItem& item : inboxes_[caller]) {
    if (item.welcome_id == welcome_id) return welcomes_.at(welcome_id);
  }
  return absl::NotFoundError("no such welcome");
}

}  // namespace cordon::testing
