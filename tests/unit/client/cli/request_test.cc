#include "client/cli/request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include <nlohmann/json.hpp>

#include "client/cli/json_text.h"
#include "client/cli/secrets.h"
#include "client/cli/verb.h"
#include "client/core/command.h"
#include "client/core/findings.h"
#include "client/core/guide_rules.h"
#include "client/core/model/codes.h"
#include "crypto/base/bytes.h"
#include "tests/support/file_text.h"

namespace cordon::cli {
namespace {

using ::cordon::testing::ExampleFile;
using ::cordon::testing::ReadFile;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr absl::Time kNow = absl::FromUnixSeconds(1'701'691'200);

class RequestTest : public ::testing::Test {
 protected:
  std::variant<client::CommandBody, Refusal> Make(const std::string& verb,
                                                  absl::string_view arguments) {
    return MakeCommand(
        {.verb = verb, .arguments = *ParseJson(arguments)},
        {.secrets = &secrets_, .now = kNow, .zone = absl::UTCTimeZone()});
  }
  template <typename Body>
  Body MakeAs(const std::string& verb, absl::string_view arguments) {
    auto made = Make(verb, arguments);
    if (const auto* refusal = std::get_if<Refusal>(&made)) {
      ADD_FAILURE() << RefusalText(*refusal);
      return Body();
    }
    return std::get<Body>(std::get<client::CommandBody>(std::move(made)));
  }

  Secrets secrets_{SecretFiles{}, /*may_ask=*/false};
};

TEST_F(RequestTest, SendTakesRoomTextAndFiles) {
  const auto body = MakeAs<client::SendText>(
      "send",
      R"({"room":"stop3/general","text":"Hello","attach":["a.pdf","b.jpg"]})");

  EXPECT_EQ(body.room, "stop3/general");
  EXPECT_EQ(body.body, "Hello");
  ASSERT_EQ(body.files.size(), 2U);
  EXPECT_EQ(body.files[1].path, "b.jpg");
}

TEST_F(RequestTest, ReadHasDefaults) {
  const auto body = MakeAs<client::ReadRoom>(
      "read", R"({"room":"stop3/general","since":"2h"})");

  EXPECT_EQ(body.since, absl::FromUnixSeconds(1'701'691'200 - 7200));
  EXPECT_EQ(body.records_max, 1000U);
  EXPECT_TRUE(body.mark_read);
}

TEST_F(RequestTest, OperationTakesItsDays) {
  const auto body = MakeAs<client::CreateOperation>(
      "operation create",
      R"({"operation":"stop3","title":"STOP III","from":"2023-12-04",
          "to":"2023-12-15","zone":"Europe/Brussels"})");

  EXPECT_EQ(body.first_day, absl::CivilDay(2023, 12, 4));
  EXPECT_EQ(body.last_day, absl::CivilDay(2023, 12, 15));
}

TEST_F(RequestTest, InvitationBecomesASecret) {
  const auto body =
      MakeAs<client::Join>("join", R"({"invitation":"cordon+join:abc"})");

  EXPECT_EQ(AsText(body.invitation.ExposeSecret()), "cordon+join:abc");
  EXPECT_EQ(body.device, "desk");
}

TEST_F(RequestTest, ApproveGoesWithoutTheRootsPassphrase) {
  const auto body = MakeAs<client::Approve>("approve", "{}");

  EXPECT_EQ(body.invitation, "");
  EXPECT_TRUE(body.root_passphrase.empty());
}

TEST_F(RequestTest, PhotosShowTheGoods) {
  const auto body = MakeAs<client::SendAlert>(
      "alert send",
      R"({"operation":"stop3","alert":{"case_type":"seizure"},
          "status":"exercise","photos":["p.jpg"]})");

  EXPECT_EQ(body.status, client::RecordStatus::kExercise);
  ASSERT_EQ(body.files.size(), 1U);
  EXPECT_EQ(body.files[0].role, client::AttachmentRole::kGoods);
}

TEST_F(RequestTest, DeadlineIsATimeOrSoLongFromNow) {
  const auto deadline = [&](const std::string& more) {
    return MakeAs<client::SendInstruction>(
               "instruct",
               R"({"target":"stop3","title":"T","text":"x")" + more + "}")
        .instruction.ack_deadline;
  };

  EXPECT_EQ(deadline(""), std::nullopt);
  EXPECT_EQ(deadline(R"(,"ack_deadline":"4h")"), kNow + absl::Hours(4));
  EXPECT_EQ(deadline(R"(,"ack_deadline":"2023-12-05T00:00:00Z")"),
            absl::FromUnixSeconds(1'701'734'400));
  EXPECT_TRUE(std::holds_alternative<Refusal>(
      Make("instruct", R"({"target":"stop3","title":"T","text":"x",
                           "ack_deadline":"soon"})")));
}

TEST_F(RequestTest, ExampleGuideKeepsAllRulesWheneverItIsSubmitted) {
  auto body = MakeAs<client::SubmitGuide>(
      "guide submit", R"({"operation":"stop3","document":"g.pdf","guide":)" +
                          ReadFile(ExampleFile("guide.json")) + "}");

  client::FillGuide(body.guide, kNow);
  const client::ContentFindings found = client::CheckGuide(
      body.guide,
      {.sent = kNow, .author_organisation = body.guide.owner_organisation});
  EXPECT_THAT(found.faults, IsEmpty());
}

TEST_F(RequestTest, WrongArgumentsAreUsageAllAtOnce) {
  const auto made = Make("send", R"({"room":7,"speed":"fast"})");

  const auto* refusal = std::get_if<Refusal>(&made);
  ASSERT_NE(refusal, nullptr);
  EXPECT_EQ(refusal->code, "usage");
  EXPECT_EQ(refusal->faults.size(), 3U);
  EXPECT_THAT(RefusalText(*refusal), HasSubstr("speed is not a field"));
}

TEST_F(RequestTest, FaultsOfAnAlertAreContent) {
  const auto made =
      Make("alert send", R"({"operation":"stop3","alert":{"lines":[{}]}})");

  const auto* refusal = std::get_if<Refusal>(&made);
  ASSERT_NE(refusal, nullptr);
  EXPECT_EQ(refusal->code, "content_refused");
  EXPECT_EQ(refusal->faults[0].field, "lines[0].quantity");
  // What the rules ask for beside it.
  EXPECT_GT(refusal->faults.size(), 5U);
}

TEST_F(RequestTest, UnknownVerbIsUsage) {
  const auto made = Make("shout", "{}");

  ASSERT_TRUE(std::holds_alternative<Refusal>(made));
  EXPECT_EQ(std::get<Refusal>(made).code, "usage");
}

TEST_F(RequestTest, MissingPassphraseFileIsSaid) {
  const auto made = Make(
      "passphrase",
      R"({"passphrase_file":"/nowhere/p","new_passphrase_file":"/nowhere/q"})");

  ASSERT_TRUE(std::holds_alternative<Refusal>(made));
  EXPECT_EQ(std::get<Refusal>(made).code, "not_found");
}

TEST(VerbTest, EveryVerbHasOneNameAndAMaker) {
  const std::vector<absl::string_view> names = VerbNames();

  EXPECT_GT(names.size(), 40U);
  for (const absl::string_view name : names) {
    SCOPED_TRACE(std::string(name));
    ASSERT_NE(FindVerb(name), nullptr);
    EXPECT_NE(FindVerb(name)->make, nullptr);
    EXPECT_EQ(std::count(names.begin(), names.end(), name), 1);
  }
}

TEST(VerbTest, RefusalCarriesTheStatusCodesName) {
  const Refusal refusal =
      RefusalFrom(absl::PermissionDeniedError("wrong set-up code"));

  EXPECT_EQ(JsonLine(ToJson(refusal)),
            R"({"code":"permission_denied","message":"wrong set-up code"})");
}

}  // namespace
}  // namespace cordon::cli
