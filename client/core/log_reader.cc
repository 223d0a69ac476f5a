#include "client/core/log_reader.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "client/core/delivery_types.h"
#include "client/core/event.h"
#include "client/core/filing.h"
#include "client/core/group_shelf.h"
#include "client/core/handshakes.h"
#include "client/core/opening.h"
#include "client/core/outcome.h"
#include "client/core/parts.h"
#include "client/core/room_log.h"
#include "client/core/task.h"
#include "client/core/trust.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/group.h"
#include "crypto/prim/hash.h"
#include "storage/vault/outbox.h"
#include "storage/vault/record_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

RoomHead HeadWith(const RoomHead& before, const LogEntry& entry) {
  return ChainNext(before, {.seq = entry.seq,
                            .kind = entry.kind,
                            .epoch = entry.epoch,
                            .author = entry.author,
                            .envelope_id = entry.envelope,
                            .sealed_digest = Sha256(entry.sealed)});
}

bool IsSamePlace(const vault::LogPlace& place, const LogEntry& entry) {
  return place.envelope == entry.envelope && place.author == entry.author &&
         place.epoch == entry.epoch;
}

LogSeq BeforeOf(LogSeq seq) {
  return LogSeq{seq.value - 1};
}

DeviceId OwnDeviceIn(const mls::Group& group) {
  return group.tree().Member(group.self())->device;
}

}  // namespace

enum class LogReader::Standing : uint8_t {
  kNext = 1,
  kBehindGap = 2,
  kSeen = 3,
  kForked = 4,
  kPassedOver = 5,
};

LogReader::LogReader(const Parts& parts, Trust* trust, GroupShelf* shelf,
                     Handshakes* handshakes)
    : parts_(parts),
      shelf_(shelf),
      handshakes_(handshakes),
      opening_(trust, shelf),
      logs_(parts) {}

void LogReader::Report(RoomId room, const std::string& text,
                       std::string finding) {
  ++tally_.findings;
  tally_.last_findings.push_back(
      text.empty() ? finding : absl::StrCat(text, ": ", finding));
  if (tally_.last_findings.size() > kFindingsKept) {
    tally_.last_findings.pop_front();
  }
  parts_.events->Emit(
      RoomFinding{.room_id = room, .room = text, .what = std::move(finding)});
}

absl::Status LogReader::Stop(RoomId room, const std::string& reason) {
  CORDON_ASSIGN_OR_RETURN(const RoomLog* log, logs_.Find(room));
  const std::string text = log->text();
  CORDON_RETURN_IF_ERROR(StopRoom(parts_, room, reason));
  shelf_->Forget(room);
  CORDON_RETURN_IF_ERROR(logs_.Refresh(room));
  Report(room, text, reason);
  return absl::OkStatus();
}

// ---- where an entry stands -------------------------------------------------

absl::StatusOr<LogReader::Standing> LogReader::StandingOf(
    const LogEntry& entry, const RoomLog& log) const {
  if (!log.joined() || entry.seq.value == 0) return Standing::kPassedOver;
  const LogSeq next = log.head().seq.Next();
  if (entry.seq == next) return Standing::kNext;
  if (entry.seq > next) return Standing::kBehindGap;
  const std::optional<ChainHash> before = log.HashAt(BeforeOf(entry.seq));
  const std::optional<ChainHash> ours = log.HashAt(entry.seq);
  if (before.has_value() && ours.has_value()) {
    const RoomHead theirs =
        HeadWith({.seq = BeforeOf(entry.seq), .hash = *before}, entry);
    return theirs.hash == *ours ? Standing::kSeen : Standing::kForked;
  }
  Standing standing = Standing::kSeen;
  const absl::Status read =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        const absl::StatusOr<vault::LogPlace> place =
            txn.records().GetPlace(entry.room, entry.seq);
        // From before this device was in the room.
        if (absl::IsNotFound(place.status())) return absl::OkStatus();
        CORDON_RETURN_IF_ERROR(place.status());
        if (!IsSamePlace(*place, entry)) standing = Standing::kForked;
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);
  return standing;
}

absl::StatusOr<uint64_t> LogReader::CheckHead(const RoomHeadItem& head) {
  const absl::StatusOr<RoomLog*> found = logs_.Find(head.room);
  if (absl::IsNotFound(found.status())) return 0;
  CORDON_RETURN_IF_ERROR(found.status());
  const RoomLog& log = **found;
  if (!log.joined()) return 0;
  const RoomHead ours = log.head();
  if (head.head.seq < ours.seq) {
    CORDON_RETURN_IF_ERROR(
        Stop(head.room,
             absl::StrCat("the relay's log ends at entry ", head.head.seq.value,
                          ", but this device has read ", ours.seq.value,
                          ": the relay was put back to an older state or hides "
                          "entries; ask the coordinators")));
    return 0;
  }
  if (head.head.seq == ours.seq && head.head.hash != ours.hash) {
    CORDON_RETURN_IF_ERROR(
        Stop(head.room,
             absl::StrCat("up to entry ", ours.seq.value,
                          " the relay has another log than it has shown this "
                          "device; ask the coordinators")));
    return 0;
  }
  return head.head.seq.value - ours.seq.value;
}

