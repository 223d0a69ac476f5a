#ifndef CORDON_SERVER_CORE_ROOM_GROUPS_H_
#define CORDON_SERVER_CORE_ROOM_GROUPS_H_

// The public MLS group of each room, decoded and at hand: what commits are
// checked against. Those used last stay in memory, so that a commit in a room
// of a thousand members reads and verifies nothing of it again.
//
// A group is an immutable value and its next state shares all but a path with
// it, so checks on other threads keep theirs while the lane goes on.
// Threads: the lane's; the groups themselves may be read by any.
// Errors: kDataLoss for a group that does not parse; those of the store.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/mls/public_group.h"
#include "storage/relay/delivery_log.h"
#include "storage/relay/group_store.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

// Leaves of all groups in memory together, of about 4 KiB each.
inline constexpr size_t kRoomGroupLeavesKept = 30'000;

// Owned by the cache and by the checks that are running on it.
using SharedGroup = std::shared_ptr<const mls::PublicGroup>;

// A group and what the store keeps of it, written where time is cheap.
struct GroupImage {
  SharedGroup group{};
  Bytes state{};
  Bytes tree{};
};
GroupImage ImageOf(mls::PublicGroup group);

class RoomGroups {
 public:
  // Borrows `store`.
  explicit RoomGroups(relay::GroupStore* store,
                      size_t leaves_kept = kRoomGroupLeavesKept)
      : store_(store), leaves_kept_(leaves_kept) {}

  // Find gives the group at the room's epoch.
  absl::StatusOr<SharedGroup> Find(const relay::Room& room);

  // Put writes a room's next state and remembers it.
  absl::Status Put(const sqlite::Transaction& txn, const RoomId& room,
                   const GroupImage& next);

  // What a step has Put stands, or is taken back and forgotten (memory.h).
  // Forget drops all.
  void Keep() { unsettled_.clear(); }
  void TakeBack();
  void Forget();

  size_t size() const { return kept_.size(); }

 private:
  struct Kept {
    SharedGroup group;
    uint64_t used = 0;
  };

  void Remember(const RoomId& room, SharedGroup group);
  void Trim();

  relay::GroupStore* const store_;
  const size_t leaves_kept_;
  absl::flat_hash_map<RoomId, Kept> kept_;
  std::vector<RoomId> unsettled_;  // put by the step that is running
  size_t leaves_ = 0;
  uint64_t uses_ = 0;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_ROOM_GROUPS_H_
