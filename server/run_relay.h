#ifndef CORDON_SERVER_RUN_RELAY_H_
#define CORDON_SERVER_RUN_RELAY_H_

// `cordond serve`: builds the graph of objects, runs until SIGTERM or SIGINT,
// and takes it down in reverse order.
//
// Threads: blocks the calling thread, which must be the only one yet: the
// signals are blocked here before any other thread starts.
// Errors: sentences for the operator.

#include "absl/status/status.h"

#include "server/config.h"

namespace cordon::server {

absl::Status RunRelay(const ServeCommand& command);

}  // namespace cordon::server

#endif  // CORDON_SERVER_RUN_RELAY_H_
