#ifndef CORDON_STORAGE_VAULT_PEER_STORE_H_
#define CORDON_STORAGE_VAULT_PEER_STORE_H_

// What each author last claimed in each room: the counter of its newest record
// seen, and whatever else the client compares claims with, in its own form.
// Gaps, forks and rollbacks are found by comparing; this is the memory for it.
// Threads and errors: as vault.h.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "storage/vault/statements.h"

namespace cordon::vault {

inline constexpr size_t kPeerStateBytesMax = 4 * 1024;
inline constexpr size_t kPeersPerPageMax = 1000;

struct Peer {
  RoomId room;
  DeviceId author;
  uint64_t counter = 0;
  Bytes state;
};

class PeerStore {
 public:
  explicit PeerStore(Statements* sql) : sql_(sql) {}

  // Put adds or replaces; the client decides what a lower counter means.
  // kResourceExhausted beyond kPeerStateBytesMax.
  absl::Status Put(const Peer& peer);
  // Get is kNotFound for an author that was not seen in the room.
  absl::StatusOr<Peer> Get(RoomId room, DeviceId author) const;
  // List gives up to kPeersPerPageMax authors of a room after `after`, by id;
  // the zero id is before all.
  absl::StatusOr<std::vector<Peer>> List(RoomId room, DeviceId after) const;
  // Forget takes out all authors of a room.
  absl::Status Forget(RoomId room);

 private:
  Statements* const sql_;
};

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_PEER_STORE_H_