// ---- taking ----------------------------------------------------------------

Task<absl::Status> LogReader::Take(std::vector<LogEntry> entries) {
  for (LogEntry& entry : entries) {
    const absl::Status taken = co_await TakeOne(std::move(entry));
    if (taken.ok()) continue;
    const absl::Status flushed = Flush();
    co_return flushed.ok() ? taken : flushed;
  }
  co_return Flush();
}

Task<absl::Status> LogReader::TakeOne(LogEntry entry) {
  const RoomId room = entry.room;
  absl::StatusOr<RoomLog*> log = logs_.Find(room);
  if (absl::IsNotFound(log.status())) {
    passed_over_.insert(room);
    co_return absl::OkStatus();
  }
  if (!log.ok()) co_return log.status();
  absl::StatusOr<Standing> standing = StandingOf(entry, **log);
  if (standing.ok() && *standing == Standing::kBehindGap) {
    const absl::Status filled = co_await Backfill(room, entry.seq);
    if (!filled.ok()) co_return filled;
    standing = StandingOf(entry, **log);
  }
  if (!standing.ok()) co_return standing.status();
  switch (*standing) {
    case Standing::kNext:
      co_return TakeNext(std::move(entry));
    case Standing::kForked: {
      const absl::Status flushed = Flush();
      if (!flushed.ok()) co_return flushed;
      co_return Stop(
          room, absl::StrCat("the relay shows another entry ", entry.seq.value,
                             " than before; ask the coordinators"));
    }
    case Standing::kBehindGap:
      if (gaps_named_.insert(room).second) {
        Report(room, (*log)->text(),
               absl::StrCat("the relay withholds the entries after ",
                            (*log)->head().seq.value, " and shows entry ",
                            entry.seq.value));
      }
      co_return absl::OkStatus();
    case Standing::kSeen:
    case Standing::kPassedOver:
      co_return absl::OkStatus();
  }
  co_return absl::InternalError("log: unknown standing");
}

Task<absl::Status> LogReader::Backfill(RoomId room, LogSeq before) {
  while (true) {
    // Nothing opened waits for its transaction while others may run.
    const absl::Status flushed = Flush();
    if (!flushed.ok()) co_return flushed;
    const absl::StatusOr<RoomLog*> log = logs_.Find(room);
    if (!log.ok()) co_return log.status();
    const LogSeq after = (*log)->head().seq;
    if (!(*log)->joined() || after.Next() >= before) {
      gaps_named_.erase(room);
      co_return absl::OkStatus();
    }
    absl::StatusOr<LogPage> page =
        co_await Ask<LogPage>([this, room, after](Done<LogPage> done) {
          parts_.relay->Backfill(room, after, kBackfillEntriesMax,
                                 std::move(done));
        });
    // A refusal is the relay's way of withholding.
    if (IsRefusal(page.status())) co_return absl::OkStatus();
    if (!page.ok()) co_return page.status();
    const absl::Status taken = TakePage(room, std::move(page->entries), **log);
    if (!taken.ok()) co_return taken;
    if ((*log)->head().seq == after) co_return absl::OkStatus();
  }
}

Task<absl::Status> LogReader::Joined(RoomId room) {
  logs_.Forget(room);
  if (passed_over_.erase(room) == 0) co_return absl::OkStatus();
  const absl::StatusOr<LogPage> page =
      co_await Ask<LogPage>([this, room](Done<LogPage> done) {
        // Only the head is wanted.
        parts_.relay->Backfill(room, LogSeq{0}, 1, std::move(done));
      });
  if (!page.ok()) co_return page.status();
  const absl::Status filled =
      co_await Backfill(room, page->head.head.seq.Next());
  if (!filled.ok()) co_return filled;
  co_return Flush();
}

absl::Status LogReader::TakePage(RoomId room, std::vector<LogEntry> entries,
                                 const RoomLog& log) {
  for (LogEntry& entry : entries) {
    if (entry.room != room || entry.seq != log.head().seq.Next()) continue;
    CORDON_RETURN_IF_ERROR(TakeNext(std::move(entry)));
    if (!log.joined()) break;
  }
  return absl::OkStatus();
}

absl::Status LogReader::TakeNext(LogEntry entry) {
  CORDON_ASSIGN_OR_RETURN(RoomLog * log, logs_.Find(entry.room));
  const RoomHead after = HeadWith(log->head(), entry);
  ++tally_.entries;
  if (entry.kind != EntryKind::kApplication) {
    CORDON_RETURN_IF_ERROR(Flush());
    return TakeHandshake(entry, after);
  }
  CORDON_RETURN_IF_ERROR(OpenNext(std::move(entry), after, *log));
  return opened_.size() < kEntriesPerTransaction ? absl::OkStatus() : Flush();
}

