#ifndef CORDON_SERVER_RPC_PEER_H_
#define CORDON_SERVER_RPC_PEER_H_

// What TLS tells of who calls. That the peer holds the key of its certificate
// is proven by the handshake; nothing else about it has been checked yet.

#include <grpcpp/support/server_callback.h>

#include "server/core/caller.h"

namespace cordon::server {

Peer PeerOf(const grpc::CallbackServerContext& context);

}  // namespace cordon::server

#endif  // CORDON_SERVER_RPC_PEER_H_
