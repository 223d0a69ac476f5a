#include "server/rpc/grpc_server.h"

#include <grpc/grpc.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <cstddef>
#include <memory>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "crypto/cert/tls_certificate.h"
#include "server/relay.h"
#include "server/rpc/blobs_service.h"
#include "server/rpc/delivery_service.h"
#include "server/rpc/directory_service.h"
#include "server/rpc/enrolment_service.h"
#include "server/rpc/reflection.h"
#include "server/rpc/tls.h"

namespace cordon::server {
namespace {

// A peer that is silent for this long is asked whether it is there.
constexpr int kKeepaliveTimeMs = 60'000;
constexpr int kKeepaliveTimeoutMs = 20'000;
// Clients may ask us as often.
constexpr int kClientPingIntervalMinMs = 10'000;

// Calls at once on one connection: a device has a stream and a few others.
constexpr int kCallsPerConnectionMax = 128;
// What gRPC may hold for all connections together; beyond it, it drops them.
// Anybody may send messages before a certificate is looked at.
constexpr size_t kTransportBytesMax = size_t{1} << 30;

void SetLimits(grpc::ServerBuilder& builder) {
  grpc::ResourceQuota quota("cordond");
  quota.Resize(kTransportBytesMax);
  builder.SetResourceQuota(quota);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             kCallsPerConnectionMax);
  builder.SetMaxReceiveMessageSize(static_cast<int>(kRpcBytesMax));
  builder.SetMaxSendMessageSize(static_cast<int>(kRpcBytesMax));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveTimeMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                             kKeepaliveTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
      kClientPingIntervalMinMs);
  // A second server on the same port would answer for us.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

}  // namespace

struct GrpcServer::Parts {
  explicit Parts(Relay* relay)
      : blobs(relay), delivery(relay), directory(relay), enrolment(relay) {}

  BlobsService blobs;
  DeliveryService delivery;
  DirectoryService directory;
  EnrolmentService enrolment;
  int port = 0;
  std::unique_ptr<grpc::Server> server;
};

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(
    Relay* relay, const GrpcServerOptions& options,
    const cert::TlsIdentity& identity) {
  grpc::EnableDefaultHealthCheckService(true);
  if (options.reflection) CORDON_RETURN_IF_ERROR(LoadReflection());
  auto parts = std::make_unique<Parts>(relay);
  grpc::ServerBuilder builder;
  SetLimits(builder);
  builder.AddListeningPort(
      options.listen,
      MakeServerCredentials(identity.key_pem, identity.certificates_pem),
      &parts->port);
  builder.RegisterService(&parts->blobs);
  builder.RegisterService(&parts->delivery);
  builder.RegisterService(&parts->directory);
  builder.RegisterService(&parts->enrolment);
  parts->server = builder.BuildAndStart();
  if (parts->server == nullptr || parts->port == 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "cannot listen on ", options.listen,
        ": check the address, and that no other program has the port"));
  }
  return absl::WrapUnique(new GrpcServer(std::move(parts)));
}

GrpcServer::GrpcServer(std::unique_ptr<Parts> parts)
    : parts_(std::move(parts)) {}

GrpcServer::~GrpcServer() {
  Stop(absl::InfinitePast());
}

int GrpcServer::port() const {
  return parts_->port;
}

void GrpcServer::Stop(absl::Time deadline) {
  // Who watches its health hears of it before the connection goes.
  parts_->server->GetHealthCheckService()->SetServingStatus(false);
  parts_->server->Shutdown(absl::ToChronoTime(deadline));
  parts_->server->Wait();
}

}  // namespace cordon::server