absl::Status LogReader::OpenNext(LogEntry entry, const RoomHead& after,
                                 RoomLog& log) {
  const RoomId room = entry.room;
  const absl::Time received = entry.received;
  absl::StatusOr<OpenedEntry> opened =
      OpenOrMatch(std::move(entry), after, log);
  if (!opened.ok()) {
    // What was opened before it holds; the room's own state does not.
    CORDON_RETURN_IF_ERROR(Flush());
    if (!absl::IsDataLoss(opened.status()) &&
        !absl::IsNotFound(opened.status())) {
      return opened.status();
    }
    return Stop(room,
                "what this device stored of the room's keys is damaged; "
                "remove this device and let it join again");
  }
  opened_.push_back(*std::move(opened));
  log.Advance(after, received);
  return absl::OkStatus();
}

absl::StatusOr<OpenedEntry> LogReader::OpenOrMatch(LogEntry entry,
                                                   const RoomHead& after,
                                                   RoomLog& log) {
  CORDON_ASSIGN_OR_RETURN(const mls::Group* group, shelf_->Find(entry.room));
  if (entry.author == OwnDeviceIn(*group)) {
    absl::StatusOr<vault::OutboxRow> row = absl::NotFoundError("not asked");
    CORDON_RETURN_IF_ERROR(
        parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
          row = txn.outbox().FindByEnvelope(entry.envelope);
          return absl::OkStatus();
        }));
    if (row.ok() && row->record.room == entry.room) {
      return opening_.OpenOwn(std::move(entry), after, *row);
    }
    if (!row.ok() && !absl::IsNotFound(row.status())) return row.status();
  }
  return opening_.Open(std::move(entry), after, log);
}

absl::Status LogReader::TakeHandshake(const LogEntry& entry,
                                      const RoomHead& after) {
  CORDON_ASSIGN_OR_RETURN(const TakenHandshake taken,
                          handshakes_->Take(entry, after));
  CORDON_RETURN_IF_ERROR(logs_.Refresh(entry.room));
  CORDON_ASSIGN_OR_RETURN(const RoomLog* log, logs_.Find(entry.room));
  if (taken.finding.has_value()) {
    Report(entry.room, log->text(), *taken.finding);
  }
  return absl::OkStatus();
}

// ---- storing ---------------------------------------------------------------

absl::Status LogReader::Flush() {
  const std::vector<OpenedEntry> run = std::exchange(opened_, {});
  if (run.empty()) return absl::OkStatus();
  absl::flat_hash_set<RoomId> rooms;
  for (const OpenedEntry& opened : run) rooms.insert(opened.entry.room);
  absl::StatusOr<std::vector<Filed>> filed = Store(run, rooms);
  if (!filed.ok()) {
    // The vault's state is the true one.
    for (const RoomId& room : rooms) {
      shelf_->Forget(room);
      logs_.Forget(room);
    }
    return filed.status();
  }
  for (const RoomId& room : rooms) {
    CORDON_RETURN_IF_ERROR(logs_.Refresh(room));
  }
  for (size_t i = 0; i < run.size(); ++i) {
    CORDON_RETURN_IF_ERROR(Announce(run[i].entry.room, std::move((*filed)[i])));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Filed>> LogReader::Store(
    const std::vector<OpenedEntry>& run,
    const absl::flat_hash_set<RoomId>& rooms) {
  std::vector<Filed> filed;
  filed.reserve(run.size());
  const absl::Status stored = parts_.vault->Update(
      [&](vault::VaultTxn& txn) -> absl::Status {
        for (const OpenedEntry& opened : run) {
          CORDON_ASSIGN_OR_RETURN(const RoomLog* log,
                                  logs_.Find(opened.entry.room));
          CORDON_ASSIGN_OR_RETURN(filed.emplace_back(),
                                  File(txn, opened, *log));
        }
        for (const RoomId& room : rooms) {
          CORDON_ASSIGN_OR_RETURN(mls::Group * group, shelf_->Find(room));
          CORDON_RETURN_IF_ERROR(StoreChanges(txn, room, group->TakeChanges()));
        }
        return absl::OkStatus();
      },
      sqlite::Durability::kNormal);
  CORDON_RETURN_IF_ERROR(stored);
  return filed;
}

absl::Status LogReader::Announce(RoomId room, Filed filed) {
  CORDON_ASSIGN_OR_RETURN(const RoomLog* log, logs_.Find(room));
  const std::string text = log->text();
  for (std::string& finding : filed.findings) {
    Report(room, text, std::move(finding));
  }
  if (filed.refused.has_value()) {
    parts_.events->Emit(*std::move(filed.refused));
  }
  if (filed.stop.has_value()) Report(room, text, *std::move(filed.stop));
  if (filed.record.has_value()) {
    ++tally_.records;
    parts_.events->Emit(RecordArrived{.record = *std::move(filed.record)});
  }
  return absl::OkStatus();
}

}  // namespace cordon::client
