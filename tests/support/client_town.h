#ifndef CORDON_TESTS_SUPPORT_CLIENT_TOWN_H_
#define CORDON_TESTS_SUPPORT_CLIENT_TOWN_H_

// Client cores at one relay in memory, who come to it as people do: the first
// is the authority's, the others are strangers until they join.
//
//   ClientTown town;
//   TestClient& alice = town.Add();
//   ASSERT_OK(JoinOrganisation(town.chief(), alice, "fr.customs", "alice"));
//   ASSERT_OK(town.Do<client::MembershipChange>(town.chief(), Stop3()));

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/command.h"
#include "client/core/event.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_relay.h"
#include "tests/support/fake_world.h"
#include "tests/support/test_client.h"

namespace cordon::testing {

class ClientTown {
 public:
  // With an authority, as SetUpAuthority makes it.
  ClientTown();

  // Add makes a program that has no profile yet.
  TestClient& Add();
  TestClient& chief() { return *clients_.front(); }

  RelayWorld& world() { return world_; }
  FakeClock& clock() { return clock_; }

  // Settle steps everybody until what one of them does has reached all.
  void Settle();
  // Wait lets time pass at once, and settles.
  void Wait(absl::Duration span);

  // Do runs a command with everybody reading meanwhile; kDeadlineExceeded if
  // it still waits.
  template <typename T>
  absl::StatusOr<T> Do(TestClient& client, client::CommandBody body) {
    const uint64_t id = client.Begin(std::move(body));
    Settle();
    std::optional<absl::StatusOr<client::AnswerBody>> result =
        client.Result(id);
    if (!result.has_value()) {
      return absl::DeadlineExceededError("the command still waits");
    }
    if (!result->ok()) return result->status();
    return std::get<T>(**std::move(result));
  }

 private:
  FakeClock clock_;
  RelayWorld world_;
  std::vector<std::unique_ptr<TestClient>> clients_;
};

// Stop3 makes the operation "stop3" with its rooms.
client::CreateOperation Stop3();

// FoundStop3 makes it with `alice`, the contact point of fr.customs, and
// `holder`, that of acme.rightsholder.
void FoundStop3(ClientTown& town, TestClient& alice, TestClient& holder);

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_CLIENT_TOWN_H_
