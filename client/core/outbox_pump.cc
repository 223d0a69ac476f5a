#include "client/core/outbox_pump.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "client/core/backoff.h"
#include "client/core/delivery_types.h"
#include "client/core/event.h"
#include "client/core/group_shelf.h"
#include "client/core/parts.h"
#include "client/core/record_reader.h"
#include "client/core/relay.h"
#include "client/core/room_log.h"
#include "client/core/task.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/group.h"
#include "storage/vault/outbox.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

constexpr char kKeyUsedTwice[] =
    "a message key of this room was used before: this profile was put back to "
    "an older state; nothing more is sent here; remove this device and let it "
    "join again";

struct RoomNow {
  vault::Room room;
  std::string text;
};

absl::StatusOr<RoomNow> ReadRoomNow(vault::Vault& vault, RoomId id) {
  RoomNow now;
  CORDON_RETURN_IF_ERROR(
      vault.Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(now.room, txn.rooms().GetRoom(id));
        CORDON_ASSIGN_OR_RETURN(const vault::Operation operation,
                                txn.rooms().GetOperation(now.room.operation));
        now.text = RoomText(operation, now.room);
        return absl::OkStatus();
      }));
  return now;
}

absl::StatusOr<vault::OutboxRow> NextRow(vault::Vault& vault, RoomId room) {
  std::optional<vault::OutboxRow> row;
  CORDON_RETURN_IF_ERROR(
      vault.Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(row, txn.outbox().Next(room));
        return absl::OkStatus();
      }));
  return *std::move(row);
}

absl::StatusOr<vault::OutboxRow> ReadRow(vault::Vault& vault,
                                         const vault::RecordName& record) {
  std::optional<vault::OutboxRow> row;
  CORDON_RETURN_IF_ERROR(
      vault.Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(row, txn.outbox().Get(record));
        return absl::OkStatus();
      }));
  return *std::move(row);
}

absl::StatusOr<uint64_t> UnsentFiles(vault::Vault& vault,
                                     const vault::RecordName& record) {
  uint64_t count = 0;
  CORDON_RETURN_IF_ERROR(
      vault.Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(count, txn.blobs().CountUnsent(record));
        return absl::OkStatus();
      }));
  return count;
}

}  // namespace

SendOutcome ClassifySend(const absl::Status& answer) {
  switch (answer.code()) {
    case absl::StatusCode::kOk:
      return SendOutcome::kThere;
    case absl::StatusCode::kAborted:
      return SendOutcome::kEpochPassed;
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
      return SendOutcome::kRefused;
    default:
      return SendOutcome::kUnknown;
  }
}

OutboxPump::OutboxPump(const Parts& parts, Uses uses)
    : parts_(parts), uses_(std::move(uses)) {}

void OutboxPump::Wake() {
  woken_ = true;
  bell_.Ring();
}

Task<absl::Status> OutboxPump::Run() {
  while (true) {
    woken_ = false;
    // Without the relay nothing is due; when it is back this is woken.
    absl::Time due = absl::InfiniteFuture();
    if (uses_.follower->caught_up()) {
      StartRooms();
      for (const auto& [room, time] : due_) due = std::min(due, time);
    }
    if (woken_) continue;
    const absl::Duration patience =
        std::max(due - parts_.clock->Now(), absl::ZeroDuration());
    co_await bell_.Wait(uses_.timers, patience);
  }
}

void OutboxPump::StartRooms() {
  absl::StatusOr<std::vector<RoomId>> rooms = absl::UnknownError("not read");
  const absl::Status read =
      parts_.vault->Read([&rooms](const vault::VaultTxn& txn) -> absl::Status {
        rooms = txn.outbox().ListRooms();
        return rooms.status();
      });
  // A vault that cannot be read shows in whatever is asked of it next.
  if (!read.ok()) return;
  due_.clear();
  for (const RoomId& room : *rooms) {
    if (!busy_.insert(room).second) continue;
    rooms_.Spawn(PumpRoom(room), [this, room](absl::StatusOr<absl::Time> due) {
      busy_.erase(room);
      const absl::Time next =
          due.ok() ? *due : parts_.clock->Now() + kSendBackoff.longest;
      if (next != absl::InfiniteFuture()) {
        due_[room] = next;
        bell_.Ring();
      }
    });
  }
}

