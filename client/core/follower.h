#ifndef CORDON_CLIENT_CORE_FOLLOWER_H_
#define CORDON_CLIENT_CORE_FOLLOWER_H_

// The one stream of everything that concerns this device: from the cursors in
// the vault, batch by batch, for as long as there is a relay; and again from
// where it stopped, later and later, when there is none.
//
//   room heads      compared with what was read           log_reader.h
//   log entries     opened and stored, or processed       log_reader.h
//   inbox items     Welcomes: joined, stored, then acknowledged
//   revocations     verified and kept                     trust.h
//   join requests   kept for Approve                      invitations.h
//
// Threads: none; the core's thread.
// Lifetime: what is handed in outlives it; Run is spawned once.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/backoff.h"
#include "client/core/bell.h"
#include "client/core/delivery_types.h"
#include "client/core/event.h"
#include "client/core/handshakes.h"
#include "client/core/invitations.h"
#include "client/core/log_reader.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "client/core/timers.h"
#include "client/core/trust.h"

namespace cordon::client {

inline constexpr Backoff kFollowBackoff = {.first = absl::Milliseconds(500),
                                           .longest = absl::Seconds(30)};
// So often an inbox item is tried that fails for no plain reason.
inline constexpr uint32_t kJoinTriesMax = 10;

// How it goes with the relay.
struct LinkState {
  Link link = Link::kOffline;
  std::string trouble;   // why the last stream ended
  uint64_t endings = 0;  // streams that ended, since the program started
  // Entries said to be there at the stream's start, and those taken since.
  uint64_t expected = 0;
  uint64_t taken_before = 0;
};

class Follower {
 public:
  struct Uses {
    Timers* timers;
    Trust* trust;
    Handshakes* handshakes;
    Invitations* invitations;
    LogReader* reader;
  };

  Follower(const Parts& parts, const Uses& uses) : parts_(parts), uses_(uses) {}

  // Run follows until it is destroyed. It ends by itself only before the device
  // has joined.
  Task<absl::Status> Run();

  // Hurry makes the next try happen now.
  void Hurry() { hurry_.Ring(); }

  const LinkState& state() const { return state_; }
  bool caught_up() const { return state_.link == Link::kCaughtUp; }
  // Rung when a batch was taken and when the link changes; `moved` is called
  // then, too.
  Bell& changed() { return changed_; }
  void SetListener(absl::AnyInvocable<void()> moved) {
    moved_ = std::move(moved);
  }

 private:
  Task<absl::Status> FollowOnce();
  absl::StatusOr<FollowCall> MakeCall();
  Task<absl::Status> TakeBatch(std::vector<FollowItem> batch);
  Task<absl::Status> TakeItem(FollowItem item);
  Task<absl::Status> TakeInbox(InboxItem item);
  absl::Status TakeCrl(const CrlItem& item);
  absl::Status TakeLeft(RoomId room);
  bool IsHopeless(uint64_t item, const absl::Status& status);
  void SetLink(Link link, std::string reason);
  void Moved();

  const Parts parts_;
  const Uses uses_;
  LinkState state_;
  Bell changed_;
  absl::AnyInvocable<void()> moved_;
  Bell hurry_;
  // The inbox item that could not be taken, and how often.
  uint64_t failed_item_ = 0;
  uint32_t failed_times_ = 0;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_FOLLOWER_H_
