#include "tests/e2e/small_operation.h"

#include <csignal>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <nlohmann/json.hpp>

#include "crypto/base/check.h"
#include "crypto/base/random.h"
#include "storage/vault/vault.h"
#include "tests/e2e/programs.h"
#include "tests/support/temp_vault.h"

namespace cordon::testing {
namespace {

constexpr int kSyncsMax = 20;

// The key is wrapped anew; what is in the vault stays as it is.
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

bool IsDone(const Json& answer) {
  return answer.is_object() && answer.value("ok", false);
}

Json Must(Json answer) {
  CORDON_CHECK(IsDone(answer));
  return answer["result"];
}

// Until a session that follows has been brought into all rooms.
void AwaitRooms(Conversation& session) {
  for (int n = 0; n < kSyncsMax; ++n) {
    Must(session.Ask({{"verb", "sync"}}));
    if (Must(session.Ask({{"verb", "room list"}}))["rooms"].size() >= 4) return;
  }
  CORDON_CHECK(false);
}

}  // namespace

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
    Enrol(chief, alice_, "fr.customs", "alice");
    Enrol(chief, bob_, "sn.customs", "bob");
    Must(chief.Ask({{"verb", "operation create"},
                    {"operation", "stop3"},
                    {"title", "Operation STOP III"},
                    {"from", "2023-12-04"},
                    {"to", "2023-12-15"},
                    {"zone", "Europe/Brussels"}}));
    for (Person* person : {&alice_, &bob_}) {
      Conversation session(person);
      AwaitRooms(session);
      session.Quit();
    }
    chief.Quit();
  }
  for (const Person* person : {&chief_, &alice_, &bob_}) MakeCheap(*person);
}

void SmallOperation::Enrol(Conversation& chief, Person& joiner,
                           const std::string& org, const std::string& user) {
  const Json invited = Must(chief.Ask({{"verb", "invite org"},
                                       {"org", org},
                                       {"title", "Customs"},
                                       {"country", "FR"},
                                       {"region", "EUR"},
                                       {"contact", user},
                                       {"contact_name", "Somebody"}}));
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

bool AwaitSent(Conversation& session) {
  for (int n = 0; n < kSyncsMax; ++n) {
    const Json answer = session.Ask({{"verb", "sync"}});
    if (!IsDone(answer)) return false;
    if (answer["result"].value("unsent", 1) == 0) return true;
  }
  return false;
}

}  // namespace cordon::testing
