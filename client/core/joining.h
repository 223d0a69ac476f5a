#ifndef CORDON_CLIENT_CORE_JOINING_H_
#define CORDON_CLIENT_CORE_JOINING_H_

// From an invitation to a device with certificates: flow C's steps 3, 8 and 9.
//
// Keys and request are on disk before the request leaves, so that every step
// can be repeated and gives the same: run it again after anything. When the
// relay says that the invitation is over, the profile is free for another one.
// Threads: none; the core's thread.
// Errors: kInvalidArgument for a text that is no invitation;
// kFailedPrecondition when the profile belongs to a device or waits for another
// invitation, or the invitation is over; kUnauthenticated for certificates that
// do not hold; kUnavailable when the relay cannot be reached.

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "client/core/command.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "client/core/timers.h"

namespace cordon::client {

// How often a joiner asks whether it has been approved.
inline constexpr absl::Duration kAnswerPollInterval = absl::Milliseconds(500);

class Joining {
 public:
  Joining(const Parts& parts, Timers* timers)
      : parts_(parts), timers_(timers) {}

  // Join ends when the device has its certificates and the relay knows it.
  Task<absl::Status> Join(client::Join wanted, uint64_t command);

 private:
  const Parts parts_;
  Timers* const timers_;
};

// Enter tells the relay of this device, which has joined; repeatable.
Task<absl::Status> EnterDirectory(const Parts& parts);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_JOINING_H_
