#ifndef CORDON_SERVER_CORE_FOLLOWER_H_
#define CORDON_SERVER_CORE_FOLLOWER_H_

// One stream to one device, as the fanout sees it.
// Threads: Offer, End and Tick are called under the fanout's lock: they only
// queue, never block and never call back. Send is called without it.

#include "absl/status/status.h"
#include "absl/types/span.h"

#include "server/core/follow_item.h"

namespace cordon::server {

class Follower {
 public:
  virtual ~Follower() = default;

  // Offer queues items in order; true if Send is to be called for them. Then it
  // is, once, and the follower lives until then. A follower whose queue is full
  // ends itself.
  [[nodiscard]] virtual bool Offer(absl::Span<const SharedItem> items) = 0;
  // Send hands what is queued to the network.
  virtual void Send() = 0;
  // End makes it say why and be gone; it calls Fanout::Remove in its own time.
  virtual void End(const absl::Status& why) = 0;
  // Tick comes now and then, so that it can give up on a peer that does not
  // even take the end of the stream.
  virtual void Tick() = 0;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_FOLLOWER_H_
