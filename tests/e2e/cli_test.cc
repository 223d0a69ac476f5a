// The programs as people start them: enrolment through invitations, and
// everything that can go wrong on the way.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "tests/e2e/answer.h"
#include "tests/e2e/programs.h"

namespace cordon::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CliTest : public ::testing::Test {
 protected:
  CliTest() { relay_.Start(); }

  std::vector<std::string> CreateWords(const std::string& pin,
                                       const std::string& code) const {
    return {"authority",      "create",     "--server",
            relay_.address(), "--pin",      pin,
            "--setup-code",   code,         "--org",
            "ocu.authority",  "--org-name", "Coordinating unit",
            "--user",         "chief",      "--name",
            "A. Chief"};
  }
  void SetUpAuthority() {
    const Ended made =
        chief_.Cordon(CreateWords(relay_.pin(), relay_.setup_code()));
    ASSERT_EQ(made.exit_code, 0) << made.err;
  }

  std::string InviteOrg(const std::string& org, const std::string& contact,
                        const std::string& valid_for = "7d") {
    const Ended invited = chief_.Cordon(
        {"invite", "org", org, "--title", "An organisation", "--country", "FR",
         "--region", "EUR", "--contact", contact, "--contact-name", "Somebody",
         "--valid-for", valid_for});
    EXPECT_EQ(invited.exit_code, 0) << invited.err;
    return Parsed(invited.out).value("invitation", "");
  }

  // Redeems and is approved by `inviter`.
  Ended Join(Person& joiner, const std::string& invitation, Person& inviter) {
    std::unique_ptr<Program> joining = joiner.Begin({"join", invitation});
    const absl::Time deadline = absl::Now() + kProgramPatience;
    while (absl::Now() < deadline) {
      const Ended approved = inviter.Cordon({"approve"});
      EXPECT_EQ(approved.exit_code, 0) << approved.err;
      if (!Parsed(approved.out)["names"].empty()) break;
      absl::SleepFor(absl::Milliseconds(200));
    }
    return joining->Wait();
  }

  TestRelay relay_;
  Person chief_{"chief"};
  Person alice_{"alice"};
  Person bob_{"bob"};
};

TEST_F(CliTest, TwoOrganisationsAndAUserJoinThroughInvitations) {
  SetUpAuthority();

  const Ended joined = Join(alice_, InviteOrg("fr.customs", "alice"), chief_);

  ASSERT_EQ(joined.exit_code, 0) << joined.err;
  EXPECT_EQ(Parsed(joined.out).value("device", ""), "fr.customs/alice/desk");
  const Json who = Parsed(alice_.Cordon({"whoami"}).out);
  EXPECT_EQ(who.value("device", ""), "fr.customs/alice/desk");
  EXPECT_THAT(who["roles"], Contains("contact-point"));
  EXPECT_EQ(who.value("issues", false), true);
  EXPECT_EQ(who.value("holds_root", true), false);

  const Ended invited = alice_.Cordon(
      {"invite", "user", "bob", "--name", "Bob B.", "--role", "officer"});
  ASSERT_EQ(invited.exit_code, 0) << invited.err;
  const Ended bob =
      Join(bob_, Parsed(invited.out).value("invitation", ""), alice_);
  ASSERT_EQ(bob.exit_code, 0) << bob.err;
  EXPECT_EQ(Parsed(bob.out).value("device", ""), "fr.customs/bob/desk");

  const Ended devices = bob_.Cordon({"device", "list"});
  ASSERT_EQ(devices.exit_code, 0) << devices.err;
  EXPECT_THAT(devices.out, HasSubstr("ocu.authority/chief/desk"));
  EXPECT_THAT(devices.out, HasSubstr("fr.customs/alice/desk"));
  EXPECT_THAT(devices.out, HasSubstr("fr.customs/bob/desk"));
}

TEST_F(CliTest, WrongPinIsRefusedAndLeavesNoProfile) {
  std::string pin = relay_.pin();
  pin[0] = pin[0] == '0' ? '1' : '0';

  const Ended made = chief_.Cordon(CreateWords(pin, relay_.setup_code()));

  EXPECT_EQ(made.exit_code, 1);
  EXPECT_EQ(CodeOf(made), "unauthenticated");
  EXPECT_FALSE(std::filesystem::exists(chief_.profile()));
  SetUpAuthority();
}

TEST_F(CliTest, WrongSetUpCodeIsRefusedAndTheRightOneWorksAfterwards) {
  const Ended made =
      chief_.Cordon(CreateWords(relay_.pin(), "AAAA-AAAA-AAAA-AAAA"));

  EXPECT_EQ(made.exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(chief_.profile()));
  SetUpAuthority();
}

