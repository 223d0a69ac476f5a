#ifndef CORDON_CLIENT_CORE_ALERTS_H_
#define CORDON_CLIENT_CORE_ALERTS_H_

// Seizure alerts: sending a case, bringing it up to date, withdrawing it, and
// the list of cases as they stand. Flow A's steps 1 and 2.
//
// A case keeps one reference number, OPERATION-CC-YYYY-NNNNN, through all its
// records; the Member's next number is one more than the highest this device
// has seen of its own organisation, sent or waiting. Two colleagues who cannot
// see each other's records may take the same: what is changed is the case that
// was named, and a number of two cases names neither.
// Threads: none; the core's thread.
// Errors: kNotFound for an operation, room or record that is not known here;
// kPermissionDenied to bring up to date or withdraw another Member's case;
// kInvalidArgument for a number of several cases of ours; kFailedPrecondition
// while a change of the case waits to be sent, or once it is cancelled. An
// alert that breaks the rules is an answer, ContentRefused, with all its
// faults; nothing has changed then.

#include <cstdint>

#include "absl/status/statusor.h"

#include "client/core/command.h"
#include "client/core/composer.h"
#include "client/core/event.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "client/core/transfers.h"

namespace cordon::client {

class Alerts {
 public:
  Alerts(const Parts& parts, Composer* composer, Transfers* transfers)
      : parts_(parts), composer_(composer), transfers_(transfers) {}

  Task<absl::StatusOr<AnswerBody>> Send(SendAlert wanted, uint64_t command);
  absl::StatusOr<Composed> Cancel(const CancelAlert& wanted);
  // List gives each case once, as it stands, the newest first.
  absl::StatusOr<RecordsView> List(const ListAlerts& wanted);

 private:
  const Parts parts_;
  Composer* const composer_;
  Transfers* const transfers_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_ALERTS_H_
