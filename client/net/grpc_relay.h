#ifndef CORDON_CLIENT_NET_GRPC_RELAY_H_
#define CORDON_CLIENT_NET_GRPC_RELAY_H_

// The relay over gRPC: TLS to a pinned key, the device's transport certificate
// shown, a deadline on every call.
//
// Threads: called on the core's thread; gRPC's threads do nothing but post
// answers back there.
// Lifetime: `core` outlives this object. The destructor ends calls under way;
// their `done`s are dropped.
// Errors: the relay's, with its sentence; kUnauthenticated when the peer's key
// is not the pinned one; kFailedPrecondition before Connect; kInternal for an
// answer that does not convert.

#include <memory>
#include <string>
#include <vector>

#include "client/core/relay.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/core_thread.h"
#include "client/net/calls.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"

namespace cordon::client {

// One connection: the channel, the services on it, and whether its peer showed
// a key that is not pinned. Defined in grpc_relay.cc.
struct RelayConnection;

class GrpcRelay final : public Relay {
 public:
  explicit GrpcRelay(CoreThread* core);
  GrpcRelay(const GrpcRelay&) = delete;
  GrpcRelay& operator=(const GrpcRelay&) = delete;
  ~GrpcRelay() override;

  void Connect(ConnectCall call) override;
  void SetUp(SetUpCall call, Done<Unit> done) override;
  void Redeem(InvitationId invitation, Bytes request, Done<Unit> done) override;
  void FetchAnswer(InvitationId invitation, Done<Bytes> done) override;
  void Invite(InviteCall call, Done<Unit> done) override;
  void ListInvitations(InvitationId after, Done<InvitationPage> done) override;
  void RevokeInvitation(InvitationId invitation, Done<Unit> done) override;
  void AnswerRequest(InvitationId invitation, Bytes answer,
                     Done<Unit> done) override;
  void Enter(std::vector<Bytes> identity, std::vector<Bytes> transport,
             Done<Unit> done) override;
  void ListDevices(DeviceId after, std::string organisation,
                   Done<DevicePage> done) override;

 private:
  // Sends `request` with `start`(stub, context, request, answer, callback) and
  // has `done` called on the core's thread with what `convert` makes of it.
  template <typename T, typename Request, typename AnswerMessage,
            typename Start, typename Convert>
  void Call(Request request, Done<T> done, Start start, Convert convert);

  CoreThread* const core_;
  // Two owners: this, and the calls begun on it.
  std::shared_ptr<RelayConnection> connection_;
  Calls calls_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_NET_GRPC_RELAY_H_
