#include "client/core/upkeep.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/admitting.h"
#include "client/core/awaited.h"
#include "client/core/commits.h"
#include "client/core/departures.h"
#include "client/core/handshakes.h"
#include "client/core/operations.h"
#include "client/core/own_device.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/random.h"
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

absl::StatusOr<std::vector<RoomId>> JoinedRooms(vault::Vault& vault) {
  std::vector<RoomId> joined;
  const absl::Status read =
      vault.Read([&joined](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Room> rooms,
                                txn.rooms().ListRooms(std::nullopt));
        for (const vault::Room& room : rooms) {
          if (room.state == vault::RoomState::kJoined) {
            joined.push_back(room.id);
          }
        }
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);
  return joined;
}

bool MayAdmitSomebody(const OwnDevice& own) {
  return own.roles().Has(cert::Role::kCoordinator) ||
         own.roles().Has(cert::Role::kContactPoint) ||
         own.roles().Has(cert::Role::kCurator);
}

// Who comes into which rooms without anybody asking for it: everybody of ours
// into the operation's own rooms; into an intake room the guest's devices and
// the unit's curators. Who is in any other room was chosen.
bool BelongsInto(const vault::Room& room, const cert::VerifiedChain& chain) {
  if (static_cast<policy::RoomKind>(room.kind) == policy::RoomKind::kIntake) {
    return chain.kind() != cert::OrgKind::kAuthority ||
           chain.roles().Has(cert::Role::kCurator);
  }
  return IsOperationRoom(room);
}

absl::Duration PauseFor(const OwnDevice& own, RandomSource& random) {
  if (own.roles().Has(cert::Role::kCoordinator)) return absl::ZeroDuration();
  std::array<uint8_t, 2> raw{};
  random.Fill(MutableByteSpan(raw));
  constexpr double kRange = 65536.0;
  return kFinishingPause * (1 + (raw[0] * 256 + raw[1]) / kRange);
}

}  // namespace

Task<absl::Status> Upkeep::Run() {
  while (true) {
    if (!caught_up_()) {
      connected_ = false;
      co_await wake_.Wait(uses_.tools.timers, kAdmissionInterval);
      continue;
    }
    if (!connected_) {
      const absl::Status done = co_await Connected();
      connected_ = done.ok();
      if (connected_) settled_.Ring();
    }
    // What failed is tried again after the same while.
    const absl::Status found = FindUnfinished();
    const absl::Status admitted = co_await AdmitNewcomers();
    const absl::Status filled = co_await uses_.key_packages->Replenish();
    if (!found.ok() || !admitted.ok() || !filled.ok()) connected_ = false;
    co_await uses_.tools.timers->Sleep(kAdmissionInterval);
  }
}

Task<absl::Status> Upkeep::Settled(absl::Duration patience) {
  if (!connected_) co_await settled_.Wait(uses_.tools.timers, patience);
  co_return absl::OkStatus();
}

Task<absl::Status> Upkeep::Connected() {
  // Lists first: whoever finds key packages can admit their owner.
  const absl::Status listed = co_await uses_.revocations->Publish();
  if (!listed.ok()) co_return listed;
  const absl::Status filled = co_await uses_.key_packages->Replenish();
  if (!filled.ok()) co_return filled;
  co_return co_await uses_.commits->Resume();
}

absl::Status Upkeep::FindUnfinished() {
  CORDON_ASSIGN_OR_RETURN(const std::vector<RoomId> rooms,
                          JoinedRooms(*parts_.vault));
  for (const RoomId& room : rooms) {
    const absl::StatusOr<mls::Group*> group = uses_.tools.shelf->Find(room);
    bool renew = false;
    const absl::Status read =
        parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
          CORDON_ASSIGN_OR_RETURN(renew, MustRenew(txn, room));
          return absl::OkStatus();
        });
    CORDON_RETURN_IF_ERROR(read);
    if (renew || (group.ok() && (*group)->has_proposals())) {
      uses_.tools.moves->NoteUnfinished(room);
    }
  }
  return absl::OkStatus();
}

// ---- newcomers -------------------------------------------------------------

