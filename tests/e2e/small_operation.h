#ifndef CORDON_TESTS_E2E_SMALL_OPERATION_H_
#define CORDON_TESTS_E2E_SMALL_OPERATION_H_

// A relay and three devices of one operation, "stop3": the chief of the unit,
// Alice of France and Bob of Senegal. Each is a `cordon session`, asked in JSON
// lines.
//
// The vaults' passphrases are made cheap once everybody is in, so that a
// profile opens at once and a test may kill and start programs by the hundred.
// Failures to start end the test program.
// Threads: one.

#include <cstdint>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/e2e/programs.h"

namespace cordon::testing {

using Json = nlohmann::json;

// ParseJson gives a discarded value for what is none.
Json ParseJson(const std::string& line);

// One person's session. Commands may be written ahead and read later.
class Conversation {
 public:
  explicit Conversation(Person* person, bool new_profile = false);

  // Say writes a command and gives its id.
  uint64_t Say(Json command);
  // Hear gives the next answer, past events; null when there is none.
  Json Hear();
  // Ask says one and hears its answer.
  Json Ask(Json command);

  // Kill is kill -9, and gives what had been said by then.
  std::string Kill();
  // Quit ends it as a program would.
  void Quit();

  Program& program() { return *program_; }

 private:
  std::unique_ptr<Program> program_;
  uint64_t last_id_ = 0;
};

class SmallOperation {
 public:
  SmallOperation();

  TestRelay& relay() { return relay_; }
  Person& chief() { return chief_; }
  Person& alice() { return alice_; }
  Person& bob() { return bob_; }

  // Enrol has `joiner` join by what `invite` gives, and ends its session.
  static void Enrol(Conversation& chief, Person& joiner, Json invite);
  // JoinRooms follows until the person is in the operation's rooms.
  static void JoinRooms(Person& person);

 private:
  TestRelay relay_;
  Person chief_{"chief"};
  Person alice_{"alice"};
  Person bob_{"bob"};
};

// MakeCheap wraps a vault's key anew; what is in the vault stays as it is.
void MakeCheap(const Person& person);

// AwaitSent has a session sync until nothing waits in its outbox; false if
// something still does.
bool AwaitSent(Conversation& session);

}  // namespace cordon::testing

#endif  // CORDON_TESTS_E2E_SMALL_OPERATION_H_
