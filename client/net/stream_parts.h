#ifndef CORDON_CLIENT_NET_STREAM_PARTS_H_
#define CORDON_CLIENT_NET_STREAM_PARTS_H_

// What every stream needs of the relay object that begins it.
// Threads: a value. Lifetime: core and calls outlive the stream.

#include <memory>

#include "absl/status/status.h"

#include "client/core_thread.h"
#include "client/net/calls.h"
#include "client/net/relay_connection.h"

namespace cordon::client {

struct StreamParts {
  CoreThread* core;
  Calls* calls;
  // Null before the first Connect. Two owners: the relay and what began on it.
  std::shared_ptr<RelayConnection> connection;
};

// NotConnected is what a call before Connect is answered with.
inline absl::Status NotConnected() {
  return absl::FailedPreconditionError("not connected");
}

}  // namespace cordon::client

#endif  // CORDON_CLIENT_NET_STREAM_PARTS_H_
