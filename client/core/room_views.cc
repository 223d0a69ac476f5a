#include "client/core/room_views.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "client/core/content.h"
#include "client/core/model/operation.h"
#include "client/core/record_reader.h"
#include "client/core/room_members.h"
#include "client/core/vault_numbers.h"
#include "client/core/view/operation.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/cert/role.h"
#include "crypto/mls/group.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_policy.h"
#include "storage/vault/directory_store.h"
#include "storage/vault/outbox.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

std::string StateName(vault::RoomState state) {
  switch (state) {
    case vault::RoomState::kJoined:
      return "joined";
    case vault::RoomState::kLeft:
      return "left";
    case vault::RoomState::kStopped:
      return "stopped";
  }
  return "unknown";
}

std::string KindName(uint32_t kind) {
  return std::string(policy::RoomKindName(static_cast<policy::RoomKind>(kind)));
}

absl::StatusOr<uint64_t> CountUnread(const vault::VaultTxn& txn,
                                     const vault::Room& room, DeviceId self) {
  return txn.records().Count({.room = room.id, .after = room.read}, self);
}

absl::StatusOr<uint64_t> CountUnsent(const vault::VaultTxn& txn, RoomId room) {
  uint64_t unsent = 0;
  vault::OutboxNumber after;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const std::vector<vault::OutboxRow> page,
                            txn.outbox().List(after));
    if (page.empty()) return unsent;
    after = page.back().number;
    for (const vault::OutboxRow& row : page) {
      if (row.record.room == room) ++unsent;
    }
  }
}

// Calls `visit` with each entry that was put aside.
template <typename Visit>
absl::Status ForEachQuarantined(const vault::VaultTxn& txn, RoomId room,
                                Visit visit) {
  LogSeq after;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Quarantined> page,
                            txn.records().ReadQuarantined(room, after));
    if (page.empty()) return absl::OkStatus();
    after = page.back().place.seq;
    for (const vault::Quarantined& entry : page) visit(entry);
  }
}

}  // namespace

absl::StatusOr<RoomView> ViewOfRoom(const vault::VaultTxn& txn,
                                    const vault::Room& room,
                                    const mls::Group* group, DeviceId self) {
  CORDON_ASSIGN_OR_RETURN(const vault::Operation operation,
                          txn.rooms().GetOperation(room.operation));
  RoomView view{.id = room.id,
                .room = RoomText(operation, room),
                .title = room.title,
                .kind = KindName(room.kind),
                .state = StateName(room.state),
                .state_reason = room.state_reason,
                .epoch = room.epoch,
                .seq = room.cursor.seq};
  if (group != nullptr) view.members = group->tree().member_count();
  CORDON_ASSIGN_OR_RETURN(view.unread, CountUnread(txn, room, self));
  CORDON_ASSIGN_OR_RETURN(view.unsent, CountUnsent(txn, room.id));
  CORDON_RETURN_IF_ERROR(ForEachQuarantined(
      txn, room.id, [&view](const vault::Quarantined&) { ++view.findings; }));
  return view;
}

absl::StatusOr<std::vector<MemberView>> ViewOfMembers(
    const vault::VaultTxn& txn, OperationId operation,
    const mls::Group& group) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<RoomMember> members,
                          MembersIn(group));
  std::vector<MemberView> views;
  views.reserve(members.size());
  for (const RoomMember& member : members) {
    MemberView view{.device = member.device.text(), .title = {}, .roles = {}};
    for (const cert::Role role : member.roles.List()) {
      view.roles.emplace_back(cert::RoleName(role));
    }
    const absl::StatusOr<vault::Participant> row =
        txn.directory().GetParticipant(operation, member.device.org().text());
    if (row.ok()) {
      CORDON_ASSIGN_OR_RETURN(const Participant participant,
                              ParseParticipant(row->profile));
      view.title = participant.title;
    } else if (!absl::IsNotFound(row.status())) {
      return row.status();
    }
    views.push_back(std::move(view));
  }
  return views;
}

std::vector<std::string> RulesOf(const vault::Room& room) {
  std::vector<std::string> rules;
  const absl::StatusOr<policy::RoomPolicy> parsed =
      policy::ParseRoomPolicy(room.policy);
  if (!parsed.ok()) return rules;
  for (const policy::PostingRule& rule : parsed->posting) {
    std::vector<std::string> roles;
    for (const cert::Role role : cert::kRoles) {
      if ((policy::MaskOf({role}).value & rule.roles.value) != 0) {
        roles.emplace_back(cert::RoleName(role));
      }
    }
    std::vector<std::string> kinds;
    for (uint16_t number = 1; number <= policy::kRecordKindMax; ++number) {
      const auto kind = static_cast<policy::RecordKind>(number);
      if (rule.kinds.Has(kind)) {
        kinds.emplace_back(policy::RecordKindName(kind));
      }
    }
    rules.push_back(absl::StrCat(absl::StrJoin(roles, ", "), ": ",
                                 absl::StrJoin(kinds, ", ")));
  }
  return rules;
}

absl::StatusOr<std::vector<std::string>> FindingsOf(const vault::VaultTxn& txn,
                                                    const vault::Room& room) {
  std::vector<std::string> findings;
  const absl::Status read = ForEachQuarantined(
      txn, room.id, [&findings](const vault::Quarantined& entry) {
        findings.push_back(absl::StrCat(
            "entry ", entry.place.seq.value,
            " was refused: ", RefusalText(static_cast<Refusal>(entry.reason))));
      });
  CORDON_RETURN_IF_ERROR(read);
  return findings;
}

absl::StatusOr<OperationView> ViewOfOperation(const vault::VaultTxn& txn,
                                              const vault::Operation& operation,
                                              DeviceId self) {
  OperationView view{.id = operation.id};
  CORDON_ASSIGN_OR_RETURN(view.profile,
                          ParseOperationProfile(operation.profile));
  view.profile.name = operation.name;
  CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Participant> participants,
                          txn.directory().ListParticipants(operation.id));
  view.participants = static_cast<uint32_t>(participants.size());
  CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Room> rooms,
                          txn.rooms().ListRooms(operation.id));
  view.rooms = static_cast<uint32_t>(rooms.size());
  for (const vault::Room& room : rooms) {
    CORDON_ASSIGN_OR_RETURN(const uint64_t unread,
                            CountUnread(txn, room, self));
    view.unread += unread;
  }
  return view;
}

}  // namespace cordon::client
