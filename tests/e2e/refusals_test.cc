// What the shipped client refuses to people: rights holders what is not theirs,
// officers what only coordinators may say, the revoked everything; and what it
// says to words that mean nothing.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "tests/e2e/answer.h"
#include "tests/e2e/operation.h"
#include "tests/e2e/programs.h"
#include "tests/support/file_text.h"

namespace cordon::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;
using Words = std::vector<std::string>;

constexpr char kPhoto[] = "not really a picture";

std::vector<std::string> FieldsOf(const Ended& ended) {
  std::vector<std::string> fields;
  const Json json = Parsed(ended.err);
  if (!json.is_object()) return fields;
  for (const Json& fault : json["error"].value("faults", Json::array())) {
    fields.push_back(fault.value("field", ""));
  }
  return fields;
}

class RefusalsTest : public ::testing::Test {
 protected:
  static std::string OutboxOf(Person& person) {
    return person.Cordon({"outbox", "--offline"}).out;
  }

  TestOperation stop3_;
  Person& unit_ = stop3_.unit();
  Person& alice_ = stop3_.alice();
  Person& bea_ = stop3_.bea();
};

TEST_F(RefusalsTest, RightsHolderSeesNothingOfTheAlerts) {
  stop3_.Invite(alice_, "fr.customs", "alice");
  stop3_.Invite(bea_, "brand.rightsholder", "bea");
  stop3_.Create();
  Works(alice_, {"sync"});
  Works(bea_, {"sync"});
  alice_.WriteFile("photo.jpg", kPhoto);
  const Json sent = Works(
      alice_, {"alert", "send", "stop3", "--file", ExampleFile("alert.json"),
               "--photo", alice_.File("photo.jpg")});
  const std::string record = sent["records"][0].value("id", "");
  const Json file = Works(unit_, {"file", "list", "stop3/alerts"});
  const std::string blob = file["file"].value("blob", "");
  ASSERT_THAT(blob, Not(IsEmpty())) << file;

  const Ended rooms = bea_.Cordon({"room", "list"});
  EXPECT_THAT(rooms.out, HasSubstr("\"kind\":\"intake\""));
  EXPECT_THAT(rooms.out, Not(HasSubstr("alerts")));
  EXPECT_THAT(Refused(bea_, {"alert", "list", "stop3"}, "not_found"),
              HasSubstr("in no alerts room"));
  EXPECT_THAT(Refused(bea_, {"figures", "stop3"}, "permission_denied"),
              HasSubstr("not in the alerts room"));
  Refused(bea_, {"alert", "send", "stop3", "--file", ExampleFile("alert.json")},
          "not_found");
  Refused(bea_, {"read", "stop3/alerts"}, "not_found");
  Refused(bea_, {"alert", "show", record}, "not_found");
  for (const std::string& wanted : {blob, record}) {
    Refused(bea_, {"file", "get", wanted, "--out", bea_.File("got")},
            "not_found");
  }
  EXPECT_FALSE(std::filesystem::exists(bea_.File("got")));
  EXPECT_THAT(OutboxOf(bea_), IsEmpty());

  // A Member's device, in the same way.
  Works(unit_, {"file", "get", blob, "--out", unit_.File("got")});
  EXPECT_EQ(std::filesystem::file_size(unit_.File("got") + "/photo.jpg"),
            sizeof(kPhoto) - 1);
}

TEST_F(RefusalsTest, OfficerDoesNotSpeakInABroadcastRoom) {
  stop3_.Invite(alice_, "fr.customs", "alice");
  stop3_.Create();
  Works(alice_, {"sync"});

  Refused(alice_,
          {"instruct", "stop3", "--title", "All go", "--text", "Now", "--ack",
           "none"},
          "permission_denied");
  Refused(alice_, {"send", "stop3/instructions", "All go"},
          "permission_denied");

  EXPECT_THAT(OutboxOf(alice_), IsEmpty());
  EXPECT_THAT(unit_.Cordon({"read", "stop3/instructions"}).out,
              Not(HasSubstr("All go")));
  // What it may do there still works.
  const Json instructed =
      Works(unit_, {"instruct", "stop3", "--title", "Targets", "--text",
                    "Today", "--ack-deadline", "2040-01-01T00:00:00Z"});
  Works(alice_, {"sync"});
  Works(alice_, {"ack", instructed["records"][0].value("id", "")});
}

