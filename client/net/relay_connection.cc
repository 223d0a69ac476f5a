#include "client/net/relay_connection.h"

#include <grpc/grpc.h>
#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "client/core/relay_types.h"
#include "client/net/convert.h"
#include "client/net/tls.h"
#include "cordon/wire/v1/blobs.grpc.pb.h"
#include "cordon/wire/v1/delivery.grpc.pb.h"
#include "cordon/wire/v1/directory.grpc.pb.h"
#include "cordon/wire/v1/enrolment.grpc.pb.h"
#include "crypto/base/limits.h"

namespace cordon::client {
namespace {

// A relay that is silent for this long is asked whether it is there. It allows
// a ping every ten seconds (server/rpc/grpc_server.cc).
constexpr int kKeepaliveTimeMs = 30'000;
constexpr int kKeepaliveTimeoutMs = 15'000;
// How soon a broken connection is tried again, at first and at most.
constexpr int kReconnectMinMs = 250;
constexpr int kReconnectMaxMs = 5'000;

grpc::ChannelArguments Arguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(static_cast<int>(kRpcBytesMax));
  arguments.SetMaxSendMessageSize(static_cast<int>(kRpcBytesMax));
  // Its own connection: one made with another identity must not be shared.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveTimeMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  // An idle Follow stream sends no data; 0 lets it ping nonetheless.
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMinMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kReconnectMaxMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMaxMs);
  return arguments;
}

// What the relay itself says when it cannot answer; all else that is
// unavailable is said by gRPC, in its own words.
constexpr absl::string_view kRelayIsStopping = "the relay is stopping";

bool IsUnreached(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE &&
         status.error_message() != kRelayIsStopping;
}

absl::Status NotThePinnedKey(const std::string& address) {
  return absl::UnauthenticatedError(
      "the relay at " + address +
      " does not have the pinned key: this is another server, or somebody "
      "stands between; check address and pin with the relay's operator");
}

}  // namespace

std::shared_ptr<RelayConnection> RelayConnection::Open(
    const ConnectCall& call) {
  auto connection = std::make_shared<RelayConnection>();
  connection->address = call.address;
  connection->mismatch = std::make_shared<std::atomic<bool>>(false);
  connection->channel = grpc::CreateCustomChannel(
      call.address, MakeChannelCredentials(call, connection->mismatch),
      Arguments());
  connection->enrolment = wire::Enrolment::NewStub(connection->channel);
  connection->directory = wire::Directory::NewStub(connection->channel);
  connection->delivery = wire::Delivery::NewStub(connection->channel);
  connection->blobs = wire::Blobs::NewStub(connection->channel);
  return connection;
}

absl::Status RelayConnection::StatusOf(const grpc::Status& status) const {
  if (status.ok()) return absl::OkStatus();
  if (*mismatch) return NotThePinnedKey(address);
  if (IsUnreached(status)) {
    return absl::UnavailableError(
        UnreachedText(address, status.error_message()));
  }
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return absl::DeadlineExceededError(
        absl::StrCat("the relay at ", address,
                     " does not answer; try again, or ask its operator"));
  }
  // The numbers of the two enumerations are the same by definition.
  return {static_cast<absl::StatusCode>(status.error_code()),
          Sentence(status.error_message())};
}

}  // namespace cordon::client