Task<absl::Status> Upkeep::AdmitNewcomers() {
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (!own.ok()) co_return own.status();
  if (!MayAdmitSomebody(*own)) co_return absl::OkStatus();
  const bool all = own->roles().Has(cert::Role::kCoordinator) ||
                   own->roles().Has(cert::Role::kCurator);
  std::string of;
  if (!all) of = own->name().org().text();
  absl::StatusOr<std::vector<cert::VerifiedChain>> devices =
      co_await uses_.admitting->ReadDirectory(std::move(of));
  if (!devices.ok()) co_return devices.status();
  const absl::StatusOr<std::vector<RoomId>> rooms = JoinedRooms(*parts_.vault);
  if (!rooms.ok()) co_return rooms.status();
  // What is wrong with one room does not keep people out of the others.
  absl::Status first_trouble;
  for (const RoomId& room : *rooms) {
    first_trouble.Update(co_await AdmitInto(room, *devices));
    if (!caught_up_()) break;
  }
  co_return first_trouble;
}

Task<absl::Status> Upkeep::AdmitInto(
    RoomId room, const std::vector<cert::VerifiedChain>& devices) {
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (!own.ok()) co_return own.status();
  const absl::StatusOr<mls::Group*> group = uses_.tools.shelf->Find(room);
  if (!group.ok()) co_return group.status();
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
  if (!read.ok()) co_return read;
  std::vector<cert::VerifiedChain> wanted;
  for (const cert::VerifiedChain& chain : devices) {
    const std::string& org = chain.org().text();
    const bool ours = chain.org() == own->name().org();
    const bool waited =
        std::find(awaited.begin(), awaited.end(), org) != awaited.end();
    if ((ours || waited) && BelongsInto(row, chain) &&
        !absl::c_linear_search(departed, chain.device().id()) &&
        !(*group)->tree().FindDevice(chain.device().id()).has_value()) {
      wanted.push_back(chain);
    }
  }
  if (wanted.empty()) co_return absl::OkStatus();
  const absl::StatusOr<Admitted> admitted =
      co_await uses_.admitting->Admit(room, std::move(wanted), /*command=*/0);
  if (!admitted.ok()) co_return admitted.status();
  if (awaited.empty() || admitted->devices.empty()) co_return absl::OkStatus();
  std::erase_if(awaited, [&admitted](const std::string& org) {
    return std::any_of(admitted->devices.begin(), admitted->devices.end(),
                       [&org](const cert::DeviceName& device) {
                         return device.org().text() == org;
                       });
  });
  co_return parts_.vault->Update(
      [&](vault::VaultTxn& txn) { return SetAwaited(txn, room, awaited); });
}

// ---- what rooms ask for ----------------------------------------------------

Task<absl::Status> Upkeep::RunFinishing() {
  while (true) {
    const std::optional<RoomId> room = uses_.tools.moves->TakeUnfinished();
    if (!room.has_value()) {
      co_await uses_.tools.moves->unfinished().Wait(uses_.tools.timers,
                                                    kAdmissionInterval);
      continue;
    }
    // A commit of somebody else may have done it; what fails is found again
    // after a while.
    const absl::Status finished = co_await Finish(*room);
    if (absl::IsAborted(finished)) uses_.tools.moves->NoteUnfinished(*room);
  }
}

Task<absl::Status> Upkeep::Finish(RoomId room) {
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (!own.ok()) co_return own.status();
  bool renew = false;
  const absl::Status read =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(renew, MustRenew(txn, room));
        return absl::OkStatus();
      });
  if (!read.ok()) co_return read;
  if (!renew) {
    co_await uses_.tools.timers->Sleep(PauseFor(*own, *parts_.random));
    const absl::StatusOr<mls::Group*> group = uses_.tools.shelf->Find(room);
    if (!group.ok() || !(*group)->has_proposals()) co_return group.status();
  }
  RoomChange change;
  change.renew_keys = renew;
  const absl::StatusOr<RoomChanged> changed =
      co_await uses_.commits->Change(room, std::move(change));
  if (!changed.ok()) co_return changed.status();
  if (!renew) co_return absl::OkStatus();
  co_return parts_.vault->Update(
      [room](vault::VaultTxn& txn) { return EndRenewing(txn, room); });
}

}  // namespace cordon::client
