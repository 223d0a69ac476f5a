#include "client/core/operations.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/core/admitting.h"
#include "client/core/awaited.h"
#include "client/core/command.h"
#include "client/core/composer.h"
#include "client/core/content.h"
#include "client/core/departures.h"
#include "client/core/event.h"
#include "client/core/model/operation.h"
#include "client/core/offer_note.h"
#include "client/core/own_device.h"
#include "client/core/parts.h"
#include "client/core/record_reader.h"
#include "client/core/room_opening.h"
#include "client/core/room_views.h"
#include "client/core/task.h"
#include "client/core/vault_numbers.h"
#include "client/core/view/operation.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/invitation.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_policy.h"
#include "crypto/prim/hash.h"
#include "storage/vault/directory_store.h"
#include "storage/vault/invitation_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

constexpr absl::string_view kInstructionsRoom = "instructions";

// The rooms that every operation has.
struct StandingRoom {
  absl::string_view name;
  policy::RoomKind kind{};
  absl::string_view title;
};
constexpr StandingRoom kStandingRooms[] = {
    {kInstructionsRoom, policy::RoomKind::kBroadcast, "Instructions"},
    {"alerts", policy::RoomKind::kAlerts, "Alerts"},
    {"library", policy::RoomKind::kLibrary, "Library"},
    {"general", policy::RoomKind::kChannel, "General"},
};

bool IsOutside(cert::OrgKind kind) {
  return kind == cert::OrgKind::kRightsholder ||
         kind == cert::OrgKind::kPlatform;
}

// "intake-acme" for acme.rightsholder, "intake-acme-platform" for
// acme.platform.
std::string IntakeName(const cert::OrgName& guest) {
  const absl::string_view label = cert::OrgKindLabel(guest.kind());
  const std::string dashed = absl::StrReplaceAll(
      guest.text().substr(0, guest.text().size() - label.size() - 1),
      {{".", "-"}});
  return guest.kind() == cert::OrgKind::kPlatform
             ? absl::StrCat("intake-", dashed, "-", label)
             : absl::StrCat("intake-", dashed);
}

struct PlannedRoom {
  NewRoom room;
  std::vector<cert::VerifiedChain> devices;
};

// The rooms for these devices, and who of them belongs into which.
std::vector<PlannedRoom> PlanRooms(
    const vault::Operation& operation, const OwnDevice& own,
    const std::vector<cert::VerifiedChain>& devices) {
  std::vector<PlannedRoom> plan;
  const auto add = [&](absl::string_view name, policy::RoomKind kind,
                       absl::string_view title) {
    plan.push_back({.room = {.operation = operation.id,
                             .name = std::string(name),
                             .title = std::string(title),
                             .kind = kind,
                             .guest = {}},
                    .devices = {}});
  };
  for (const StandingRoom& room : kStandingRooms) {
    add(room.name, room.kind, room.title);
  }
  const size_t inside = plan.size();
  std::map<cert::OrgName, std::vector<cert::VerifiedChain>> guests;
  std::vector<cert::VerifiedChain> curators;
  for (const cert::VerifiedChain& chain : devices) {
    if (IsOutside(chain.kind())) {
      guests[chain.org()].push_back(chain);
      continue;
    }
    for (size_t i = 0; i < inside; ++i) plan[i].devices.push_back(chain);
    if (chain.org() == own.name().org() &&
        chain.roles().Has(cert::Role::kCurator)) {
      curators.push_back(chain);
    }
  }
  for (auto& [guest, of_guest] : guests) {
    add(IntakeName(guest), policy::RoomKind::kIntake,
        absl::StrCat("Intake ", guest.text()));
    plan.back().room.guest = guest;
    plan.back().devices = std::move(of_guest);
    plan.back().devices.insert(plan.back().devices.end(), curators.begin(),
                               curators.end());
  }
  return plan;
}

