#include "server/rpc/enrolment_service.h"

#include <grpcpp/support/server_callback.h>

#include <utility>

#include "absl/status/statusor.h"

#include "cordon/wire/v1/enrolment.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "server/core/authz.h"
#include "server/core/caller.h"
#include "server/core/enrolment.h"
#include "server/core/follow_item.h"
#include "server/relay.h"
#include "server/rpc/convert_enrolment.h"
#include "server/rpc/unary.h"

namespace cordon::server {

namespace wire = ::cordon::wire::v1;

grpc::ServerUnaryReactor* EnrolmentService::SetUp(
    grpc::CallbackServerContext* context, const wire::SetUpRequest* request,
    wire::SetUpAnswer* /*answer*/) {
  absl::StatusOr<SetUpInput> input = SetUpInputFrom(*request);
  if (!input.ok()) return Refuse(context, input.status());
  return OnLaneForStrangers<Done>(
      relay_, context,
      [enrolment = relay_->enrolment, input = *std::move(input)](Txn& txn) {
        return DoneOr(enrolment->SetUp(txn, input));
      },
      [](Done) {});
}

grpc::ServerUnaryReactor* EnrolmentService::Redeem(
    grpc::CallbackServerContext* context, const wire::RedeemRequest* request,
    wire::RedeemAnswer* /*answer*/) {
  absl::StatusOr<JoinRequestItem> input = JoinRequestFrom(*request);
  if (!input.ok()) return Refuse(context, input.status());
  return OnLaneForStrangers<Done>(
      relay_, context,
      [enrolment = relay_->enrolment,
       input = *std::move(input)](Txn& txn) mutable {
        return DoneOr(
            enrolment->Redeem(txn, input.invitation, std::move(input.request)));
      },
      [](Done) {});
}

grpc::ServerUnaryReactor* EnrolmentService::FetchAnswer(
    grpc::CallbackServerContext* context,
    const wire::FetchAnswerRequest* request, wire::FetchAnswerAnswer* answer) {
  const absl::StatusOr<InvitationId> id =
      InvitationFrom(request->invitation_id());
  if (!id.ok()) return Refuse(context, id.status());
  return OnLaneForStrangers<Bytes>(
      relay_, context,
      [enrolment = relay_->enrolment, id = *id](Txn&) {
        return enrolment->FetchAnswer(id);
      },
      [answer](const Bytes& bytes) {
        answer->set_answered(!bytes.empty());
        answer->set_answer(ToString(bytes));
      });
}

grpc::ServerUnaryReactor* EnrolmentService::Invite(
    grpc::CallbackServerContext* context, const wire::InviteRequest* request,
    wire::InviteAnswer* /*answer*/) {
  absl::StatusOr<InvitationInput> input = InvitationInputFrom(*request);
  if (!input.ok()) return Refuse(context, input.status());
  return OnLane<Done>(
      relay_, context, Method::kInvite,
      [enrolment = relay_->enrolment, input = *input](const Caller& caller,
                                                      Txn& txn) {
        return DoneOr(enrolment->Invite(txn, caller, input));
      },
      [](Done) {});
}

grpc::ServerUnaryReactor* EnrolmentService::ListInvitations(
    grpc::CallbackServerContext* context,
    const wire::ListInvitationsRequest* request,
    wire::ListInvitationsAnswer* answer) {
  absl::StatusOr<InvitationId> after = InvitationId();
  if (!request->after().empty()) after = InvitationFrom(request->after());
  if (!after.ok()) return Refuse(context, after.status());
  return OnLane<InvitationPage>(
      relay_, context, Method::kListInvitations,
      [enrolment = relay_->enrolment, after = *after](const Caller& caller,
                                                      Txn&) {
        return enrolment->List(caller, after);
      },
      [answer](const InvitationPage& page) { WriteTo(page, *answer); });
}

grpc::ServerUnaryReactor* EnrolmentService::RevokeInvitation(
    grpc::CallbackServerContext* context,
    const wire::RevokeInvitationRequest* request,
    wire::RevokeInvitationAnswer* /*answer*/) {
  const absl::StatusOr<InvitationId> id =
      InvitationFrom(request->invitation_id());
  if (!id.ok()) return Refuse(context, id.status());
  return OnLane<Done>(
      relay_, context, Method::kRevokeInvitation,
      [enrolment = relay_->enrolment, id = *id](const Caller& caller,
                                                Txn& txn) {
        return DoneOr(enrolment->Revoke(txn, caller, id));
      },
      [](Done) {});
}

grpc::ServerUnaryReactor* EnrolmentService::Answer(
    grpc::CallbackServerContext* context, const wire::AnswerRequest* request,
    wire::AnswerAnswer* /*answer*/) {
  absl::StatusOr<JoinAnswerInput> input = JoinAnswerFrom(*request);
  if (!input.ok()) return Refuse(context, input.status());
  return OnLane<Done>(
      relay_, context, Method::kAnswer,
      [enrolment = relay_->enrolment, input = *std::move(input)](
          const Caller& caller, Txn& txn) {
        return DoneOr(
            enrolment->Answer(txn, caller, input.invitation, input.answer));
      },
      [](Done) {});
}

grpc::ServerUnaryReactor* EnrolmentService::Enter(
    grpc::CallbackServerContext* context, const wire::EnterRequest* request,
    wire::EnterAnswer* /*answer*/) {
  absl::StatusOr<ChainPair> chains = ChainPairFrom(*request);
  if (!chains.ok()) return Refuse(context, chains.status());
  return OnLane<Done>(
      relay_, context, Method::kEnter,
      [enrolment = relay_->enrolment, chains = *std::move(chains)](
          const Caller& caller, Txn& txn) {
        return DoneOr(enrolment->Enter(txn, caller, chains));
      },
      [](Done) {});
}

grpc::ServerUnaryReactor* EnrolmentService::Revoke(
    grpc::CallbackServerContext* context, const wire::RevokeRequest* request,
    wire::RevokeAnswer* /*answer*/) {
  absl::StatusOr<CrlItem> list = CrlFrom(*request);
  if (!list.ok()) return Refuse(context, list.status());
  return OnLane<Done>(
      relay_, context, Method::kRevoke,
      [revocation = relay_->revocation, list = *std::move(list)](
          const Caller& /*caller*/, Txn& txn) {
        return DoneOr(revocation->Post(txn, list));
      },
      [](Done) {});
}

}  // namespace cordon::server
