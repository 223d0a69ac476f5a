#ifndef CORDON_SERVER_RPC_DIRECTORY_SERVICE_H_
#define CORDON_SERVER_RPC_DIRECTORY_SERVICE_H_

// The Directory service (proto/cordon/wire/v1/directory.proto says what each
// call means). A method does four things: who calls, convert, post to the lane,
// give the reactor back; what is decided is decided in server/core.
//
// Key packages are checked on a verifier before they are kept (turns.h); the
// two other calls take the short way of unary.h.
// Threads: gRPC's; methods may run on many at once and never wait.
// Lifetime: the Relay outlives it; it outlives the server it is registered at.
// Errors: as the contract says, through status_map.h.

#include <grpcpp/support/server_callback.h>

#include "cordon/wire/v1/directory.grpc.pb.h"
#include "cordon/wire/v1/directory.pb.h"
#include "server/relay.h"

namespace cordon::server {

class DirectoryService final : public wire::v1::Directory::CallbackService {
 public:
  explicit DirectoryService(Relay* relay) : relay_(relay) {}

 private:
  grpc::ServerUnaryReactor* ListDevices(
      grpc::CallbackServerContext* context,
      const wire::v1::ListDevicesRequest* request,
      wire::v1::ListDevicesAnswer* answer) override;
  grpc::ServerUnaryReactor* PublishKeyPackages(
      grpc::CallbackServerContext* context,
      const wire::v1::PublishKeyPackagesRequest* request,
      wire::v1::PublishKeyPackagesAnswer* answer) override;
  grpc::ServerUnaryReactor* ClaimKeyPackages(
      grpc::CallbackServerContext* context,
      const wire::v1::ClaimKeyPackagesRequest* request,
      wire::v1::ClaimKeyPackagesAnswer* answer) override;

  Relay* const relay_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_RPC_DIRECTORY_SERVICE_H_
