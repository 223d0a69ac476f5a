#ifndef CORDON_SERVER_RELAY_H_
#define CORDON_SERVER_RELAY_H_

// What the services are given: the lane and, behind it, the core. Made by
// run_relay.cc, borrowed by everything in server/rpc.
//
// Threads: `lane`, the workers, `fanout`, `encoder` and `description` may be
// used by any thread; all else is touched only in steps on the lane.

#include <cstdint>

#include "crypto/base/clock.h"
#include "crypto/base/limits.h"
#include "crypto/prim/sign_ed25519.h"
#include "server/core/blobs.h"
#include "server/core/caller.h"
#include "server/core/delivery.h"
#include "server/core/directory.h"
#include "server/core/enrolment.h"
#include "server/core/fanout.h"
#include "server/core/follow.h"
#include "server/core/follow_item.h"
#include "server/core/handshakes.h"
#include "server/core/rate_limit.h"
#include "server/core/revocation.h"
#include "server/core/rooms.h"
#include "server/lane.h"
#include "server/workers.h"

namespace cordon::server {

// What this relay says of itself. Fixed when it starts.
struct RelayDescription {
  Ed25519PublicKey mls_public_key{};  // rooms name it as external sender
  uint64_t file_bytes_max = 0;        // of a sealed one
  uint64_t envelope_bytes_max = kEnvelopeBytesMax;
};

struct Relay {
  Lane* lane = nullptr;
  Workers* verifiers = nullptr;
  Workers* blob_workers = nullptr;
  Fanout* fanout = nullptr;
  const ItemEncoder* encoder = nullptr;
  const Clock* clock = nullptr;
  RelayDescription description{};

  Callers* callers = nullptr;
  RateLimiter* strangers = nullptr;
  Follow* follow = nullptr;
  Blobs* blobs = nullptr;
  Delivery* delivery = nullptr;
  Handshakes* handshakes = nullptr;
  Rooms* rooms = nullptr;
  Enrolment* enrolment = nullptr;
  Directory* directory = nullptr;
  Revocation* revocation = nullptr;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_RELAY_H_
