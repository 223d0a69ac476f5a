#ifndef CORDON_SERVER_RPC_DELIVERY_SERVICE_H_
#define CORDON_SERVER_RPC_DELIVERY_SERVICE_H_

// The Delivery service (proto/cordon/wire/v1/delivery.proto says what each call
// means). A method does four things: who calls, convert, post to the lane, give
// the reactor back; what is decided is decided in server/core.
//
// Threads: gRPC's; methods may run on many at once and never wait.
// Lifetime: the Relay outlives it; it outlives the server it is registered at.
// Errors: as the contract says, through status_map.h.

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "cordon/wire/v1/delivery.grpc.pb.h"
#include "cordon/wire/v1/delivery.pb.h"
#include "server/core/append_input.h"
#include "server/relay.h"

namespace cordon::server {

// Follow is raw: its batches are slices that all followers share. CreateRoom,
// PutGroupInfo and Append of a proposal or commit take the long way of turns.h,
// all others the short one of unary.h.
class DeliveryService final
    : public wire::v1::Delivery::WithRawCallbackMethod_Follow<
          wire::v1::Delivery::CallbackService> {
 public:
  explicit DeliveryService(Relay* relay) : relay_(relay) {}

 private:
  grpc::ServerUnaryReactor* Describe(grpc::CallbackServerContext* context,
                                     const wire::v1::DescribeRequest* request,
                                     wire::v1::DescribeAnswer* answer) override;
  grpc::ServerUnaryReactor* CreateRoom(
      grpc::CallbackServerContext* context,
      const wire::v1::CreateRoomRequest* request,
      wire::v1::CreateRoomAnswer* answer) override;
  grpc::ServerUnaryReactor* Append(grpc::CallbackServerContext* context,
                                   const wire::v1::AppendRequest* request,
                                   wire::v1::AppendAnswer* answer) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* Follow(
      grpc::CallbackServerContext* context,
      const grpc::ByteBuffer* request) override;
  grpc::ServerUnaryReactor* Backfill(grpc::CallbackServerContext* context,
                                     const wire::v1::BackfillRequest* request,
                                     wire::v1::BackfillAnswer* answer) override;
  grpc::ServerUnaryReactor* AckInbox(grpc::CallbackServerContext* context,
                                     const wire::v1::AckInboxRequest* request,
                                     wire::v1::AckInboxAnswer* answer) override;
  grpc::ServerUnaryReactor* FetchWelcome(
      grpc::CallbackServerContext* context,
      const wire::v1::FetchWelcomeRequest* request,
      wire::v1::FetchWelcomeAnswer* answer) override;
  grpc::ServerUnaryReactor* FetchGroupInfo(
      grpc::CallbackServerContext* context,
      const wire::v1::FetchGroupInfoRequest* request,
      wire::v1::FetchGroupInfoAnswer* answer) override;
  grpc::ServerUnaryReactor* PutGroupInfo(
      grpc::CallbackServerContext* context,
      const wire::v1::PutGroupInfoRequest* request,
      wire::v1::PutGroupInfoAnswer* answer) override;

  // A proposal or a commit is checked on a verifier before it is written.
  grpc::ServerUnaryReactor* AppendHandshake(
      grpc::CallbackServerContext* context, AppendInput input,
      wire::v1::AppendAnswer* answer);

  Relay* const relay_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_RPC_DELIVERY_SERVICE_H_