TEST_F(CliTest, ForgedInvitationIsRefused) {
  SetUpAuthority();
  std::string forged = InviteOrg("fr.customs", "alice");
  ASSERT_GT(forged.size(), 40U);
  forged[40] = forged[40] == 'A' ? 'B' : 'A';

  const Ended joined = alice_.Cordon({"join", forged});

  EXPECT_EQ(joined.exit_code, 1);
  EXPECT_EQ(CodeOf(joined), "invalid_argument");
  EXPECT_FALSE(std::filesystem::exists(alice_.profile()));
}

TEST_F(CliTest, RevokedInvitationIsRefused) {
  SetUpAuthority();
  const std::string invitation = InviteOrg("fr.customs", "alice");
  const Ended revoked = chief_.Cordon({"invite", "revoke", "fr.customs/alice"});
  ASSERT_EQ(revoked.exit_code, 0) << revoked.err;

  const Ended joined = alice_.Cordon({"join", invitation});

  EXPECT_EQ(joined.exit_code, 1);
  EXPECT_THAT(Parsed(joined.err)["error"].value("message", ""),
              ::testing::Not(IsEmpty()));
}

TEST_F(CliTest, ExpiredInvitationIsRefused) {
  SetUpAuthority();
  const std::string invitation = InviteOrg("fr.customs", "alice", "1s");
  absl::SleepFor(absl::Milliseconds(2100));

  const Ended joined = alice_.Cordon({"join", invitation});

  EXPECT_EQ(joined.exit_code, 1);
  EXPECT_THAT(joined.err, HasSubstr("expired"));
}

TEST_F(CliTest, UsedInvitationIsRefused) {
  SetUpAuthority();
  const std::string invitation = InviteOrg("fr.customs", "alice");
  ASSERT_EQ(Join(alice_, invitation, chief_).exit_code, 0);

  const Ended joined = bob_.Cordon({"join", invitation});

  EXPECT_EQ(joined.exit_code, 1);
  EXPECT_EQ(CodeOf(joined), "already_exists");
  EXPECT_THAT(joined.err, HasSubstr("was used already"));
}

TEST_F(CliTest, WrongPassphraseOpensNothing) {
  SetUpAuthority();
  chief_.WriteFile("passphrase", "something else\n");

  const Ended who = chief_.Cordon({"whoami"});

  EXPECT_EQ(who.exit_code, 1);
  EXPECT_EQ(CodeOf(who), "unauthenticated");
  EXPECT_THAT(who.out, IsEmpty());
}

TEST_F(CliTest, SecondProgramOnAProfileIsRefusedAndTheFirstGoesOn) {
  SetUpAuthority();
  std::unique_ptr<Program> session = chief_.Begin({"session"});
  ASSERT_THAT(session->ReadLine(), HasSubstr("\"event\":\"ready\""));

  const Ended second = chief_.Cordon({"whoami"});

  EXPECT_EQ(second.exit_code, 1);
  EXPECT_EQ(CodeOf(second), "failed_precondition");
  session->Write("{\"id\":1,\"verb\":\"whoami\"}\n");
  EXPECT_THAT(session->ReadLine(), HasSubstr("ocu.authority/chief/desk"));
  EXPECT_EQ(session->Wait().exit_code, 0);
  EXPECT_EQ(chief_.Cordon({"whoami"}).exit_code, 0);
}

TEST_F(CliTest, SessionInvitesAndApprovesWhileAnotherJoins) {
  SetUpAuthority();
  std::unique_ptr<Program> chief = chief_.Begin({"session"});
  std::unique_ptr<Program> alice = alice_.Begin({"session", "--new"});
  EXPECT_THAT(chief->ReadLine(), HasSubstr("ocu.authority/chief/desk"));
  EXPECT_EQ(alice->ReadLine(), R"({"event":"ready","device":""})");

  chief->Write(
      R"({"id":1,"verb":"invite org","org":"fr.customs","title":"Douane",)"
      R"("country":"FR","region":"EUR","contact":"alice",)"
      R"("contact_name":"Alice A."})"
      "\n");
  const Json invited = Parsed(chief->ReadLine());
  ASSERT_TRUE(invited.value("ok", false)) << invited;
  const Json join = {{"id", 5},
                     {"verb", "join"},
                     {"invitation", invited["result"]["invitation"]},
                     {"device", "laptop"}};
  alice->Write(join.dump() + "\n");
  Json approved;
  do {
    chief->Write("{\"id\":2,\"verb\":\"approve\"}\n");
    approved = Parsed(chief->ReadLine());
    ASSERT_TRUE(approved.value("ok", false)) << approved;
  } while (approved["result"]["names"].empty());

  const Json joined = Parsed(alice->ReadLine());
  EXPECT_EQ(joined.value("id", 0), 5);
  EXPECT_EQ(joined["result"].value("device", ""), "fr.customs/alice/laptop");
  alice->Signal(SIGTERM);
  EXPECT_EQ(alice->Wait().exit_code, 0);
  chief->Write("{\"id\":9,\"verb\":\"quit\"}\n");
  EXPECT_EQ(chief->ReadLine(), R"({"id":9,"ok":true,"result":{}})");
  EXPECT_EQ(chief->Wait().exit_code, 0);
}

