#include "client/cli/json_in.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/time/time.h"
#include <nlohmann/json.hpp>

#include "client/cli/fields.h"
#include "client/cli/json_out.h"
#include "client/cli/json_text.h"
#include "client/core/alert_rules.h"
#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/guide.h"
#include "tests/support/file_text.h"
#include "tests/support/finding_fields.h"

namespace cordon::cli {
namespace {

using ::cordon::testing::ExampleFile;
using ::cordon::testing::FieldsOf;
using ::cordon::testing::ReadFile;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

client::Alert AlertOf(const Json& json, std::vector<client::Finding>& faults) {
  Fields in(json, "", &faults);
  client::Alert alert = ReadAlert(in);
  in.Finish();
  return alert;
}

TEST(JsonInTest, ExampleAlertIsReadAndKeepsAllRules) {
  const absl::StatusOr<Json> json =
      ParseJson(ReadFile(ExampleFile("alert.json")));
  ASSERT_TRUE(json.ok()) << json.status();
  std::vector<client::Finding> faults;

  const client::Alert alert = AlertOf(*json, faults);

  EXPECT_THAT(FieldsOf(faults), IsEmpty());
  const client::AlertFindings found =
      CheckAlert(alert, {.sent = absl::FromUnixSeconds(1'702'000'000)});
  EXPECT_THAT(FieldsOf(found.faults), IsEmpty());
  EXPECT_THAT(FieldsOf(found.warnings), IsEmpty());
  ASSERT_EQ(alert.lines.size(), 2U);
  EXPECT_EQ(alert.lines[0].quantity.value_milli, 1'250'000);
  EXPECT_EQ(alert.lines[1].quantity.value_milli, 12'000);
  EXPECT_EQ(alert.lines[1].value->value_cents, 540'000);
  EXPECT_EQ(alert.where.point->latitude_e6, 49'009'722);
  EXPECT_EQ(alert.route[0].location.country, "SG");
}

TEST(JsonInTest, AlertWrittenAndReadAgainIsTheSame) {
  std::vector<client::Finding> faults;
  const client::Alert alert =
      AlertOf(*ParseJson(ReadFile(ExampleFile("alert.json"))), faults);

  const Json written = ToJson(alert);
  const client::Alert again = AlertOf(*ParseJson(JsonLine(written)), faults);

  EXPECT_THAT(FieldsOf(faults), IsEmpty());
  EXPECT_EQ(JsonLine(ToJson(again)), JsonLine(written));
}

TEST(JsonInTest, ExampleGuideIsReadAndWrittenTheSame) {
  const absl::StatusOr<Json> json =
      ParseJson(ReadFile(ExampleFile("guide.json")));
  ASSERT_TRUE(json.ok()) << json.status();
  std::vector<client::Finding> faults;
  Fields in(*json, "", &faults);

  const client::Guide guide = ReadGuide(in);
  in.Finish();

  EXPECT_THAT(FieldsOf(faults), IsEmpty());
  EXPECT_EQ(guide.product.brand, "Example Watch");
  EXPECT_THAT(guide.product.hs, ElementsAre("9101", "9102"));
  EXPECT_EQ(guide.features[0].weight, client::FeatureWeight::kConclusive);
  EXPECT_EQ(guide.answer_hours, 24U);
  // Key by key what was written by hand.
  EXPECT_EQ(ToJson(guide), *json);
}

TEST(JsonInTest, EveryMalformedFieldOfAnAlertIsNamed) {
  const Json json = *ParseJson(R"({
    "case_type": "robbery", "when": "yesterday", "where": {"country": 33},
    "colour": "red", "conveyance": {"mode": "5"}, "route": {},
    "lines": [{"quantity": {"value": 1.2345}, "status": 1},
              {"quantity": 3, "value": {"value": "1e5"}}]})");
  std::vector<client::Finding> faults;

  AlertOf(json, faults);

  EXPECT_THAT(FieldsOf(faults),
              UnorderedElementsAre(
                  "case_type", "when", "where.country", "conveyance.mode",
                  "route", "lines[0].status", "lines[0].quantity.value",
                  "lines[1].quantity", "lines[1].value.value", "colour"));
}

TEST(JsonInTest, RulesAreAddedForWhatCouldBeRead) {
  const Json json = *ParseJson(R"({
    "case_type": "robbery",
    "lines": [{"category": "medicines", "quantity": {"value": "1.2345"}}]})");
  std::vector<client::Finding> faults;
  const client::Alert alert = AlertOf(json, faults);

  AddRuleFaults(alert, {.sent = absl::FromUnixSeconds(1'702'000'000)}, faults);

  const std::vector<std::string> fields = FieldsOf(faults);
  EXPECT_THAT(fields, Contains("when"));
  EXPECT_THAT(fields, Contains("lines[0].description"));
  EXPECT_THAT(fields, Contains("lines[0].quantity.unit"));
  // Named once, for what is wrong with its form.
  EXPECT_EQ(std::count(fields.begin(), fields.end(), "case_type"), 1);
  EXPECT_EQ(std::count(fields.begin(), fields.end(), "lines[0].quantity.value"),
            1);
}

TEST(JsonInTest, InstructionHasDefaults) {
  const Json json = *ParseJson(R"({"title":"T","text":"Do it"})");
  std::vector<client::Finding> faults;
  Fields in(json, "", &faults);

  const client::Instruction instruction = ReadInstruction(in);

  EXPECT_THAT(faults, IsEmpty());
  EXPECT_EQ(instruction.type, client::InstructionType::kInstruction);
  EXPECT_EQ(instruction.priority, client::Priority::kRoutine);
  EXPECT_EQ(instruction.ack, client::AckLevel::kUnderstood);
  EXPECT_EQ(instruction.body, "Do it");
}

TEST(JsonInTest, InstructionMayAskForNoAcknowledgement) {
  const Json json = *ParseJson(
      R"({"title":"T","text":"x","ack":"none","type":"stand_down"})");
  std::vector<client::Finding> faults;
  Fields in(json, "", &faults);

  const client::Instruction instruction = ReadInstruction(in);

  EXPECT_THAT(faults, IsEmpty());
  EXPECT_EQ(instruction.ack, client::AckLevel::kNone);
  EXPECT_EQ(instruction.type, client::InstructionType::kStandDown);
}

}  // namespace
}  // namespace cordon::cli
