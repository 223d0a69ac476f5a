#ifndef CORDON_CLIENT_NET_GRPC_LOG_H_
#define CORDON_CLIENT_NET_GRPC_LOG_H_

// What gRPC itself would write to stderr, where people read their answers.
// Every failure reaches the caller as a status; the rest (no bundle of the
// web's authorities on this machine, a handshake called off by the pin) is for
// developers, whose program leaves QuietGrpc out.
//
// Threads: any.

namespace cordon::client {

void QuietGrpc();

}  // namespace cordon::client

#endif  // CORDON_CLIENT_NET_GRPC_LOG_H_
