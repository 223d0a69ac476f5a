#include "client/core/upkeep.h"

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/commits.h"
#include "client/core/handshakes.h"
#include "client/core/operation_rows.h"
#include "client/core/own_device.h"
#include "client/core/parts.h"
#include "client/core/room_moves.h"
#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/random.h"
#include "crypto/base/status.h"
#include "crypto/cert/role.h"
#include "crypto/mls/group.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

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
      co_await wake_.Wait(uses_.tools.timers, kAdmissionInterval);
      continue;
    }
    was_away_ = false;
    if (!connected_) {
      const absl::Status done = co_await Connected();
      connected_ = done.ok() && !was_away_;
    }
    // What failed is tried again after the same while.
    const bool settles = connected_;
    const absl::Status found = FindUnfinished();
    const absl::Status admitted = co_await uses_.newcomers->Admit();
    const absl::Status filled = co_await uses_.key_packages->Replenish();
    if (!found.ok() || !admitted.ok() || !filled.ok()) connected_ = false;
    is_settled_ = settles && !was_away_;
    if (is_settled_) settled_.Ring();
    if (!was_away_) {
      co_await wake_.Wait(uses_.tools.timers, kAdmissionInterval);
    }
  }
}

// However short it was away: what is pending goes on when it is back.
void Upkeep::Wake() {
  if (!caught_up_()) {
    was_away_ = true;
    connected_ = false;
    is_settled_ = false;
  } else if (was_away_) {
    wake_.Ring();
  }
}

Task<absl::Status> Upkeep::Settled(absl::Duration patience) {
  if (!is_settled_) co_await settled_.Wait(uses_.tools.timers, patience);
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
  std::vector<RoomId> rooms;
  std::set<RoomId> to_renew;
  const absl::Status read =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(rooms, JoinedRooms(txn));
        for (const RoomId& room : rooms) {
          CORDON_ASSIGN_OR_RETURN(const bool renew, MustRenew(txn, room));
          if (renew) to_renew.insert(room);
        }
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);
  for (const RoomId& room : rooms) {
    if (to_renew.contains(room) || HasProposals(room)) NoteUnfinished(room);
  }
  return absl::OkStatus();
}

bool Upkeep::HasProposals(RoomId room) {
  const absl::StatusOr<mls::Group*> group = uses_.tools.shelf->Find(room);
  return group.ok() && (*group)->has_proposals();
}

// ---- what rooms ask for ----------------------------------------------------

Task<absl::Status> Upkeep::RunFinishing() {
  while (true) {
    const std::optional<RoomMoves::Unfinished> next =
        uses_.tools.moves->TakeUnfinished();
    if (!next.has_value()) {
      co_await uses_.tools.moves->unfinished().Wait(uses_.tools.timers,
                                                    kAdmissionInterval);
      continue;
    }
    // A commit of somebody else may have done it; what fails is found again
    // after a while.
    const absl::Status finished = co_await Finish(*next);
    if (absl::IsAborted(finished)) NoteUnfinished(next->room);
  }
}

Task<absl::Status> Upkeep::Finish(RoomMoves::Unfinished unfinished) {
  const RoomId room = unfinished.room;
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
    // Counted since it was noted: a revocation concerns every room, and they
    // do not pause one after another.
    co_await uses_.tools.timers->Sleep(unfinished.since +
                                       PauseFor(*own, *parts_.random) -
                                       parts_.clock->Now());
    if (!HasProposals(room)) co_return absl::OkStatus();
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

void Upkeep::NoteUnfinished(RoomId room) {
  uses_.tools.moves->NoteUnfinished(room, parts_.clock->Now());
}

}  // namespace cordon::client
