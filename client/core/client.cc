#include "client/core/client.h"

#include <cstdint>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/command.h"
#include "client/core/event.h"
#include "client/core/own_device.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/role.h"

namespace cordon::client {
namespace {

// Turns what a flow gives into the one answer of its command.
class AnswerTo {
 public:
  AnswerTo(EventSink* events, uint64_t command)
      : events_(events), command_(command) {}

  void operator()(absl::Status result) const {
    if (result.ok()) {
      Emit(AnswerBody(Nothing{}));
    } else {
      Emit(std::move(result));
    }
  }

  template <typename T>
  void operator()(absl::StatusOr<T> result) const {
    if (result.ok()) {
      Emit(AnswerBody(*std::move(result)));
    } else {
      Emit(std::move(result).status());
    }
  }

 private:
  void Emit(absl::StatusOr<AnswerBody> answer) const {
    events_->Emit(Answered{.command = command_, .answer = std::move(answer)});
  }

  EventSink* const events_;
  const uint64_t command_;
};

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};

}  // namespace

Client::Client(const Parts& parts)
    : parts_(parts),
      timers_(parts.clock),
      authority_(parts),
      joining_(parts, &timers_),
      invitations_(parts),
      directory_(parts) {}

absl::Status Client::Start() {
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (absl::IsFailedPrecondition(own.status())) return absl::OkStatus();
  if (!own.ok()) return own.status();
  parts_.relay->Connect(own->Connection());
  return absl::OkStatus();
}

void Client::Handle(Command command) {
  const uint64_t id = command.id;
  const AnswerTo answer(parts_.events, id);
  std::visit(
      Overloaded{
          [&](CreateAuthority& body) {
            tasks_.Spawn(authority_.Create(std::move(body), id), answer);
          },
          [&](InviteOrganisation& body) {
            tasks_.Spawn(invitations_.Invite(std::move(body)), answer);
          },
          [&](InviteUser& body) {
            tasks_.Spawn(invitations_.Invite(std::move(body)), answer);
          },
          [&](ListInvitations&) { tasks_.Spawn(invitations_.List(), answer); },
          [&](RevokeInvitation& body) {
            tasks_.Spawn(invitations_.Revoke(std::move(body)), answer);
          },
          [&](Join& body) {
            tasks_.Spawn(joining_.Join(std::move(body), id), answer);
          },
          [&](Approve& body) {
            tasks_.Spawn(invitations_.Approve(std::move(body)), answer);
          },
          [&](client::WhoAmI&) { answer(WhoAmI()); },
          [&](ListDevices& body) {
            tasks_.Spawn(directory_.List(std::move(body)), answer);
          },
          [&](auto&) {
            answer(
                absl::UnimplementedError("this command is not in this build"));
          },
      },
      command.body);
}

void Client::Tick() {
  timers_.Wake();
  tasks_.Reap();
}

absl::StatusOr<IdentityView> Client::WhoAmI() const {
  IdentityView view;
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (absl::IsFailedPrecondition(own.status())) {
    const auto enrolment = FindEnrolment(*parts_.vault);
    if (!enrolment.ok()) return enrolment.status();
    view.joining = enrolment->has_value();
    return view;
  }
  if (!own.ok()) return own.status();
  view.device = own->name().text();
  for (const cert::Role role : own->roles().List()) {
    view.roles.emplace_back(cert::RoleName(role));
  }
  view.relay_address = own->relay_address();
  view.pin = cert::PinText(own->pin());
  view.root_fingerprint = ToHex(own->root().fingerprint().span());
  view.certificate_until = own->identity().validity().not_after;
  view.issues = own->issuer().has_value();
  view.holds_root = parts_.root_key->Read().ok();
  return view;
}

}  // namespace cordon::client
