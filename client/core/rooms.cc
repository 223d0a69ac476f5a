#include "client/core/rooms.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "client/core/admitting.h"
#include "client/core/command.h"
#include "client/core/commits.h"
#include "client/core/delivery_types.h"
#include "client/core/event.h"
#include "client/core/own_device.h"
#include "client/core/parts.h"
#include "client/core/record_reader.h"
#include "client/core/room_members.h"
#include "client/core/room_opening.h"
#include "client/core/room_views.h"
#include "client/core/task.h"
#include "client/core/view/operation.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/group.h"
#include "crypto/mls/proposal.h"
#include "crypto/policy/room_extensions.h"
#include "crypto/policy/room_policy.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

// A room that is to be, and what the command says of who is in it.
struct Plan {
  vault::Operation operation;
  NewRoom room;
};

absl::StatusOr<std::optional<cert::OrgName>> GuestOf(
    policy::RoomKind kind, const std::vector<std::string>& with) {
  if (kind == policy::RoomKind::kDirect && with.empty()) {
    return absl::InvalidArgumentError(
        "say with whom: a direct room is for those named by --with");
  }
  if (kind != policy::RoomKind::kIntake) return std::nullopt;
  if (with.size() != 1) {
    return absl::InvalidArgumentError(
        "an intake room is for one rights holder or platform; name it by "
        "--with");
  }
  CORDON_ASSIGN_OR_RETURN(cert::OrgName guest, cert::OrgName::Parse(with[0]));
  return guest;
}

// Whatever is sent to an operation's alerts or library goes to one room.
absl::Status CheckOnlyOne(const vault::VaultTxn& txn,
                          const vault::Operation& operation,
                          const CreateRoom& wanted, policy::RoomKind kind) {
  if (kind != policy::RoomKind::kAlerts && kind != policy::RoomKind::kLibrary) {
    return absl::OkStatus();
  }
  CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Room> rooms,
                          txn.rooms().ListRooms(operation.id));
  for (const vault::Room& room : rooms) {
    if (room.kind != static_cast<uint32_t>(kind) || room.name == wanted.name ||
        room.state == vault::RoomState::kLeft) {
      continue;
    }
    return absl::AlreadyExistsError(
        absl::StrCat("an operation has one ", policy::RoomKindName(kind),
                     " room; this one has ", RoomText(operation, room)));
  }
  return absl::OkStatus();
}

absl::StatusOr<Plan> PlanOf(vault::Vault& vault, const CreateRoom& wanted,
                            const OwnDevice& own) {
  CORDON_RETURN_IF_ERROR(CheckShortName("a room", wanted.name));
  CORDON_ASSIGN_OR_RETURN(const policy::RoomKind kind,
                          policy::ParseRoomKind(wanted.kind));
  const bool curator_may = kind == policy::RoomKind::kIntake &&
                           own.roles().Has(cert::Role::kCurator);
  if (!own.roles().Has(cert::Role::kCoordinator) && !curator_may) {
    return absl::PermissionDeniedError(
        "only a coordinator makes rooms, and a curator intake rooms");
  }
  Plan plan;
  const absl::Status read =
      vault.Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(plan.operation,
                                FindOperation(txn, wanted.operation));
        return CheckOnlyOne(txn, plan.operation, wanted, kind);
      });
  CORDON_RETURN_IF_ERROR(read);
  CORDON_ASSIGN_OR_RETURN(std::optional<cert::OrgName> guest,
                          GuestOf(kind, wanted.with));
  plan.room = {.operation = plan.operation.id,
               .name = wanted.name,
               .title = wanted.title.empty() ? wanted.name : wanted.title,
               .kind = kind,
               .guest = std::move(guest)};
  return plan;
}

// Who the command means: those named and the caller's own organisation; if
// nobody is named, the operation's participants.
bool IsMeant(const cert::VerifiedChain& chain, const CreateRoom& wanted,
             const OwnDevice& own,
             const std::vector<std::string>& participants) {
  const cert::DeviceName& device = chain.device();
  if (device.org() == own.name().org()) {
    return wanted.kind != "intake" || chain.roles().Has(cert::Role::kCurator);
  }
  if (wanted.with.empty()) {
    return std::find(participants.begin(), participants.end(),
                     device.org().text()) != participants.end();
  }
  return std::any_of(
      wanted.with.begin(), wanted.with.end(),
      [&device](const std::string& name) { return IsNamed(device, name); });
}

absl::StatusOr<std::vector<std::string>> ParticipantsOf(vault::Vault& vault,
                                                        OperationId operation) {
  std::vector<std::string> names;
  const absl::Status read =
      vault.Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const auto rows,
                                txn.directory().ListParticipants(operation));
        for (const auto& row : rows) names.push_back(row.organisation);
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);
  return names;
}

absl::Status CheckInside(const std::vector<std::string>& names,
                         const std::vector<RoomMember>& members,
                         absl::string_view room) {
  for (const std::string& name : names) {
    const bool inside = std::any_of(members.begin(), members.end(),
                                    [&name](const RoomMember& member) {
                                      return IsNamed(member.device, name);
                                    });
    if (!inside) {
      return absl::NotFoundError(
          absl::StrCat("nobody called ", name, " is in ", room,
                       "; `cordon room show` lists who is"));
    }
  }
  return absl::OkStatus();
}

