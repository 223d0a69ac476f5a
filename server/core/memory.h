#ifndef CORDON_SERVER_CORE_MEMORY_H_
#define CORDON_SERVER_CORE_MEMORY_H_

// What the core has in memory of what stands in the database: whom it trusts,
// who called, the rooms' groups. One rule for all of it: memory follows the
// database. A step may remember what it writes, for itself and for the steps
// after it; when the step or its whole batch is taken back, what it remembered
// is read from the database again.
//
// Threads: the lane's, which says how each step and batch ended (lane.h).
// Errors: those of Trust::Reload; then nobody knows whom to believe, and the
// relay must stop.

#include "absl/status/status.h"

#include "server/core/caller.h"
#include "server/core/room_groups.h"
#include "server/core/trust.h"

namespace cordon::server {

class Memory {
 public:
  // Borrowed for the object's life.
  struct Parts {
    Trust* trust = nullptr;
    Callers* callers = nullptr;
    RoomGroups* groups = nullptr;
  };
  explicit Memory(const Parts& parts) : parts_(parts) {}

  // After each step: what it wrote was kept, or taken back.
  absl::Status EndStep(bool kept) {
    if (!kept) {
      parts_.groups->TakeBack();
      return parts_.trust->TakeBack();
    }
    parts_.groups->Keep();
    parts_.trust->Keep();
    return absl::OkStatus();
  }

  // All that the steps of a batch wrote is gone.
  absl::Status LoseBatch() {
    parts_.groups->Forget();
    parts_.callers->Forget();
    return parts_.trust->Reload();
  }

 private:
  const Parts parts_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_MEMORY_H_
