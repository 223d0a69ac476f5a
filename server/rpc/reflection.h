#ifndef CORDON_SERVER_RPC_REFLECTION_H_
#define CORDON_SERVER_RPC_REFLECTION_H_

// The service that tells any stranger what a server can be asked, for people
// who look at one by hand. gRPC's library of it switches itself on, for every
// server of the program, as soon as it is loaded; so it is not linked, and
// loaded only where it is wanted.
//
// Threads: before the server is built.
// Errors: kFailedPrecondition where the library is not there.

#include "absl/status/status.h"

namespace cordon::server {

absl::Status LoadReflection();

}  // namespace cordon::server

#endif  // CORDON_SERVER_RPC_REFLECTION_H_
