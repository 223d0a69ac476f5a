#include "client/core/room_log.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/parts.h"
#include "client/core/record_reader.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/group.h"
#include "crypto/policy/room_extensions.h"
#include "crypto/policy/room_policy.h"
#include "crypto/record/record_header.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

absl::StatusOr<RoomLog> ReadLog(vault::Vault& vault, RoomId id) {
  std::optional<RoomLog> log;
  const absl::Status read =
      vault.Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(vault::Room room, txn.rooms().GetRoom(id));
        CORDON_ASSIGN_OR_RETURN(const vault::Operation operation,
                                txn.rooms().GetOperation(room.operation));
        const absl::StatusOr<vault::LogPlace> newest =
            txn.records().GetPlace(id, room.cursor.seq);
        if (!absl::IsNotFound(newest.status())) {
          CORDON_RETURN_IF_ERROR(newest.status());
        }
        const absl::Time received =
            newest.ok() ? newest->received : absl::InfinitePast();
        std::string text = RoomText(operation, room);
        log.emplace(std::move(room), std::move(text), received);
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);
  return *std::move(log);
}

}  // namespace

RoomLog::RoomLog(vault::Room room, std::string text, absl::Time received)
    : room_(std::move(room)), text_(std::move(text)), received_(received) {
  hashes_.push_back(room_.cursor.hash);
}

void RoomLog::Advance(const RoomHead& after, absl::Time received) {
  CORDON_CHECK(after.seq == room_.cursor.seq.Next());
  room_.cursor = {.seq = after.seq, .hash = after.hash};
  received_ = std::max(received_, received);
  hashes_.push_back(after.hash);
  if (hashes_.size() > kHashesKept) hashes_.pop_front();
}

void RoomLog::Replace(vault::Room room, std::string text) {
  const bool next = room.cursor.seq == room_.cursor.seq.Next();
  const bool same = room.cursor.hash == room_.cursor.hash;
  if (!next && !same) hashes_.clear();
  if (!same) hashes_.push_back(room.cursor.hash);
  if (hashes_.size() > kHashesKept) hashes_.pop_front();
  room_ = std::move(room);
  text_ = std::move(text);
}

std::optional<ChainHash> RoomLog::HashAt(LogSeq seq) const {
  const LogSeq last = room_.cursor.seq;
  if (seq > last || last.value - seq.value >= hashes_.size()) {
    return std::nullopt;
  }
  return hashes_[hashes_.size() - 1 - (last.value - seq.value)];
}

absl::StatusOr<const policy::RoomPolicy*> RoomLog::PolicyOf(
    const mls::Group& group) {
  if (policy_.has_value() && policy_epoch_ == group.epoch()) return &*policy_;
  CORDON_ASSIGN_OR_RETURN(policy_,
                          policy::PolicyOf(group.context().extensions));
  policy_epoch_ = group.epoch();
  return &*policy_;
}

absl::Status RoomLog::NoteEpoch(const mls::Group& group) {
  if (authenticators_.contains(group.epoch())) return absl::OkStatus();
  CORDON_ASSIGN_OR_RETURN(
      const record::EpochAuthenticator authenticator,
      record::EpochAuthenticator::Parse(group.EpochAuthenticator()));
  authenticators_.emplace(group.epoch(), authenticator);
  if (authenticators_.size() > kAuthenticatorsKept) {
    authenticators_.erase(authenticators_.begin());
  }
  return absl::OkStatus();
}

std::optional<record::EpochAuthenticator> RoomLog::AuthenticatorOf(
    Epoch epoch) const {
  const auto found = authenticators_.find(epoch);
  if (found == authenticators_.end()) return std::nullopt;
  return found->second;
}

absl::StatusOr<RoomLog*> RoomLogs::Find(RoomId room) {
  const auto found = logs_.find(room);
  if (found != logs_.end()) return &found->second;
  CORDON_ASSIGN_OR_RETURN(RoomLog log, ReadLog(*parts_.vault, room));
  return &logs_.emplace(room, std::move(log)).first->second;
}

absl::Status RoomLogs::Refresh(RoomId room) {
  const auto found = logs_.find(room);
  if (found == logs_.end()) return absl::OkStatus();
  CORDON_ASSIGN_OR_RETURN(RoomLog log, ReadLog(*parts_.vault, room));
  found->second.Replace(log.room(), log.text());
  return absl::OkStatus();
}

absl::Status StopRoom(const Parts& parts, RoomId room,
                      const std::string& reason) {
  return parts.vault->Update([&](vault::VaultTxn& txn) {
    return txn.rooms().SetState(room, vault::RoomState::kStopped, reason);
  });
}

}  // namespace cordon::client
