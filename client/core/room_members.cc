#include "client/core/room_members.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/mls/group.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"

namespace cordon::client {
namespace {

absl::StatusOr<RoomMember> ReadMember(mls::LeafIndex leaf,
                                      const mls::TreeMember& member) {
  const absl::Status unreadable =
      absl::DataLossError("a member of the room has no readable certificate");
  const absl::StatusOr<std::vector<ByteSpan>> chain =
      member.leaf.credential.Chain();
  if (!chain.ok()) return unreadable;
  const absl::StatusOr<cert::Certificate> identity =
      cert::Certificate::Parse(chain->front());
  if (!identity.ok() || !identity->device().has_value()) return unreadable;
  return RoomMember{
      .leaf = leaf, .device = *identity->device(), .roles = identity->roles()};
}

}  // namespace

absl::StatusOr<std::vector<RoomMember>> MembersIn(const mls::Group& group) {
  std::vector<RoomMember> members;
  for (const mls::LeafIndex leaf : group.tree().Members()) {
    const mls::TreeMember* const member = group.tree().Member(leaf);
    CORDON_CHECK(member != nullptr);  // the tree has just named it
    CORDON_ASSIGN_OR_RETURN(RoomMember read, ReadMember(leaf, *member));
    members.push_back(std::move(read));
  }
  return members;
}

absl::StatusOr<std::set<std::string>> OrganisationsIn(const mls::Group& group) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<RoomMember> members,
                          MembersIn(group));
  std::set<std::string> organisations;
  for (const RoomMember& member : members) {
    organisations.insert(member.device.org().text());
  }
  return organisations;
}

}  // namespace cordon::client
