#include "tests/support/fake_relay.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/delivery_types.h"
#include "client/core/relay.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/join_request.h"
#include "crypto/cert/name.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/fake_follow.h"
#include "tests/support/fake_rooms.h"
#include "tests/support/fake_world.h"

namespace cordon::testing {
namespace {

using ::cordon::client::Done;
using ::cordon::client::Unit;

constexpr size_t kRowsPerPage = 2;

absl::Status NoInvitation() {
  return absl::NotFoundError("the relay does not know this invitation");
}

}  // namespace

// One Follow stream.
class FakeStream final : public client::FollowStream {
 public:
  FakeStream(FakeRelay* relay, client::FollowCall call)
      : relay_(relay), call_(std::move(call)) {}
  FakeStream(const FakeStream&) = delete;
  FakeStream& operator=(const FakeStream&) = delete;
  ~FakeStream() override {
    if (relay_->stream_ == this) relay_->stream_ = nullptr;
  }

  void Read(Done<std::vector<client::FollowItem>> done) override {
    CORDON_CHECK(!done_.has_value());
    done_.emplace(std::move(done));
    if (!ended_.ok()) Answer(ended_);
  }

  // End has this and every later Read answered with `why`.
  void End(absl::Status why) {
    ended_ = std::move(why);
    if (relay_->stream_ == this) relay_->stream_ = nullptr;
    if (done_.has_value()) Answer(ended_);
  }

  // Give answers who reads, if there is something; false if nothing was done.
  bool Give() {
    if (!done_.has_value()) return false;
    const absl::StatusOr<FakeCall> caller = relay_->Call();
    if (!caller.ok()) {
      End(caller.status());
      return true;
    }
    if (!place_.has_value()) {
      place_.emplace(relay_->world_, caller->caller, call_);
    }
    std::vector<client::FollowItem> items = place_->Next(relay_->lies_);
    if (items.empty()) return false;
    Answer(std::move(items));
    return true;
  }

 private:
  // The answer waits like that of any call, and is dropped with the stream.
  void Answer(absl::StatusOr<std::vector<client::FollowItem>> answer) {
    auto done = std::make_shared<Done<std::vector<client::FollowItem>>>(
        *std::exchange(done_, std::nullopt));
    under_way_ = done;
    relay_->waiting_.push_back(
        [done = std::weak_ptr(done), answer = std::move(answer)]() mutable {
          const auto waiting = done.lock();
          if (waiting != nullptr) std::move (*waiting)(std::move(answer));
        });
  }

