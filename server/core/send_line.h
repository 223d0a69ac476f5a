#ifndef CORDON_SERVER_CORE_SEND_LINE_H_
#define CORDON_SERVER_CORE_SEND_LINE_H_

// Followers that have something to send, each waiting for its turn.
//
// Handing a message to the network takes longer than anything else that is done
// for a follower, and the end of every write is told to one of the network's
// threads. Those would wake up, follower by follower, for as long as another
// thread goes on writing. So the herald only begins: the first thread of the
// network that comes by relieves it and does the rest, while the herald is free
// for what was committed meanwhile. What is offered to a follower that stands
// in line goes out in the same turn.
//
// Threads: Join and Lead on the herald, Relieve on the network's. Its lock is a
// leaf: no turn is given under it.
// Lifetime: a follower stays where it is until it had its turn.

#include <deque>

#include "absl/base/thread_annotations.h"

#include "crypto/base/mutex.h"
#include "server/core/follower.h"

namespace cordon::server {

class SendLine {
 public:
  // Join puts a follower at the end. It must not stand in line already.
  void Join(Follower* follower) ABSL_LOCKS_EXCLUDED(mu_);

  // Lead gives turns until nobody is left or a thread of the network does it.
  void Lead() ABSL_LOCKS_EXCLUDED(mu_);

  // Relieve gives turns until nobody is left, unless another such thread does.
  void Relieve() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  // TakeLocked gives the first in line, or null.
  Follower* TakeLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  Mutex mu_;
  std::deque<Follower*> line_ ABSL_GUARDED_BY(mu_);
  bool relieved_ ABSL_GUARDED_BY(mu_) = false;  // until nobody is left
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_SEND_LINE_H_
