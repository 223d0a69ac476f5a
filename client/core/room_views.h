#ifndef CORDON_CLIENT_CORE_ROOM_VIEWS_H_
#define CORDON_CLIENT_CORE_ROOM_VIEWS_H_

// Rooms and operations as the vault has them, for showing.
//
// Threads: none; the core's thread. Each takes the caller's transaction.
// Errors: the vault's; kDataLoss for what does not parse.

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "client/core/view/operation.h"
#include "crypto/base/id.h"
#include "crypto/mls/group.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {

// `self`: whose records are not unread. `group` is null for a room that this
// device is not in.
absl::StatusOr<RoomView> ViewOfRoom(const vault::VaultTxn& txn,
                                    const vault::Room& room,
                                    const mls::Group* group, DeviceId self);

// Titles of organisations come from the operation's participants.
absl::StatusOr<std::vector<MemberView>> ViewOfMembers(
    const vault::VaultTxn& txn, OperationId operation, const mls::Group& group);

// "officer, analyst: alert, text", one for each posting rule.
std::vector<std::string> RulesOf(const vault::Room& room);

absl::StatusOr<std::vector<std::string>> FindingsOf(const vault::VaultTxn& txn,
                                                    const vault::Room& room);

absl::StatusOr<OperationView> ViewOfOperation(const vault::VaultTxn& txn,
                                              const vault::Operation& operation,
                                              DeviceId self);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_ROOM_VIEWS_H_