// What this device knows of organisations: of its own, and of those that it
// invited.
absl::StatusOr<std::map<std::string, Participant>> KnownOrganisations(
    const vault::VaultTxn& txn) {
  std::map<std::string, Participant> known;
  const absl::StatusOr<Bytes> own =
      txn.identity().GetSetting(kOwnOrganisationSetting);
  if (own.ok()) {
    CORDON_ASSIGN_OR_RETURN(Participant participant, ParseParticipant(*own));
    std::string name = participant.organisation;
    known.insert_or_assign(std::move(name), std::move(participant));
  } else if (!absl::IsNotFound(own.status())) {
    return own.status();
  }
  InvitationId after;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const std::vector<vault::StoredInvitation> page,
                            txn.invitations().List(after));
    if (page.empty()) return known;
    after = page.back().id;
    for (const vault::StoredInvitation& stored : page) {
      CORDON_ASSIGN_OR_RETURN(const OfferNote note,
                              ParseOfferNote(stored.offer));
      if (note.kind != cert::InvitationKind::kOrganisation) continue;
      const std::string& name = note.user.org().text();
      known.insert_or_assign(name, Participant{.organisation = name,
                                               .title = note.info.title,
                                               .country = note.info.country,
                                               .region = note.info.region});
    }
  }
}

// One participant for each organisation of `devices`, by name; of those without
// a title here, what was announced before, or the bare name.
absl::StatusOr<std::vector<Participant>> ParticipantsOf(
    const vault::VaultTxn& txn, OperationId operation,
    const std::vector<cert::VerifiedChain>& devices) {
  CORDON_ASSIGN_OR_RETURN(auto known, KnownOrganisations(txn));
  std::map<std::string, Participant> participants;
  CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Participant> before,
                          txn.directory().ListParticipants(operation));
  for (const vault::Participant& row : before) {
    CORDON_ASSIGN_OR_RETURN(participants[row.organisation],
                            ParseParticipant(row.profile));
  }
  for (const cert::VerifiedChain& chain : devices) {
    const std::string& name = chain.org().text();
    const auto found = known.find(name);
    if (found != known.end()) {
      participants[name] = found->second;
    } else if (!participants.contains(name)) {
      participants[name] = {
          .organisation = name, .title = name, .country = {}, .region = {}};
    }
  }
  // The unit takes part in whatever it makes.
  const absl::StatusOr<Bytes> own =
      txn.identity().GetSetting(kOwnOrganisationSetting);
  if (own.ok()) {
    CORDON_ASSIGN_OR_RETURN(Participant unit, ParseParticipant(*own));
    std::string name = unit.organisation;
    participants.insert_or_assign(std::move(name), std::move(unit));
  }
  std::vector<Participant> all;
  all.reserve(participants.size());
  for (auto& [name, one] : participants) all.push_back(std::move(one));
  return all;
}

absl::StatusOr<OperationProfile> ProfileOf(const CreateOperation& wanted) {
  CORDON_RETURN_IF_ERROR(CheckShortName("an operation", wanted.operation));
  if (wanted.title.empty() || wanted.title.size() > kTitleBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the title must be given, with at most ", kTitleBytesMax, " bytes"));
  }
  if (wanted.last_day < wanted.first_day) {
    return absl::InvalidArgumentError(
        "the operation ends before it begins; swap --from and --to");
  }
  absl::TimeZone zone;
  if (wanted.zone.empty() || !absl::LoadTimeZone(wanted.zone, &zone)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", wanted.zone,
                     "\" is no time zone; name one as in Europe/Brussels"));
  }
  return OperationProfile{.name = wanted.operation,
                          .title = wanted.title,
                          .first_day = wanted.first_day,
                          .last_day = wanted.last_day,
                          .zone = wanted.zone};
}

