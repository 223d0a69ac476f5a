#ifndef CORDON_CLIENT_CORE_PROFILE_ROWS_H_
#define CORDON_CLIENT_CORE_PROFILE_ROWS_H_

// What coordinators say of the operation, its participants, its rooms and the
// relay's next key becomes what lists show: the vault's rows follow the newest
// such record of a room.
// Threads: none; the core's thread. Errors: the vault's.

#include "absl/status/status.h"

#include "client/core/model/record.h"
#include "crypto/cert/role.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {

// ApplyProfile does nothing for other contents, and for authors that are no
// coordinators, whatever the room's policy lets them post.
absl::Status ApplyProfile(vault::VaultTxn& txn, const RecordBody& body,
                          const cert::RoleSet& roles);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_PROFILE_ROWS_H_
