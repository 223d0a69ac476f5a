#include "client/core/alert_rules.h"

#include <functional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/finding_fields.h"
#include "tests/support/sample_records.h"

namespace cordon::client {
namespace {

using ::cordon::testing::FieldsOf;
using ::cordon::testing::SampleAlert;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const absl::Time kSent = absl::FromCivil(
    absl::CivilSecond(2023, 12, 5, 12, 0, 0), absl::UTCTimeZone());

Alert Full() {
  Alert alert = SampleAlert(kSent);
  alert.full = true;
  alert.where.locode = "FRCDG";
  alert.flow = Flow::kImport;
  alert.channel = Channel::kPost;
  alert.conveyance.identifiers.push_back(
      {.kind = IdentifierKind::kPostItem, .value = "RR473124829FR"});
  for (const RouteRole role :
       {RouteRole::kDeparture, RouteRole::kDestination}) {
    RoutePoint point;
    point.role = role;
    point.location.country = "ZZ";
    alert.route.push_back(point);
  }
  alert.ecommerce = Ecommerce::kYes;
  alert.ecommerce_platform = "a marketplace";
  alert.detection_method = DetectionMethod::kRiskProfile;
  alert.concealment = "parcel";
  alert.offence = "falsified_medicine";
  alert.outcome = Outcome::kDetained;
  SeizureLine& line = alert.lines[0];
  line.hs = "3004";
  line.medicine = Medicine{.substance = "tramadol", .lot = "none"};
  line.no_photo_reason = "no camera at the bench";
  return alert;
}

std::vector<std::string> FaultFields(const Alert& alert) {
  return FieldsOf(CheckAlert(alert, {.sent = kSent}).faults);
}

TEST(AlertRulesTest, CompleteFlashAndFullAlertsHold) {
  EXPECT_THAT(FaultFields(SampleAlert(kSent)), IsEmpty());
  EXPECT_THAT(FaultFields(Full()), IsEmpty());
  EXPECT_THAT(CheckAlert(Full(), {.sent = kSent}).warnings, IsEmpty());
}

TEST(AlertRulesTest, EmptyAlertNamesEveryMissingFieldAtOnce) {
  EXPECT_THAT(
      FaultFields(Alert()),
      UnorderedElementsAre("case_type", "when", "where.kind", "where.country",
                           "conveyance.mode", "lines"));
}

TEST(AlertRulesTest, FlashDeclaredFullNamesWhatAFullAlertNeeds) {
  Alert alert = SampleAlert(kSent);
  alert.full = true;

  EXPECT_THAT(FaultFields(alert),
              UnorderedElementsAre(
                  "where", "route", "route", "ecommerce", "flow", "channel",
                  "detection_method", "concealment", "offence", "outcome",
                  "lines[0].hs", "lines[0].medicine.substance",
                  "lines[0].medicine.lot", "lines[0].no_photo_reason"));
}

struct Spoiled {
  std::string name;
  std::function<void(Alert&)> spoil;
  std::string field;
};

class AlertRulesFaultTest : public ::testing::TestWithParam<Spoiled> {};

TEST_P(AlertRulesFaultTest, IsNamedWithItsFieldAndNothingElseIs) {
  Alert alert = Full();
  GetParam().spoil(alert);

  EXPECT_THAT(FaultFields(alert), ElementsAre(GetParam().field));
}

INSTANTIATE_TEST_SUITE_P(
    Each, AlertRulesFaultTest,
    ::testing::Values(
        Spoiled{"LaterThanSent",
                [](Alert& a) { a.when = kSent + absl::Minutes(6); }, "when"},
        Spoiled{"UnknownCountry",
                [](Alert& a) {
                  a.where.country = "XY";
                  a.where.locode.clear();
                  a.where.office = "x";
                },
                "where.country"},
        Spoiled{"LocodeOfAnotherCountry",
                [](Alert& a) { a.where.locode = "DEHAM"; }, "where.locode"},
        Spoiled{"SubdivisionOfAnotherCountry",
                [](Alert& a) { a.where.subdivision = "DE-HH"; },
                "where.subdivision"},
        Spoiled{"NowhereOnEarth",
                [](Alert& a) { a.where.point = GeoPoint{90'000'001, 0}; },
                "where.lat"},
        Spoiled{"MailNotByPost",
                [](Alert& a) { a.channel = Channel::kExpressCourier; },
                "channel"},
        Spoiled{"ModeBeyondTheCode", [](Alert& a) { a.conveyance.mode = 10; },
                "conveyance.mode"},
        Spoiled{"IdentifierMissing",
                [](Alert& a) { a.conveyance.identifiers.clear(); },
                "conveyance.identifiers"},
        Spoiled{"IdentifierFailsItsCheck",
                [](Alert& a) {
                  a.conveyance.identifiers[0].value = "RR473124828FR";
                },
                "conveyance.identifiers[0].value"},
        Spoiled{"PlatformWithoutEcommerce",
                [](Alert& a) { a.ecommerce = Ecommerce::kNo; },
                "ecommerce_platform"},
        Spoiled{"NoDestination", [](Alert& a) { a.route.pop_back(); }, "route"},
        Spoiled{"CodeOfANewerClient",
                [](Alert& a) { a.flow = static_cast<Flow>(200); }, "flow"},
        Spoiled{"ConcealmentOtherWithoutText",
                [](Alert& a) { a.concealment = "other"; }, "concealment_text"},
        Spoiled{"OffenceNotInList", [](Alert& a) { a.offence = "rude"; },
                "offence"},
        Spoiled{"NarrativeTooLong",
                [](Alert& a) {
                  a.narrative = std::string(kNarrativeBytesMax + 1, 'x');
                },
                "narrative"},
        Spoiled{"QuantityZero",
                [](Alert& a) { a.lines[0].quantity.value_milli = 0; },
                "lines[0].quantity.value"},
        Spoiled{"UnitOfAnotherCategory",
                [](Alert& a) { a.lines[0].quantity.unit = "pair"; },
                "lines[0].quantity.unit"},
        Spoiled{"CategoryNotInList",
                [](Alert& a) {
                  a.lines[0].category = "things";
                  a.lines[0].medicine.reset();
                },
                "lines[0].category"},
        Spoiled{"SubcategoryOfAnother",
                [](Alert& a) { a.lines[0].subcategory = "footwear"; },
                "lines[0].subcategory"},
        Spoiled{"HsTooCoarse", [](Alert& a) { a.lines[0].hs = "30"; },
                "lines[0].hs"},
        Spoiled{"HsReservedChapter", [](Alert& a) { a.lines[0].hs = "7701"; },
                "lines[0].hs"},
        Spoiled{"DescriptionMissing",
                [](Alert& a) { a.lines[0].description.clear(); },
                "lines[0].description"},
        Spoiled{"NoPhotoAndNoReason",
                [](Alert& a) { a.lines[0].no_photo_reason.clear(); },
                "lines[0].no_photo_reason"},
        Spoiled{"CurrencyUnknown",
                [](Alert& a) {
                  a.lines[0].value = Money{.value_cents = 100,
                                           .currency = "EURO",
                                           .basis = MoneyBasis::kStreet};
                },
                "lines[0].value.currency"},
        Spoiled{"LineNumberTwice",
                [](Alert& a) { a.lines.push_back(a.lines[0]); },
                "lines[1].number"}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(AlertRulesTest, CounterfeitNeedsBrandAndRight) {
  Alert alert = Full();
  alert.offence = "counterfeit";

  EXPECT_THAT(FaultFields(alert),
              UnorderedElementsAre("lines[0].brand", "lines[0].ipr_type"));
}

TEST(AlertRulesTest, FailingCheckWithAReasonIsAWarning) {
  Alert alert = Full();
  alert.conveyance.identifiers[0].value = "RR473124828FR";
  alert.conveyance.identifiers[0].check_reason = "so printed on the parcel";

  const AlertFindings found = CheckAlert(alert, {.sent = kSent});

  EXPECT_THAT(found.faults, IsEmpty());
  EXPECT_THAT(FieldsOf(found.warnings),
              ElementsAre("conveyance.identifiers[0].value"));
}

TEST(AlertRulesTest, TimeOutsideTheOperationIsFlaggedNotRefused) {
  const AlertFindings found =
      CheckAlert(Full(), {.sent = kSent,
                          .zone = absl::UTCTimeZone(),
                          .first_day = absl::CivilDay(2023, 12, 6),
                          .last_day = absl::CivilDay(2023, 12, 15)});

  EXPECT_THAT(found.faults, IsEmpty());
  EXPECT_THAT(FieldsOf(found.warnings), ElementsAre("when"));
}

TEST(AlertRulesTest, PhotoOfTheGoodsReplacesTheReason) {
  Alert alert = Full();
  alert.lines[0].no_photo_reason.clear();

  EXPECT_THAT(
      CheckAlert(alert, {.sent = kSent, .has_goods_photo = true}).faults,
      IsEmpty());
}

TEST(AlertRulesTest, UnusualChapterIsAWarning) {
  Alert alert = Full();
  alert.lines[0].hs = "6404";

  EXPECT_THAT(FieldsOf(CheckAlert(alert, {.sent = kSent}).warnings),
              Contains("lines[0].hs"));
}

}  // namespace
}  // namespace cordon::client