// The operation of that name, stored now or by an earlier try.
absl::StatusOr<vault::Operation> FindOrStore(const Parts& parts,
                                             const OperationProfile& profile) {
  vault::Operation operation{.id = OperationId::Random(*parts.random),
                             .name = profile.name,
                             .title = profile.title,
                             .profile = SerializeProfile(profile)};
  const absl::Status stored =
      parts.vault->Update([&operation](vault::VaultTxn& txn) -> absl::Status {
        absl::StatusOr<vault::Operation> known =
            txn.rooms().FindOperation(operation.name);
        if (absl::IsNotFound(known.status())) {
          return txn.rooms().PutOperation(operation);
        }
        CORDON_RETURN_IF_ERROR(known.status());
        if (known->profile != operation.profile) {
          return absl::AlreadyExistsError(
              absl::StrCat("there is another operation called ", operation.name,
                           "; choose another name"));
        }
        operation = *std::move(known);
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(stored);
  return operation;
}

absl::StatusOr<vault::Operation> Find(vault::Vault& vault,
                                      const std::string& name) {
  vault::Operation operation;
  const absl::Status read =
      vault.Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(operation, FindOperation(txn, name));
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);
  return operation;
}

absl::Status CheckCoordinator(vault::Vault& vault) {
  CORDON_ASSIGN_OR_RETURN(const OwnDevice own, OwnDevice::Load(vault));
  if (own.roles().Has(cert::Role::kCoordinator)) return absl::OkStatus();
  return absl::PermissionDeniedError(
      "only a coordinator makes operations and says who takes part");
}

// Notes what a room got, and who of it is still to come.
absl::Status NoteRoom(vault::Vault& vault, RoomId room,
                      const Admitted& admitted, MembershipChange& change) {
  for (const cert::DeviceName& device : admitted.devices) {
    change.devices.push_back(device.text());
  }
  std::set<std::string> awaited;
  for (const LeftOut& one : admitted.left_out) {
    awaited.insert(one.device.org().text());
  }
  for (std::string& sentence : Sentences(admitted.left_out)) {
    change.left_out.push_back(std::move(sentence));
  }
  return vault.Update([&](vault::VaultTxn& txn) -> absl::Status {
    CORDON_ASSIGN_OR_RETURN(const std::vector<std::string> before,
                            AwaitedIn(txn, room));
    awaited.insert(before.begin(), before.end());
    return SetAwaited(txn, room, {awaited.begin(), awaited.end()});
  });
}

// Whoever left the room or was taken out comes back only if their organisation
// is named.
absl::Status PassOverDeparted(vault::Vault& vault, RoomId room,
                              const std::vector<std::string>& named,
                              std::vector<cert::VerifiedChain>& devices) {
  return vault.Update([&](vault::VaultTxn& txn) -> absl::Status {
    CORDON_ASSIGN_OR_RETURN(const std::vector<DeviceId> departed,
                            DepartedFrom(txn, room));
    std::vector<DeviceId> recalled;
    std::erase_if(devices, [&](const cert::VerifiedChain& chain) {
      const DeviceId device = chain.device().id();
      if (!absl::c_linear_search(departed, device)) return false;
      if (!absl::c_linear_search(named, chain.org().text())) return true;
      recalled.push_back(device);
      return false;
    });
    return Recall(txn, room, recalled);
  });
}

absl::Status CheckTakesPart(const std::vector<std::string>& named,
                            const std::vector<Participant>& participants) {
  for (const std::string& name : named) {
    const bool takes_part = absl::c_any_of(
        participants,
        [&name](const Participant& one) { return one.organisation == name; });
    if (!takes_part) {
      return absl::NotFoundError(absl::StrCat(
          name, " does not take part in that operation; nothing was changed"));
    }
  }
  return absl::OkStatus();
}

void SortOnce(std::vector<std::string>& names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

}  // namespace

bool IsOperationRoom(const vault::Room& room) {
  return absl::c_any_of(kStandingRooms, [&room](const StandingRoom& standing) {
    return room.name == standing.name &&
           static_cast<policy::RoomKind>(room.kind) == standing.kind;
  });
}

Task<absl::StatusOr<MembershipChange>> Operations::Create(
    CreateOperation wanted, uint64_t command) {
  const absl::Status allowed = CheckCoordinator(*parts_.vault);
  if (!allowed.ok()) co_return allowed;
  const absl::StatusOr<OperationProfile> profile = ProfileOf(wanted);
  if (!profile.ok()) co_return profile.status();
  const absl::StatusOr<vault::Operation> operation =
      FindOrStore(parts_, *profile);
  if (!operation.ok()) co_return operation.status();
  std::vector<std::string> everybody;
  co_return co_await Fill(*operation, std::move(everybody), command);
}

Task<absl::StatusOr<MembershipChange>> Operations::Add(AddToOperation wanted,
                                                       uint64_t command) {
  const absl::Status allowed = CheckCoordinator(*parts_.vault);
  if (!allowed.ok()) co_return allowed;
  const absl::StatusOr<vault::Operation> operation =
      Find(*parts_.vault, wanted.operation);
  if (!operation.ok()) co_return operation.status();
  for (const std::string& name : wanted.organisations) {
    const absl::StatusOr<cert::OrgName> org = cert::OrgName::Parse(name);
    if (!org.ok()) co_return org.status();
  }
  if (wanted.organisations.empty()) {
    co_return absl::InvalidArgumentError("say which organisations to add");
  }
  co_return co_await Fill(*operation, std::move(wanted.organisations), command);
}

Task<absl::StatusOr<MembershipChange>> Operations::Fill(
    vault::Operation operation, std::vector<std::string> organisations,
    uint64_t command) {
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (!own.ok()) co_return own.status();
  absl::StatusOr<std::vector<cert::VerifiedChain>> devices =
      co_await uses_.admitting->ReadDirectory("");
  if (!devices.ok()) co_return devices.status();
  const absl::Status known = CheckKnown(organisations, *devices);
  if (!known.ok()) co_return known;
  if (!organisations.empty()) {
    std::erase_if(*devices, [&](const cert::VerifiedChain& chain) {
      return chain.org() != own->name().org() &&
             !absl::c_linear_search(organisations, chain.org().text());
    });
  }
  MembershipChange change;
  std::vector<PlannedRoom> plan = PlanRooms(operation, *own, *devices);
  for (size_t i = 0; i < plan.size(); ++i) {
    parts_.events->Emit(Progress{.command = command,
                                 .stage = Stage::kCommitting,
                                 .done = i,
                                 .total = plan.size()});
    change.rooms.push_back(
        absl::StrCat(operation.name, "/", plan[i].room.name));
    const absl::StatusOr<RoomId> room =
        co_await OpenRoom(parts_, uses_.tools, plan[i].room);
    if (!room.ok()) co_return room.status();
    const absl::Status passed_over =
        PassOverDeparted(*parts_.vault, *room, organisations, plan[i].devices);
    if (!passed_over.ok()) co_return passed_over;
    const absl::StatusOr<Admitted> admitted = co_await uses_.admitting->Admit(
        *room, std::move(plan[i].devices), /*command=*/0);
    if (!admitted.ok()) co_return admitted.status();
    const absl::Status noted =
        NoteRoom(*parts_.vault, *room, *admitted, change);
    if (!noted.ok()) co_return noted;
  }
  std::vector<Participant> participants;
  const absl::Status read =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(participants,
                                ParticipantsOf(txn, operation.id, *devices));
        return absl::OkStatus();
      });
  if (!read.ok()) co_return read;
  const absl::Status announced = Announce(operation, participants);
  if (!announced.ok()) co_return announced;
  SortOnce(change.devices);
  SortOnce(change.left_out);
  co_return change;
}

