#ifndef CORDON_SERVER_CORE_ROOM_INFO_CHECK_H_
#define CORDON_SERVER_CORE_ROOM_INFO_CHECK_H_

// What a GroupInfo must be before a relay keeps it: the first of a new room,
// and others' of an epoch that is there, by which devices come back from
// outside.
//
// Threads: pure functions, for the verification pool.
// Errors: kInvalidArgument and kPermissionDenied, in one sentence for people.

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/mls/public_group.h"
#include "crypto/policy/room_policy.h"
#include "crypto/prim/sign_ed25519.h"
#include "server/core/caller.h"
#include "server/core/room_groups.h"

namespace cordon::server {

// CheckOfferedInfo: `bytes` are MLSMessage(GroupInfo) of this very state,
// signed by `signer`'s leaf, with an external_pub and without the tree.
absl::Status CheckOfferedInfo(const mls::PublicGroup& group, ByteSpan bytes,
                              const DeviceId& signer);

struct NewRoomTask {
  bool exists = false;  // made by this caller already: nothing to check
  RoomId room{};
  Bytes group_info{};
  std::optional<Caller> caller{};
  Ed25519PublicKey relay_key{};
  const cert::ChainVerifier* verifier = nullptr;  // lives as long as the relay
  absl::Time now{};
};
struct CheckedRoom {
  bool exists = false;
  RoomId room{};
  Bytes group_info{};
  policy::RoomPolicy policy{};
  GroupImage group{};
  uint32_t leaf = 0;  // the creator's
};

// CheckNewRoom: epoch 0, the caller alone in it, what every room has (policy/
// room_extensions.h), and a kind of room that the caller's roles may open.
absl::StatusOr<CheckedRoom> CheckNewRoom(NewRoomTask task);

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_ROOM_INFO_CHECK_H_
