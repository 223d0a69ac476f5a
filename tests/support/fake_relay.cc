#include "tests/support/fake_relay.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/join_request.h"
#include "crypto/cert/name.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::testing {
namespace {

using ::cordon::client::Done;
using ::cordon::client::Unit;

constexpr size_t kRowsPerPage = 2;

absl::Status NoInvitation() {
  return absl::NotFoundError("the relay does not know this invitation");
}

}  // namespace

void FakeRelay::Run() {
  while (!waiting_.empty()) {
    absl::AnyInvocable<void() &&> next = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    std::move(next)();
  }
}

template <typename T>
void FakeRelay::Answer(Done<T> done,
                       const std::function<absl::StatusOr<T>()>& effect) {
  absl::StatusOr<T> result = absl::UnavailableError("the relay is away");
  if (fail_next_.has_value()) {
    result = *std::exchange(fail_next_, std::nullopt);
  } else if (std::exchange(lose_next_, false)) {
    (void)effect();  // Its answer is what gets lost.
  } else {
    result = effect();
  }
  waiting_.push_back(
      [done = std::move(done), result = std::move(result)]() mutable {
        std::move(done)(std::move(result));
      });
}

absl::StatusOr<cert::DeviceName> FakeRelay::Caller() const {
  if (!connection_.has_value() || !connection_->identity.has_value()) {
    return absl::UnauthenticatedError("this call needs a certificate");
  }
  return connection_->identity->transport.device().value();
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

}  // namespace cordon::testing
