#include "client/core/commits.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/content.h"
#include "client/core/delivery_types.h"
#include "client/core/group_shelf.h"
#include "client/core/model/operation.h"
#include "client/core/outcome.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "client/core/welcome_cut.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/codec/writer.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/commit_maker.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group.h"
#include "crypto/mls/pending_proposals.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/proposal_rules.h"
#include "crypto/mls/tree_math.h"
#include "crypto/policy/extension_types.h"
#include "crypto/policy/room_change.h"
#include "storage/vault/group_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

absl::StatusOr<std::optional<vault::PendingCommit>> FindPending(
    vault::Vault& vault, RoomId room) {
  std::optional<vault::PendingCommit> pending;
  const absl::Status read =
      vault.Read([&pending, room](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(pending, txn.groups().GetPending(room));
        return absl::OkStatus();
      });
  if (!absl::IsNotFound(read)) CORDON_RETURN_IF_ERROR(read);
  return pending;
}

absl::Status CheckOpen(const vault::Room& room) {
  switch (room.state) {
    case vault::RoomState::kJoined:
      return absl::OkStatus();
    case vault::RoomState::kLeft:
      return absl::FailedPreconditionError(
          "this device is no longer in that room");
    case vault::RoomState::kStopped:
      return absl::FailedPreconditionError(
          "that room is stopped on this device; `cordon room show` says why");
  }
  return absl::DataLossError("a room is in no known state");
}

// What newcomers are told of the room, encrypted with the GroupInfo.
absl::StatusOr<mls::Extension> TitlesOf(vault::Vault& vault, RoomId id) {
  RoomProfile profile;
  const absl::Status read =
      vault.Read([&profile, id](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const vault::Room room,
                                txn.rooms().GetRoom(id));
        CORDON_RETURN_IF_ERROR(CheckOpen(room));
        CORDON_ASSIGN_OR_RETURN(const vault::Operation operation,
                                txn.rooms().GetOperation(room.operation));
        CORDON_ASSIGN_OR_RETURN(profile.operation,
                                ParseOperationProfile(operation.profile));
        profile.name = room.name;
        profile.title = room.title;
        profile.kind = room.kind;
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);
  return mls::Extension{.type = policy::kTitlesExtension,
                        .data = SerializeProfile(profile)};
}

std::vector<mls::Proposal> StillMissing(const mls::Group& group,
                                        const RoomChange& wanted) {
  std::vector<mls::Proposal> proposals;
  for (const DeviceId& device : wanted.removes) {
    const std::optional<mls::LeafIndex> leaf = group.tree().FindDevice(device);
    if (!leaf.has_value() || *leaf == group.self()) continue;
    proposals.emplace_back(mls::Remove{.removed = *leaf});
  }
  for (const Joiner& joiner : wanted.adds) {
    if (group.tree().FindDevice(joiner.device).has_value()) continue;
    proposals.emplace_back(mls::Add{.key_package = joiner.key_package});
  }
  return proposals;
}

// Whether all that others have proposed may be committed. The relay has judged
// it too; we believe our own lists.
bool MayCommitPending(const mls::Group& group,
                      const policy::ChangeChecks& checks) {
  const policy::RoomEpoch epoch{.tree = group.tree(),
                                .extensions = group.context().extensions};
  const std::vector<mls::PendingProposal>& all =
      group.current().proposals().all();
  return !all.empty() &&
         std::all_of(
             all.begin(), all.end(), [&](const mls::PendingProposal& each) {
               return policy::CheckProposal(each.Listed(), epoch, checks).ok();
             });
}

// Whom proposals that count take out.
std::set<mls::LeafIndex> Leaving(const mls::Group& group,
                                 const policy::ChangeChecks& checks) {
  const policy::RoomEpoch epoch{.tree = group.tree(),
                                .extensions = group.context().extensions};
  std::set<mls::LeafIndex> leaving;
  for (const mls::PendingProposal& each : group.current().proposals().all()) {
    const mls::ListedProposal listed = each.Listed();
    const auto* const remove = std::get_if<mls::Remove>(&listed.proposal);
    if (remove == nullptr) continue;
    if (policy::CheckProposal(listed, epoch, checks).ok()) {
      leaving.insert(remove->removed);
    }
  }
  return leaving;
}

AppendCall CallFor(const vault::PendingCommit& pending,
                   std::optional<WelcomeParts> welcome) {
  return {.room = pending.room,
          .envelope = pending.envelope,
          .kind = EntryKind::kCommit,
          .epoch = pending.base,
          .sealed = pending.commit,
          .group_info = pending.group_info,
          .welcome = std::move(welcome)};
}

absl::Status LeftWaiting() {
  return absl::UnavailableError(
      "the relay did not answer; the change is kept and goes on when it is "
      "back");
}

}  // namespace

