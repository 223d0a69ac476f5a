#ifndef CORDON_CLIENT_NET_TLS_H_
#define CORDON_CLIENT_NET_TLS_H_

// TLS as a device speaks it: to a pinned key, with its transport certificate.
// gRPC takes keys as strings and keeps them as long as the credentials live;
// that copy is not wiped.

#include <grpcpp/security/credentials.h>

#include <atomic>
#include <memory>

#include "client/core/relay_types.h"

namespace cordon::client {

// `mismatch` is set when a peer showed a key that is not among the pins. Two
// owners: the credentials and the connection.
std::shared_ptr<grpc::ChannelCredentials> MakeChannelCredentials(
    const ConnectCall& call, std::shared_ptr<std::atomic<bool>> mismatch);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_NET_TLS_H_
