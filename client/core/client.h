#ifndef CORDON_CLIENT_CORE_CLIENT_H_
#define CORDON_CLIENT_CORE_CLIENT_H_

// START HERE. The client under any face: commands go in, answers and events
// come out. It opens no file and no socket, starts no thread and asks no clock
// but the one it was given; a runner, a test or the simulator steps it by hand.
//
//   client.Handle({.id = 1, .body = WhoAmI{}});
//   while (…) client.Tick();          // answers of the relay arrive in between
//
// What a command means stands in command.h, how it goes in the file of its
// noun: authority, joining, invitations, directory.
// Threads: none; one thread at a time, which also calls back the relay's
// answers. Nothing calls the client from inside an event.
// Ownership: everything in `parts` outlives the client. Destroying the client
// drops what is under way; what was to survive is in the vault.

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/authority.h"
#include "client/core/command.h"
#include "client/core/directory.h"
#include "client/core/event.h"
#include "client/core/invitations.h"
#include "client/core/joining.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "client/core/timers.h"

namespace cordon::client {

class Client {
 public:
  explicit Client(const Parts& parts);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Start connects with the device's identity, if it has joined.
  absl::Status Start();

  // Handle begins a command; its Answered may come at once or much later.
  void Handle(Command command);

  // Tick resumes what was waiting for time to pass, and cleans up.
  void Tick();
  // When Tick is next worth calling.
  absl::Time next_tick() const { return timers_.next(); }

 private:
  absl::StatusOr<IdentityView> WhoAmI() const;

  const Parts parts_;
  Timers timers_;
  Authority authority_;
  Joining joining_;
  Invitations invitations_;
  Directory directory_;
  // Last, so that flows end before what they use.
  TaskSet tasks_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_CLIENT_H_
