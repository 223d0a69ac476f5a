#ifndef CORDON_CLIENT_CORE_DEPARTURES_H_
#define CORDON_CLIENT_CORE_DEPARTURES_H_

// Who was in a room and is no more: taken out by somebody, or gone by
// themselves. This device notes it from the commits that it reads, and does not
// bring them back by itself (newcomers.h); a person can, by name.
//
// Kept in the vault, for each room the newest kDeparturesKeptMax. It is a
// memory, not a rule: a vault without room for it forgets, and a device that
// came into the room later has not seen who left before.
// Threads: none; inside the caller's transaction.
// Errors: those of the vault.

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/id.h"
#include "crypto/mls/ratchet_tree.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {

inline constexpr size_t kDeparturesKeptMax = 1000;

// DevicesIn lists a tree's members, by leaf.
std::vector<DeviceId> DevicesIn(const mls::RatchetTree& tree);

// NoteDepartures is told who was in the room `before` a commit, and its tree
// afterwards. Whoever is in it again has not departed.
absl::Status NoteDepartures(vault::VaultTxn& txn, RoomId room,
                            const std::vector<DeviceId>& before,
                            const mls::RatchetTree& after);

// DepartedFrom lists them, the oldest first.
absl::StatusOr<std::vector<DeviceId>> DepartedFrom(const vault::VaultTxn& txn,
                                                   RoomId room);

// Recall forgets that these have departed.
absl::Status Recall(vault::VaultTxn& txn, RoomId room,
                    const std::vector<DeviceId>& devices);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_DEPARTURES_H_