TEST_F(CliTest, WithoutARelayTheSentenceSaysSo) {
  SetUpAuthority();
  relay_.Stop();

  const Ended invited = chief_.Cordon(
      {"invite", "user", "dora", "--name", "Dora", "--role", "officer"});
  EXPECT_EQ(invited.exit_code, 1);
  EXPECT_EQ(CodeOf(invited), "unavailable");
  EXPECT_THAT(SentenceOf(invited),
              HasSubstr(absl::StrCat("the relay at ", relay_.address(),
                                     " is not to be reached (")));
  EXPECT_THAT(SentenceOf(invited), ::testing::Not(HasSubstr("ipv4:")));

  EXPECT_EQ(chief_.Cordon({"whoami", "--offline"}).exit_code, 0);
  EXPECT_EQ(chief_.Cordon({"device", "list", "--offline"}).exit_code, 1);
}

// A person whose profile is there, and `cordon` without any of the fixture's
// flags but with what stands in its environment, NAME=VALUE each.
class CliEnvironmentTest : public CliTest {
 protected:
  CliEnvironmentTest() { SetUpAuthority(); }

  static std::string Variable(const std::string& name,
                              const std::string& value) {
    return absl::StrCat(name, "=", value);
  }
  Ended WhoAmI(const std::string& profile, const std::string& passphrase_file,
               const std::vector<std::string>& flags = {}) {
    std::vector<std::string> words = {
        Variable("CORDON_PROFILE", profile),
        Variable("CORDON_PASSPHRASE_FILE", passphrase_file),
        CORDON_CORDON,
        "whoami",
        "--offline",
        "--json"};
    words.insert(words.end(), flags.begin(), flags.end());
    return RunProgram("/usr/bin/env", words);
  }
  static std::string DeviceOf(const Ended& ended) {
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    const Json who = Parsed(ended.out);
    return who.is_object() ? who.value("device", "") : ended.err;
  }
};

TEST_F(CliEnvironmentTest, ProfileAndPassphraseFileAreTakenFromIt) {
  EXPECT_EQ(DeviceOf(WhoAmI(chief_.profile(), chief_.File("passphrase"))),
            "ocu.authority/chief/desk");

  const Ended no_profile = WhoAmI("", chief_.File("passphrase"));
  EXPECT_EQ(no_profile.exit_code, 1);
  EXPECT_THAT(SentenceOf(no_profile), HasSubstr("CORDON_PROFILE"));
  const Ended no_file = WhoAmI(chief_.profile(), chief_.File("nothing"));
  EXPECT_EQ(no_file.exit_code, 1);
  EXPECT_THAT(SentenceOf(no_file), HasSubstr(chief_.File("nothing")));
}

TEST_F(CliEnvironmentTest, FlagWinsOverIt) {
  const std::vector<std::string> profile = {"--profile", chief_.profile()};
  const std::vector<std::string> passphrase = {"--passphrase-file",
                                               chief_.File("passphrase")};

  EXPECT_EQ(
      DeviceOf(WhoAmI(alice_.profile(), chief_.File("passphrase"), profile)),
      "ocu.authority/chief/desk");
  EXPECT_EQ(
      DeviceOf(WhoAmI(chief_.profile(), alice_.File("passphrase"), passphrase)),
      "ocu.authority/chief/desk");
  const Ended of_alice =
      WhoAmI(chief_.profile(), chief_.File("passphrase"),
             {"--passphrase-file", alice_.File("passphrase")});
  EXPECT_EQ(CodeOf(of_alice), "unauthenticated");
  const Ended nowhere = WhoAmI(chief_.profile(), chief_.File("passphrase"),
                               {"--profile", alice_.profile()});
  EXPECT_EQ(CodeOf(nowhere), "not_found");
  EXPECT_FALSE(std::filesystem::exists(alice_.profile()));
}

TEST(CliUsageTest, WrongUsageIsExitCodeTwo) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{},
        {"shout"},
        {"join"},
        {"invite", "user", "bob"},
        {"whoami", "extra"},
        {"session", "--events", "weather", "--profile", "/nowhere"}}) {
    const Ended ended = RunProgram(CORDON_CORDON, words);
    EXPECT_EQ(ended.exit_code, 2) << ended.err;
    EXPECT_THAT(ended.out, IsEmpty());
  }
}

TEST(CliUsageTest, ProfileThatIsNotThereIsNotMade) {
  const Person nobody("nobody");
  const Ended who = Person("nobody").Cordon({"whoami"});

  EXPECT_EQ(who.exit_code, 1);
  EXPECT_EQ(CodeOf(who), "not_found");
  EXPECT_FALSE(std::filesystem::exists(nobody.profile()));
}

}  // namespace
}  // namespace cordon::testing
