#ifndef CORDON_CLIENT_CORE_CORRECTIONS_H_
#define CORDON_CLIENT_CORE_CORRECTIONS_H_

// What an update or a cancellation may say against the version that it changes:
// asked before sending and again when it is filed.
//
// The reference names that version exactly, so that no circle can be made; the
// revision is the next one; an update of an alert keeps the numbers of its
// lines (a line that was wrong is cleared); a final alert is changed by a
// second person of its Member only. A change of what is not here passes, and
// counts for nothing (cases.h).
// Threads: none; within the caller's transaction.

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "client/core/case_shelf.h"
#include "client/core/findings.h"
#include "client/core/model/alert.h"
#include "client/core/model/record.h"
#include "client/core/opening.h"
#include "crypto/base/id.h"
#include "crypto/cert/name.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {

// CheckLines asks that every line's number in `before` stands in `after`.
void CheckLines(const Alert& before, const Alert& after,
                ContentFindings& found);

// CheckOpenFor is kFailedPrecondition for a case that was cancelled, and
// kPermissionDenied where `user` has marked it final; the message completes "X
// cannot be changed: ".
absl::Status CheckOpenFor(absl::string_view user, const StandingCase& one);

// FindObjection gives why a record of `room` by `author` cannot change what it
// says it changes; nothing if it can, or changes nothing that is here.
absl::StatusOr<std::optional<RefusedEntry>> FindObjection(
    const vault::VaultTxn& txn, RoomId room, const RecordBody& body,
    const cert::DeviceName& author);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_CORRECTIONS_H_
