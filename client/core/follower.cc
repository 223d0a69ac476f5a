#include "client/core/follower.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "client/core/backoff.h"
#include "client/core/delivery_types.h"
#include "client/core/event.h"
#include "client/core/invitations.h"
#include "client/core/log_reader.h"
#include "client/core/relay.h"
#include "client/core/relay_types.h"
#include "client/core/room_log.h"
#include "client/core/task.h"
#include "client/core/vault_numbers.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

absl::StatusOr<uint64_t> ReadInboxAfter(const vault::VaultTxn& txn) {
  const absl::StatusOr<Bytes> stored =
      txn.identity().GetSetting(kInboxAfterSetting);
  if (absl::IsNotFound(stored.status())) return 0;
  CORDON_RETURN_IF_ERROR(stored.status());
  codec::Reader in(*stored);
  return in.U64();
}

absl::Status PutInboxAfter(vault::Vault& vault, uint64_t id) {
  codec::Writer out;
  out.U64(id);
  return vault.Update(
      [&out](vault::VaultTxn& txn) {
        return txn.identity().PutSetting(kInboxAfterSetting, out.bytes());
      },
      sqlite::Durability::kNormal);
}

}  // namespace

Task<absl::Status> Follower::Run() {
  uint32_t failures = 0;
  while (true) {
    SetLink(Link::kConnecting, "");
    const uint64_t entries_before = uses_.reader->tally().entries;
    const absl::Status ended = co_await FollowOnce();
    if (absl::IsFailedPrecondition(ended) && !uses_.trust->loaded()) {
      co_return ended;
    }
    // A stream that got somewhere is no failure, whatever ended it.
    const bool got_somewhere =
        caught_up() || uses_.reader->tally().entries > entries_before;
    failures = got_somewhere ? 1 : failures + 1;
    ++state_.endings;
    SetLink(Link::kOffline, std::string(ended.message()));
    co_await hurry_.Wait(uses_.timers,
                         DelayAfter(failures, kFollowBackoff, *parts_.random));
  }
}

// An item that cannot be taken must not keep all that lies behind it away.
//
// | joining says        | it means                       | and is           |
// | the bytes are wrong | they will stay so              | over             |
// | the relay is away   | nothing                        | tried again      |
// | anything else       | a full disk, or its maker      | tried again, not |
// |                     | wanted it not to fit           | for ever         |
//
// On a full disk nothing is given up: not even that could be written down.
bool Follower::IsHopeless(uint64_t item, const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kAborted:
      return true;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
      return false;
    default:
      break;
  }
  failed_times_ = failed_item_ == item ? failed_times_ + 1 : 1;
  failed_item_ = item;
  return failed_times_ >= kJoinTriesMax;
}

void Follower::SetLink(Link link, std::string reason) {
  const bool same = state_.link == link && state_.trouble == reason;
  state_.link = link;
  if (link != Link::kConnecting) state_.trouble = reason;
  if (!same) {
    parts_.events->Emit(LinkChanged{.link = link, .reason = std::move(reason)});
  }
  Moved();
}

void Follower::Moved() {
  changed_.Ring();
  if (moved_) moved_();
}

absl::StatusOr<FollowCall> Follower::MakeCall() {
  CORDON_RETURN_IF_ERROR(uses_.trust->Load());
  FollowCall call{.crls = uses_.trust->Held()};
  CORDON_RETURN_IF_ERROR(
      parts_.vault->Read([&call](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Room> rooms,
                                txn.rooms().ListRooms(std::nullopt));
        for (const vault::Room& room : rooms) {
          call.cursors.push_back({.room = room.id, .seq = room.cursor.seq});
        }
        CORDON_ASSIGN_OR_RETURN(call.inbox_after, ReadInboxAfter(txn));
        return absl::OkStatus();
      }));
  return call;
}

Task<absl::Status> Follower::FollowOnce() {
  absl::StatusOr<FollowCall> call = MakeCall();
  if (!call.ok()) co_return call.status();
  state_.expected = 0;
  state_.taken_before = uses_.reader->tally().entries;
  const std::unique_ptr<FollowStream> stream =
      parts_.relay->Follow(*std::move(call));
  while (true) {
    absl::StatusOr<std::vector<FollowItem>> batch =
        co_await Ask<std::vector<FollowItem>>(
            [&stream](Done<std::vector<FollowItem>> done) {
              stream->Read(std::move(done));
            });
    if (!batch.ok()) co_return batch.status();
    const absl::Status taken = co_await TakeBatch(*std::move(batch));
    Moved();
    if (!taken.ok()) co_return taken;
  }
}

