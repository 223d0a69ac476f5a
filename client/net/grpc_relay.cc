#include "client/net/grpc_relay.h"

#include <google/protobuf/message.h>
#include <grpc/support/time.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/delivery_types.h"
#include "client/core/relay.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/core_thread.h"
#include "client/net/blob_streams.h"
#include "client/net/calls.h"
#include "client/net/convert.h"
#include "client/net/convert_blobs.h"
#include "client/net/convert_delivery.h"
#include "client/net/follow_stream.h"
#include "client/net/relay_connection.h"
#include "client/net/stream_parts.h"
#include "cordon/wire/v1/blobs.grpc.pb.h"
#include "cordon/wire/v1/blobs.pb.h"
#include "cordon/wire/v1/delivery.grpc.pb.h"
#include "cordon/wire/v1/delivery.pb.h"
#include "cordon/wire/v1/directory.grpc.pb.h"
#include "cordon/wire/v1/directory.pb.h"
#include "cordon/wire/v1/enrolment.grpc.pb.h"
#include "cordon/wire/v1/enrolment.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/log/chain_hash.h"

namespace cordon::client {
namespace {

// One call with one answer.
template <typename T, typename Request, typename AnswerMessage>
struct UnaryCall final : CallUnderWay {
  std::shared_ptr<RelayConnection> connection;
  grpc::ClientContext context;
  Request request;
  AnswerMessage answer;
  Done<T> done;

  void Cancel() override { context.TryCancel(); }
};

Unit NothingElse(const google::protobuf::Message& /*answer*/) {
  return {};
}

}  // namespace

GrpcRelay::GrpcRelay(CoreThread* core, absl::Duration call_deadline)
    : core_(core), call_deadline_(call_deadline) {}

GrpcRelay::~GrpcRelay() {
  calls_.EndAll();
}

void GrpcRelay::Connect(ConnectCall call) {
  connection_ = RelayConnection::Open(call);
}

template <typename T, typename Request, typename AnswerMessage, typename Start,
          typename Convert>
void GrpcRelay::Call(Request request, Done<T> done, Start start,
                     Convert convert, std::optional<absl::Duration> deadline) {
  if (connection_ == nullptr) {
    core_->Post([done = std::move(done)]() mutable {
      std::move(done)(NotConnected());
    });
    return;
  }
  auto call = std::make_shared<UnaryCall<T, Request, AnswerMessage>>();
  call->connection = connection_;
  call->context.set_deadline(gpr_time_from_millis(
      absl::ToInt64Milliseconds(deadline.value_or(call_deadline_)),
      GPR_TIMESPAN));
  call->request = std::move(request);
  call->done = std::move(done);
  calls_.Begin(call);
  start(*call->connection, &call->context, &call->request, &call->answer,
        // calls_ keeps it until End.
        [this, call = call.get(),
         convert = std::move(convert)](const grpc::Status& status) {
          absl::StatusOr<T> result =
              status.ok()
                  ? absl::StatusOr<T>(convert(call->answer))
                  : absl::StatusOr<T>(call->connection->StatusOf(status));
          core_->Post([done = std::move(call->done),
                       result = std::move(result)]() mutable {
            std::move(done)(std::move(result));
          });
          calls_.End(call);
        });
}

void GrpcRelay::SetUp(SetUpCall call, Done<Unit> done) {
  Call<Unit, wire::SetUpRequest, wire::SetUpAnswer>(
      ToWire(call), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.enrolment->async()->SetUp(std::move(rest)...);
      },
      NothingElse);
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
      NothingElse);
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
      NothingElse);
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
      NothingElse);
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
      NothingElse);
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
      NothingElse);
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

void GrpcRelay::Revoke(CrlItem list, Done<Unit> done) {
  Call<Unit, wire::RevokeRequest, wire::RevokeAnswer>(
      ToWire(list), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.enrolment->async()->Revoke(std::move(rest)...);
      },
      NothingElse);
}

void GrpcRelay::PublishKeyPackages(std::vector<KeyPackageUpload> packages,
                                   Done<uint64_t> done) {
  Call<uint64_t, wire::PublishKeyPackagesRequest,
       wire::PublishKeyPackagesAnswer>(
      ToWire(packages), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.directory->async()->PublishKeyPackages(std::move(rest)...);
      },
      [](const auto& answer) { return uint64_t{answer.held()}; });
}

void GrpcRelay::ClaimKeyPackages(RoomId room, std::vector<DeviceId> devices,
                                 Done<std::vector<ClaimedKeyPackage>> done) {
  wire::ClaimKeyPackagesRequest message;
  message.set_room_id(ToString(room.span()));
  for (const DeviceId& device : devices) {
    message.add_device_ids(ToString(device.span()));
  }
  Call<std::vector<ClaimedKeyPackage>, wire::ClaimKeyPackagesRequest,
       wire::ClaimKeyPackagesAnswer>(
      std::move(message), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.directory->async()->ClaimKeyPackages(std::move(rest)...);
      },
      [devices = std::move(devices)](const auto& answer) {
        return FromWire(answer, devices);
      },
      kRoomCallDeadline);
}

void GrpcRelay::Describe(Done<RelayFacts> done) {
  Call<RelayFacts, wire::DescribeRequest, wire::DescribeAnswer>(
      {}, std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.delivery->async()->Describe(std::move(rest)...);
      },
      [](const auto& answer) { return FromWire(answer); });
}

