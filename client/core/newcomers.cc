#include "client/core/newcomers.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "client/core/admitting.h"
#include "client/core/awaited.h"
#include "client/core/command.h"
#include "client/core/departures.h"
#include "client/core/event.h"
#include "client/core/operation_rows.h"
#include "client/core/operations.h"
#include "client/core/own_device.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "client/core/view/enrolment.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/mls/group.h"
#include "crypto/policy/room_policy.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

bool MayAdmitAnybody(const OwnDevice& own) {
  return own.roles().Has(cert::Role::kCoordinator) ||
         own.roles().Has(cert::Role::kCurator);
}

bool MayAdmitSomebody(const OwnDevice& own) {
  return MayAdmitAnybody(own) || own.roles().Has(cert::Role::kContactPoint);
}

// Who comes into which rooms: everybody of ours into the operation's own rooms;
// into an intake room the guest's devices and the unit's curators. Who is in
// any other room was chosen.
bool BelongsInto(const vault::Room& room, const cert::VerifiedChain& chain) {
  if (static_cast<policy::RoomKind>(room.kind) == policy::RoomKind::kIntake) {
    return chain.kind() != cert::OrgKind::kAuthority ||
           chain.roles().Has(cert::Role::kCurator);
  }
  return IsOperationRoom(room);
}

bool IsOf(const std::string& user, const std::string& organisation) {
  return absl::StartsWith(user, absl::StrCat(organisation, "/"));
}

}  // namespace

Task<absl::StatusOr<Newcomers::Chains>> Newcomers::ReadNewcomers() {
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (!own.ok()) co_return own.status();
  if (!MayAdmitSomebody(*own)) co_return Chains();
  std::string of;
  if (!MayAdmitAnybody(*own)) of = own->name().org().text();
  co_return co_await admitting_->ReadDirectory(std::move(of));
}

absl::StatusOr<std::vector<RoomId>> Newcomers::Rooms() {
  std::vector<RoomId> rooms;
  const absl::Status read =
      parts_.vault->Read([&rooms](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(rooms, JoinedRooms(txn));
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);
  return rooms;
}

absl::StatusOr<Newcomers::Chains> Newcomers::Missing(RoomId room,
                                                     const Chains& devices) {
  CORDON_ASSIGN_OR_RETURN(const OwnDevice own, OwnDevice::Load(*parts_.vault));
  CORDON_ASSIGN_OR_RETURN(const mls::Group* const group,
                          tools_.shelf->Find(room));
  vault::Room row;
  std::vector<std::string> awaited;
  std::vector<DeviceId> departed;
  const absl::Status read =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(row, txn.rooms().GetRoom(room));
        CORDON_ASSIGN_OR_RETURN(awaited, AwaitedIn(txn, room));
        CORDON_ASSIGN_OR_RETURN(departed, DepartedFrom(txn, room));
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);
  Chains missing;
  for (const cert::VerifiedChain& chain : devices) {
    const bool ours = chain.org() == own.name().org();
    const bool waited = absl::c_linear_search(awaited, chain.org().text());
    if ((ours || waited) && BelongsInto(row, chain) &&
        !absl::c_linear_search(departed, chain.device().id()) &&
        !group->tree().FindDevice(chain.device().id()).has_value()) {
      missing.push_back(chain);
    }
  }
  return missing;
}

Task<absl::Status> Newcomers::Admit() {
  const absl::StatusOr<Chains> devices = co_await ReadNewcomers();
  if (!devices.ok()) co_return devices.status();
  const absl::StatusOr<std::vector<RoomId>> rooms = Rooms();
  if (!rooms.ok()) co_return rooms.status();
  // What is wrong with one room does not keep people out of the others.
  absl::Status first_trouble;
  for (const RoomId& room : *rooms) {
    if (!caught_up_()) break;
    absl::StatusOr<Chains> missing = Missing(room, *devices);
    first_trouble.Update(missing.status());
    if (!missing.ok() || missing->empty()) continue;
    const absl::Status done = co_await AdmitInto(room, *std::move(missing));
    // Not by this device, which is leaving: nothing to try again.
    if (!absl::IsFailedPrecondition(done)) first_trouble.Update(done);
  }
  co_return first_trouble;
}

