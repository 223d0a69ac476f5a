#ifndef CORDON_CLIENT_CORE_SYNCING_H_
#define CORDON_CLIENT_CORE_SYNCING_H_

// Being up to date with the relay, and what has not left yet.
//
// Threads: none; the core's thread.
// Errors: kFailedPrecondition for a record that may be at the relay already;
// as record_reader.h for one that is not known.

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/command/record.h"
#include "client/core/event.h"
#include "client/core/follower.h"
#include "client/core/log_reader.h"
#include "client/core/outbox_pump.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "client/core/timers.h"
#include "client/core/transfers.h"
#include "client/core/view/record.h"

namespace cordon::client {

class Syncing {
 public:
  struct Uses {
    Timers* timers;
    Follower* follower;
    LogReader* reader;
    OutboxPump* pump;
    Transfers* transfers;
  };

  Syncing(const Parts& parts, const Uses& uses) : parts_(parts), uses_(uses) {}

  // Sync ends when all was read and nothing of ours waits to leave, when a try
  // to reach the relay that began after it has failed, or when patience ends.
  // Meanwhile it tells how far that is, the bytes of a file that is on its way
  // among it.
  Task<absl::StatusOr<SyncView>> Sync(client::Sync wanted, uint64_t command);

  absl::StatusOr<OutboxView> List();
  absl::Status Retry(const RetryOutbox& wanted);
  Task<absl::Status> Discard(DiscardOutbox wanted);

 private:
  // What there is to wait for; nothing if nothing is under way.
  std::optional<Progress> ProgressOf(uint64_t unsent) const;

  const Parts parts_;
  const Uses uses_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_SYNCING_H_
