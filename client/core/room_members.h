#ifndef CORDON_CLIENT_CORE_ROOM_MEMBERS_H_
#define CORDON_CLIENT_CORE_ROOM_MEMBERS_H_

// Who is in a room, as the certificates in its tree say it. They were verified
// when the leaves came in; here they are only read.
//
// Threads: pure functions.
// Errors: kDataLoss for a leaf that has no readable certificate.

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/mls/group.h"
#include "crypto/mls/tree_math.h"

namespace cordon::client {

struct RoomMember {
  mls::LeafIndex leaf;
  cert::DeviceName device;
  cert::RoleSet roles;
};

// MembersIn lists them by leaf.
absl::StatusOr<std::vector<RoomMember>> MembersIn(const mls::Group& group);

// OrganisationsIn: "fr.customs" and so on, each once.
absl::StatusOr<std::set<std::string>> OrganisationsIn(const mls::Group& group);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_ROOM_MEMBERS_H_
