#ifndef CORDON_SERVER_RPC_TURNS_H_
#define CORDON_SERVER_RPC_TURNS_H_

// The way of a unary call whose input takes long to check: begin on the lane,
// check on the verification pool, finish on the lane, answer from the herald.
// unary.h has the short way.
//
//   1 begin   lane        who calls, and what to check against: values that
//                         never change, so that they may leave the lane
//   2 check   a verifier  everything that costs; knows no store
//   3 finish  lane        whether that still is the state of things; writes
//   4 write   herald      what is committed and synced is answered
//
// Who calls is asked on both turns of the lane: a device may be put out while
// its commit is being checked. An error in any turn is the call's answer, and
// the turns after it are not taken.
// Threads: Start from any.
// Lifetime: as in unary.h; the call owns itself, from turn to turn, and ends
// with its answer. Lane and verifiers are stopped after the server.
// Errors: beside the turns' own, kResourceExhausted when lane or verifiers have
// too much to do, kUnavailable when they were stopped.

#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/status.h"
#include "server/core/authz.h"
#include "server/core/caller.h"
#include "server/relay.h"
#include "server/rpc/peer.h"
#include "server/rpc/status_map.h"
#include "server/rpc/unary.h"

namespace cordon::server {

// What is a call's own in each turn. Begun and Checked own what is in them, or
// share what never changes: the request is gRPC's, and the lane goes on.
// `check` runs on any thread, so it keeps nothing of the core.
template <typename Begun, typename Checked, typename Result>
struct Turns {
  absl::AnyInvocable<absl::StatusOr<Begun>(const Caller&) &&> begin;
  absl::AnyInvocable<absl::StatusOr<Checked>(Begun) &&> check;
  absl::AnyInvocable<absl::StatusOr<Result>(const Caller&, Txn&, Checked) &&>
      finish;
  absl::AnyInvocable<void(Result) &&> write;
};

template <typename Begun, typename Checked, typename Result>
class TurnsCall {
 public:
  // Start runs the turns and gives the reactor back at once. What is checked
  // under one key is checked on one thread, in the order in which it came from
  // the lane: one room's commits do not hold up another's.
  static grpc::ServerUnaryReactor* Start(Relay* relay,
                                         grpc::CallbackServerContext* context,
                                         Method method, uint64_t key,
                                         Turns<Begun, Checked, Result> turns) {
    auto call = std::unique_ptr<TurnsCall>(
        new TurnsCall(relay, context, method, key, std::move(turns)));
    grpc::ServerUnaryReactor* const reactor = call->reactor_;
    const absl::Status presented = CheckPresented(call->peer_);
    if (presented.ok()) {
      Begin(std::move(call));
    } else {
      reactor->Finish(ToGrpc(presented));
    }
    return reactor;
  }

 private:
  using Owned = std::unique_ptr<TurnsCall>;

  TurnsCall(Relay* relay, grpc::CallbackServerContext* context, Method method,
            uint64_t key, Turns<Begun, Checked, Result> turns)
      : relay_(relay),
        reactor_(context->DefaultReactor()),
        peer_(PeerOf(*context)),
        method_(method),
        key_(key),
        turns_(std::move(turns)) {}

  // Each turn hands the call on to the next; whoever drops it has answered.
  static void Begin(Owned call) {
    TurnsCall* const self = call.get();
    grpc::ServerUnaryReactor* const reactor = call->reactor_;
    const absl::Status posted = self->relay_->lane->template Ask<Begun>(
        [self](Txn&) -> absl::StatusOr<Begun> {
          CORDON_ASSIGN_OR_RETURN(
              const Caller caller,
              self->relay_->callers->Identify(self->peer_, self->method_));
          return std::move(self->turns_.begin)(caller);
        },
        [call = std::move(call)](absl::StatusOr<Begun> begun) mutable {
          Check(std::move(call), std::move(begun));
        });
    if (!posted.ok()) reactor->Finish(ToGrpc(posted));
  }

  static void Check(Owned call, absl::StatusOr<Begun> begun) {
    grpc::ServerUnaryReactor* const reactor = call->reactor_;
    if (!begun.ok()) return reactor->Finish(ToGrpc(begun.status()));
    Workers* const verifiers = call->relay_->verifiers;
    const uint64_t key = call->key_;
    const absl::Status posted = verifiers->Post(
        key, [call = std::move(call), begun = *std::move(begun)]() mutable {
          absl::StatusOr<Checked> checked =
              std::move(call->turns_.check)(std::move(begun));
          Finish(std::move(call), std::move(checked));
        });
    if (!posted.ok()) reactor->Finish(ToGrpc(posted));
  }

  static void Finish(Owned call, absl::StatusOr<Checked> checked) {
    TurnsCall* const self = call.get();
    grpc::ServerUnaryReactor* const reactor = call->reactor_;
    if (!checked.ok()) return reactor->Finish(ToGrpc(checked.status()));
    const absl::Status posted = self->relay_->lane->template Ask<Result>(
        [self, checked = *std::move(checked)](
            Txn& txn) mutable -> absl::StatusOr<Result> {
          CORDON_ASSIGN_OR_RETURN(
              const Caller caller,
              self->relay_->callers->Identify(self->peer_, self->method_));
          return std::move(self->turns_.finish)(caller, txn,
                                                std::move(checked));
        },
        [call = std::move(call)](absl::StatusOr<Result> result) mutable {
          const absl::Status status = result.status();
          if (status.ok()) std::move(call->turns_.write)(*std::move(result));
          call->reactor_->Finish(ToGrpc(status));
        });
    if (!posted.ok()) reactor->Finish(ToGrpc(posted));
  }

  // Fixed when the call begins; a turn takes its part of turns_ and uses it up.
  Relay* const relay_;
  grpc::ServerUnaryReactor* const reactor_;
  const Peer peer_;
  const Method method_;
  const uint64_t key_;
  Turns<Begun, Checked, Result> turns_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_RPC_TURNS_H_