Task<absl::StatusOr<absl::Time>> OutboxPump::PumpRoom(RoomId room) {
  while (uses_.follower->caught_up()) {
    absl::StatusOr<vault::OutboxRow> row = NextRow(*parts_.vault, room);
    if (absl::IsNotFound(row.status())) {
      at_relay_.erase(room);
      co_return absl::InfiniteFuture();
    }
    if (!row.ok()) co_return row.status();
    const absl::Time now = parts_.clock->Now();
    const auto sent = at_relay_.find(room);
    if (sent != at_relay_.end()) {
      const AtRelay at_relay = sent->second;
      if (at_relay.record == row->record.id && now < at_relay.until) {
        co_return at_relay.until;
      }
      at_relay_.erase(sent);
      if (at_relay.record == row->record.id) NameHidden(*row);
    }
    if (row->next_try > now) co_return row->next_try;
    bool next = false;
    const absl::StatusOr<absl::Time> due =
        co_await PumpRow(*std::move(row), next);
    if (!due.ok() || !next) co_return due;
  }
  co_return absl::InfiniteFuture();
}

Task<absl::StatusOr<absl::Time>> OutboxPump::PumpRow(vault::OutboxRow row,
                                                     bool& next) {
  absl::StatusOr<uint64_t> unsent = UnsentFiles(*parts_.vault, row.record);
  if (unsent.ok() && *unsent > 0) {
    const absl::Status sent = co_await uses_.send_files();
    if (!sent.ok()) co_return Later(row);
    unsent = UnsentFiles(*parts_.vault, row.record);
  }
  if (!unsent.ok()) co_return unsent.status();
  if (*unsent > 0) co_return Later(row);
  if (row.state == vault::OutboxState::kWaiting) {
    // While its files were sent it may have been thrown away or numbered anew.
    absl::StatusOr<vault::OutboxRow> now = ReadRow(*parts_.vault, row.record);
    next = absl::IsNotFound(now.status());
    if (next) co_return absl::InfiniteFuture();
    if (!now.ok()) co_return now.status();
    row = *std::move(now);
    const absl::StatusOr<bool> left = RefuseIfLeft(row);
    next = left.ok() && *left;
    if (next || !left.ok()) co_return absl::InfiniteFuture();
    absl::StatusOr<std::optional<vault::SealedEnvelope>> sealed = Seal(row);
    if (!sealed.ok()) co_return sealed.status();
    if (!sealed->has_value()) {
      const auto lost = lost_.find(row.record.room);
      co_return lost == lost_.end() ? absl::InfiniteFuture()
                                    : lost->second.until;
    }
    row.envelope = **sealed;
  }
  AppendCall call{.room = row.record.room,
                  .envelope = row.envelope->id,
                  .kind = EntryKind::kApplication,
                  .epoch = row.envelope->epoch,
                  .sealed = row.envelope->sealed};
  const absl::StatusOr<LogSeq> answer =
      co_await Ask<LogSeq>([this, &call](Done<LogSeq> done) {
        parts_.relay->Append(std::move(call), std::move(done));
      });
  const absl::StatusOr<absl::Time> due = Settle(row, answer);
  next = due.ok() && *due == absl::InfinitePast();
  co_return due;
}

absl::StatusOr<std::optional<vault::SealedEnvelope>> OutboxPump::Seal(
    const vault::OutboxRow& row) {
  const RoomId room = row.record.room;
  CORDON_ASSIGN_OR_RETURN(const RoomNow now, ReadRoomNow(*parts_.vault, room));
  if (now.room.state != vault::RoomState::kJoined) return std::nullopt;
  CORDON_ASSIGN_OR_RETURN(mls::Group * group, uses_.shelf->Find(room));
  if (group->has_proposals() || group->re_init().has_value()) {
    return std::nullopt;
  }
  const auto lost = lost_.find(room);
  if (lost != lost_.end()) {
    if (group->epoch() == lost->second.epoch &&
        parts_.clock->Now() < lost->second.until) {
      return std::nullopt;
    }
    lost_.erase(lost);
  }
  CORDON_ASSIGN_OR_RETURN(mls::SealedMessage message,
                          group->Seal(row.signed_bytes, {}, *parts_.random));
  vault::SealedEnvelope envelope{.id = EnvelopeId::Random(*parts_.random),
                                 .epoch = message.epoch,
                                 .sealed = std::move(message.message)};
  const absl::Status stored = StoreSealed(row, envelope, message.generation);
  if (!stored.ok()) uses_.shelf->Forget(room);
  if (absl::IsAlreadyExists(stored)) {
    CORDON_RETURN_IF_ERROR(StopRoom(parts_, room, kKeyUsedTwice));
    parts_.events->Emit(
        RoomFinding{.room_id = room, .room = now.text, .what = kKeyUsedTwice});
    return std::nullopt;
  }
  CORDON_RETURN_IF_ERROR(stored);
  return envelope;
}

