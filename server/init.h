#ifndef CORDON_SERVER_INIT_H_
#define CORDON_SERVER_INIT_H_

// `cordond init`: makes the folder of a new relay. What it gives is shown once;
// of the set-up code only a digest is kept.
//
// Threads: the caller's.
// Errors: sentences for the operator. A failed init may leave the key file and
// an empty folder, never a relay.

#include <string>

#include "absl/status/statusor.h"

#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "crypto/cert/pin.h"
#include "server/config.h"

namespace cordon::server {

struct NewRelay {
  cert::Pin pin;
  std::string setup_code;
};

absl::StatusOr<NewRelay> InitRelay(const InitCommand& command,
                                   const Clock& clock, RandomSource& random);

}  // namespace cordon::server

#endif  // CORDON_SERVER_INIT_H_
