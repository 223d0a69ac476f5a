#include "client/core/profile_rows.h"

#include <set>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"

#include "client/core/content.h"
#include "client/core/model/operation.h"
#include "client/core/model/record.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/role.h"
#include "storage/vault/directory_store.h"
#include "storage/vault/identity_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

absl::Status Apply(vault::VaultTxn& txn, OperationId operation,
                   const OperationProfile& profile) {
  const absl::Status put =
      txn.rooms().PutOperation({.id = operation,
                                .name = profile.name,
                                .title = profile.title,
                                .profile = SerializeProfile(profile)});
  // Another operation has the name here: that one keeps it.
  return absl::IsAlreadyExists(put) ? absl::OkStatus() : put;
}

absl::Status Apply(vault::VaultTxn& txn, OperationId operation,
                   const Participants& list) {
  std::set<std::string> named;
  for (const Participant& one : list.participants) {
    named.insert(one.organisation);
    CORDON_RETURN_IF_ERROR(
        txn.directory().PutParticipant({.operation = operation,
                                        .organisation = one.organisation,
                                        .profile = SerializeProfile(one)}));
  }
  CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Participant> stored,
                          txn.directory().ListParticipants(operation));
  for (const vault::Participant& one : stored) {
    if (named.contains(one.organisation)) continue;
    CORDON_RETURN_IF_ERROR(
        txn.directory().EraseParticipant(operation, one.organisation));
  }
  return absl::OkStatus();
}

absl::Status Apply(vault::VaultTxn& txn, const PinNotice& notice) {
  CORDON_ASSIGN_OR_RETURN(vault::RelayAccess relay, txn.identity().GetRelay());
  CORDON_ASSIGN_OR_RETURN(relay.next_pin,
                          vault::RelayPin::Parse(notice.next_pin));
  return txn.identity().PutRelay(relay);
}

}  // namespace

absl::Status ApplyProfile(vault::VaultTxn& txn, const RecordBody& body,
                          const cert::RoleSet& roles) {
  if (!roles.Has(cert::Role::kCoordinator)) return absl::OkStatus();
  const OperationId operation = body.header.operation;
  if (const auto* profile = std::get_if<OperationProfile>(&body.content)) {
    return Apply(txn, operation, *profile);
  }
  if (const auto* list = std::get_if<Participants>(&body.content)) {
    return Apply(txn, operation, *list);
  }
  if (const auto* room = std::get_if<RoomProfile>(&body.content)) {
    return txn.rooms().SetNames(body.header.room, room->name, room->title);
  }
  if (const auto* notice = std::get_if<PinNotice>(&body.content)) {
    return Apply(txn, *notice);
  }
  return absl::OkStatus();
}

}  // namespace cordon::client
