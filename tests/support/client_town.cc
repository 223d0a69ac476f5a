#include "tests/support/client_town.h"

#include <memory>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "client/core/command.h"
#include "client/core/view/operation.h"
#include "tests/support/must.h"
#include "tests/support/test_client.h"

namespace cordon::testing {
namespace {

// Rounds of steps after which nothing moves any more.
constexpr int kRounds = 8;

}  // namespace

ClientTown::ClientTown() {
  world_.clock = &clock_;
  Must(SetUpAuthority(Add(), world_));
}

TestClient& ClientTown::Add() {
  clients_.push_back(
      std::make_unique<TestClient>(&world_, &clock_,
                                   /*seed=*/clients_.size() + 1));
  return *clients_.back();
}

void ClientTown::Settle() {
  for (int i = 0; i < kRounds; ++i) {
    for (const std::unique_ptr<TestClient>& client : clients_) client->Step();
  }
}

void ClientTown::Wait(absl::Duration span) {
  clock_.Advance(span);
  Settle();
}

client::CreateOperation Stop3() {
  return {.operation = "stop3",
          .title = "STOP III",
          .first_day = absl::CivilDay(2023, 12, 4),
          .last_day = absl::CivilDay(2023, 12, 15),
          .zone = "Europe/Brussels"};
}

void FoundStop3(ClientTown& town, TestClient& alice, TestClient& holder) {
  Must(JoinOrganisation(town.chief(), alice, "fr.customs", "alice"));
  Must(JoinOrganisation(town.chief(), holder, "acme.rightsholder", "eve"));
  town.Settle();
  Must(town.Do<client::MembershipChange>(town.chief(), Stop3()).status());
}

}  // namespace cordon::testing
