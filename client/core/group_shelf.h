#ifndef CORDON_CLIENT_CORE_GROUP_SHELF_H_
#define CORDON_CLIENT_CORE_GROUP_SHELF_H_

// The MLS group of each room, loaded from the vault at first use and kept.
//
//   CORDON_ASSIGN_OR_RETURN(mls::Group* group, shelf.Find(room));
//   … group->Seal(…) …
//   status = vault.Update([&](VaultTxn& txn) {
//     CORDON_RETURN_IF_ERROR(StoreChanges(txn, room, group->TakeChanges()));
//     …
//   });
//   if (!status.ok()) shelf.Forget(room);   // the vault's state is the true
//   one
//
// Beside the groups it keeps the next epoch of a commit of ours that is under
// way, so that adopting it costs no loading; the vault has it too, for after a
// crash.
// Threads: none; the core's thread.
// Errors: kNotFound for a room without a group; kDataLoss for pieces that do
// not load.

#include <optional>

#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/parts.h"
#include "crypto/base/id.h"
#include "crypto/mls/group.h"
#include "crypto/mls/state_change.h"
#include "storage/vault/group_store.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {

class GroupShelf {
 public:
  explicit GroupShelf(const Parts& parts) : parts_(parts) {}

  // Find's pointer holds until Put or Forget of that room.
  absl::StatusOr<mls::Group*> Find(RoomId room);
  // Put takes a group that was just stored: created, joined or adopted.
  void Put(RoomId room, mls::Group group);
  // Forget makes the next Find load it again; a next epoch is kept.
  void Forget(RoomId room);

  // The next epoch that the commit under `envelope` leads to. TakeNext gives it
  // once, if it is here; any other of the room is dropped.
  void PutNext(RoomId room, EnvelopeId envelope, mls::NextEpoch next);
  std::optional<mls::NextEpoch> TakeNext(RoomId room, EnvelopeId envelope);

 private:
  const Parts parts_;
  // A commit under way, and where it leads.
  struct Next {
    EnvelopeId envelope;
    mls::NextEpoch epoch;
  };

  absl::node_hash_map<RoomId, mls::Group> groups_;
  absl::node_hash_map<RoomId, Next> next_;
};

// ToVault puts what one step of a group changed into the vault's form.
vault::GroupChanges ToVault(mls::StateChanges changes);

// LoadGroup reads a group as it is stored, in the caller's transaction.
absl::StatusOr<mls::Group> LoadGroup(const vault::VaultTxn& txn, RoomId room);

// StoreChanges writes what one step of a group changed.
absl::Status StoreChanges(vault::VaultTxn& txn, RoomId room,
                          mls::StateChanges changes);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_GROUP_SHELF_H_