TEST_F(RefusalsTest, RevokedUserIsPutOutOfRelayAndRooms) {
  stop3_.Invite(alice_, "fr.customs", "alice");
  stop3_.Create();
  Works(alice_, {"sync"});
  Person& bob = bea_;
  TestOperation::Redeem(bob, TestOperation::OfferUser(alice_, "bob", "officer"),
                        alice_);
  // Her client brings him in, whoever else sleeps.
  std::unique_ptr<Program> session = alice_.Begin({"session"});
  ASSERT_THAT(session->ReadLine(), HasSubstr("ready"));
  const auto in_room = [this] {
    return Works(unit_, {"room", "show", "stop3/general"})
               .dump()
               .find("fr.customs/bob/desk") != std::string::npos;
  };
  ASSERT_TRUE(Until(in_room));
  ASSERT_EQ(session->Wait().exit_code, 0);
  Works(bob, {"sync"});
  Works(bob, {"send", "stop3/general", "Bob here"});
  ASSERT_THAT(OutboxOf(bob), IsEmpty());
  // A list says in whole seconds since when.
  const absl::Time sent = absl::Now();
  ASSERT_TRUE(Until([sent] { return absl::Now() - sent > absl::Seconds(1); }));

  const Json revoked = Works(
      alice_, {"revoke", "fr.customs/bob", "--reason", "left the service"});

  EXPECT_THAT(revoked["names"], Contains("fr.customs/bob/desk"));
  // The relay turns it away, and it says so.
  Refused(bob, {"device", "list"}, "permission_denied");
  Works(bob, {"send", "stop3/general", "Still here"});
  EXPECT_THAT(bob.Cordon({"sync"}).out,
              AllOf(HasSubstr("\"online\":false"), HasSubstr("revoked")));
  EXPECT_THAT(OutboxOf(bob), HasSubstr("waiting"));
  // A member commits what the relay proposes.
  session = unit_.Begin({"session"});
  ASSERT_THAT(session->ReadLine(), HasSubstr("ready"));
  EXPECT_TRUE(Until([&session] {
    session->Write(
        "{\"id\":1,\"verb\":\"room show\",\"room\":\"stop3/general\"}\n");
    const std::string members = session->ReadLine();
    return members.find("fr.customs/alice") != std::string::npos &&
           members.find("fr.customs/bob") == std::string::npos;
  }));
  ASSERT_EQ(session->Wait().exit_code, 0);
  Works(alice_, {"send", "stop3/general", "Bob has left"});
  const std::string read = unit_.Cordon({"read", "stop3/general"}).out;
  EXPECT_THAT(read, AllOf(HasSubstr("Bob here"), HasSubstr("Bob has left"),
                          Not(HasSubstr("Still here"))));
  EXPECT_THAT(bob.Cordon({"read", "stop3/general"}).out,
              Not(HasSubstr("Bob has left")));
}

TEST_F(RefusalsTest, WordsThatMeanNothingAreNamedAndChangeNothing) {
  stop3_.Create();

  EXPECT_THAT(Refused(unit_, {"read", "stop3/nowhere"}, "not_found"),
              HasSubstr("room list"));
  EXPECT_THAT(Refused(unit_, {"read", "stop9/general"}, "not_found"),
              HasSubstr("operation list"));
  Refused(unit_, {"read", "general"}, "invalid_argument");
  Refused(unit_, {"send", "stop3/nowhere", "x"}, "not_found");
  Refused(unit_, {"operation", "show", "stop9"}, "not_found");
  Refused(unit_, {"figures", "stop9"}, "not_found");
  EXPECT_THAT(Refused(unit_, {"show", "0123"}, "not_found"), HasSubstr("0123"));
  Refused(unit_, {"alert", "show", "STOP3-FR-2023-99999"}, "not_found");
  Refused(unit_, {"ack", "0123"}, "not_found");
  Refused(unit_, {"file", "get", "0123", "--out", unit_.File("got")},
          "not_found");
  Refused(unit_, {"revoke", "fr.customs/nobody", "--reason", "x"},
          "permission_denied");

  EXPECT_FALSE(std::filesystem::exists(unit_.File("got")));
  EXPECT_THAT(OutboxOf(unit_), IsEmpty());
}