void NoteAdmitted(const Admitted& admitted, MembershipChange& change) {
  for (const cert::DeviceName& device : admitted.devices) {
    change.devices.push_back(device.text());
  }
  for (std::string& sentence : Sentences(admitted.left_out)) {
    change.left_out.push_back(std::move(sentence));
  }
}

}  // namespace

absl::StatusOr<vault::Room> Rooms::FindJoined(absl::string_view name) {
  vault::Room room;
  const absl::Status read =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(room, FindRoom(txn, name));
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);
  if (room.state == vault::RoomState::kJoined) return room;
  return absl::FailedPreconditionError(absl::StrCat(
      "this device is not in ", name, " now: ", room.state_reason));
}

const mls::Group* Rooms::GroupOf(const vault::Room& room) {
  if (room.state == vault::RoomState::kLeft) return nullptr;
  const absl::StatusOr<mls::Group*> group = tools_.shelf->Find(room.id);
  return group.ok() ? *group : nullptr;
}

Task<absl::StatusOr<MembershipChange>> Rooms::Create(client::CreateRoom wanted,
                                                     uint64_t command) {
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (!own.ok()) co_return own.status();
  const absl::StatusOr<Plan> plan = PlanOf(*parts_.vault, wanted, *own);
  if (!plan.ok()) co_return plan.status();
  const absl::StatusOr<std::vector<std::string>> participants =
      ParticipantsOf(*parts_.vault, plan->operation.id);
  if (!participants.ok()) co_return participants.status();
  absl::StatusOr<std::vector<cert::VerifiedChain>> devices =
      co_await admitting_->ReadDirectory("");
  if (!devices.ok()) co_return devices.status();
  const absl::Status known = CheckKnown(wanted.with, *devices);
  if (!known.ok()) co_return known;
  const absl::StatusOr<RoomId> room =
      co_await OpenRoom(parts_, tools_, plan->room);
  if (!room.ok()) co_return room.status();

  MembershipChange change;
  change.rooms.push_back(
      absl::StrCat(plan->operation.name, "/", plan->room.name));
  std::erase_if(*devices, [&](const cert::VerifiedChain& chain) {
    return !IsMeant(chain, wanted, *own, *participants);
  });
  const absl::StatusOr<Admitted> admitted =
      co_await admitting_->Admit(*room, *std::move(devices), command);
  if (!admitted.ok()) co_return admitted.status();
  NoteAdmitted(*admitted, change);
  co_return change;
}

Task<absl::StatusOr<MembershipChange>> Rooms::Add(AddToRoom wanted,
                                                  uint64_t command) {
  const absl::StatusOr<vault::Room> room = FindJoined(wanted.room);
  if (!room.ok()) co_return room.status();
  absl::StatusOr<std::vector<cert::VerifiedChain>> devices =
      co_await admitting_->ReadDirectory("");
  if (!devices.ok()) co_return devices.status();
  const absl::Status known = CheckKnown(wanted.names, *devices);
  if (!known.ok()) co_return known;
  MembershipChange change;
  std::erase_if(*devices, [&wanted](const cert::VerifiedChain& chain) {
    return std::none_of(wanted.names.begin(), wanted.names.end(),
                        [&chain](const std::string& name) {
                          return IsNamed(chain.device(), name);
                        });
  });
  const absl::StatusOr<Admitted> admitted =
      co_await admitting_->Admit(room->id, *std::move(devices), command);
  if (!admitted.ok()) co_return admitted.status();
  NoteAdmitted(*admitted, change);
  if (!change.devices.empty()) change.rooms.push_back(wanted.room);
  co_return change;
}

Task<absl::Status> Rooms::TakeOut(vault::Room room,
                                  std::vector<std::string> names,
                                  MembershipChange* change) {
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (!own.ok()) co_return own.status();
  const absl::StatusOr<mls::Group*> group = tools_.shelf->Find(room.id);
  if (!group.ok()) co_return group.status();
  const absl::StatusOr<policy::RoomPolicy> rules =
      policy::PolicyOf((*group)->context().extensions);
  if (!rules.ok()) co_return rules.status();
  const absl::StatusOr<std::vector<RoomMember>> members = MembersIn(**group);
  if (!members.ok()) co_return members.status();
  const policy::Party self{.device = own->name(), .roles = own->roles()};
  RoomChange out;
  std::vector<std::string> taken;
  for (const RoomMember& member : *members) {
    const bool meant = std::any_of(names.begin(), names.end(),
                                   [&member](const std::string& name) {
                                     return IsNamed(member.device, name);
                                   });
    if (!meant) continue;
    if (member.device == own->name()) {
      change->left_out.push_back(absl::StrCat(
          member.device.text(), " is this device; use `cordon room leave`"));
    } else if (!policy::MayRemove(*rules, self, member.device)) {
      change->left_out.push_back(absl::StrCat(
          member.device.text(), " cannot be taken out by this device"));
    } else {
      out.removes.push_back(member.device.id());
      taken.push_back(member.device.text());
    }
  }
  if (out.removes.empty()) co_return absl::OkStatus();
  const absl::StatusOr<RoomChanged> changed =
      co_await commits_->Change(room.id, std::move(out));
  if (!changed.ok()) co_return changed.status();
  for (std::string& name : taken) change->devices.push_back(std::move(name));
  co_return absl::OkStatus();
}

