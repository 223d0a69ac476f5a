#ifndef CORDON_SERVER_CORE_FANOUT_H_
#define CORDON_SERVER_CORE_FANOUT_H_

// Who follows which room, and handing each what is new.
//
// A follower reads its backlog from the store first (follow.h); when that
// reached the end, it is added here with the place up to which it has been
// given each room. Entries at or before that place are not offered again, so
// the change from backlog to live makes no gap and no duplicate.
//
// Threads: Announce, Add, Publish and Tick on the herald (server/lane.h);
// Remove, SendWaiting and size from any.
// Lifetime: a follower stays where it is until Remove returned.
// Cost: an entry is encoded once; a follower costs its rooms' places.

#include <cstddef>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/types/span.h"

#include "crypto/base/id.h"
#include "crypto/base/mutex.h"
#include "crypto/base/number.h"
#include "server/core/follow_item.h"
#include "server/core/follower.h"
#include "server/core/publications.h"
#include "server/core/send_line.h"

namespace cordon::server {

class Fanout {
 public:
  // How far a follower has been given a room.
  struct Place {
    RoomId room;
    LogSeq given;
  };

  // Borrows `encoder`.
  explicit Fanout(const ItemEncoder* encoder) : encoder_(encoder) {}

  // Announce makes a stream known while its backlog is still being read: it is
  // ended and ticked as any other, and offered nothing. An older stream of the
  // same device is ended: it has lost its connection and does not know it yet.
  void Announce(Follower* follower, const DeviceId& device)
      ABSL_LOCKS_EXCLUDED(mu_);

  // Add is for a stream whose backlog has been read; it ends an older one too.
  void Add(Follower* follower, const DeviceId& device,
           absl::Span<const Place> places) ABSL_LOCKS_EXCLUDED(mu_);

  // Remove forgets a follower, also one that was never added.
  void Remove(Follower* follower) ABSL_LOCKS_EXCLUDED(mu_);

  // Publish offers everything in order; entries of one room that follow each
  // other reach a follower in one Offer. Then it begins to send.
  void Publish(absl::Span<const Publication> publications)
      ABSL_LOCKS_EXCLUDED(mu_);

  // SendWaiting takes the sending over from the herald: for threads of the
  // network, which have just seen a write end (send_line.h).
  void SendWaiting() ABSL_LOCKS_EXCLUDED(mu_) { line_.Relieve(); }

  void Tick() ABSL_LOCKS_EXCLUDED(mu_);
  void EndAll(const absl::Status& why) ABSL_LOCKS_EXCLUDED(mu_);

  size_t size() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  struct Subscription {
    Follower* follower = nullptr;
    LogSeq given;
  };
  struct Followed {
    DeviceId device;
    std::vector<RoomId> rooms;
    bool live = false;  // its backlog has been read
  };

  void PublishLocked(absl::Span<const Publication> publications)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void PublishEntriesLocked(absl::Span<const Publication> entries)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void PublishOneLocked(const Publication& publication)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void OfferLocked(Follower* follower, absl::Span<const SharedItem> items)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void OfferToDeviceLocked(const DeviceId& device, const FollowItem& item)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void SubscribeLocked(Follower* follower, const Place& place)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void UnsubscribeLocked(Follower* follower, const RoomId& room)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // DetachLocked keeps a follower that is ending from being offered more; it
  // still gets ticks.
  void DetachLocked(Follower* follower) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void AnnounceLocked(Follower* follower, const DeviceId& device)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Null if the device has no stream; FollowerOf also if that is not live.
  Follower* StreamOfLocked(const DeviceId& device)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  Follower* FollowerOfLocked(const DeviceId& device)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  // Fixed after construction.
  const ItemEncoder* const encoder_;

  SendLine line_;

  // Lock order: before any follower's own.
  mutable Mutex mu_;
  absl::flat_hash_map<RoomId, std::vector<Subscription>> rooms_
      ABSL_GUARDED_BY(mu_);
  absl::flat_hash_map<Follower*, Followed> followers_ ABSL_GUARDED_BY(mu_);
  absl::flat_hash_map<DeviceId, Follower*> devices_ ABSL_GUARDED_BY(mu_);
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_FANOUT_H_