CommitOutcome Classify(const absl::Status& answer) {
  if (answer.ok()) return CommitOutcome::kAccepted;
  if (absl::IsAborted(answer)) return CommitOutcome::kLostRace;
  return IsRefusal(answer) ? CommitOutcome::kRefused : CommitOutcome::kUnknown;
}

// ---- one room, one change at a time ----------------------------------------

Task<absl::Status> Commits::TakeTurn(RoomId room) {
  while (busy_.contains(room)) {
    const bool rung =
        co_await tools_.moves->Wait(room, tools_.timers, kCommitWaitMax);
    if (!rung) co_return LeftWaiting();
  }
  busy_.insert(room);
  co_return absl::OkStatus();
}

void Commits::EndTurn(RoomId room) {
  busy_.erase(room);
  tools_.moves->Ring(room);
}

Task<absl::StatusOr<RoomChanged>> Commits::Change(RoomId room,
                                                  RoomChange wanted) {
  const absl::Status loaded = tools_.trust->Load();
  if (!loaded.ok()) co_return loaded;
  const absl::Status turn = co_await TakeTurn(room);
  if (!turn.ok()) co_return turn;
  absl::StatusOr<RoomChanged> changed = co_await ChangeInTurn(room, wanted);
  EndTurn(room);
  co_return changed;
}

Task<absl::StatusOr<RoomChanged>> Commits::ChangeInTurn(
    RoomId room, const RoomChange& wanted) {
  // What an earlier start left is settled first, whatever comes of it.
  const absl::StatusOr<std::optional<vault::PendingCommit>> left =
      FindPending(*parts_.vault, room);
  if (!left.ok()) co_return left.status();
  if (left->has_value()) {
    const absl::StatusOr<CommitOutcome> settled = co_await Settle(room);
    if (absl::IsUnavailable(settled.status())) co_return settled.status();
  }
  for (int tried = 0; tried < kCommitTries; ++tried) {
    const absl::StatusOr<bool> made = Make(room, wanted);
    if (!made.ok()) co_return made.status();
    if (!*made) co_return Compare(room, wanted);
    const absl::StatusOr<CommitOutcome> settled = co_await Settle(room);
    if (!settled.ok()) co_return settled.status();
    if (*settled == CommitOutcome::kAccepted) co_return Compare(room, wanted);
  }
  co_return absl::AbortedError(
      "others kept changing the room at the same time; try again");
}

Task<absl::Status> Commits::Resume() {
  std::vector<RoomId> rooms;
  const absl::Status read =
      parts_.vault->Read([&rooms](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(rooms, txn.groups().ListPending());
        return absl::OkStatus();
      });
  if (!read.ok()) co_return read;
  for (const RoomId& room : rooms) {
    // Somebody who changes the room now settles it in passing.
    if (busy_.contains(room)) continue;
    const absl::Status turn = co_await TakeTurn(room);
    if (!turn.ok()) co_return turn;
    const absl::StatusOr<CommitOutcome> settled = co_await Settle(room);
    EndTurn(room);
    if (absl::IsUnavailable(settled.status())) co_return settled.status();
  }
  co_return absl::OkStatus();
}

absl::Status Commits::CheckStays(RoomId room) {
  CORDON_ASSIGN_OR_RETURN(const mls::Group* const group,
                          tools_.shelf->Find(room));
  const std::set<mls::LeafIndex> leaving = Leaving(
      *group,
      {.verifier = tools_.trust->verifier(), .instant = parts_.clock->Now()});
  if (!leaving.contains(group->self())) return absl::OkStatus();
  // Where nobody is left who could do it, it is dropped with the epoch.
  if (leaving.size() >= group->tree().member_count()) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      "this device is leaving that room; another one has to change it");
}

// ---- one commit ------------------------------------------------------------

absl::StatusOr<bool> Commits::Make(RoomId room, const RoomChange& wanted) {
  CORDON_ASSIGN_OR_RETURN(mls::Extension titles, TitlesOf(*parts_.vault, room));
  CORDON_ASSIGN_OR_RETURN(mls::Group* const group, tools_.shelf->Find(room));
  CORDON_RETURN_IF_ERROR(CheckStays(room));
  mls::CommitOptions options;
  options.proposals = StillMissing(*group, wanted);
  options.include_pending = MayCommitPending(
      *group,
      {.verifier = tools_.trust->verifier(), .instant = parts_.clock->Now()});
  options.force_path = wanted.renew_keys;
  if (options.proposals.empty() && !options.include_pending &&
      !options.force_path) {
    return false;
  }
  options.tree = mls::TreePlace::kBeside;
  options.welcome_extensions = {std::move(titles)};
  const Epoch base = group->epoch();
  CORDON_ASSIGN_OR_RETURN(
      mls::PendingCommit made,
      group->Commit(std::move(options), tools_.trust->services()));

  const vault::PendingCommit pending{
      .room = room,
      .envelope = EnvelopeId::Random(*parts_.random),
      .base = base,
      .commit = made.commit,
      .group_info =
          codec::Serialize(mls::MlsMessage(std::move(made.group_info))),
      .welcome = SerializeWelcome(CutWelcome(made)),
      .purpose = {},
      .made = parts_.clock->Now()};
  const vault::GroupChanges changes = ToVault(made.next.TakeChanges());
  CORDON_RETURN_IF_ERROR(
      parts_.vault->Update([&pending, &changes](vault::VaultTxn& txn) {
        return txn.groups().PutPending(pending, changes);
      }));
  tools_.shelf->PutNext(room, pending.envelope, std::move(made.next));
  return true;
}

