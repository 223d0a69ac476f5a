#include "client/core/syncing.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "client/core/command/record.h"
#include "client/core/composer.h"
#include "client/core/event.h"
#include "client/core/follower.h"
#include "client/core/log_reader.h"
#include "client/core/own_device.h"
#include "client/core/record_reader.h"
#include "client/core/task.h"
#include "client/core/uploads.h"
#include "client/core/view/record.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/policy/record_kind.h"
#include "storage/vault/outbox.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

// How long to wait before looking again, should no bell ring.
constexpr absl::Duration kLookInterval = absl::Seconds(1);

absl::StatusOr<std::vector<vault::OutboxRow>> ReadRows(
    const vault::VaultTxn& txn) {
  std::vector<vault::OutboxRow> rows;
  vault::OutboxNumber after;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(std::vector<vault::OutboxRow> page,
                            txn.outbox().List(after));
    if (page.empty()) return rows;
    after = page.back().number;
    rows.insert(rows.end(), std::make_move_iterator(page.begin()),
                std::make_move_iterator(page.end()));
  }
}

struct Counts {
  uint64_t unsent = 0;
  // Of those: what is sent or, its room having been left, refused now. In a
  // stopped room it waits.
  uint64_t leaving = 0;
  uint64_t refused = 0;
};

absl::StatusOr<Counts> CountRows(vault::Vault& vault) {
  Counts counts;
  CORDON_RETURN_IF_ERROR(
      vault.Read([&counts](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const std::vector<vault::OutboxRow> rows,
                                ReadRows(txn));
        for (const vault::OutboxRow& row : rows) {
          if (row.state == vault::OutboxState::kRefused) {
            ++counts.refused;
            continue;
          }
          ++counts.unsent;
          CORDON_ASSIGN_OR_RETURN(const vault::Room room,
                                  txn.rooms().GetRoom(row.record.room));
          // Where this device is out, what waits is refused, and what is sealed
          // nobody will bring back.
          const bool leaves = room.state == vault::RoomState::kJoined ||
                              (room.state == vault::RoomState::kLeft &&
                               row.state == vault::OutboxState::kWaiting);
          if (leaves) ++counts.leaving;
        }
        return absl::OkStatus();
      }));
  return counts;
}

std::string StateText(vault::OutboxState state) {
  switch (state) {
    case vault::OutboxState::kWaiting:
      return "waiting";
    case vault::OutboxState::kSealed:
      return "sending";
    case vault::OutboxState::kRefused:
      return "refused";
  }
  return "unknown";
}

// `trouble` is why nothing leaves: "" when the relay is there.
absl::StatusOr<OutboxRowView> ViewRow(const vault::VaultTxn& txn,
                                      const vault::OutboxRow& row,
                                      const std::string& trouble) {
  CORDON_ASSIGN_OR_RETURN(const vault::Room room,
                          txn.rooms().GetRoom(row.record.room));
  CORDON_ASSIGN_OR_RETURN(const vault::Operation operation,
                          txn.rooms().GetOperation(room.operation));
  std::string reason = row.reason;
  if (reason.empty() && room.state == vault::RoomState::kStopped) {
    reason = absl::StrCat("the room was stopped: ", room.state_reason);
  }
  if (reason.empty()) reason = trouble;
  return OutboxRowView{.record = row.record.id,
                       .room = RoomText(operation, room),
                       .kind = std::string(policy::RecordKindName(
                           static_cast<policy::RecordKind>(row.kind))),
                       .state = StateText(row.state),
                       .reason = std::move(reason),
                       .made = row.made,
                       .attempts = row.attempts};
}

std::vector<std::string> FindingsSince(const ReadTally& tally,
                                       uint64_t before) {
  const uint64_t newer =
      std::min(tally.findings - before, uint64_t{tally.last_findings.size()});
  return {tally.last_findings.end() - static_cast<ptrdiff_t>(newer),
          tally.last_findings.end()};
}

}  // namespace

