#ifndef CORDON_CLIENT_CORE_OPERATION_ROWS_H_
#define CORDON_CLIENT_CORE_OPERATION_ROWS_H_

// What the vault's rows say of operations, participants and what waits to be
// sent, in domain types.
//
// Threads: none; within the caller's transaction.
// Errors: kNotFound for what is not known; kDataLoss for a row that does not
// parse.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/model/operation.h"
#include "crypto/base/id.h"
#include "storage/vault/outbox.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {

absl::StatusOr<OperationProfile> ProfileOf(const vault::Operation& row);
// ZoneOf is kFailedPrecondition for a zone that this machine does not know.
absl::StatusOr<absl::TimeZone> ZoneOf(const OperationProfile& profile);

// "stop3/alerts".
absl::StatusOr<std::string> RoomTextOf(const vault::VaultTxn& txn, RoomId room);

// ListParticipants gives those a coordinator has named, by organisation.
absl::StatusOr<std::vector<Participant>> ListParticipants(
    const vault::VaultTxn& txn, OperationId operation);
// FindParticipant gives one without title, country and region where no
// coordinator has said them yet.
absl::StatusOr<Participant> FindParticipant(const vault::VaultTxn& txn,
                                            OperationId operation,
                                            const std::string& organisation);
// RegionsOf maps organisations to their region's code.
absl::StatusOr<std::map<std::string, std::string>> RegionsOf(
    const vault::VaultTxn& txn, OperationId operation);

// JoinedRooms gives the rooms of all operations that this device is in.
absl::StatusOr<std::vector<RoomId>> JoinedRooms(const vault::VaultTxn& txn);

// WaitingIn gives the outbox rows of one room and kind, in the order of
// sending.
absl::StatusOr<std::vector<vault::OutboxRow>> WaitingIn(
    const vault::VaultTxn& txn, RoomId room, uint32_t kind);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_OPERATION_ROWS_H_
