#ifndef CORDON_TESTS_E2E_OPERATION_H_
#define CORDON_TESTS_E2E_OPERATION_H_

// An operation on the programs as they ship: a relay, the coordinating unit,
// and whoever joins through an invitation before the operation is made.
//
//   TestOperation stop3;
//   stop3.Invite(stop3.alice(), "fr.customs", "alice");
//   stop3.Create();
//
// What does not succeed fails the test that is running.
// Threads: one at a time.

#include <functional>
#include <string>
#include <vector>

#include "tests/e2e/answer.h"
#include "tests/e2e/programs.h"

namespace cordon::testing {

class TestOperation {
 public:
  TestOperation();

  TestRelay& relay() { return relay_; }
  Person& unit() { return unit_; }
  Person& alice() { return alice_; }
  Person& bea() { return bea_; }

  // Offer gives the text of an invitation for an organisation's contact.
  std::string Offer(const std::string& organisation,
                    const std::string& contact);
  // OfferUser gives that of one for a user of the contact point's organisation.
  static std::string OfferUser(Person& contact, const std::string& user,
                               const std::string& role);
  // Redeem has `joiner` join and `inviter` approve it.
  static void Redeem(Person& joiner, const std::string& invitation,
                     Person& inviter, const std::string& device = "desk");
  // Invite is both, by the unit.
  void Invite(Person& joiner, const std::string& organisation,
              const std::string& contact) {
    Redeem(joiner, Offer(organisation, contact), unit_);
  }
  // Create makes the operation stop3 with everybody who has joined.
  void Create();

 private:
  TestRelay relay_;
  Person unit_{"unit"};
  Person alice_{"alice"};
  Person bea_{"bea"};
};

// Works runs a command that must succeed, and gives the first line it printed.
Json Works(Person& person, std::vector<std::string> words);
// Listed gives an array of all lines of it.
Json Listed(Person& person, std::vector<std::string> words);
// What somebody sees of a room: its texts, and the devices that are in it.
std::vector<std::string> TextsIn(Person& person, const std::string& room);
std::vector<std::string> MembersOf(Person& person, const std::string& room);
// Refused runs one that must be refused with that code, a sentence, which it
// gives, and nothing on standard output.
std::string Refused(Person& person, std::vector<std::string> words,
                    const std::string& code);
// Until asks again until `done` or patience is over; false then.
bool Until(const std::function<bool()>& done);

}  // namespace cordon::testing

#endif  // CORDON_TESTS_E2E_OPERATION_H_
