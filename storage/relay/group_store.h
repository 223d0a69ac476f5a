#ifndef CORDON_STORAGE_RELAY_GROUP_STORE_H_
#define CORDON_STORAGE_RELAY_GROUP_STORE_H_

// What the relay follows of each room's group: its public state in the current
// epoch, GroupInfos for those who join from outside, and who has which leaf.
// All MLS is opaque bytes here.
//
// Threads: none; call it on the relay's lane only.
// Lifetime: the Db outlives the store, and holds RelaySchema().
// Writes happen in the caller's transaction, a commit's together with its log
// entry (delivery_log.h); a room's group is put after the room was opened.
// Errors: kNotFound for a room without a group; kAborted for a GroupInfo of
// another epoch; and what sqlite/db.h says of the file.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/transaction.h"

namespace cordon::relay {

// GroupInfos kept of one epoch, each by another signer: one bad signer cannot
// lock out who needs one.
inline constexpr size_t kGroupInfosMax = 3;

struct GroupState {
  Epoch epoch;
  Bytes state;  // the public group, without its tree
  Bytes tree;
};

struct StoredGroupInfo {
  DeviceId signer;
  Bytes info;
};

// A device's place in a room. `leaf` is the index in the tree.
struct Member {
  uint32_t leaf = 0;
  DeviceId device;
  LogSeq since;  // the commit that added it; 0: there from the beginning

  friend bool operator==(const Member&, const Member&) = default;
};

struct Membership {
  RoomId room;
  uint32_t leaf = 0;
  LogSeq since;

  friend bool operator==(const Membership&, const Membership&) = default;
};

class GroupStore {
 public:
  static absl::StatusOr<GroupStore> Create(sqlite::Db* db);
  GroupStore(GroupStore&&) noexcept;
  GroupStore& operator=(GroupStore&&) noexcept;
  ~GroupStore();

  // Put replaces the group by its next state and forgets the GroupInfos of
  // another epoch. kFailedPrecondition if the room was not opened.
  absl::Status Put(const sqlite::Transaction& txn, RoomId room,
                   const GroupState& group);
  absl::StatusOr<GroupState> Find(RoomId room);

  // PutInfo keeps `signer`'s newest GroupInfo of `epoch`. The oldest of more
  // than kGroupInfosMax goes.
  absl::Status PutInfo(const sqlite::Transaction& txn, RoomId room, Epoch epoch,
                       const StoredGroupInfo& info);
  // Infos gives those of the current epoch, the newest first.
  absl::StatusOr<std::vector<StoredGroupInfo>> Infos(RoomId room);

  // AddMember: kAlreadyExists if the leaf is taken or the device is in the room
  // already; a device that changes its leaf is removed first.
  absl::Status AddMember(const sqlite::Transaction& txn, RoomId room,
                         const Member& member);
  // RemoveMember: kNotFound if nobody has that leaf.
  absl::Status RemoveMember(const sqlite::Transaction& txn, RoomId room,
                            uint32_t leaf);
  // Members gives all of a room by leaf.
  absl::StatusOr<std::vector<Member>> Members(RoomId room);
  // FindMember gives the device's place in the room, or nothing.
  absl::StatusOr<std::optional<Member>> FindMember(RoomId room,
                                                   DeviceId device);
  // RoomsOf gives the rooms that a device follows, by id.
  absl::StatusOr<std::vector<Membership>> RoomsOf(DeviceId device);

 private:
  struct Statements;
  explicit GroupStore(std::unique_ptr<Statements> sql);

  std::unique_ptr<Statements> sql_;
};

}  // namespace cordon::relay

#endif  // CORDON_STORAGE_RELAY_GROUP_STORE_H_
