#include "tests/e2e/operation.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "tests/e2e/answer.h"
#include "tests/e2e/programs.h"

namespace cordon::testing {

Json Works(Person& person, std::vector<std::string> words) {
  SCOPED_TRACE(::testing::PrintToString(words));
  const Ended ended = person.Cordon(std::move(words));
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  return Parsed(ended.out);
}

Json Listed(Person& person, std::vector<std::string> words) {
  SCOPED_TRACE(::testing::PrintToString(words));
  const Ended ended = person.Cordon(std::move(words));
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  return ParsedLines(ended.out);
}

std::vector<std::string> TextsIn(Person& person, const std::string& room) {
  std::vector<std::string> texts;
  for (const Json& record : Listed(person, {"read", room})) {
    if (record.value("kind", "") != "text") continue;
    texts.push_back(record["content"].value("text", ""));
  }
  return texts;
}

std::vector<std::string> MembersOf(Person& person, const std::string& room) {
  return Column(Works(person, {"room", "show", room})["members"], "device");
}

std::string Refused(Person& person, std::vector<std::string> words,
                    const std::string& code) {
  SCOPED_TRACE(::testing::PrintToString(words));
  const Ended ended = person.Cordon(std::move(words));
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_EQ(CodeOf(ended), code);
  EXPECT_EQ(ended.out, "");
  EXPECT_NE(SentenceOf(ended), "");
  return SentenceOf(ended);
}

bool Until(const std::function<bool()>& done) {
  const absl::Time deadline = absl::Now() + kProgramPatience;
  while (!done()) {
    if (absl::Now() >= deadline) return false;
  }
  return true;
}

TestOperation::TestOperation() {
  relay_.Start();
  Works(unit_, {"authority", "create", "--server", relay_.address(), "--pin",
                relay_.pin(), "--setup-code", relay_.setup_code(), "--org",
                "ocu.authority", "--org-name", "Coordinating unit", "--user",
                "eva", "--name", "Eva E."});
}

std::string TestOperation::Offer(const std::string& organisation,
                                 const std::string& contact) {
  return Works(unit_, {"invite", "org", organisation, "--title",
                       "An organisation", "--country", "FR", "--region", "EUR",
                       "--contact", contact, "--contact-name", "Somebody"})
      .value("invitation", "");
}

std::string TestOperation::OfferUser(Person& contact, const std::string& user,
                                     const std::string& role) {
  return Works(contact,
               {"invite", "user", user, "--name", "Somebody", "--role", role})
      .value("invitation", "");
}

void TestOperation::Redeem(Person& joiner, const std::string& invitation,
                           Person& inviter, const std::string& device) {
  const std::unique_ptr<Program> joining =
      joiner.Begin({"join", invitation, "--device", device});
  EXPECT_TRUE(Until([&] {
    return !Works(inviter, {"approve"}).value("names", Json()).empty();
  }));
  const Ended joined = joining->Wait();
  EXPECT_EQ(joined.exit_code, 0) << joined.err;
}

void TestOperation::Create() {
  Works(unit_, {"operation", "create", "stop3", "--title", "Operation STOP III",
                "--from", "2023-12-04", "--to", "2023-12-15", "--zone", "UTC"});
  Works(unit_, {"sync"});
}

}  // namespace cordon::testing
