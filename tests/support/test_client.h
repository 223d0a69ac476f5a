#ifndef CORDON_TESTS_SUPPORT_TEST_CLIENT_H_
#define CORDON_TESTS_SUPPORT_TEST_CLIENT_H_

// A client's core with a real vault and a relay in memory, stepped by hand.
//
//   TestClient alice(&world, &clock, /*seed=*/1);
//   EXPECT_OK(alice.Do(WhoAmI{}));
//
// Do runs a command until it is answered or nothing moves any more; a command
// that waits for somebody else is begun with Begin and looked at with Result.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/client.h"
#include "client/core/command.h"
#include "client/core/event.h"
#include "client/core/file_lane.h"
#include "client/core/parts.h"
#include "crypto/base/bytes.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_file_lane.h"
#include "tests/support/fake_relay.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temp_vault.h"

namespace cordon::testing {

class MemoryShelf final : public client::RootKeyShelf {
 public:
  absl::Status Write(ByteSpan file) override;
  absl::StatusOr<Bytes> Read() override;
  absl::Status Erase() override;

 private:
  std::optional<Bytes> file_;
};

class TestClient final : public client::EventSink {
 public:
  // `file_layer` is its vault's (temp_vault.h).
  TestClient(RelayWorld* world, FakeClock* clock, uint64_t seed,
             const std::string& file_layer = "");

  // Begin posts a command and lets it go as far as it can; its id.
  uint64_t Begin(client::CommandBody body);
  // Step gives waiting answers and lets time-driven flows go on.
  void Step();
  // Result is empty while the command has not been answered.
  std::optional<absl::StatusOr<client::AnswerBody>> Result(uint64_t id);

  // Do is Begin and Result; kDeadlineExceeded if the command still waits.
  absl::StatusOr<client::AnswerBody> Do(client::CommandBody body);
  // As does the same for an answer of a known type.
  template <typename T>
  absl::StatusOr<T> As(client::CommandBody body) {
    absl::StatusOr<client::AnswerBody> answer = Do(std::move(body));
    if (!answer.ok()) return answer.status();
    return std::get<T>(*std::move(answer));
  }

  // Restart throws the core away and makes it anew from the vault, as after a
  // crash.
  void Restart();
  // RestartAfter also closes the vault, and opens it again after `cut`.
  void RestartAfter(absl::FunctionRef<void()> cut);

  FakeRelay& relay() { return relay_; }
  FakeClock& clock() { return *clock_; }
  TempVault& vault() { return vault_; }
  FakeFileLane& files() { return own_files_; }
  MemoryShelf& shelf() { return shelf_; }
  std::vector<client::Progress>& progress() { return progress_; }
  // What was told without being asked for, in order.
  std::vector<client::Event>& told() { return told_; }
  // Told gives those of one type.
  template <typename T>
  std::vector<T> Told() const {
    std::vector<T> found;
    for (const client::Event& event : told_) {
      if (const auto* one = std::get_if<T>(&event)) found.push_back(*one);
    }
    return found;
  }

  // UseFiles gives the core another file lane, which outlives this client.
  void UseFiles(client::FileLane* files) {
    files_ = files;
    Restart();
  }

  void Emit(client::Event event) override;

 private:
  client::Parts MakeParts();

  FakeClock* const clock_;
  SeededRandom random_;
  TempVault vault_;
  FakeRelay relay_;
  FakeFileLane own_files_;
  MemoryShelf shelf_;
  uint64_t last_id_ = 0;
  std::map<uint64_t, absl::StatusOr<client::AnswerBody>> answers_;
  std::vector<client::Progress> progress_;
  std::vector<client::Event> told_;
  client::FileLane* files_ = &own_files_;
  std::unique_ptr<client::Client> client_;
};

// An authority "ocu.authority" with the user "chief" on `client`.
client::CreateAuthority AuthorityCommand(const RelayWorld& world);
absl::Status SetUpAuthority(TestClient& client, const RelayWorld& world);

// Invites, redeems and approves; `joiner` is a device afterwards.
absl::Status JoinOrganisation(TestClient& authority, TestClient& joiner,
                              const std::string& organisation,
                              const std::string& contact);
// The same for one more user of `contact`'s organisation.
absl::Status JoinUser(TestClient& contact, TestClient& joiner,
                      const std::string& user, const std::string& role);

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_TEST_CLIENT_H_
