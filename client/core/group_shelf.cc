#include "client/core/group_shelf.h"

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/mls/group.h"
#include "crypto/mls/state_change.h"
#include "storage/vault/group_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {

absl::StatusOr<mls::Group*> GroupShelf::Find(RoomId room) {
  const auto kept = groups_.find(room);
  if (kept != groups_.end()) return &kept->second;
  std::optional<mls::Group> loaded;
  CORDON_RETURN_IF_ERROR(parts_.vault->Read(
      [&loaded, room](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(loaded, LoadGroup(txn, room));
        return absl::OkStatus();
      }));
  return &groups_.emplace(room, *std::move(loaded)).first->second;
}

void GroupShelf::Put(RoomId room, mls::Group group) {
  groups_.insert_or_assign(room, std::move(group));
}

void GroupShelf::Forget(RoomId room) {
  groups_.erase(room);
}

void GroupShelf::PutNext(RoomId room, EnvelopeId envelope,
                         mls::NextEpoch next) {
  next_.insert_or_assign(room,
                         Next{.envelope = envelope, .epoch = std::move(next)});
}

std::optional<mls::NextEpoch> GroupShelf::TakeNext(RoomId room,
                                                   EnvelopeId envelope) {
  auto found = next_.extract(room);
  if (found.empty() || found.mapped().envelope != envelope) {
    return std::nullopt;
  }
  return std::move(found.mapped().epoch);
}

vault::GroupChanges ToVault(mls::StateChanges changes) {
  // The last word on each piece; what came before was never stored.
  std::map<Bytes, std::optional<SecretBytes>> last;
  for (mls::StateChange& change : changes) {
    last.insert_or_assign(std::move(change.name), std::move(change.value));
  }
  vault::GroupChanges out;
  for (auto& [name, value] : last) {
    if (value.has_value()) {
      out.put.push_back({.key = name, .value = *std::move(value)});
    } else {
      out.erase.push_back(name);
    }
  }
  return out;
}

absl::StatusOr<mls::Group> LoadGroup(const vault::VaultTxn& txn, RoomId room) {
  CORDON_ASSIGN_OR_RETURN(std::vector<vault::GroupPart> parts,
                          txn.groups().Load(room));
  if (parts.empty()) {
    return absl::NotFoundError("this device is not in that room");
  }
  std::vector<mls::StatePiece> pieces;
  pieces.reserve(parts.size());
  for (vault::GroupPart& part : parts) {
    pieces.push_back(
        {.name = std::move(part.key), .value = std::move(part.value)});
  }
  return mls::Group::Load(pieces);
}

absl::Status StoreChanges(vault::VaultTxn& txn, RoomId room,
                          mls::StateChanges changes) {
  return txn.groups().Apply(room, ToVault(std::move(changes)));
}

}  // namespace cordon::client
