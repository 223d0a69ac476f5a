#include "client/core/client.h"

#include <cstdint>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/command.h"
#include "client/core/event.h"
#include "client/core/own_device.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/log.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/role.h"

namespace cordon::client {
namespace {

// How long a device that has joined waits until it can be admitted to rooms.
constexpr absl::Duration kSettlePatience = absl::Seconds(10);

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
      directory_(parts, &trust_),
      trust_(parts),
      shelf_(parts),
      handshakes_(parts, &trust_, &shelf_, &moves_),
      composer_(parts, &trust_, &shelf_),
      transfers_(parts, &timers_),
      reader_(parts, &trust_, &shelf_, &handshakes_),
      follower_(parts, {.timers = &timers_,
                        .trust = &trust_,
                        .handshakes = &handshakes_,
                        .invitations = &invitations_,
                        .reader = &reader_}),
      pump_(parts, {.timers = &timers_,
                    .shelf = &shelf_,
                    .follower = &follower_,
                    .send_files = [this] { return transfers_.Pump(); }}),
      texts_(parts, &composer_, &transfers_),
      alerts_(parts, &composer_, &transfers_),
      instructions_(parts, &composer_, &shelf_),
      guides_(parts, &composer_, &transfers_),
      picture_(parts),
      searching_(parts),
      syncing_(parts, {.timers = &timers_,
                       .follower = &follower_,
                       .reader = &reader_,
                       .pump = &pump_,
                       .transfers = &transfers_}),
      commits_(parts, Tools()),
      admitting_(parts, Tools(), &commits_),
      key_packages_(parts),
      revocations_(parts, &trust_, &admitting_),
      rooms_(parts, Tools(), &commits_, &admitting_),
      operations_(parts, {.tools = Tools(),
                          .admitting = &admitting_,
                          .rooms = &rooms_,
                          .composer = &composer_}),
      newcomers_(parts, Tools(), &admitting_,
                 [this] { return follower_.caught_up(); }),
      upkeep_(parts,
              {.tools = Tools(),
               .commits = &commits_,
               .newcomers = &newcomers_,
               .key_packages = &key_packages_,
               .revocations = &revocations_},
              [this] { return follower_.caught_up(); }) {
  composer_.SetListener([this] { pump_.Wake(); });
  follower_.SetListener([this] {
    pump_.Wake();
    upkeep_.Wake();
  });
}

absl::Status Client::Start() {
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (absl::IsFailedPrecondition(own.status())) return absl::OkStatus();
  if (!own.ok()) return own.status();
  parts_.relay->Connect(own->Connection());
  tasks_.Spawn(transfers_.Sweep(), [](const absl::Status& swept) {
    // What is left over takes room and harms nothing; the next start tries.
    if (!swept.ok()) LogWarning("the file cache could not be swept");
  });
  Follow();
  return absl::OkStatus();
}

void Client::Follow() {
  if (following_) return;
  following_ = true;
  // Neither ends by itself once the device has joined; what goes wrong on the
  // way is told as events.
  const auto ended = [](const absl::Status&) {};
  tasks_.Spawn(follower_.Run(), ended);
  tasks_.Spawn(pump_.Run(), ended);
  tasks_.Spawn(upkeep_.Run(), ended);
  tasks_.Spawn(upkeep_.RunFinishing(), ended);
}

Task<absl::Status> Client::Settle(Task<absl::Status> joining) {
  const absl::Status joined = co_await joining;
  if (!joined.ok()) co_return joined;
  Follow();
  // Joined all the same: what is missing is made up for later.
  (void)co_await upkeep_.Settled(kSettlePatience);
  co_return absl::OkStatus();
}

Task<absl::StatusOr<SyncView>> Client::SyncAndSettle(client::Sync wanted,
                                                     uint64_t command) {
  const absl::Time until = parts_.clock->Now() + wanted.patience;
  absl::StatusOr<SyncView> synced = co_await syncing_.Sync(wanted, command);
  if (synced.ok() && synced->online && wanted.settle) {
    (void)co_await upkeep_.Settled(until - parts_.clock->Now());
  }
  co_return synced;
}

void Client::Handle(Command command) {
  const uint64_t id = command.id;
  const AnswerTo answer(parts_.events, id);
  std::visit(
      Overloaded{
          [&](CreateAuthority& body) {
            tasks_.Spawn(Settle(authority_.Create(std::move(body), id)),
                         answer);
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
            tasks_.Spawn(Settle(joining_.Join(std::move(body), id)), answer);
          },
          [&](Approve& body) {
            tasks_.Spawn(invitations_.Approve(std::move(body), id), answer);
          },
          [&](client::BringIn& body) {
            tasks_.Spawn(newcomers_.BringIn(std::move(body), id), answer);
          },
          [&](client::WhoAmI&) { answer(WhoAmI()); },
          [&](ListDevices& body) {
            tasks_.Spawn(directory_.List(std::move(body)), answer);
          },
          [&](ListOrganisations&) {
            tasks_.Spawn(directory_.Organisations(), answer);
          },
          [&](ListUsers& body) {
            tasks_.Spawn(directory_.Users(std::move(body)), answer);
          },
          [&](client::Revoke& body) {
            tasks_.Spawn(revocations_.Revoke(std::move(body), id), answer);
          },
          [&](ChangePassphrase& body) {
            answer(parts_.vault->ChangePassphrase(
                body.old_passphrase, body.new_passphrase, *parts_.random));
          },
          [&](auto&) { HandleRoom(command); },
      },
      command.body);
}

void Client::HandleRoom(Command& command) {
  const uint64_t id = command.id;
  const AnswerTo answer(parts_.events, id);
  std::visit(
      Overloaded{
          [&](CreateOperation& body) {
            tasks_.Spawn(operations_.Create(std::move(body), id), answer);
          },
          [&](AddToOperation& body) {
            tasks_.Spawn(operations_.Add(std::move(body), id), answer);
          },
          [&](RemoveFromOperation& body) {
            tasks_.Spawn(operations_.Remove(std::move(body), id), answer);
          },
          [&](ListOperations&) { answer(operations_.List()); },
          [&](ShowOperation& body) { answer(operations_.Show(body)); },
          [&](CreateRoom& body) {
            tasks_.Spawn(rooms_.Create(std::move(body), id), answer);
          },
          [&](ListRooms& body) { answer(rooms_.List(body)); },
          [&](ShowRoom& body) { answer(rooms_.Show(body)); },
          [&](AddToRoom& body) {
            tasks_.Spawn(rooms_.Add(std::move(body), id), answer);
          },
          [&](RemoveFromRoom& body) {
            tasks_.Spawn(rooms_.Remove(std::move(body), id), answer);
          },
          [&](LeaveRoom& body) {
            tasks_.Spawn(rooms_.Leave(std::move(body)), answer);
          },
          [&](auto&) { HandleRecord(command); },
      },
      command.body);
}

void Client::HandleRecord(Command& command) {
  const uint64_t id = command.id;
  const AnswerTo answer(parts_.events, id);
  std::visit(Overloaded{
                 [&](SendText& body) {
                   tasks_.Spawn(texts_.Send(std::move(body), id), answer);
                 },
                 [&](ReadRoom& body) { answer(texts_.Read(body)); },
                 [&](ShowRecord& body) { answer(texts_.Show(body)); },
                 [&](client::Sync& body) {
                   if (following_) {
                     tasks_.Spawn(SyncAndSettle(body, id), answer);
                   } else {
                     answer(OwnDevice::Load(*parts_.vault).status());
                   }
                 },
                 [&](ListOutbox&) { answer(syncing_.List()); },
                 [&](RetryOutbox& body) { answer(syncing_.Retry(body)); },
                 [&](DiscardOutbox& body) {
                   tasks_.Spawn(syncing_.Discard(std::move(body)), answer);
                 },
                 [&](ListFiles& body) { answer(transfers_.List(body)); },
                 [&](GetFiles& body) {
                   tasks_.Spawn(transfers_.Get(std::move(body), id), answer);
                 },
                 [&](Search& body) { answer(searching_.Find(body)); },
                 [&](ShowFigures& body) { answer(picture_.Show(body)); },
                 [&](auto&) { HandleContent(command); },
             },
             command.body);
}

void Client::HandleContent(Command& command) {
  const uint64_t id = command.id;
  const AnswerTo answer(parts_.events, id);
  std::visit(
      Overloaded{
          [&](SendInstruction& body) {
            answer(instructions_.Send(std::move(body)));
          },
          [&](Acknowledge& body) { answer(instructions_.Acknowledge(body)); },
          [&](ShowAcks& body) { answer(instructions_.Acks(body)); },
          [&](SendAlert& body) {
            tasks_.Spawn(alerts_.Send(std::move(body), id), answer);
          },
          [&](CancelAlert& body) { answer(alerts_.Cancel(body)); },
          [&](ListAlerts& body) { answer(alerts_.List(body)); },
          [&](SubmitGuide& body) {
            tasks_.Spawn(guides_.Submit(std::move(body), id), answer);
          },
          [&](ReviewGuides& body) { answer(guides_.Review(body)); },
          [&](ApproveGuide& body) {
            tasks_.Spawn(guides_.Approve(std::move(body)), answer);
          },
          [&](RejectGuide& body) { answer(guides_.Reject(body)); },
          [&](ListGuides& body) { answer(guides_.List(body)); },
          [&](ShowGuide& body) { answer(guides_.Show(body)); },
          // The others were taken before it came here.
          [](auto&) { CORDON_CHECK(false); },
      },
      command.body);
}

void Client::Tick() {
  timers_.Wake();
  tasks_.Reap();
  pump_.Reap();
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
