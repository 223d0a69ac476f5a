#ifndef CORDON_TESTS_E2E_CONVERSATION_H_
#define CORDON_TESTS_E2E_CONVERSATION_H_

// A `cordon session` of one person, asked in JSON lines.
// Failures to start end the test program.
// Threads: one.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/answer.h"
#include "tests/e2e/programs.h"

namespace cordon::testing {

// Commands may be written ahead and read later.
class Conversation {
 public:
  explicit Conversation(Person* person, bool new_profile = false);

  // Say writes a command and gives its id.
  uint64_t Say(Json command);
  // Hear gives the next answer, past events; null when there is none.
  Json Hear();
  // HearEvent gives the next event of a kind, past answers and other events.
  Json HearEvent(const std::string& kind);
  // The events heard so far, in order; what is asked for comes.
  const std::vector<Json>& events() const { return events_; }
  // Ask says one and hears its answer.
  Json Ask(Json command);

  // Kill is kill -9, and gives what had been said by then.
  std::string Kill();
  // Quit ends it as a program would.
  void Quit();

  Program& program() { return *program_; }

 private:
  // Null at the end of what is said.
  Json HearAny();

  std::unique_ptr<Program> program_;
  uint64_t last_id_ = 0;
  std::vector<Json> events_;
};

// AwaitSent has a session sync until nothing waits in its outbox; false if
// something still does.
bool AwaitSent(Conversation& session);

}  // namespace cordon::testing

#endif  // CORDON_TESTS_E2E_CONVERSATION_H_
