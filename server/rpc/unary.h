#ifndef CORDON_SERVER_RPC_UNARY_H_
#define CORDON_SERVER_RPC_UNARY_H_

// The way of a unary call: convert on gRPC's thread, work on the lane with the
// caller, answer from the herald once what was done is committed. A service
// method says only what is its own.
//
// Lifetime: request and answer live until Finish, so `work` owns what it takes
// from the request and `write` may fill the answer.

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/status.h"
#include "server/core/authz.h"
#include "server/core/caller.h"
#include "server/lane.h"
#include "server/relay.h"
#include "server/rpc/peer.h"
#include "server/rpc/status_map.h"

namespace cordon::server {

// What work on the lane writes through.
using Txn = Lane::Transaction;

// The result of work that has nothing to say.
struct Done {};

// DoneOr turns a Status into such a result.
inline absl::StatusOr<Done> DoneOr(absl::Status status) {
  if (!status.ok()) return status;
  return Done{};
}

// Refuse ends a call that never reaches the lane: its request does not convert.
inline grpc::ServerUnaryReactor* Refuse(grpc::CallbackServerContext* context,
                                        const absl::Status& status) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  reactor->Finish(ToGrpc(status));
  return reactor;
}

// OnLane runs work(caller, transaction) -> StatusOr<Result> on the lane and,
// when that is OK and committed, write(result).
template <typename Result, typename Work, typename Write>
grpc::ServerUnaryReactor* OnLane(Relay* relay,
                                 grpc::CallbackServerContext* context,
                                 Method method, Work work, Write write) {
  Peer peer = PeerOf(*context);
  const absl::Status presented = CheckPresented(peer);
  if (!presented.ok()) return Refuse(context, presented);
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  absl::Status posted = relay->lane->Ask<Result>(
      [relay, method, peer = std::move(peer),
       work = std::move(work)](Txn& txn) mutable -> absl::StatusOr<Result> {
        CORDON_ASSIGN_OR_RETURN(const Caller caller,
                                relay->callers->Identify(peer, method));
        return std::move(work)(caller, txn);
      },
      [reactor,
       write = std::move(write)](absl::StatusOr<Result> result) mutable {
        const absl::Status status = result.status();
        if (status.ok()) std::move(write)(*std::move(result));
        reactor->Finish(ToGrpc(status));
      });
  if (!posted.ok()) reactor->Finish(ToGrpc(posted));
  return reactor;
}

// OnLaneForStrangers is the same for calls without a certificate, which are
// rate-limited; work(transaction).
template <typename Result, typename Work, typename Write>
grpc::ServerUnaryReactor* OnLaneForStrangers(
    Relay* relay, grpc::CallbackServerContext* context, Work work,
    Write write) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  absl::Status posted = relay->lane->Ask<Result>(
      [relay, address = PeerOf(*context).address,
       work = std::move(work)](Txn& txn) mutable -> absl::StatusOr<Result> {
        CORDON_RETURN_IF_ERROR(
            relay->strangers->Take(address, relay->clock->Now()));
        return std::move(work)(txn);
      },
      [reactor,
       write = std::move(write)](absl::StatusOr<Result> result) mutable {
        const absl::Status status = result.status();
        if (status.ok()) std::move(write)(*std::move(result));
        reactor->Finish(ToGrpc(status));
      });
  if (!posted.ok()) reactor->Finish(ToGrpc(posted));
  return reactor;
}

}  // namespace cordon::server

#endif  // CORDON_SERVER_RPC_UNARY_H_
