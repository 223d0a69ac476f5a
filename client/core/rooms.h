#ifndef CORDON_CLIENT_CORE_ROOMS_H_
#define CORDON_CLIENT_CORE_ROOMS_H_

// Rooms as people ask for them: opened, filled, shown, left.
//
// Threads: none; the core's thread.
// Errors: kNotFound for a room or operation that is not known here, and for a
// name that means no device: nothing has changed then;
// kPermissionDenied for what this device's roles or the room's policy do not
// allow; those of admitting.h and commits.h.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "client/core/admitting.h"
#include "client/core/command.h"
#include "client/core/commits.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "client/core/view/operation.h"
#include "crypto/base/id.h"
#include "storage/vault/room_store.h"

namespace cordon::client {

class Rooms {
 public:
  Rooms(const Parts& parts, const RoomTools& tools, Commits* commits,
        Admitting* admitting)
      : parts_(parts),
        tools_(tools),
        commits_(commits),
        admitting_(admitting) {}

  Task<absl::StatusOr<MembershipChange>> Create(client::CreateRoom wanted,
                                                uint64_t command);
  Task<absl::StatusOr<MembershipChange>> Add(AddToRoom wanted,
                                             uint64_t command);
  Task<absl::StatusOr<MembershipChange>> Remove(RemoveFromRoom wanted,
                                                uint64_t command);
  // Leave asks to be taken out; others commit that.
  Task<absl::Status> Leave(LeaveRoom wanted);

  absl::StatusOr<RoomsView> List(const ListRooms& wanted);
  absl::StatusOr<RoomDetail> Show(const ShowRoom& wanted);

  // TakeOut removes the devices that `names` mean from one room, as far as the
  // policy lets us; whoever is not in it is passed over.
  Task<absl::Status> TakeOut(vault::Room room, std::vector<std::string> names,
                             MembershipChange* change);

 private:
  absl::StatusOr<vault::Room> FindJoined(absl::string_view name);
  // Null for a room this device is not in.
  const mls::Group* GroupOf(const vault::Room& room);

  const Parts parts_;
  const RoomTools tools_;
  Commits* const commits_;
  Admitting* const admitting_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_ROOMS_H_
