#ifndef CORDON_CLIENT_CORE_ROOM_MOVES_H_
#define CORDON_CLIENT_CORE_ROOM_MOVES_H_

// What whoever reads the logs (handshakes.h) tells whoever waits for them
// (commits.h, upkeep.h): that a room has moved, which commits of ours were
// adopted, and where somebody must commit.
//
// Threads: none; the core's thread. Ring resumes who waits, inside the call.
// Nothing here is kept over a restart: what matters is in the vault.

#include <deque>
#include <optional>

#include "absl/container/flat_hash_set.h"
#include "absl/container/node_hash_map.h"
#include "absl/time/time.h"

#include "client/core/bell.h"
#include "client/core/timers.h"
#include "crypto/base/id.h"

namespace cordon::client {

class RoomMoves {
 public:
  // Wait until the room's epoch or state has changed; false: patience ended.
  Bell::Pause Wait(RoomId room, Timers* timers, absl::Duration patience) {
    return bells_[room].Wait(timers, patience);
  }
  void Ring(RoomId room) { bells_[room].Ring(); }

  // A commit of ours came back from the log and was adopted. TakeAdopted says
  // so once.
  void NoteAdopted(EnvelopeId envelope) { adopted_.insert(envelope); }
  bool TakeAdopted(EnvelopeId envelope) { return adopted_.erase(envelope) > 0; }

  // A room where proposals wait for a commit, or this device must renew its
  // keys: nobody can send there, or it is less safe than it should be.
  struct Unfinished {
    RoomId room;
    absl::Time since;
  };
  // NoteUnfinished does nothing for one that waits already.
  void NoteUnfinished(RoomId room, absl::Time since);
  // TakeUnfinished gives the one that has waited longest.
  std::optional<Unfinished> TakeUnfinished();
  Bell& unfinished() { return unfinished_bell_; }

 private:
  absl::node_hash_map<RoomId, Bell> bells_;
  absl::flat_hash_set<EnvelopeId> adopted_;
  std::deque<Unfinished> unfinished_;
  Bell unfinished_bell_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_ROOM_MOVES_H_