  FakeRelay* const relay_;
  const client::FollowCall call_;
  absl::Status ended_;
  std::optional<FollowPlace> place_;
  std::optional<Done<std::vector<client::FollowItem>>> done_;
  // Owned here alone: who destroys the stream is not called back.
  std::shared_ptr<Done<std::vector<client::FollowItem>>> under_way_;
};

void FakeRelay::Run() {
  while (true) {
    if (!waiting_.empty()) {
      absl::AnyInvocable<void() &&> next = std::move(waiting_.front());
      waiting_.erase(waiting_.begin());
      std::move(next)();
    } else if (stream_ == nullptr || !stream_->Give()) {
      return;
    }
  }
}

void FakeRelay::Do(Done<Unit> done,
                   const std::function<absl::Status()>& effect) {
  Answer<Unit>(std::move(done), [&effect]() -> absl::StatusOr<Unit> {
    CORDON_RETURN_IF_ERROR(effect());
    return Unit{};
  });
}

absl::StatusOr<cert::DeviceName> FakeRelay::Caller() const {
  if (!connection_.has_value() || !connection_->identity.has_value()) {
    return absl::UnauthenticatedError("this call needs a certificate");
  }
  return connection_->identity->transport.device().value();
}

absl::StatusOr<FakeCall> FakeRelay::Call() const {
  if (!connection_.has_value()) {
    return absl::FailedPreconditionError("not connected");
  }
  return world_->Call(*connection_);
}

void FakeRelay::Connect(client::ConnectCall call) {
  connection_ = std::move(call);
}

void FakeRelay::SetUp(client::SetUpCall call, Done<Unit> done) {
  Answer<Unit>(std::move(done), [&]() -> absl::StatusOr<Unit> {
    if (call.setup_code != world_->setup_code) {
      return absl::PermissionDeniedError("the set-up code is wrong");
    }
    if (!world_->root.empty() && world_->root != call.root_certificate) {
      return absl::FailedPreconditionError("the relay has another root");
    }
    world_->root = call.root_certificate;
    return Unit{};
  });
}

void FakeRelay::Redeem(InvitationId invitation, Bytes request,
                       Done<Unit> done) {
  Answer<Unit>(std::move(done), [&]() -> absl::StatusOr<Unit> {
    const auto found = world_->invitations.find(invitation);
    if (found == world_->invitations.end()) return NoInvitation();
    RelayWorld::Invited& invited = found->second;
    if (invited.request == request) return Unit{};
    if (invited.state != client::InvitationState::kOpen) {
      return absl::FailedPreconditionError("the invitation has been used");
    }
    CORDON_ASSIGN_OR_RETURN(const cert::JoinRequest parsed,
                            cert::JoinRequest::Parse(request));
    Ed25519PublicKey key{};
    std::copy(invited.public_key.begin(), invited.public_key.end(),
              key.begin());
    CORDON_RETURN_IF_ERROR(
        parsed.VerifyAtRelay(key, invited.expires, world_->clock->Now()));
    invited.request = request;
    invited.state = client::InvitationState::kRequested;
    return Unit{};
  });
}

void FakeRelay::FetchAnswer(InvitationId invitation, Done<Bytes> done) {
  Answer<Bytes>(std::move(done), [&]() -> absl::StatusOr<Bytes> {
    const auto found = world_->invitations.find(invitation);
    if (found == world_->invitations.end()) return NoInvitation();
    return found->second.answer;
  });
}

void FakeRelay::Invite(client::InviteCall call, Done<Unit> done) {
  Answer<Unit>(std::move(done), [&]() -> absl::StatusOr<Unit> {
    CORDON_ASSIGN_OR_RETURN(cert::DeviceName inviter, Caller());
    world_->invitations.emplace(
        call.invitation,
        RelayWorld::Invited{.public_key = call.public_key,
                            .expires = call.expires,
                            .for_organisation = call.for_organisation,
                            .inviter = std::move(inviter)});
    return Unit{};
  });
}

void FakeRelay::ListInvitations(InvitationId after,
                                Done<client::InvitationPage> done) {
  using Page = client::InvitationPage;
  Answer<Page>(std::move(done), [&]() -> absl::StatusOr<Page> {
    CORDON_ASSIGN_OR_RETURN(const cert::DeviceName caller, Caller());
    Page page;
    for (const auto& [id, invited] : world_->invitations) {
      if (id <= after || invited.inviter != caller) continue;
      if (page.invitations.size() == kRowsPerPage) {
        page.more = true;
        break;
      }
      page.invitations.push_back({.invitation = id,
                                  .expires = invited.expires,
                                  .state = invited.state,
                                  .request = invited.request});
    }
    return page;
  });
}

void FakeRelay::RevokeInvitation(InvitationId invitation, Done<Unit> done) {
  Answer<Unit>(std::move(done), [&]() -> absl::StatusOr<Unit> {
    const auto found = world_->invitations.find(invitation);
    if (found == world_->invitations.end()) return NoInvitation();
    found->second.state = client::InvitationState::kRevoked;
    return Unit{};
  });
}

void FakeRelay::AnswerRequest(InvitationId invitation, Bytes answer,
                              Done<Unit> done) {
  Answer<Unit>(std::move(done), [&]() -> absl::StatusOr<Unit> {
    const auto found = world_->invitations.find(invitation);
    if (found == world_->invitations.end()) return NoInvitation();
    found->second.answer = answer;
    found->second.state = client::InvitationState::kAnswered;
    return Unit{};
  });
}

void FakeRelay::Enter(std::vector<Bytes> identity,
                      std::vector<Bytes> /*transport*/, Done<Unit> done) {
  Answer<Unit>(std::move(done), [&]() -> absl::StatusOr<Unit> {
    CORDON_ASSIGN_OR_RETURN(const cert::DeviceName caller, Caller());
    world_->devices[caller.id()] = {.device = caller.id(),
                                    .identity = identity,
                                    .since = world_->clock->Now()};
    return Unit{};
  });
}

void FakeRelay::ListDevices(DeviceId after, std::string organisation,
                            Done<client::DevicePage> done) {
  using Page = client::DevicePage;
  Answer<Page>(std::move(done), [&]() -> absl::StatusOr<Page> {
    Page page;
    for (const auto& [id, row] : world_->devices) {
      if (id <= after) continue;
      CORDON_ASSIGN_OR_RETURN(const cert::Certificate leaf,
                              cert::Certificate::Parse(row.identity.at(0)));
      if (!organisation.empty() && leaf.org()->text() != organisation) continue;
      if (page.devices.size() == kRowsPerPage) {
        page.more = true;
        break;
      }
      page.devices.push_back(row);
    }
    return page;
  });
}

void FakeRelay::Revoke(client::CrlItem list, Done<Unit> done) {
  Do(std::move(done), [&]() -> absl::Status {
    CORDON_RETURN_IF_ERROR(Call().status());
    return world_->Revoke(list);
  });
}

void FakeRelay::PublishKeyPackages(
    std::vector<client::KeyPackageUpload> packages, Done<uint64_t> done) {
  Answer<uint64_t>(std::move(done), [&]() -> absl::StatusOr<uint64_t> {
    CORDON_ASSIGN_OR_RETURN(const FakeCall call, Call());
    return world_->Publish(call.caller, packages);
  });
}

void FakeRelay::ClaimKeyPackages(
    RoomId /*room*/, std::vector<DeviceId> devices,
    Done<std::vector<client::ClaimedKeyPackage>> done) {
  using Claimed = std::vector<client::ClaimedKeyPackage>;
  Answer<Claimed>(std::move(done), [&]() -> absl::StatusOr<Claimed> {
    CORDON_RETURN_IF_ERROR(Call().status());
    Claimed claimed;
    for (const DeviceId& device : devices) {
      claimed.push_back(world_->Claim(device));
    }
    return claimed;
  });
}

void FakeRelay::GoAway() {
  away_ = true;
  CutStream(absl::UnavailableError("the relay is away"));
}

void FakeRelay::CutStream(absl::Status why) {
  if (stream_ != nullptr) stream_->End(std::move(why));
}

std::unique_ptr<client::FollowStream> FakeRelay::Follow(
    client::FollowCall call) {
  CutStream(absl::AbortedError("this device opened another stream"));
  auto stream = std::make_unique<FakeStream>(this, std::move(call));
  stream_ = stream.get();
  if (away_) CutStream(absl::UnavailableError("the relay is away"));
  return stream;
}

}  // namespace cordon::testing
