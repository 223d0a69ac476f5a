#ifndef CORDON_SERVER_RPC_GRPC_SERVER_H_
#define CORDON_SERVER_RPC_GRPC_SERVER_H_

// The listening server: all services, TLS, limits, keepalive, grpc.health.v1.
//
// Threads: Start and Stop from one; the services run on gRPC's.
// Lifetime: the Relay outlives it. Stop ends every call before it returns.
// Errors: kFailedPrecondition when the address cannot be listened on.

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/cert/tls_certificate.h"
#include "server/relay.h"

namespace cordon::server {

struct GrpcServerOptions {
  std::string listen{};  // address:port
  bool reflection = false;
};

class GrpcServer {
 public:
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(
      Relay* relay, const GrpcServerOptions& options,
      const cert::TlsIdentity& identity);

  GrpcServer(const GrpcServer&) = delete;
  GrpcServer& operator=(const GrpcServer&) = delete;
  ~GrpcServer();

  // The port listened on, also when 0 was asked for.
  int port() const;

  // Stop lets calls finish until `deadline`, then cancels them.
  void Stop(absl::Time deadline);

 private:
  struct Parts;
  explicit GrpcServer(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_RPC_GRPC_SERVER_H_
