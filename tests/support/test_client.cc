#include "tests/support/test_client.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/client.h"
#include "client/core/command.h"
#include "client/core/event.h"
#include "client/core/joining.h"
#include "client/core/parts.h"
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/cert/pin.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_relay.h"
#include "tests/support/temp_vault.h"

namespace cordon::testing {

absl::Status MemoryShelf::Write(ByteSpan file) {
  file_ = ToBytes(file);
  return absl::OkStatus();
}

absl::StatusOr<Bytes> MemoryShelf::Read() {
  if (!file_.has_value()) return absl::NotFoundError("no root key here");
  return *file_;
}

absl::Status MemoryShelf::Erase() {
  file_.reset();
  return absl::OkStatus();
}

TestClient::TestClient(RelayWorld* world, FakeClock* clock, uint64_t seed,
                       const std::string& file_layer)
    : clock_(clock),
      random_(seed),
      vault_(file_layer),
      relay_(world),
      own_files_(seed) {
  Restart();
}

client::Parts TestClient::MakeParts() {
  return {.vault = &*vault_,
          .relay = &relay_,
          .root_key = &shelf_,
          .files = files_,
          .clock = clock_,
          .random = &random_,
          .events = this,
          .root_key_cost = kCheapCost};
}

void TestClient::Restart() {
  client_ = nullptr;
  client_ = std::make_unique<client::Client>(MakeParts());
  const absl::Status started = client_->Start();
  CORDON_CHECK(started.ok());
}

void TestClient::RestartAfter(absl::FunctionRef<void()> cut) {
  client_ = nullptr;
  vault_.Close();
  cut();
  vault_.Reopen();
  Restart();
}

void TestClient::Emit(client::Event event) {
  if (auto* answered = std::get_if<client::Answered>(&event)) {
    answers_.insert_or_assign(answered->command, std::move(answered->answer));
  } else if (const auto* progress = std::get_if<client::Progress>(&event)) {
    progress_.push_back(*progress);
  } else {
    told_.push_back(std::move(event));
  }
}

uint64_t TestClient::Begin(client::CommandBody body) {
  client_->Handle({.id = ++last_id_, .body = std::move(body)});
  Step();
  return last_id_;
}

void TestClient::Step() {
  relay_.Run();
  client_->Tick();
  relay_.Run();
}

std::optional<absl::StatusOr<client::AnswerBody>> TestClient::Result(
    uint64_t id) {
  const auto found = answers_.find(id);
  if (found == answers_.end()) return std::nullopt;
  std::optional<absl::StatusOr<client::AnswerBody>> result(
      std::move(found->second));
  answers_.erase(found);
  return result;
}

absl::StatusOr<client::AnswerBody> TestClient::Do(client::CommandBody body) {
  const uint64_t id = Begin(std::move(body));
  std::optional<absl::StatusOr<client::AnswerBody>> result = Result(id);
  if (!result.has_value()) {
    return absl::DeadlineExceededError("the command still waits");
  }
  return *std::move(result);
}

client::CreateAuthority AuthorityCommand(const RelayWorld& world) {
  return {.relay_address = "relay.example:7443",
          .pin = cert::PinText(world.pin),
          .setup_code = world.setup_code,
          .organisation = "ocu.authority",
          .title = "Coordinating unit",
          .user = "chief",
          .user_name = "Chief",
          .device = "desk",
          .root_passphrase = Passphrase("root passphrase")};
}

absl::Status SetUpAuthority(TestClient& client, const RelayWorld& world) {
  return client.Do(AuthorityCommand(world)).status();
}

namespace {

// `joiner` redeems what `inviter` has made, and is let in.
absl::Status Redeem(TestClient& inviter, TestClient& joiner,
                    client::InvitationMade made) {
  const uint64_t join = joiner.Begin(
      client::Join{.invitation = std::move(made.text), .device = "laptop"});
  CORDON_RETURN_IF_ERROR(
      inviter
          .Do(client::Approve{.root_passphrase = Passphrase("root passphrase")})
          .status());
  joiner.clock().Advance(client::kAnswerPollInterval);
  joiner.Step();
  auto joined = joiner.Result(join);
  if (!joined.has_value()) return absl::DeadlineExceededError("still joining");
  return joined->status();
}

}  // namespace

absl::Status JoinOrganisation(TestClient& authority, TestClient& joiner,
                              const std::string& organisation,
                              const std::string& contact) {
  CORDON_ASSIGN_OR_RETURN(
      client::InvitationMade made,
      authority.As<client::InvitationMade>(client::InviteOrganisation{
          .organisation = organisation,
          .info = {.title = organisation, .country = "FR", .region = "EUR"},
          .contact = contact,
          .contact_name = contact,
          .lifetime = absl::Hours(1)}));
  return Redeem(authority, joiner, std::move(made));
}

absl::Status JoinUser(TestClient& contact, TestClient& joiner,
                      const std::string& user, const std::string& role) {
  CORDON_ASSIGN_OR_RETURN(client::InvitationMade made,
                          contact.As<client::InvitationMade>(
                              client::InviteUser{.user = user,
                                                 .user_name = user,
                                                 .role = role,
                                                 .lifetime = absl::Hours(1)}));
  return Redeem(contact, joiner, std::move(made));
}

}  // namespace cordon::testing
