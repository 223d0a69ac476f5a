#ifndef CORDON_SERVER_BLOB_SWEEP_H_
#define CORDON_SERVER_BLOB_SWEEP_H_

// The sweep of blob files: rows that may go (core/blobs.h) go first, on the
// lane; when that is committed their files go, on the blob workers. Files that
// no row knows, because the program ended in between, go as well.
//
// Threads: SweepBlobs may be called from any; it returns at once.
// Lifetime: the Relay's parts stay until its workers and its lane are stopped.
// Errors: logged by code; what was not done is done by the next sweep.

#include "server/relay.h"

namespace cordon::server {

void SweepBlobs(const Relay& relay);

}  // namespace cordon::server

#endif  // CORDON_SERVER_BLOB_SWEEP_H_
