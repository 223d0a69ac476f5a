#ifndef CORDON_SERVER_CORE_ROOMS_H_
#define CORDON_SERVER_CORE_ROOMS_H_

// Opening rooms, and the GroupInfos by which a device that is in one comes back
// from outside. As handshakes, what must be checked is checked between two
// turns on the lane (room_info_check.h).
//
// Threads: the lane's.
// Errors: as room_log.h says; kAlreadyExists for another's room id;
// kResourceExhausted beyond rooms_per_creator_max. Nothing has changed then.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/cert/name.h"
#include "crypto/prim/sign_ed25519.h"
#include "server/core/caller.h"
#include "server/core/publications.h"
#include "server/core/room_groups.h"
#include "server/core/room_info_check.h"
#include "server/core/room_log.h"
#include "server/core/trust.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

struct RoomInfos {
  std::vector<Bytes> group_infos{};  // the newest first, by different signers
  Bytes ratchet_tree{};
};

// A GroupInfo that somebody offers, and what it is checked against.
struct OfferedInfo {
  RoomId room{};
  DeviceId signer{};
  Bytes group_info{};
  SharedGroup group{};
};

class Rooms {
 public:
  // Borrowed for the object's life.
  struct Parts {
    relay::Stores* stores = nullptr;
    RoomLog* rooms = nullptr;
    RoomGroups* groups = nullptr;
    const Trust* trust = nullptr;
    Publications* publications = nullptr;
    const Clock* clock = nullptr;
  };
  // `relay_key` is what new rooms must name as external sender.
  Rooms(const Parts& parts, const DeliveryLimits& limits,
        const Ed25519PublicKey& relay_key)
      : parts_(parts), limits_(limits), relay_key_(relay_key) {}

  absl::StatusOr<NewRoomTask> BeginCreate(const Caller& caller,
                                          const RoomId& room, Bytes group_info);
  absl::Status FinishCreate(const sqlite::Transaction& txn,
                            const Caller& caller, const CheckedRoom& checked);

  absl::StatusOr<RoomInfos> FetchInfos(const Caller& caller,
                                       const RoomId& room);

  absl::StatusOr<OfferedInfo> BeginPutInfo(const Caller& caller,
                                           const RoomId& room,
                                           Bytes group_info);
  absl::Status FinishPutInfo(const sqlite::Transaction& txn,
                             const Caller& caller, const OfferedInfo& offered);

  // CheckMayClaim: whether `caller` may be given key packages of the devices
  // with these URI names: if the room's policy lets it admit them, or, for a
  // room that is still to be opened, if it may open rooms; a contact point's
  // are for its own organisation.
  absl::Status CheckMayClaim(const Caller& caller, const RoomId& room,
                             const std::vector<std::string>& uris);

 private:
  static absl::Status CheckMayClaimUnopened(
      const Caller& caller, const std::vector<cert::DeviceName>& names);
  absl::StatusOr<bool> Exists(const Caller& caller, const RoomId& room);

  const Parts parts_;
  const DeliveryLimits limits_;
  const Ed25519PublicKey relay_key_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_ROOMS_H_
