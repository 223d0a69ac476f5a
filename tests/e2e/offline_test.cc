// A device without its relay, by the words of the command line: what it has
// read stays readable, what it writes waits and leaves when the relay is back.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/e2e/answer.h"
#include "tests/e2e/operation.h"
#include "tests/e2e/programs.h"
#include "tests/support/file_text.h"

namespace cordon::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;
using Words = std::vector<std::string>;

constexpr char kAsked[] = "offline, as asked";

// With the option that spares it trying the relay.
Words Offline(Words words) {
  words.emplace_back("--offline");
  return words;
}

class OfflineTest : public ::testing::Test {
 protected:
  OfflineTest() {
    stop3_.Invite(alice_, "fr.customs", "alice");
    stop3_.Create();
    Works(unit_, {"send", "stop3/general", "first container"});
    number_ = SendAlert(unit_).value("ref_no", "");
    Works(alice_, {"sync"});
  }

  static Json SendAlert(Person& person) {
    return Works(person, {"alert", "send", "stop3", "--file",
                          ExampleFile("alert.json")});
  }
  // Write gives the id of the record.
  static std::string Write(Person& person, const std::string& text) {
    const Json written =
        Works(person, Offline({"send", "stop3/general", text}));
    return written["records"][0].value("id", "");
  }
  static Json OutboxOf(Person& person) {
    return Listed(person, Offline({"outbox"}));
  }
  // How a reason begins that names the relay.
  std::string NotReached() {
    return "the relay at " + stop3_.relay().address() + " is not to be reached";
  }

  // As somebody calls them, and with --offline.
  void ExpectAllIsThere(Words (*how)(Words)) {
    EXPECT_EQ(Works(alice_, how({"read", "stop3/general"}))["content"].value(
                  "text", ""),
              "first container");
    EXPECT_THAT(
        Works(alice_, how({"search", "container"})).value("snippet", ""),
        HasSubstr("first"));
    EXPECT_THAT(Listed(alice_, how({"search", "aeroplane"})), IsEmpty());
    EXPECT_EQ(
        Works(alice_, how({"figures", "stop3"}))["total"].value("cases", 0), 1);
    EXPECT_EQ(
        Works(alice_, how({"alert", "list", "stop3"})).value("ref_no", ""),
        number_);
  }

  TestOperation stop3_;
  Person& unit_ = stop3_.unit();
  Person& alice_ = stop3_.alice();
  std::string number_;
};

TEST_F(OfflineTest, WhatWasReadIsReadSearchedAndCountedWithoutTheRelay) {
  stop3_.relay().Kill();

  ExpectAllIsThere([](Words words) { return words; });
  ExpectAllIsThere(Offline);

  // To a person it says that there may be more.
  const Ended read = alice_.Shown({"read", "stop3/general"});
  EXPECT_EQ(read.exit_code, 0);
  EXPECT_THAT(read.out, HasSubstr("first container"));
  EXPECT_THAT(read.err, AllOf(StartsWith("offline (" + NotReached()),
                              HasSubstr("how it was last seen")));
  Refused(alice_, {"org", "list"}, "unavailable");
}

TEST_F(OfflineTest, WhatWasWrittenWaitsAndIsReadOnceWhenTheRelayIsBack) {
  stop3_.relay().Kill();

  const Ended sent = alice_.Shown({"send", "stop3/general", "while away"});
  EXPECT_EQ(sent.exit_code, 0);
  EXPECT_THAT(sent.err, StartsWith("waits in the outbox: " + NotReached()));
  const Ended asked =
      alice_.Shown(Offline({"send", "stop3/general", "as asked"}));
  EXPECT_EQ(asked.exit_code, 0);
  EXPECT_EQ(asked.err, std::string("waits in the outbox: ") + kAsked + "\n");
  SendAlert(alice_);

  const Json waiting = Listed(alice_, {"outbox"});
  ASSERT_THAT(waiting, SizeIs(3));
  EXPECT_EQ(waiting[0].value("state", ""), "waiting");
  EXPECT_EQ(waiting[0].value("room", ""), "stop3/general");
  EXPECT_THAT(waiting[0].value("reason", ""), StartsWith(NotReached()));
  EXPECT_EQ(waiting[2].value("kind", ""), "alert");
  EXPECT_EQ(OutboxOf(alice_)[1].value("reason", ""), kAsked);
  const Ended synced = alice_.Shown({"sync", "--patience", "1s"});
  EXPECT_EQ(synced.exit_code, 1);
  EXPECT_THAT(synced.out, AllOf(StartsWith("Offline (" + NotReached()),
                                EndsWith("): 3 unsent.\n")));

  stop3_.relay().Start();
  EXPECT_EQ(Works(alice_, {"sync"}).value("unsent", 7), 0);

  EXPECT_THAT(OutboxOf(alice_), IsEmpty());
  Works(alice_, {"sync"});
  for (Person* const person : {&unit_, &alice_}) {
    EXPECT_THAT(TextsIn(*person, "stop3/general"),
                ElementsAre("first container", "while away", "as asked"));
    EXPECT_THAT(Listed(*person, {"alert", "list", "stop3"}), SizeIs(2));
  }
}

TEST_F(OfflineTest, WhatWasThrownAwayIsSentToNobody) {
  stop3_.relay().Kill();
  const std::string mistake = Write(alice_, "a mistake");
  Write(alice_, "as meant");

  Refused(alice_, {"outbox", "discard", "ffff"}, "not_found");
  EXPECT_THAT(OutboxOf(alice_), SizeIs(2));
  Works(alice_, {"outbox", "discard", mistake});
  EXPECT_THAT(OutboxOf(alice_), SizeIs(1));
  stop3_.relay().Start();
  Works(alice_, {"sync"});

  for (Person* const person : {&unit_, &alice_}) {
    EXPECT_THAT(TextsIn(*person, "stop3/general"),
                ElementsAre("first container", "as meant"));
  }
  Refused(alice_, {"show", mistake}, "not_found");
}

TEST_F(OfflineTest, WhatWasRefusedIsSentByRetryOnceItMayBe) {
  const std::string record = Write(alice_, "written before she was put out");
  Works(alice_, {"outbox", "retry", "--offline"});
  EXPECT_EQ(OutboxOf(alice_)[0].value("state", ""), "waiting");
  Works(unit_, {"room", "remove", "stop3/general", "fr.customs"});

  EXPECT_EQ(Works(alice_, {"sync"}).value("refused", 0), 1);
  const Json kept = OutboxOf(alice_);
  ASSERT_THAT(kept, SizeIs(1));
  EXPECT_EQ(kept[0].value("state", ""), "refused");
  EXPECT_NE(kept[0].value("reason", ""), "");
  Refused(alice_, {"outbox", "retry", "ffff"}, "not_found");

  Works(unit_, {"room", "add", "stop3/general", "fr.customs"});
  Works(alice_, {"sync"});
  EXPECT_EQ(OutboxOf(alice_)[0].value("state", ""), "refused");
  Works(alice_, {"outbox", "retry", record});
  Works(alice_, {"sync"});

  EXPECT_THAT(OutboxOf(alice_), IsEmpty());
  EXPECT_THAT(TextsIn(unit_, "stop3/general"),
              ElementsAre("first container", "written before she was put out"));
}

}  // namespace
}  // namespace cordon::testing
