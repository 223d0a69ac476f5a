#ifndef CORDON_CLIENT_CORE_RELAY_H_
#define CORDON_CLIENT_CORE_RELAY_H_

// What client/core may ask of the network; client/net implements it over gRPC,
// the tests' fake relay in memory. proto/cordon/wire/v1 says what each call
// means.
//
// Threads: called on the core's thread; every `done` is called on the core's
// thread, once, unless the relay object is destroyed first.
// Errors: the relay's own codes (style.md 4.4 in crypto/README.md);
// kUnavailable and kDeadlineExceeded mean "unknown whether it happened".
// Every mutating call may be repeated with the same ids.

#include <string>
#include <vector>

#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"

namespace cordon::client {

class Relay {
 public:
  virtual ~Relay() = default;

  // Connect says where the following calls go; nothing is sent yet, and calls
  // under way are not touched.
  virtual void Connect(ConnectCall call) = 0;

  // Without a certificate.
  virtual void SetUp(SetUpCall call, Done<Unit> done) = 0;
  virtual void Redeem(InvitationId invitation, Bytes request,
                      Done<Unit> done) = 0;
  // Gives the answer's bytes, empty while there is none.
  virtual void FetchAnswer(InvitationId invitation, Done<Bytes> done) = 0;

  // With the device's certificate.
  virtual void Invite(InviteCall call, Done<Unit> done) = 0;
  // A page of the caller's own, by id, after `after`; zero: from the start.
  virtual void ListInvitations(InvitationId after,
                               Done<InvitationPage> done) = 0;
  virtual void RevokeInvitation(InvitationId invitation, Done<Unit> done) = 0;
  virtual void AnswerRequest(InvitationId invitation, Bytes answer,
                             Done<Unit> done) = 0;
  // Enter puts the calling device into the directory.
  virtual void Enter(std::vector<Bytes> identity, std::vector<Bytes> transport,
                     Done<Unit> done) = 0;

  // `organisation` empty: all. `after` zero: from the start.
  virtual void ListDevices(DeviceId after, std::string organisation,
                           Done<DevicePage> done) = 0;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_RELAY_H_
