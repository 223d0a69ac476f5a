#include "tests/e2e/small_operation.h"

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <nlohmann/json.hpp>

#include "crypto/base/check.h"
#include "crypto/base/random.h"
#include "storage/vault/vault.h"
#include "tests/e2e/programs.h"
#include "tests/support/temp_vault.h"

namespace cordon::testing {
namespace {

constexpr int kSyncsMax = 20;
constexpr size_t kRooms = 4;  // instructions, alerts, library, general

bool IsDone(const Json& answer) {
  return answer.is_object() && answer.value("ok", false);
}

Json Must(Json answer) {
  CORDON_CHECK(IsDone(answer));
  return answer["result"];
}

Json InviteOrg(const std::string& org, const std::string& contact) {
  return {{"verb", "invite org"},      {"org", org},      {"title", "Customs"},
          {"country", "FR"},           {"region", "EUR"}, {"contact", contact},
          {"contact_name", "Somebody"}};
}

}  // namespace

void MakeCheap(const Person& person) {
  absl::StatusOr<std::unique_ptr<vault::Vault>> vault = vault::Vault::Open(
      {.folder = person.profile(), .cost = kCheapCost, .file_layer = {}},
      Passphrase(person.passphrase()));
  CORDON_CHECK(vault.ok());
  CORDON_CHECK((*vault)
                   ->ChangePassphrase(Passphrase(person.passphrase()),
                                      Passphrase(person.passphrase()),
                                      SystemRandom())
                   .ok());
}

Json ParseJson(const std::string& line) {
  return Json::parse(line, nullptr, /*allow_exceptions=*/false);
}

Conversation::Conversation(Person* person, bool new_profile) {
  std::vector<std::string> words = {"session"};
  if (new_profile) words.emplace_back("--new");
  program_ = person->Begin(words);
  const Json ready = ParseJson(program_->ReadLine());
  CORDON_CHECK(ready.is_object() && ready.value("event", "") == "ready");
}

uint64_t Conversation::Say(Json command) {
  command["id"] = ++last_id_;
  program_->Write(command.dump() + "\n");
  return last_id_;
}

Json Conversation::Hear() {
  while (true) {
    const std::string line = program_->ReadLine();
    if (line.empty()) return {};
    Json parsed = ParseJson(line);
    if (parsed.is_object() && parsed.contains("id")) return parsed;
  }
}

Json Conversation::Ask(Json command) {
  const uint64_t id = Say(std::move(command));
  while (true) {
    Json answer = Hear();
    if (answer.is_null() || answer.value("id", uint64_t{0}) == id) {
      return answer;
    }
  }
}

std::string Conversation::Kill() {
  program_->Signal(SIGKILL);
  return program_->Wait().out;
}

void Conversation::Quit() {
  Ask({{"verb", "quit"}});
  CORDON_CHECK(program_->Wait().exit_code == 0);
}

SmallOperation::SmallOperation() {
  relay_.Start();
  {
    Conversation chief(&chief_, /*new_profile=*/true);
    Must(chief.Ask({{"verb", "authority create"},
                    {"server", relay_.address()},
                    {"pin", relay_.pin()},
                    {"setup_code", relay_.setup_code()},
                    {"org", "ocu.authority"},
                    {"org_name", "Coordinating unit"},
                    {"user", "chief"},
                    {"name", "A. Chief"}}));
    Enrol(chief, alice_, InviteOrg("fr.customs", "alice"));
    Enrol(chief, bob_, InviteOrg("sn.customs", "bob"));
    Must(chief.Ask({{"verb", "operation create"},
                    {"operation", "stop3"},
                    {"title", "Operation STOP III"},
                    {"from", "2023-12-04"},
                    {"to", "2023-12-15"},
                    {"zone", "Europe/Brussels"}}));
    for (Person* person : {&alice_, &bob_}) JoinRooms(*person);
    chief.Quit();
  }
  for (const Person* person : {&chief_, &alice_, &bob_}) MakeCheap(*person);
}

void SmallOperation::Enrol(Conversation& chief, Person& joiner, Json invite) {
  const Json invited = Must(chief.Ask(std::move(invite)));
  Conversation session(&joiner, /*new_profile=*/true);
  session.Say({{"verb", "join"}, {"invitation", invited["invitation"]}});
  // The request is there once the relay has it.
  while (Must(chief.Ask({{"verb", "approve"}}))["names"].empty()) {
  }
  Must(session.Hear());
  // Its key packages are at the relay before anybody adds it.
  Must(session.Ask({{"verb", "sync"}}));
  session.Quit();
}

void SmallOperation::JoinRooms(Person& person) {
  Conversation session(&person);
  // Somebody who may brings a newcomer in, in their own time.
  const absl::Time deadline = absl::Now() + kProgramPatience;
  while (absl::Now() < deadline) {
    Must(session.Ask({{"verb", "sync"}}));
    const Json rooms = Must(session.Ask({{"verb", "room list"}}))["rooms"];
    if (rooms.size() < kRooms) {
      absl::SleepFor(absl::Milliseconds(50));
      continue;
    }
    session.Quit();
    return;
  }
  CORDON_CHECK(false);
}

bool AwaitSent(Conversation& session) {
  for (int n = 0; n < kSyncsMax; ++n) {
    const Json answer = session.Ask({{"verb", "sync"}});
    if (!IsDone(answer)) return false;
    if (answer["result"].value("unsent", 1) == 0) return true;
  }
  return false;
}

}  // namespace cordon::testing
