#include "client/net/grpc_relay.h"

#include <grpc/support/time.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/core_thread.h"
#include "client/net/convert.h"
#include "client/net/tls.h"
#include "cordon/wire/v1/directory.grpc.pb.h"
#include "cordon/wire/v1/enrolment.grpc.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"

namespace cordon::client {
namespace {

constexpr int64_t kCallDeadlineSeconds = 30;

absl::Status NotThePinnedKey(const std::string& address) {
  return absl::UnauthenticatedError(
      "the relay at " + address +
      " does not have the pinned key: this is another server, or somebody "
      "stands between; check address and pin with the relay's operator");
}

}  // namespace

struct RelayConnection {
  std::string address;
  // Set by the verifier, on gRPC's threads.
  std::shared_ptr<std::atomic<bool>> mismatch;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<wire::Enrolment::Stub> enrolment;
  std::unique_ptr<wire::Directory::Stub> directory;

  absl::Status StatusOf(const grpc::Status& status) const {
    if (status.ok()) return absl::OkStatus();
    if (*mismatch) return NotThePinnedKey(address);
    // The numbers of the two enumerations are the same by definition.
    return {static_cast<absl::StatusCode>(status.error_code()),
            Sentence(status.error_message())};
  }
};

GrpcRelay::GrpcRelay(CoreThread* core) : core_(core) {}

GrpcRelay::~GrpcRelay() {
  calls_.EndAll();
}

void GrpcRelay::Connect(ConnectCall call) {
  auto connection = std::make_shared<RelayConnection>();
  connection->address = call.address;
  connection->mismatch = std::make_shared<std::atomic<bool>>(false);
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(static_cast<int>(kRpcBytesMax));
  arguments.SetMaxSendMessageSize(static_cast<int>(kRpcBytesMax));
  // Its own connection: one made with another identity must not be shared.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  connection->channel = grpc::CreateCustomChannel(
      call.address, MakeChannelCredentials(call, connection->mismatch),
      arguments);
  connection->enrolment = wire::Enrolment::NewStub(connection->channel);
  connection->directory = wire::Directory::NewStub(connection->channel);
  connection_ = std::move(connection);
}

template <typename T, typename Request, typename AnswerMessage, typename Start,
          typename Convert>
void GrpcRelay::Call(Request request, Done<T> done, Start start,
                     Convert convert) {
  if (connection_ == nullptr) {
    core_->Post([done = std::move(done)]() mutable {
      std::move(done)(absl::FailedPreconditionError("not connected"));
    });
    return;
  }
  struct UnderWay {
    std::shared_ptr<RelayConnection> connection;
    grpc::ClientContext context;
    Request request;
    AnswerMessage answer;
    Done<T> done;
  };
  auto call = std::make_shared<UnderWay>();
  call->connection = connection_;
  call->context.set_deadline(
      gpr_time_from_seconds(kCallDeadlineSeconds, GPR_TIMESPAN));
  call->request = std::move(request);
  call->done = std::move(done);
  calls_.Begin(&call->context);
  start(*call->connection, &call->context, &call->request, &call->answer,
        [this, call, convert](const grpc::Status& status) {
          absl::StatusOr<T> result = call->connection->StatusOf(status);
          if (status.ok()) result = convert(call->answer);
          core_->Post([call, result = std::move(result)]() mutable {
            std::move(call->done)(std::move(result));
          });
          calls_.End(&call->context);
        });
}

void GrpcRelay::SetUp(SetUpCall call, Done<Unit> done) {
  Call<Unit, wire::SetUpRequest, wire::SetUpAnswer>(
      ToWire(call), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.enrolment->async()->SetUp(std::move(rest)...);
      },
      [](const auto&) { return Unit{}; });
}

void GrpcRelay::Redeem(InvitationId invitation, Bytes request,
                       Done<Unit> done) {
  wire::RedeemRequest message;
  message.set_invitation_id(ToString(invitation.span()));
  message.set_request(ToString(request));
  Call<Unit, wire::RedeemRequest, wire::RedeemAnswer>(
      std::move(message), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.enrolment->async()->Redeem(std::move(rest)...);
      },
      [](const auto&) { return Unit{}; });
}

void GrpcRelay::FetchAnswer(InvitationId invitation, Done<Bytes> done) {
  wire::FetchAnswerRequest message;
  message.set_invitation_id(ToString(invitation.span()));
  Call<Bytes, wire::FetchAnswerRequest, wire::FetchAnswerAnswer>(
      std::move(message), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.enrolment->async()->FetchAnswer(std::move(rest)...);
      },
      [](const auto& answer) { return FromWire(answer); });
}

void GrpcRelay::Invite(InviteCall call, Done<Unit> done) {
  Call<Unit, wire::InviteRequest, wire::InviteAnswer>(
      ToWire(call), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.enrolment->async()->Invite(std::move(rest)...);
      },
      [](const auto&) { return Unit{}; });
}

void GrpcRelay::ListInvitations(InvitationId after, Done<InvitationPage> done) {
  wire::ListInvitationsRequest message;
  if (!after.is_zero()) message.set_after(ToString(after.span()));
  Call<InvitationPage, wire::ListInvitationsRequest,
       wire::ListInvitationsAnswer>(
      std::move(message), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.enrolment->async()->ListInvitations(std::move(rest)...);
      },
      [](const auto& answer) { return FromWire(answer); });
}

void GrpcRelay::RevokeInvitation(InvitationId invitation, Done<Unit> done) {
  wire::RevokeInvitationRequest message;
  message.set_invitation_id(ToString(invitation.span()));
  Call<Unit, wire::RevokeInvitationRequest, wire::RevokeInvitationAnswer>(
      std::move(message), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.enrolment->async()->RevokeInvitation(std::move(rest)...);
      },
      [](const auto&) { return Unit{}; });
}

void GrpcRelay::AnswerRequest(InvitationId invitation, Bytes answer,
                              Done<Unit> done) {
  wire::AnswerRequest message;
  message.set_invitation_id(ToString(invitation.span()));
  message.set_answer(ToString(answer));
  Call<Unit, wire::AnswerRequest, wire::AnswerAnswer>(
      std::move(message), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.enrolment->async()->Answer(std::move(rest)...);
      },
      [](const auto&) { return Unit{}; });
}

void GrpcRelay::Enter(std::vector<Bytes> identity, std::vector<Bytes> transport,
                      Done<Unit> done) {
  wire::EnterRequest message;
  FillChain(identity, message.mutable_identity());
  FillChain(transport, message.mutable_transport());
  Call<Unit, wire::EnterRequest, wire::EnterAnswer>(
      std::move(message), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.enrolment->async()->Enter(std::move(rest)...);
      },
      [](const auto&) { return Unit{}; });
}

void GrpcRelay::ListDevices(DeviceId after, std::string organisation,
                            Done<DevicePage> done) {
  wire::ListDevicesRequest message;
  if (!after.is_zero()) message.set_after(ToString(after.span()));
  message.set_organisation(std::move(organisation));
  Call<DevicePage, wire::ListDevicesRequest, wire::ListDevicesAnswer>(
      std::move(message), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.directory->async()->ListDevices(std::move(rest)...);
      },
      [](const auto& answer) { return FromWire(answer); });
}

}  // namespace cordon::client
