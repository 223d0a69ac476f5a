#ifndef CORDON_SERVER_RPC_STATUS_MAP_H_
#define CORDON_SERVER_RPC_STATUS_MAP_H_

// absl codes and gRPC codes: one table. The numbers are the same by design;
// messages go to the peer as they are, so they name nobody and show no content.

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace cordon::server {

grpc::Status ToGrpc(const absl::Status& status);

}  // namespace cordon::server

#endif  // CORDON_SERVER_RPC_STATUS_MAP_H_
