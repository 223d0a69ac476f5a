#ifndef CORDON_CLIENT_CORE_AWAITED_H_
#define CORDON_CLIENT_CORE_AWAITED_H_

// Organisations whose devices are to come into a room as soon as they can: a
// coordinator asked for them when they had no keys at the relay yet.
//
// Threads: none; inside the caller's transaction.
// Errors: those of the vault.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/id.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {

absl::StatusOr<std::vector<std::string>> AwaitedIn(const vault::VaultTxn& txn,
                                                   RoomId room);
absl::Status SetAwaited(vault::VaultTxn& txn, RoomId room,
                        const std::vector<std::string>& organisations);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_AWAITED_H_
