#ifndef CORDON_CLIENT_NET_RELAY_CONNECTION_H_
#define CORDON_CLIENT_NET_RELAY_CONNECTION_H_

// One connection to a relay: the channel, the services on it, and whether its
// peer showed a key that is not pinned. A dead connection is noticed by pings,
// also while nothing is said; gRPC makes it anew by itself, call by call.
// Threads: immutable after Open; StatusOf from any.

#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <memory>
#include <string>

#include "absl/status/status.h"

#include "client/core/relay_types.h"
#include "cordon/wire/v1/blobs.grpc.pb.h"
#include "cordon/wire/v1/delivery.grpc.pb.h"
#include "cordon/wire/v1/directory.grpc.pb.h"
#include "cordon/wire/v1/enrolment.grpc.pb.h"

namespace cordon::client {

namespace wire = ::cordon::wire::v1;

struct RelayConnection {
  std::string address;
  // Set by the verifier, on gRPC's threads.
  std::shared_ptr<std::atomic<bool>> mismatch;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<wire::Enrolment::Stub> enrolment;
  std::unique_ptr<wire::Directory::Stub> directory;
  std::unique_ptr<wire::Delivery::Stub> delivery;
  std::unique_ptr<wire::Blobs::Stub> blobs;

  // Open sends nothing yet.
  static std::shared_ptr<RelayConnection> Open(const ConnectCall& call);

  // StatusOf says in the core's words how a call ended.
  absl::Status StatusOf(const grpc::Status& status) const;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_NET_RELAY_CONNECTION_H_