absl::Status OutboxPump::StoreSealed(const vault::OutboxRow& row,
                                     const vault::SealedEnvelope& envelope,
                                     uint32_t generation) {
  const RoomId room = row.record.room;
  CORDON_ASSIGN_OR_RETURN(mls::Group * group, uses_.shelf->Find(room));
  return parts_.vault->Update([&](vault::VaultTxn& txn) -> absl::Status {
    CORDON_RETURN_IF_ERROR(txn.seals().NoteSealed({.room = room,
                                                   .epoch = envelope.epoch,
                                                   .leaf = group->self().value,
                                                   .generation = generation},
                                                  envelope.id));
    CORDON_RETURN_IF_ERROR(StoreChanges(txn, room, group->TakeChanges()));
    return txn.outbox().MarkSealed(row.record, envelope);
  });
}

// When to look again; InfinitePast: at once, at the next row.
absl::StatusOr<absl::Time> OutboxPump::Settle(
    const vault::OutboxRow& row, const absl::StatusOr<LogSeq>& answer) {
  const RoomId room = row.record.room;
  switch (ClassifySend(answer.status())) {
    case SendOutcome::kThere:
      // The log brings it, and takes the row out. Should it not, the same bytes
      // go again: the relay then says so again.
      at_relay_[room] = {.record = row.record.id,
                         .until = parts_.clock->Now() + kLogBringsWithin};
      return absl::InfinitePast();
    case SendOutcome::kEpochPassed:
      lost_[room] = {.epoch = row.envelope->epoch,
                     .until = parts_.clock->Now() + kCommitComesWithin};
      CORDON_RETURN_IF_ERROR(parts_.vault->Update([&row](vault::VaultTxn& txn) {
        return txn.outbox().MarkWaiting(row.record);
      }));
      return absl::InfinitePast();
    case SendOutcome::kRefused:
      CORDON_RETURN_IF_ERROR(
          Refuse(row, std::string(answer.status().message())));
      return absl::InfinitePast();
    case SendOutcome::kUnknown:
      return Later(row);
  }
  return absl::InternalError("outbox: unknown outcome");
}

absl::StatusOr<absl::Time> OutboxPump::Later(const vault::OutboxRow& row) {
  const absl::Time next =
      parts_.clock->Now() +
      DelayAfter(row.attempts + 1, kSendBackoff, *parts_.random);
  const absl::Status noted = parts_.vault->Update(
      [&row, next](vault::VaultTxn& txn) {
        return txn.outbox().NoteAttempt(row.record, next);
      },
      sqlite::Durability::kNormal);
  // The log has brought it meanwhile: the next one's turn.
  if (absl::IsNotFound(noted)) return absl::InfinitePast();
  CORDON_RETURN_IF_ERROR(noted);
  return next;
}

// The relay says that it has a record and does not show it.
void OutboxPump::NameHidden(const vault::OutboxRow& row) {
  const absl::StatusOr<RoomNow> now =
      ReadRoomNow(*parts_.vault, row.record.room);
  if (!now.ok() || !named_hidden_.insert(row.record.id).second) return;
  parts_.events->Emit(RoomFinding{
      .room_id = row.record.room,
      .room = now->text,
      .what = "the relay says that it has a record of this device, and does "
              "not show it in the log"});
}

absl::StatusOr<bool> OutboxPump::RefuseIfLeft(const vault::OutboxRow& row) {
  CORDON_ASSIGN_OR_RETURN(const RoomNow now,
                          ReadRoomNow(*parts_.vault, row.record.room));
  if (now.room.state != vault::RoomState::kLeft) return false;
  CORDON_RETURN_IF_ERROR(
      Refuse(row, absl::StrCat("this device is no longer in ", now.text)));
  return true;
}

absl::Status OutboxPump::Refuse(const vault::OutboxRow& row,
                                const std::string& reason) {
  const absl::Status marked = parts_.vault->Update([&](vault::VaultTxn& txn) {
    return txn.outbox().MarkRefused(row.record, reason);
  });
  CORDON_RETURN_IF_ERROR(marked);
  CORDON_ASSIGN_OR_RETURN(const RoomNow now,
                          ReadRoomNow(*parts_.vault, row.record.room));
  parts_.events->Emit(RecordRefused{
      .record = row.record.id, .room = now.text, .reason = reason});
  return absl::OkStatus();
}

}  // namespace cordon::client
