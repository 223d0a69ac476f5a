#ifndef CORDON_TESTS_SUPPORT_FAKE_RELAY_H_
#define CORDON_TESTS_SUPPORT_FAKE_RELAY_H_

// A relay in memory, for tests of the client's core: enrolment and the
// directory. Several clients share one RelayWorld, each through its own
// FakeRelay. Answers wait until Run(), so that a test decides what happens in
// between; a call can be made to fail before or after it takes effect.
//
// It checks what a test needs (the set-up code, the invitation's key, who
// calls), not what the real relay's own tests check.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/relay.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/cert/name.h"
#include "crypto/cert/pin.h"

namespace cordon::testing {

// What all clients of one relay see.
struct RelayWorld {
  struct Invited {
    Bytes public_key;
    absl::Time expires;
    bool for_organisation = false;
    client::InvitationState state = client::InvitationState::kOpen;
    cert::DeviceName inviter;
    Bytes request;
    Bytes answer;
  };

  const Clock* clock = nullptr;
  std::string setup_code = "right-code";
  cert::Pin pin;
  Bytes root;  // empty: not set up
  std::map<InvitationId, Invited> invitations;
  std::map<DeviceId, client::DeviceRow> devices;
};

class FakeRelay final : public client::Relay {
 public:
  explicit FakeRelay(RelayWorld* world) : world_(world) {}

  // Run gives all answers that wait, and those to the calls they lead to.
  void Run();
  bool idle() const { return waiting_.empty(); }

  // The next call fails with `status` and has no effect.
  void FailNext(absl::Status status) { fail_next_ = std::move(status); }
  // The next call takes effect and its answer is lost.
  void LoseNextAnswer() { lose_next_ = true; }

  const std::optional<client::ConnectCall>& connection() const {
    return connection_;
  }

  void Connect(client::ConnectCall call) override;
  void SetUp(client::SetUpCall call, client::Done<client::Unit> done) override;
  void Redeem(InvitationId invitation, Bytes request,
              client::Done<client::Unit> done) override;
  void FetchAnswer(InvitationId invitation, client::Done<Bytes> done) override;
  void Invite(client::InviteCall call,
              client::Done<client::Unit> done) override;
  void ListInvitations(InvitationId after,
                       client::Done<client::InvitationPage> done) override;
  void RevokeInvitation(InvitationId invitation,
                        client::Done<client::Unit> done) override;
  void AnswerRequest(InvitationId invitation, Bytes answer,
                     client::Done<client::Unit> done) override;
  void Enter(std::vector<Bytes> identity, std::vector<Bytes> transport,
             client::Done<client::Unit> done) override;
  void ListDevices(DeviceId after, std::string organisation,
                   client::Done<client::DevicePage> done) override;

 private:
  // Runs `effect` now, unless the call is to fail, and has `done` wait for
  // what it gave.
  template <typename T>
  void Answer(client::Done<T> done,
              const std::function<absl::StatusOr<T>()>& effect);

  absl::StatusOr<cert::DeviceName> Caller() const;

  RelayWorld* const world_;
  std::optional<client::ConnectCall> connection_;
  std::optional<absl::Status> fail_next_;
  bool lose_next_ = false;
  std::vector<absl::AnyInvocable<void() &&>> waiting_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_FAKE_RELAY_H_
