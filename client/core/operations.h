#ifndef CORDON_CLIENT_CORE_OPERATIONS_H_
#define CORDON_CLIENT_CORE_OPERATIONS_H_

// Operations: their rooms, and who takes part.
//
// | room                | who is in it                                        |
// | instructions,       | administrations, offices, partners, the unit        |
// | alerts, library,    |                                                     |
// | general             |                                                     |
// | intake-<short name> | one rights holder or platform, the unit's curators; |
// |                     | they are in nothing else                            |
//
// Everybody known comes into a room by one commit. Then a coordinator signs who
// takes part (titles, countries, regions) into the instructions room. All of it
// may be begun again after an unknown answer and goes on where it stopped.
// Devices that cannot come in yet are named, and waited for (newcomers.h).
// Whoever left a room or was taken out of it comes back only if `operation add`
// names their organisation.
// Threads: none; the core's thread.
// Errors: kPermissionDenied unless a coordinator's device asks; kNotFound for
// an operation that is not known, and for an organisation that is not: nothing
// has changed then; kAlreadyExists for another operation of that name; those of
// admitting.h.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/admitting.h"
#include "client/core/command.h"
#include "client/core/commits.h"
#include "client/core/composer.h"
#include "client/core/model/operation.h"
#include "client/core/parts.h"
#include "client/core/rooms.h"
#include "client/core/task.h"
#include "client/core/view/operation.h"
#include "crypto/base/id.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {

// IsOperationRoom: one of the first four of the table, into which newcomers
// come by themselves.
bool IsOperationRoom(const vault::Room& room);

class Operations {
 public:
  struct Uses {
    RoomTools tools;
    Admitting* admitting = nullptr;
    Rooms* rooms = nullptr;
    Composer* composer = nullptr;
  };

  Operations(const Parts& parts, const Uses& uses)
      : parts_(parts), uses_(uses) {}

  Task<absl::StatusOr<MembershipChange>> Create(CreateOperation wanted,
                                                uint64_t command);
  Task<absl::StatusOr<MembershipChange>> Add(AddToOperation wanted,
                                             uint64_t command);
  Task<absl::StatusOr<MembershipChange>> Remove(RemoveFromOperation wanted,
                                                uint64_t command);

  absl::StatusOr<OperationsView> List();
  absl::StatusOr<OperationDetail> Show(const ShowOperation& wanted);

 private:
  // Brings these organisations in, all of them if none is named.
  Task<absl::StatusOr<MembershipChange>> Fill(
      vault::Operation operation, std::vector<std::string> organisations,
      uint64_t command);
  // Has the vault and everybody know who takes part.
  absl::Status Announce(const vault::Operation& operation,
                        const std::vector<Participant>& participants);

  const Parts parts_;
  const Uses uses_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_OPERATIONS_H_
