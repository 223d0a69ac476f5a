#ifndef CORDON_CLIENT_CLI_ONE_SHOT_H_
#define CORDON_CLIENT_CLI_ONE_SHOT_H_

// One command from the command line, from the question to the exit code: look
// for news first where records are read or made, see off what was written, show
// progress on what takes over a second.
// Threads: the face's.

#include "absl/time/time.h"

#include "client/cli/face.h"
#include "client/cli/invocation.h"
#include "client/cli/printer.h"
#include "client/core/command.h"
#include "crypto/base/clock.h"

namespace cordon::cli {

// How long a reading command looks for news, how long a writing one sees off
// what it wrote, and how long approving waits for those approved to come in.
inline constexpr absl::Duration kLookPatience = absl::Seconds(3);
inline constexpr absl::Duration kSendPatience = absl::Seconds(10);
inline constexpr absl::Duration kNewcomerPatience = absl::Seconds(20);

struct Desk {
  Face* face;
  Printer* printer;
  const Clock* clock;
};

struct Outcome {
  int exit_code = 0;
  // For certain nothing has begun: a profile that was made for this may go.
  bool refused_whole = false;
};

// RunOnce asks `body`, made of invocation.request, and prints what comes of it.
// With invocation.follow it goes on printing what arrives until SIGINT or
// SIGTERM, which the caller has blocked in every thread.
Outcome RunOnce(const Invocation& invocation, client::CommandBody body,
                const Desk& desk);

// Watch is the following alone: of one operation, or all.
Outcome Watch(const Invocation& invocation, const Desk& desk);

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_ONE_SHOT_H_