void GrpcRelay::CreateRoom(RoomId room, Bytes group_info, Done<Unit> done) {
  wire::CreateRoomRequest message;
  message.set_room_id(ToString(room.span()));
  message.set_group_info(ToString(group_info));
  Call<Unit, wire::CreateRoomRequest, wire::CreateRoomAnswer>(
      std::move(message), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.delivery->async()->CreateRoom(std::move(rest)...);
      },
      NothingElse, kRoomCallDeadline);
}

void GrpcRelay::Append(AppendCall call, Done<LogSeq> done) {
  Call<LogSeq, wire::AppendRequest, wire::AppendAnswer>(
      ToWire(call), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.delivery->async()->Append(std::move(rest)...);
      },
      [](const auto& answer) { return FromWire(answer); },
      call.kind == EntryKind::kApplication ? call_deadline_
                                           : kRoomCallDeadline);
}

void GrpcRelay::Backfill(RoomId room, LogSeq after, uint32_t entries_max,
                         Done<LogPage> done) {
  wire::BackfillRequest message;
  message.set_room_id(ToString(room.span()));
  message.set_after(after.value);
  message.set_entries_max(entries_max);
  Call<LogPage, wire::BackfillRequest, wire::BackfillAnswer>(
      std::move(message), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.delivery->async()->Backfill(std::move(rest)...);
      },
      [](const auto& answer) { return FromWire(answer); }, kRoomCallDeadline);
}

void GrpcRelay::AckInbox(uint64_t through, Done<Unit> done) {
  wire::AckInboxRequest message;
  message.set_through(through);
  Call<Unit, wire::AckInboxRequest, wire::AckInboxAnswer>(
      std::move(message), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.delivery->async()->AckInbox(std::move(rest)...);
      },
      NothingElse);
}

void GrpcRelay::FetchWelcome(uint64_t welcome_id, Done<SharedWelcome> done) {
  wire::FetchWelcomeRequest message;
  message.set_welcome_id(welcome_id);
  Call<SharedWelcome, wire::FetchWelcomeRequest, wire::FetchWelcomeAnswer>(
      std::move(message), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.delivery->async()->FetchWelcome(std::move(rest)...);
      },
      [](const auto& answer) { return FromWire(answer); }, kRoomCallDeadline);
}

void GrpcRelay::FetchGroupInfo(RoomId room, Done<GroupInfos> done) {
  wire::FetchGroupInfoRequest message;
  message.set_room_id(ToString(room.span()));
  Call<GroupInfos, wire::FetchGroupInfoRequest, wire::FetchGroupInfoAnswer>(
      std::move(message), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.delivery->async()->FetchGroupInfo(std::move(rest)...);
      },
      [](const auto& answer) { return FromWire(answer); }, kRoomCallDeadline);
}

void GrpcRelay::PutGroupInfo(RoomId room, Bytes group_info, Done<Unit> done) {
  wire::PutGroupInfoRequest message;
  message.set_room_id(ToString(room.span()));
  message.set_group_info(ToString(group_info));
  Call<Unit, wire::PutGroupInfoRequest, wire::PutGroupInfoAnswer>(
      std::move(message), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.delivery->async()->PutGroupInfo(std::move(rest)...);
      },
      NothingElse, kRoomCallDeadline);
}

std::unique_ptr<FollowStream> GrpcRelay::Follow(FollowCall call) {
  return std::make_unique<GrpcFollowStream>(Parts(), call);
}

std::unique_ptr<BlobUpload> GrpcRelay::PutBlob(PutBlobCall call) {
  return std::make_unique<GrpcBlobUpload>(Parts(), call);
}

std::unique_ptr<BlobDownload> GrpcRelay::GetBlob(BlobId blob,
                                                 uint64_t offset_bytes) {
  return std::make_unique<GrpcBlobDownload>(Parts(), blob, offset_bytes);
}

void GrpcRelay::StatBlob(BlobId blob, Done<BlobStat> done) {
  wire::StatRequest message;
  message.set_blob_id(ToString(blob.span()));
  Call<BlobStat, wire::StatRequest, wire::StatAnswer>(
      std::move(message), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.blobs->async()->Stat(std::move(rest)...);
      },
      [](const auto& answer) { return FromWire(answer); });
}

void GrpcRelay::HoldBlob(BlobId blob, RoomId room, Done<Unit> done) {
  wire::HoldRequest message;
  message.set_blob_id(ToString(blob.span()));
  message.set_room_id(ToString(room.span()));
  Call<Unit, wire::HoldRequest, wire::HoldAnswer>(
      std::move(message), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.blobs->async()->Hold(std::move(rest)...);
      },
      NothingElse);
}

void GrpcRelay::ForgetBlob(BlobId blob, RoomId room, Done<Unit> done) {
  wire::ForgetRequest message;
  message.set_blob_id(ToString(blob.span()));
  message.set_room_id(ToString(room.span()));
  Call<Unit, wire::ForgetRequest, wire::ForgetAnswer>(
      std::move(message), std::move(done),
      [](const RelayConnection& to, auto... rest) {
        to.blobs->async()->Forget(std::move(rest)...);
      },
      NothingElse);
}

}  // namespace cordon::client
