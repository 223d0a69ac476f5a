#include "server/core/rooms.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/log.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/codec/writer.h"
#include "crypto/policy/room_extensions.h"
#include "crypto/policy/room_policy.h"
#include "server/core/authz.h"
#include "server/core/caller.h"
#include "server/core/publications.h"
#include "server/core/room_groups.h"
#include "server/core/room_info_check.h"
#include "storage/relay/delivery_log.h"
#include "storage/relay/group_store.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

absl::StatusOr<bool> Rooms::Exists(const Caller& caller, const RoomId& room) {
  const absl::StatusOr<relay::Room> found = parts_.stores->log.FindRoom(room);
  if (absl::IsNotFound(found.status())) return false;
  CORDON_RETURN_IF_ERROR(found.status());
  if (found->creator == caller.device) return true;
  return absl::AlreadyExistsError("this room id is another's; make a new one");
}

absl::StatusOr<NewRoomTask> Rooms::BeginCreate(const Caller& caller,
                                               const RoomId& room,
                                               Bytes group_info) {
  CORDON_ASSIGN_OR_RETURN(const bool exists, Exists(caller, room));
  if (!exists) {
    CORDON_ASSIGN_OR_RETURN(const uint64_t made,
                            parts_.stores->log.CountRoomsBy(caller.device));
    if (made >= limits_.rooms_per_creator_max) {
      return absl::ResourceExhaustedError(
          "this device has opened as many rooms as one device may");
    }
  }
  return NewRoomTask{.exists = exists,
                     .room = room,
                     .group_info = std::move(group_info),
                     .caller = caller,
                     .relay_key = relay_key_,
                     .verifier = parts_.trust->verifier(),
                     .now = parts_.clock->Now()};
}

absl::Status Rooms::FinishCreate(const sqlite::Transaction& txn,
                                 const Caller& caller,
                                 const CheckedRoom& checked) {
  CORDON_ASSIGN_OR_RETURN(const bool exists, Exists(caller, checked.room));
  if (exists || checked.exists) return absl::OkStatus();
  CORDON_RETURN_IF_ERROR(parts_.stores->log.OpenRoom(
      txn, {.room = checked.room,
            .operation = checked.policy.operation,
            .kind = static_cast<uint8_t>(checked.policy.kind),
            .creator = caller.device,
            .epoch = checked.group.group->epoch()}));
  CORDON_RETURN_IF_ERROR(parts_.groups->Put(txn, checked.room, checked.group));
  CORDON_RETURN_IF_ERROR(parts_.stores->groups.PutInfo(
      txn, checked.room, checked.group.group->epoch(),
      {.signer = caller.device, .info = checked.group_info}));
  CORDON_RETURN_IF_ERROR(parts_.stores->groups.AddMember(
      txn, checked.room, {.leaf = checked.leaf, .device = caller.device}));
  LogInfo("room#", Alias(checked.room.span()), " opened");
  parts_.publications->Add(DeviceJoined{caller.device, checked.room, LogSeq{}});
  return absl::OkStatus();
}

absl::StatusOr<RoomInfos> Rooms::FetchInfos(const Caller& caller,
                                            const RoomId& id) {
  CORDON_ASSIGN_OR_RETURN(const relay::Room room, parts_.rooms->FindRoom(id));
  CORDON_RETURN_IF_ERROR(parts_.rooms->FindMember(caller.device, id).status());
  CORDON_ASSIGN_OR_RETURN(const SharedGroup group, parts_.groups->Find(room));
  CORDON_ASSIGN_OR_RETURN(std::vector<relay::StoredGroupInfo> stored,
                          parts_.stores->groups.Infos(id));
  RoomInfos infos;
  infos.ratchet_tree = codec::Serialize(group->tree());
  for (relay::StoredGroupInfo& each : stored) {
    infos.group_infos.push_back(std::move(each.info));
  }
  return infos;
}

absl::StatusOr<OfferedInfo> Rooms::BeginPutInfo(const Caller& caller,
                                                const RoomId& id,
                                                Bytes group_info) {
  CORDON_ASSIGN_OR_RETURN(const relay::Room room, parts_.rooms->FindRoom(id));
  CORDON_RETURN_IF_ERROR(parts_.rooms->FindMember(caller.device, id).status());
  OfferedInfo offered{
      .room = id, .signer = caller.device, .group_info = std::move(group_info)};
  CORDON_ASSIGN_OR_RETURN(offered.group, parts_.groups->Find(room));
  return offered;
}

absl::Status Rooms::FinishPutInfo(const sqlite::Transaction& txn,
                                  const Caller& caller,
                                  const OfferedInfo& offered) {
  CORDON_RETURN_IF_ERROR(
      parts_.rooms->FindMember(caller.device, offered.room).status());
  return parts_.stores->groups.PutInfo(
      txn, offered.room, offered.group->epoch(),
      {.signer = caller.device, .info = offered.group_info});
}

absl::Status Rooms::CheckMayClaimUnopened(
    const Caller& caller, const std::vector<cert::DeviceName>& names) {
  CORDON_RETURN_IF_ERROR(CheckMayOpenSome(caller.roles));
  if (caller.roles.Has(cert::Role::kCoordinator) ||
      caller.roles.Has(cert::Role::kCurator)) {
    return absl::OkStatus();
  }
  for (const cert::DeviceName& name : names) {
    if (name.org() != caller.name.org()) {
      return absl::PermissionDeniedError(
          "a contact point admits devices of its own organisation only");
    }
  }
  return absl::OkStatus();
}

absl::Status Rooms::CheckMayClaim(const Caller& caller, const RoomId& id,
                                  const std::vector<std::string>& uris) {
  std::vector<cert::DeviceName> names;
  for (const std::string& uri : uris) {
    CORDON_ASSIGN_OR_RETURN(cert::DeviceName name,
                            cert::DeviceName::ParseUri(uri));
    names.push_back(std::move(name));
  }
  const absl::StatusOr<relay::Room> room = parts_.stores->log.FindRoom(id);
  if (absl::IsNotFound(room.status())) {
    return CheckMayClaimUnopened(caller, names);
  }
  CORDON_RETURN_IF_ERROR(room.status());
  CORDON_RETURN_IF_ERROR(parts_.rooms->FindMember(caller.device, id).status());
  CORDON_ASSIGN_OR_RETURN(const SharedGroup group, parts_.groups->Find(*room));
  CORDON_ASSIGN_OR_RETURN(const policy::RoomPolicy policy,
                          policy::PolicyOf(group->context().extensions));
  const policy::Party party{.device = caller.name, .roles = caller.roles};
  for (const cert::DeviceName& name : names) {
    if (!policy::MayAdmit(policy, party, name)) {
      return absl::PermissionDeniedError(
          "the room's policy does not let this device admit that one");
    }
  }
  return absl::OkStatus();
}

}  // namespace cordon::server