absl::Status Operations::Announce(
    const vault::Operation& operation,
    const std::vector<Participant>& participants) {
  CORDON_ASSIGN_OR_RETURN(const OperationProfile profile,
                          ParseOperationProfile(operation.profile));
  Bytes all = operation.profile;
  for (const Participant& one : participants) {
    Append(all, SerializeProfile(one));
  }
  const Digest digest = Sha256(all);
  const std::string setting =
      absl::StrCat("announced/", ToHex(operation.id.span()));
  vault::Room room;
  bool said = false;
  const absl::Status read =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        const absl::StatusOr<Bytes> before = txn.identity().GetSetting(setting);
        said = before.ok() && Equal(*before, digest);
        CORDON_ASSIGN_OR_RETURN(room,
                                FindRoom(txn, absl::StrCat(operation.name, "/",
                                                           kInstructionsRoom)));
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);
  if (said) return absl::OkStatus();
  std::vector<Draft> drafts;
  drafts.push_back({.room = room.id,
                    .kind = policy::RecordKind::kOperationProfile,
                    .content = profile});
  drafts.push_back({.room = room.id,
                    .kind = policy::RecordKind::kRoster,
                    .content = Participants{participants}});
  CORDON_RETURN_IF_ERROR(
      uses_.composer->ComposeAll(std::move(drafts)).status());
  return parts_.vault->Update([&](vault::VaultTxn& txn) -> absl::Status {
    CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Participant> before,
                            txn.directory().ListParticipants(operation.id));
    for (const vault::Participant& row : before) {
      CORDON_RETURN_IF_ERROR(
          txn.directory().EraseParticipant(operation.id, row.organisation));
    }
    for (const Participant& one : participants) {
      CORDON_RETURN_IF_ERROR(
          txn.directory().PutParticipant({.operation = operation.id,
                                          .organisation = one.organisation,
                                          .profile = SerializeProfile(one)}));
    }
    return txn.identity().PutSetting(setting, digest);
  });
}

