#ifndef CORDON_CLIENT_CORE_UPKEEP_H_
#define CORDON_CLIENT_CORE_UPKEEP_H_

// What a device does by itself while the relay can be reached, so that people
// come into their rooms and rooms go on:
//
//   once a connection   its revocation lists, its key packages, commits that
//                       were pending
//   now and then        newcomers come in (newcomers.h)
//   as rooms ask        proposals of others are committed, keys renewed; not by
//                       everybody at once: who may admit goes first. Looked for
//                       now and then, too
//
// Threads: none; the core's thread.
// Errors: none that end it; what fails is tried again.

#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

#include "client/core/bell.h"
#include "client/core/commits.h"
#include "client/core/key_packages.h"
#include "client/core/newcomers.h"
#include "client/core/parts.h"
#include "client/core/revocations.h"
#include "client/core/room_moves.h"
#include "client/core/task.h"
#include "crypto/base/id.h"

namespace cordon::client {

inline constexpr absl::Duration kAdmissionInterval = absl::Seconds(30);
// Whoever may not admit gives those who may this long, and up to as much more
// by chance.
inline constexpr absl::Duration kFinishingPause = absl::Seconds(3);

class Upkeep {
 public:
  struct Uses {
    RoomTools tools;
    Commits* commits = nullptr;
    Newcomers* newcomers = nullptr;
    KeyPackages* key_packages = nullptr;
    Revocations* revocations = nullptr;
  };

  // `caught_up` says whether the logs were read as far as they go.
  Upkeep(const Parts& parts, const Uses& uses,
         absl::AnyInvocable<bool()> caught_up)
      : parts_(parts), uses_(uses), caught_up_(std::move(caught_up)) {}

  // Both run until they are destroyed; spawn each once.
  Task<absl::Status> Run();
  Task<absl::Status> RunFinishing();

  // Settled waits until what is due once a connection was done and one round of
  // newcomers, or `patience` is over: a device that was settled can be admitted
  // by others, and has admitted whom it could.
  Task<absl::Status> Settled(absl::Duration patience);

  // Wake is for when something has changed with the link or the logs.
  void Wake();

 private:
  Task<absl::Status> Connected();
  bool HasProposals(RoomId room);
  Task<absl::Status> Finish(RoomMoves::Unfinished unfinished);
  void NoteUnfinished(RoomId room);
  absl::Status FindUnfinished();

  const Parts parts_;
  const Uses uses_;
  absl::AnyInvocable<bool()> caught_up_;
  bool was_away_ = true;     // since the last round
  bool connected_ = false;   // and what is due then was done
  bool is_settled_ = false;  // and a round of newcomers after it
  Bell wake_;
  Bell settled_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_UPKEEP_H_
