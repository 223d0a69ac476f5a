#ifndef CORDON_SERVER_RELAY_H_
#define CORDON_SERVER_RELAY_H_

// What the services are given: the lane and, behind it, the core. Made by
// run_relay.cc, borrowed by everything in server/rpc.
//
// Threads: `lane`, the workers, `fanout` and `encoder` may be called from any
// thread; all else is touched only in steps on the lane.

#include "crypto/base/clock.h"
#include "server/core/blobs.h"
#include "server/core/caller.h"
#include "server/core/delivery.h"
#include "server/core/directory.h"
#include "server/core/enrolment.h"
#include "server/core/fanout.h"
#include "server/core/follow.h"
#include "server/core/follow_item.h"
#include "server/core/rate_limit.h"
#include "server/core/revocation.h"
#include "server/lane.h"
#include "server/workers.h"

namespace cordon::server {

struct Relay {
  Lane* lane = nullptr;
  Workers* verifiers = nullptr;
  Workers* blob_workers = nullptr;
  Fanout* fanout = nullptr;
  const ItemEncoder* encoder = nullptr;
  const Clock* clock = nullptr;

  Callers* callers = nullptr;
  RateLimiter* strangers = nullptr;
  Follow* follow = nullptr;
  Blobs* blobs = nullptr;
  Delivery* delivery = nullptr;
  Enrolment* enrolment = nullptr;
  Directory* directory = nullptr;
  Revocation* revocation = nullptr;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_RELAY_H_