TEST_F(RefusalsTest, BadAlertIsToldAllItsFaultsAtOnceAndChangesNothing) {
  stop3_.Create();
  const auto send = [this](const std::string& content) {
    unit_.WriteFile("alert.json", content);
    return unit_.Cordon(
        {"alert", "send", "stop3", "--file", unit_.File("alert.json")});
  };

  const Ended malformed = send("{\"full\": true,");
  EXPECT_EQ(malformed.exit_code, 1);
  EXPECT_THAT(SentenceOf(malformed), HasSubstr("alert.json"));

  const Ended unknown =
      send(R"({"case_typ":"seizure","lines":[{"colour":1}]})");
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_THAT(FieldsOf(unknown), Contains(HasSubstr("case_typ")));
  EXPECT_THAT(FieldsOf(unknown), Contains(HasSubstr("lines[0].colour")));

  const Ended missing = send("{}");
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_EQ(CodeOf(missing), "content_refused");
  EXPECT_THAT(FieldsOf(missing),
              AllOf(Contains("case_type"), Contains("when"),
                    Contains("where.country"), Contains("lines")));

  Json wrong = Json::parse(R"({"case_type":"seizure",
      "when":"2023-12-05T09:30:00+01:00","when_precision":"minute",
      "where":{"kind":"postal_centre","country":"FR","locode":"DEHAM"},
      "conveyance":{"mode":5},"channel":"air_cargo",
      "ecommerce":"no","ecommerce_platform":"a marketplace",
      "lines":[{"category":"medicines","description":"tablets",
                "quantity":{"value":"1","unit":"TNE-no-such"},
                "status":"suspected"}]})");
  const Ended contradictory = send(wrong.dump());
  EXPECT_EQ(contradictory.exit_code, 1);
  EXPECT_THAT(
      FieldsOf(contradictory),
      UnorderedElementsAre("where.locode", "channel", "ecommerce_platform",
                           "lines[0].quantity.unit"))
      << contradictory.err;

  EXPECT_THAT(OutboxOf(unit_), IsEmpty());
  EXPECT_THAT(unit_.Cordon({"alert", "list", "stop3"}).out, IsEmpty());
}

TEST_F(RefusalsTest, NewPassphraseOpensTheProfileAndTheOldOneNoLonger) {
  unit_.WriteFile("new", "quite another passphrase\n");
  Refused(unit_, {"passphrase", "--new-passphrase-file", unit_.File("none")},
          "not_found");
  Works(unit_, {"whoami"});

  Works(unit_, {"passphrase", "--new-passphrase-file", unit_.File("new")});

  Refused(unit_, {"whoami"}, "unauthenticated");
  unit_.WriteFile("passphrase", "quite another passphrase\n");
  EXPECT_EQ(Works(unit_, {"whoami"}).value("device", ""),
            "ocu.authority/eva/desk");
}

// The profile's files before and after are the same.
TEST_F(RefusalsTest, SecondProgramOnAProfileChangesNothing) {
  stop3_.Create();
  const auto files = [this] {
    std::vector<std::string> all;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(unit_.profile())) {
      if (!entry.is_regular_file()) continue;
      all.push_back(
          absl::StrCat(entry.path().string(), " ", entry.file_size(), " ",
                       entry.last_write_time().time_since_epoch().count()));
    }
    std::sort(all.begin(), all.end());
    return all;
  };
  const auto session = unit_.Begin({"session", "--offline"});
  ASSERT_THAT(session->ReadLine(), HasSubstr("ready"));
  const std::vector<std::string> before = files();

  for (const Words& words :
       {Words{"send", "stop3/general", "twice"}, Words{"read", "stop3/general"},
        Words{"passphrase", "--new-passphrase-file", unit_.File("passphrase")},
        Words{"session"}}) {
    EXPECT_THAT(Refused(unit_, words, "failed_precondition"),
                HasSubstr("Another program is using this profile"));
  }

  EXPECT_EQ(files(), before);
  session->Write("{\"id\":1,\"verb\":\"outbox\"}\n");
  EXPECT_THAT(session->ReadLine(), HasSubstr("\"rows\":[]"));
  EXPECT_EQ(session->Wait().exit_code, 0);
}

}  // namespace
}  // namespace cordon::testing