Task<absl::StatusOr<SyncView>> Syncing::Sync(client::Sync wanted,
                                             uint64_t command) {
  Follower& follower = *uses_.follower;
  const ReadTally& tally = uses_.reader->tally();
  const uint64_t endings_before = follower.state().endings;
  const uint64_t records_before = tally.records;
  const uint64_t findings_before = tally.findings;
  const absl::Time until = parts_.clock->Now() + wanted.patience;
  follower.Hurry();
  uses_.pump->Wake();
  Counts counts;
  while (true) {
    const absl::StatusOr<Counts> now = CountRows(*parts_.vault);
    if (!now.ok()) co_return now.status();
    counts = *now;
    const LinkState& state = follower.state();
    if (state.link == Link::kCaughtUp && counts.leaving == 0) break;
    if (state.link == Link::kOffline && state.endings > endings_before) break;
    if (parts_.clock->Now() >= until) break;
    std::optional<Progress> progress = ProgressOf(counts.unsent);
    if (progress.has_value()) {
      progress->command = command;
      parts_.events->Emit(*progress);
    }
    co_await follower.changed().Wait(
        uses_.timers, std::min(kLookInterval, until - parts_.clock->Now()));
  }
  co_return SyncView{.online = follower.caught_up(),
                     .trouble = follower.state().trouble,
                     .received = tally.records - records_before,
                     .unsent = counts.unsent,
                     .refused = counts.refused,
                     .findings = FindingsSince(tally, findings_before)};
}

std::optional<Progress> Syncing::ProgressOf(uint64_t unsent) const {
  const LinkState& state = uses_.follower->state();
  if (state.link == Link::kConnecting && state.expected > 0) {
    return Progress{.stage = Stage::kCatchingUp,
                    .done = uses_.reader->tally().entries - state.taken_before,
                    .total = state.expected};
  }
  const Uploads::Sending file = uses_.transfers->sending();
  if (file.total > 0) {
    return Progress{
        .stage = Stage::kSendingFile, .done = file.done, .total = file.total};
  }
  if (unsent == 0) return std::nullopt;
  return Progress{.stage = Stage::kSendingRecords, .total = unsent};
}

absl::StatusOr<OutboxView> Syncing::List() {
  OutboxView view;
  const std::string trouble =
      uses_.follower->caught_up() ? "" : uses_.follower->state().trouble;
  CORDON_RETURN_IF_ERROR(
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const std::vector<vault::OutboxRow> rows,
                                ReadRows(txn));
        for (const vault::OutboxRow& row : rows) {
          CORDON_ASSIGN_OR_RETURN(view.rows.emplace_back(),
                                  ViewRow(txn, row, trouble));
        }
        return absl::OkStatus();
      }));
  return view;
}

absl::Status Syncing::Retry(const RetryOutbox& wanted) {
  const absl::Status marked =
      parts_.vault->Update([&](vault::VaultTxn& txn) -> absl::Status {
        if (!wanted.record.empty()) {
          CORDON_ASSIGN_OR_RETURN(const vault::RecordName name,
                                  FindRecord(txn, wanted.record));
          CORDON_ASSIGN_OR_RETURN(const vault::OutboxRow row,
                                  txn.outbox().Get(name));
          if (row.state != vault::OutboxState::kRefused) {
            return absl::FailedPreconditionError(
                "that record was not refused; it is on its way");
          }
          return txn.outbox().MarkWaiting(name);
        }
        CORDON_ASSIGN_OR_RETURN(const std::vector<vault::OutboxRow> rows,
                                ReadRows(txn));
        for (const vault::OutboxRow& row : rows) {
          if (row.state != vault::OutboxState::kRefused) continue;
          CORDON_RETURN_IF_ERROR(txn.outbox().MarkWaiting(row.record));
        }
        return absl::OkStatus();
      });
  if (marked.ok()) uses_.pump->Wake();
  return marked;
}

Task<absl::Status> Syncing::Discard(DiscardOutbox wanted) {
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (!own.ok()) co_return own.status();
  std::vector<BlobId> files;
  const absl::Status discarded =
      parts_.vault->Update([&](vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const vault::RecordName name,
                                FindRecord(txn, wanted.record));
        const absl::StatusOr<vault::OutboxRow> row = txn.outbox().Get(name);
        const bool here = row.ok() && row->state != vault::OutboxState::kSealed;
        if (!here) {
          return absl::FailedPreconditionError(
              "that record has left, or may have; it cannot be taken back");
        }
        CORDON_ASSIGN_OR_RETURN(files, txn.blobs().EraseReferences(name));
        return Withdraw(txn, *row, *own);
      });
  if (!discarded.ok()) co_return discarded;
  // What stays of them is swept when the program starts again.
  (void)co_await uses_.transfers->Forget(std::move(files));
  co_return absl::OkStatus();
}

}  // namespace cordon::client
