#ifndef CORDON_CLIENT_CORE_GUIDE_SHELF_H_
#define CORDON_CLIENT_CORE_GUIDE_SHELF_H_

// The guides that this device's rooms hold, with what became of each.
//
// A guide's submission lies in an intake room, its rejection beside it, its
// approval in the operation's library; who is in both rooms sees both.
// Threads: none; within the caller's transaction.
// Errors: kNotFound, kDataLoss as record_reader.h.

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "client/core/view/record.h"
#include "crypto/base/id.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {

// RoomsNotLeft gives the rooms of one operation, or of all if `operation` is
// empty, that this device is in; a stopped one is still read.
absl::StatusOr<std::vector<vault::Room>> RoomsNotLeft(
    const vault::VaultTxn& txn, const std::string& operation);

// Submitted views a kGuide record of an intake room; `library` is the
// operation's, zero if this device is in none: then what a curator has told the
// owner says whether it was published.
absl::StatusOr<GuideView> ViewSubmission(const vault::VaultTxn& txn,
                                         const vault::StoredRecord& stored,
                                         RoomId library);
// ViewApproval views a kApproval record: the guide inside, its owner as the
// inner signature says.
absl::StatusOr<GuideView> ViewApproval(const vault::VaultTxn& txn,
                                       const vault::StoredRecord& stored);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_GUIDE_SHELF_H_
