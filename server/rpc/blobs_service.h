#ifndef CORDON_SERVER_RPC_BLOBS_SERVICE_H_
#define CORDON_SERVER_RPC_BLOBS_SERVICE_H_

// The Blobs service (proto/cordon/wire/v1/blobs.proto says what each call
// means). What is decided is decided in server/core/blobs.h; the two streams
// are put_reactor.h and get_reactor.h.
//
// Threads: gRPC's; methods may run on many at once and never wait.
// Lifetime: the Relay outlives it; it outlives the server it is registered at.
// Errors: as the contract says, through status_map.h.

#include <grpcpp/support/server_callback.h>

#include "cordon/wire/v1/blobs.grpc.pb.h"
#include "cordon/wire/v1/blobs.pb.h"
#include "server/relay.h"

namespace cordon::server {

class BlobsService final : public wire::v1::Blobs::CallbackService {
 public:
  explicit BlobsService(Relay* relay) : relay_(relay) {}

 private:
  grpc::ServerReadReactor<wire::v1::PutRequest>* Put(
      grpc::CallbackServerContext* context,
      wire::v1::PutAnswer* answer) override;
  grpc::ServerWriteReactor<wire::v1::GetAnswer>* Get(
      grpc::CallbackServerContext* context,
      const wire::v1::GetRequest* request) override;
  grpc::ServerUnaryReactor* Stat(grpc::CallbackServerContext* context,
                                 const wire::v1::StatRequest* request,
                                 wire::v1::StatAnswer* answer) override;
  grpc::ServerUnaryReactor* Hold(grpc::CallbackServerContext* context,
                                 const wire::v1::HoldRequest* request,
                                 wire::v1::HoldAnswer* answer) override;
  grpc::ServerUnaryReactor* Forget(grpc::CallbackServerContext* context,
                                   const wire::v1::ForgetRequest* request,
                                   wire::v1::ForgetAnswer* answer) override;

  Relay* const relay_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_RPC_BLOBS_SERVICE_H_
