#ifndef CORDON_SERVER_CORE_REMOVALS_H_
#define CORDON_SERVER_CORE_REMOVALS_H_

// The relay's own proposals: whoever is revoked or expired is to be removed
// from every room it is in. The relay cannot do it; as external sender of the
// rooms (RFC 9420, 12.1.8) it says so in their logs, and any member commits
// that after looking at certificate and revocation list itself.
//
// A proposal is good for one epoch, so it is made again for each until the leaf
// is gone; in one epoch it is there once, because its envelope id is derived
// from room, epoch and leaf.
// Threads: the lane's.
// Errors: those of the stores. A room whose group does not parse is passed
// over and named in the log.

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/sign_ed25519.h"
#include "server/core/room_groups.h"
#include "server/core/room_log.h"
#include "server/core/trust.h"
#include "storage/relay/delivery_log.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

// How long after its end a certificate is left alone: members judge the
// proposal by clocks of their own, and refuse one that comes too early.
inline constexpr absl::Duration kExpiryGrace = absl::Hours(24);

class Removals {
 public:
  // Borrowed for the object's life. `key` is the relay's MLS signing key.
  struct Parts {
    relay::Stores* stores = nullptr;
    RoomLog* rooms = nullptr;
    RoomGroups* groups = nullptr;
    const Trust* trust = nullptr;
    const Clock* clock = nullptr;
    const Ed25519PrivateKey* key = nullptr;
  };
  explicit Removals(const Parts& parts) : parts_(parts) {}

  // Load finds who is out but still in which room, at start.
  absl::Status Load();

  // ProposeExpired does the same, now and then, and proposes it.
  absl::Status ProposeExpired(const sqlite::Transaction& txn);

  // ProposeFor looks at the device's leaf in each of its rooms, after a new
  // list.
  absl::Status ProposeFor(const sqlite::Transaction& txn,
                          const DeviceId& device);

  // AfterCommit proposes again what the commit has left undone.
  absl::Status AfterCommit(const sqlite::Transaction& txn, const RoomId& room);

 private:
  using Leaves = std::vector<mls::LeafIndex>;
  using RoomStep = absl::FunctionRef<absl::Status(const relay::Room&)>;

  absl::Status ForEachRoom(RoomStep step);

  bool IsOut(const mls::TreeMember& member) const;
  absl::Status NoteOut(const relay::Room& room);
  absl::Status Propose(const sqlite::Transaction& txn, const RoomId& room);
  // Those of a room's group that are owed to it and still there.
  Leaves OwedIn(const RoomId& room, const mls::RatchetTree& tree);

  const Parts parts_;
  // Who is, or was, to be removed where. Asked anew of tree and lists each
  // time, so it may hold too much, and nothing that a step does takes away from
  // it: the step may be taken back (memory.h).
  absl::flat_hash_map<RoomId, absl::flat_hash_set<DeviceId>> owed_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_REMOVALS_H_