Task<absl::StatusOr<CommitOutcome>> Commits::Send(RoomId room,
                                                  EnvelopeId envelope) {
  for (int sent = 0; sent < kCommitSendings; ++sent) {
    if (sent > 0) {
      co_await tools_.moves->Wait(room, tools_.timers, kCommitSendPause);
    }
    const absl::StatusOr<std::optional<vault::PendingCommit>> pending =
        FindPending(*parts_.vault, room);
    if (!pending.ok()) co_return pending.status();
    // The log has said meanwhile what became of it.
    if (!pending->has_value() || (*pending)->envelope != envelope) {
      co_return CommitOutcome::kLostRace;
    }
    absl::StatusOr<std::optional<WelcomeParts>> welcome =
        ParseStoredWelcome((*pending)->welcome);
    if (!welcome.ok()) co_return welcome.status();
    const absl::StatusOr<LogSeq> answer =
        co_await Ask<LogSeq>([&](Done<LogSeq> done) {
          parts_.relay->Append(CallFor(**pending, *std::move(welcome)),
                               std::move(done));
        });
    const CommitOutcome outcome = Classify(answer.status());
    if (outcome == CommitOutcome::kRefused) {
      const absl::Status dropped = Drop(room, envelope);
      co_return dropped.ok() ? answer.status() : dropped;
    }
    if (outcome != CommitOutcome::kUnknown) co_return outcome;
  }
  co_return CommitOutcome::kUnknown;
}

Task<absl::StatusOr<CommitOutcome>> Commits::Settle(RoomId room) {
  const absl::StatusOr<std::optional<vault::PendingCommit>> pending =
      FindPending(*parts_.vault, room);
  if (!pending.ok()) co_return pending.status();
  if (!pending->has_value()) co_return CommitOutcome::kLostRace;
  const EnvelopeId envelope = (*pending)->envelope;
  const absl::StatusOr<CommitOutcome> sent = co_await Send(room, envelope);
  if (!sent.ok()) co_return sent.status();
  if (*sent == CommitOutcome::kUnknown) co_return LeftWaiting();

  // Whichever commit was first, the log brings it, and with it the end of ours.
  const absl::Time deadline = parts_.clock->Now() + kCommitWaitMax;
  while (true) {
    if (tools_.moves->TakeAdopted(envelope)) {
      co_return CommitOutcome::kAccepted;
    }
    const absl::StatusOr<std::optional<vault::PendingCommit>> still =
        FindPending(*parts_.vault, room);
    if (!still.ok()) co_return still.status();
    if (!still->has_value()) co_return CommitOutcome::kLostRace;
    const absl::Duration patience = deadline - parts_.clock->Now();
    if (patience <= absl::ZeroDuration()) co_return LeftWaiting();
    co_await tools_.moves->Wait(room, tools_.timers, patience);
  }
}

absl::Status Commits::Drop(RoomId room, EnvelopeId envelope) {
  // Only its own epoch: the group itself has not moved.
  tools_.shelf->TakeNext(room, envelope);
  const absl::Status dropped = parts_.vault->Update(
      [room](vault::VaultTxn& txn) { return txn.groups().DropPending(room); });
  return absl::IsNotFound(dropped) ? absl::OkStatus() : dropped;
}

absl::StatusOr<RoomChanged> Commits::Compare(RoomId room,
                                             const RoomChange& wanted) {
  CORDON_ASSIGN_OR_RETURN(const mls::Group* const group,
                          tools_.shelf->Find(room));
  RoomChanged changed{.epoch = group->epoch(), .added = {}, .removed = {}};
  for (const Joiner& joiner : wanted.adds) {
    if (group->tree().FindDevice(joiner.device).has_value()) {
      changed.added.push_back(joiner.device);
    }
  }
  for (const DeviceId& device : wanted.removes) {
    if (!group->tree().FindDevice(device).has_value()) {
      changed.removed.push_back(device);
    }
  }
  return changed;
}

}  // namespace cordon::client
