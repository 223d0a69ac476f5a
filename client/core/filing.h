#ifndef CORDON_CLIENT_CORE_FILING_H_
#define CORDON_CLIENT_CORE_FILING_H_

// What came of an entry, into the vault: flow A's step 14. Within the caller's
// transaction, which also stores the group's changes: the key that was used,
// the place and what lay there (a record, a repeat, or bytes kept aside), what
// the author's claims say about the log, references, files, words to search, an
// outbox row that is done, what coordinators say of the operation, the cursor.
//
// Threads: none; the core's thread.
// Errors: the vault's: the transaction is over, nothing was stored.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/event.h"
#include "client/core/model/record.h"
#include "client/core/opening.h"
#include "client/core/room_log.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {

// What a reader is told once the transaction holds.
struct Filed {
  std::optional<RecordView> record;
  // Set: a record of ours that everybody puts aside.
  std::optional<RecordRefused> refused;
  // One sentence each.
  std::vector<std::string> findings;
  // Set: the room cannot go on, and why.
  std::optional<std::string> stop;
};

// File takes the room's next entry; `log` still stands before or at it, its
// names are what counts.
absl::StatusOr<Filed> File(vault::VaultTxn& txn, const OpenedEntry& opened,
                           const RoomLog& log);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_FILING_H_