Task<absl::StatusOr<MembershipChange>> Operations::Remove(
    RemoveFromOperation wanted, uint64_t command) {
  const absl::Status allowed = CheckCoordinator(*parts_.vault);
  if (!allowed.ok()) co_return allowed;
  const absl::StatusOr<vault::Operation> operation =
      Find(*parts_.vault, wanted.operation);
  if (!operation.ok()) co_return operation.status();
  if (wanted.organisations.empty()) {
    co_return absl::InvalidArgumentError("say which organisations to remove");
  }
  std::vector<vault::Room> rooms;
  std::vector<Participant> staying;
  const auto named = [&wanted](const std::string& name) {
    return absl::c_linear_search(wanted.organisations, name);
  };
  // First nobody waits for them any more.
  const absl::Status read =
      parts_.vault->Update([&](vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(rooms, txn.rooms().ListRooms(operation->id));
        for (const vault::Room& room : rooms) {
          CORDON_ASSIGN_OR_RETURN(std::vector<std::string> awaited,
                                  AwaitedIn(txn, room.id));
          std::erase_if(awaited, named);
          CORDON_RETURN_IF_ERROR(SetAwaited(txn, room.id, awaited));
        }
        CORDON_ASSIGN_OR_RETURN(staying,
                                ParticipantsOf(txn, operation->id, {}));
        CORDON_RETURN_IF_ERROR(CheckTakesPart(wanted.organisations, staying));
        std::erase_if(staying, [&named](const Participant& one) {
          return named(one.organisation);
        });
        return absl::OkStatus();
      });
  if (!read.ok()) co_return read;
  MembershipChange change;
  Progress progress{
      .command = command, .stage = Stage::kCommitting, .total = rooms.size()};
  // What is wrong with one room keeps nobody in the others.
  absl::Status first_trouble;
  for (const vault::Room& room : rooms) {
    parts_.events->Emit(progress);
    ++progress.done;
    if (room.state != vault::RoomState::kJoined) continue;
    const size_t before = change.devices.size();
    first_trouble.Update(
        co_await uses_.rooms->TakeOut(room, wanted.organisations, &change));
    if (change.devices.size() > before) {
      change.rooms.push_back(RoomText(*operation, room));
    }
  }
  if (!first_trouble.ok()) co_return first_trouble;
  const absl::Status announced = Announce(*operation, staying);
  if (!announced.ok()) co_return announced;
  SortOnce(change.devices);
  SortOnce(change.left_out);
  co_return change;
}

absl::StatusOr<OperationsView> Operations::List() {
  CORDON_ASSIGN_OR_RETURN(const OwnDevice own, OwnDevice::Load(*parts_.vault));
  OperationsView view;
  const absl::Status read =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Operation> all,
                                txn.rooms().ListOperations());
        for (const vault::Operation& operation : all) {
          CORDON_ASSIGN_OR_RETURN(
              OperationView one,
              ViewOfOperation(txn, operation, own.name().id()));
          view.operations.push_back(std::move(one));
        }
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);
  return view;
}

absl::StatusOr<OperationDetail> Operations::Show(const ShowOperation& wanted) {
  CORDON_ASSIGN_OR_RETURN(const OwnDevice own, OwnDevice::Load(*parts_.vault));
  CORDON_ASSIGN_OR_RETURN(const vault::Operation operation,
                          Find(*parts_.vault, wanted.operation));
  OperationDetail detail;
  CORDON_ASSIGN_OR_RETURN(RoomsView rooms,
                          uses_.rooms->List({.operation = wanted.operation}));
  detail.rooms = std::move(rooms.rooms);
  const absl::Status read =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(
            detail.operation, ViewOfOperation(txn, operation, own.name().id()));
        CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Participant> rows,
                                txn.directory().ListParticipants(operation.id));
        for (const vault::Participant& row : rows) {
          CORDON_ASSIGN_OR_RETURN(Participant one,
                                  ParseParticipant(row.profile));
          detail.participants.push_back(std::move(one));
        }
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);
  return detail;
}

}  // namespace cordon::client
