#include "tests/e2e/conversation.h"

#include <csignal>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crypto/base/check.h"
#include "tests/e2e/answer.h"
#include "tests/e2e/programs.h"

namespace cordon::testing {
namespace {

constexpr int kSyncsMax = 20;

bool IsDone(const Json& answer) {
  return answer.is_object() && answer.value("ok", false);
}

}  // namespace

Conversation::Conversation(Person* person, bool new_profile) {
  std::vector<std::string> words = {"session"};
  if (new_profile) words.emplace_back("--new");
  program_ = person->Begin(words);
  const Json ready = Parsed(program_->ReadLine());
  CORDON_CHECK(ready.is_object() && ready.value("event", "") == "ready");
}

uint64_t Conversation::Say(Json command) {
  command["id"] = ++last_id_;
  program_->Write(command.dump() + "\n");
  return last_id_;
}

Json Conversation::HearAny() {
  while (true) {
    const std::string line = program_->ReadLine();
    if (line.empty()) return {};
    Json parsed = Parsed(line);
    if (!parsed.is_object()) continue;
    if (parsed.contains("event")) events_.push_back(parsed);
    return parsed;
  }
}

Json Conversation::Hear() {
  Json heard = HearAny();
  while (!heard.is_null() && heard.contains("event")) heard = HearAny();
  return heard;
}

Json Conversation::HearEvent(const std::string& kind) {
  Json heard = HearAny();
  while (!heard.is_null() && heard.value("event", "") != kind) {
    heard = HearAny();
  }
  return heard;
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

bool AwaitSent(Conversation& session) {
  for (int n = 0; n < kSyncsMax; ++n) {
    const Json answer = session.Ask({{"verb", "sync"}});
    if (!IsDone(answer)) return false;
    if (answer["result"].value("unsent", 1) == 0) return true;
  }
  return false;
}

}  // namespace cordon::testing