Task<absl::Status> Newcomers::AdmitInto(RoomId room, Chains devices) {
  const absl::StatusOr<Admitted> admitted =
      co_await admitting_->Admit(room, std::move(devices), /*command=*/0);
  if (!admitted.ok()) co_return admitted.status();
  if (admitted->devices.empty()) co_return absl::OkStatus();
  co_return parts_.vault->Update([&](vault::VaultTxn& txn) -> absl::Status {
    CORDON_ASSIGN_OR_RETURN(std::vector<std::string> awaited,
                            AwaitedIn(txn, room));
    const auto came = [&admitted](const std::string& org) {
      return std::any_of(admitted->devices.begin(), admitted->devices.end(),
                         [&org](const cert::DeviceName& device) {
                           return device.org().text() == org;
                         });
    };
    if (std::erase_if(awaited, came) == 0) return absl::OkStatus();
    return SetAwaited(txn, room, awaited);
  });
}

// ---- waiting for them ------------------------------------------------------

absl::StatusOr<bool> Newcomers::IsExpected(const std::string& user) {
  CORDON_ASSIGN_OR_RETURN(const OwnDevice own, OwnDevice::Load(*parts_.vault));
  const bool ours = IsOf(user, own.name().org().text());
  bool expected = false;
  const absl::Status read =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const std::vector<RoomId> rooms,
                                JoinedRooms(txn));
        for (const RoomId& room : rooms) {
          CORDON_ASSIGN_OR_RETURN(const vault::Room row,
                                  txn.rooms().GetRoom(room));
          CORDON_ASSIGN_OR_RETURN(const std::vector<std::string> awaited,
                                  AwaitedIn(txn, room));
          expected = expected || (ours && IsOperationRoom(row)) ||
                     absl::c_any_of(awaited, [&user](const std::string& org) {
                       return IsOf(user, org);
                     });
        }
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);
  return expected;
}

absl::StatusOr<std::vector<std::string>> Newcomers::Outside(
    const std::vector<std::string>& users, const Chains& devices) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<RoomId> rooms, Rooms());
  Chains missing;
  for (const RoomId& room : rooms) {
    CORDON_ASSIGN_OR_RETURN(const Chains some, Missing(room, devices));
    missing.insert(missing.end(), some.begin(), some.end());
  }
  std::vector<std::string> outside;
  for (const std::string& user : users) {
    const auto is_theirs = [&user](const cert::VerifiedChain& chain) {
      return IsNamed(chain.device(), user);
    };
    bool out = absl::c_any_of(missing, is_theirs);
    if (!absl::c_any_of(devices, is_theirs)) {
      CORDON_ASSIGN_OR_RETURN(out, IsExpected(user));
    }
    if (out) outside.push_back(user);
  }
  return outside;
}

Task<absl::StatusOr<NewcomersView>> Newcomers::BringIn(client::BringIn wanted,
                                                       uint64_t command) {
  const absl::Time until = parts_.clock->Now() + wanted.patience;
  NewcomersView view;
  while (true) {
    // What could not be done now is named in the answer, as not done.
    if (caught_up_()) (void)co_await Admit();
    const absl::StatusOr<Chains> devices = co_await ReadNewcomers();
    if (!devices.ok()) co_return devices.status();
    absl::StatusOr<std::vector<std::string>> outside =
        Outside(wanted.users, *devices);
    if (!outside.ok()) co_return outside.status();
    view.outside = *std::move(outside);
    if (view.outside.empty() || parts_.clock->Now() >= until) co_return view;
    parts_.events->Emit(
        Progress{.command = command,
                 .stage = Stage::kWaitingForNewcomers,
                 .done = wanted.users.size() - view.outside.size(),
                 .total = wanted.users.size()});
    co_await tools_.timers->Sleep(kNewcomerInterval);
  }
}

}  // namespace cordon::client