Task<absl::StatusOr<MembershipChange>> Rooms::Remove(RemoveFromRoom wanted,
                                                     uint64_t command) {
  const absl::StatusOr<vault::Room> room = FindJoined(wanted.room);
  if (!room.ok()) co_return room.status();
  const absl::StatusOr<mls::Group*> group = tools_.shelf->Find(room->id);
  if (!group.ok()) co_return group.status();
  const absl::StatusOr<std::vector<RoomMember>> members = MembersIn(**group);
  if (!members.ok()) co_return members.status();
  const absl::Status inside = CheckInside(wanted.names, *members, wanted.room);
  if (!inside.ok()) co_return inside;
  parts_.events->Emit(
      Progress{.command = command, .stage = Stage::kCommitting});
  MembershipChange change;
  const absl::Status done =
      co_await TakeOut(*room, std::move(wanted.names), &change);
  if (!done.ok()) co_return done;
  if (!change.devices.empty()) change.rooms.push_back(wanted.room);
  co_return change;
}

Task<absl::Status> Rooms::Leave(LeaveRoom wanted) {
  const absl::Status loaded = tools_.trust->Load();
  if (!loaded.ok()) co_return loaded;
  const absl::StatusOr<vault::Room> room = FindJoined(wanted.room);
  if (!room.ok()) co_return room.status();
  const absl::StatusOr<mls::Group*> group = tools_.shelf->Find(room->id);
  if (!group.ok()) co_return group.status();
  if ((*group)->tree().member_count() == 1) {
    co_return absl::FailedPreconditionError(
        "this device is the only one in that room; nobody is there who could "
        "take it out");
  }
  AppendCall call{.room = room->id,
                  .envelope = EnvelopeId::Random(*parts_.random),
                  .kind = EntryKind::kProposal,
                  .epoch = (*group)->epoch()};
  absl::StatusOr<Bytes> proposal = (*group)->Propose(
      mls::Remove{.removed = (*group)->self()}, {}, tools_.trust->services());
  // It counts when it comes back from the log, as everybody's does.
  tools_.shelf->Forget(room->id);
  if (!proposal.ok()) co_return proposal.status();
  call.sealed = *std::move(proposal);
  const absl::StatusOr<LogSeq> appended =
      co_await Ask<LogSeq>([&](Done<LogSeq> done) {
        parts_.relay->Append(std::move(call), std::move(done));
      });
  if (absl::IsAborted(appended.status())) {
    co_return absl::AbortedError("the room has just changed; try again");
  }
  co_return appended.status();
}

absl::StatusOr<RoomsView> Rooms::List(const ListRooms& wanted) {
  CORDON_ASSIGN_OR_RETURN(const OwnDevice own, OwnDevice::Load(*parts_.vault));
  std::vector<vault::Room> rooms;
  const absl::Status listed =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        std::optional<OperationId> of;
        if (!wanted.operation.empty()) {
          CORDON_ASSIGN_OR_RETURN(const vault::Operation operation,
                                  FindOperation(txn, wanted.operation));
          of = operation.id;
        }
        CORDON_ASSIGN_OR_RETURN(rooms, txn.rooms().ListRooms(of));
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(listed);
  // Groups are loaded outside of transactions.
  std::vector<const mls::Group*> groups;
  groups.reserve(rooms.size());
  for (const vault::Room& room : rooms) groups.push_back(GroupOf(room));
  RoomsView view;
  const absl::Status shown =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        for (size_t i = 0; i < rooms.size(); ++i) {
          CORDON_ASSIGN_OR_RETURN(
              RoomView one,
              ViewOfRoom(txn, rooms[i], groups[i], own.name().id()));
          view.rooms.push_back(std::move(one));
        }
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(shown);
  return view;
}

absl::StatusOr<RoomDetail> Rooms::Show(const ShowRoom& wanted) {
  CORDON_ASSIGN_OR_RETURN(const OwnDevice own, OwnDevice::Load(*parts_.vault));
  vault::Room room;
  const absl::Status found =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(room, FindRoom(txn, wanted.room));
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(found);
  const mls::Group* const group = GroupOf(room);
  RoomDetail detail{.rules = RulesOf(room)};
  const absl::Status shown =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(detail.room,
                                ViewOfRoom(txn, room, group, own.name().id()));
        CORDON_ASSIGN_OR_RETURN(detail.findings, FindingsOf(txn, room));
        if (group == nullptr) return absl::OkStatus();
        CORDON_ASSIGN_OR_RETURN(detail.members,
                                ViewOfMembers(txn, room.operation, *group));
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(shown);
  return detail;
}

}  // namespace cordon::client
