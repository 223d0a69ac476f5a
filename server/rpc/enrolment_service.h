#ifndef CORDON_SERVER_RPC_ENROLMENT_SERVICE_H_
#define CORDON_SERVER_RPC_ENROLMENT_SERVICE_H_

// The Enrolment service (proto/cordon/wire/v1/enrolment.proto says what each
// call means). A method does four things: who calls, convert, post to the lane,
// give the reactor back; what is decided is decided in server/core.
//
// Threads: gRPC's; methods may run on many at once and never wait.
// Lifetime: the Relay outlives it; it outlives the server it is registered at.
// Errors: as the contract says, through status_map.h.

#include <grpcpp/support/server_callback.h>

#include "cordon/wire/v1/enrolment.grpc.pb.h"
#include "cordon/wire/v1/enrolment.pb.h"
#include "server/relay.h"

namespace cordon::server {

class EnrolmentService final : public wire::v1::Enrolment::CallbackService {
 public:
  explicit EnrolmentService(Relay* relay) : relay_(relay) {}

 private:
  // For strangers, rate-limited.
  grpc::ServerUnaryReactor* SetUp(grpc::CallbackServerContext* context,
                                  const wire::v1::SetUpRequest* request,
                                  wire::v1::SetUpAnswer* answer) override;
  grpc::ServerUnaryReactor* Redeem(grpc::CallbackServerContext* context,
                                   const wire::v1::RedeemRequest* request,
                                   wire::v1::RedeemAnswer* answer) override;
  grpc::ServerUnaryReactor* FetchAnswer(
      grpc::CallbackServerContext* context,
      const wire::v1::FetchAnswerRequest* request,
      wire::v1::FetchAnswerAnswer* answer) override;

  // For devices with a certificate.
  grpc::ServerUnaryReactor* Invite(grpc::CallbackServerContext* context,
                                   const wire::v1::InviteRequest* request,
                                   wire::v1::InviteAnswer* answer) override;
  grpc::ServerUnaryReactor* ListInvitations(
      grpc::CallbackServerContext* context,
      const wire::v1::ListInvitationsRequest* request,
      wire::v1::ListInvitationsAnswer* answer) override;
  grpc::ServerUnaryReactor* RevokeInvitation(
      grpc::CallbackServerContext* context,
      const wire::v1::RevokeInvitationRequest* request,
      wire::v1::RevokeInvitationAnswer* answer) override;
  grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context,
                                   const wire::v1::AnswerRequest* request,
                                   wire::v1::AnswerAnswer* answer) override;
  grpc::ServerUnaryReactor* Enter(grpc::CallbackServerContext* context,
                                  const wire::v1::EnterRequest* request,
                                  wire::v1::EnterAnswer* answer) override;
  grpc::ServerUnaryReactor* Revoke(grpc::CallbackServerContext* context,
                                   const wire::v1::RevokeRequest* request,
                                   wire::v1::RevokeAnswer* answer) override;

  Relay* const relay_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_RPC_ENROLMENT_SERVICE_H_