Task<absl::Status> Follower::TakeBatch(std::vector<FollowItem> batch) {
  std::vector<LogEntry> entries;
  for (FollowItem& item : batch) {
    if (auto* entry = std::get_if<LogEntry>(&item)) {
      entries.push_back(std::move(*entry));
      continue;
    }
    const absl::Status before =
        co_await uses_.reader->Take(std::exchange(entries, {}));
    if (!before.ok()) co_return before;
    const absl::Status taken = co_await TakeItem(std::move(item));
    if (!taken.ok()) co_return taken;
  }
  co_return co_await uses_.reader->Take(std::move(entries));
}

Task<absl::Status> Follower::TakeItem(FollowItem item) {
  if (auto* inbox = std::get_if<InboxItem>(&item)) {
    co_return co_await TakeInbox(std::move(*inbox));
  }
  if (const auto* crl = std::get_if<CrlItem>(&item)) co_return TakeCrl(*crl);
  if (const auto* request = std::get_if<JoinRequestItem>(&item)) {
    co_return uses_.invitations->NoteRequest(*request);
  }
  if (const auto* head = std::get_if<RoomHeadItem>(&item)) {
    const absl::StatusOr<uint64_t> missing = uses_.reader->CheckHead(*head);
    if (missing.ok()) state_.expected += *missing;
    co_return missing.status();
  }
  if (const auto* left = std::get_if<RoomLeftItem>(&item)) {
    co_return TakeLeft(left->room);
  }
  if (std::holds_alternative<CaughtUpItem>(item)) SetLink(Link::kCaughtUp, "");
  co_return absl::OkStatus();
}

Task<absl::Status> Follower::TakeInbox(InboxItem item) {
  const uint64_t id = item.id;
  const RoomId wanted = item.room;
  const absl::StatusOr<RoomId> joined =
      co_await uses_.handshakes->TakeInbox(std::move(item));
  if (!joined.ok() && !IsHopeless(id, joined.status())) {
    co_return joined.status();
  }
  if (!joined.ok()) {
    uses_.reader->Report(
        wanted, "",
        absl::StrCat("this device was let into a room and cannot enter it: ",
                     joined.status().message()));
  } else {
    // Also where this device thought it was in: it may have slept through being
    // taken out, and now reads on elsewhere.
    const absl::Status read = co_await uses_.reader->Joined(*joined);
    if (!read.ok()) co_return read;
  }
  const absl::Status put = PutInboxAfter(*parts_.vault, id);
  if (!put.ok()) co_return put;
  // What came of it is stored, so that the relay may forget it. A lost answer
  // does no harm: the next one covers this one too.
  const absl::StatusOr<Unit> acknowledged =
      co_await Ask<Unit>([this, id](Done<Unit> done) {
        parts_.relay->AckInbox(id, std::move(done));
      });
  (void)acknowledged;
  co_return absl::OkStatus();
}

absl::Status Follower::TakeCrl(const CrlItem& item) {
  const absl::Status taken = uses_.trust->TakeCrl(item);
  switch (taken.code()) {
    case absl::StatusCode::kFailedPrecondition:
      uses_.reader->Report(
          RoomId(), "",
          "the relay handed out an older revocation list than before: somebody "
          "withholds revocations");
      return absl::OkStatus();
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kAlreadyExists:
      uses_.reader->Report(
          RoomId(), "",
          absl::StrCat("the relay handed out a revocation list that does not "
                       "hold: ",
                       taken.message()));
      return absl::OkStatus();
    default:
      return taken;
  }
}

// The commit that takes a device out is what proves it; the relay's word only
// says that it will not deliver any more.
absl::Status Follower::TakeLeft(RoomId room) {
  const absl::StatusOr<RoomLog*> log = uses_.reader->logs().Find(room);
  if (absl::IsNotFound(log.status())) return absl::OkStatus();
  CORDON_RETURN_IF_ERROR(log.status());
  if (!(*log)->joined()) return absl::OkStatus();
  const std::string text = (*log)->text();
  CORDON_RETURN_IF_ERROR(
      parts_.vault->Update([room](vault::VaultTxn& txn) -> absl::Status {
        return txn.rooms().SetState(
            room, vault::RoomState::kLeft,
            "the relay says that this device was taken out");
      }));
  CORDON_RETURN_IF_ERROR(uses_.reader->logs().Refresh(room));
  parts_.events->Emit(RoomLeft{.room_id = room, .room = text});
  return absl::OkStatus();
}

}  // namespace cordon::client
