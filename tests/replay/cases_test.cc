#include "tests/replay/cases.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/alert_rules.h"
#include "client/core/codelists/places.h"
#include "client/core/figures.h"
#include "crypto/cert/name.h"
#include "tests/replay/alert_json.h"
#include "tests/replay/cast.h"
#include "tests/replay/plan.h"
#include "tests/replay/published.h"
#include "tests/support/status_matchers.h"

namespace cordon::replay {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int64_t kMilli = 1000;
using GoodsName = std::pair<std::string, std::string>;

GoodsName NameOf(const Goods& goods) {
  return {std::string(goods.category), std::string(goods.subcategory)};
}

// The goods with the most of something, the most first.
std::vector<GoodsName> Ranked(const client::Figures& figures,
                              absl::string_view category,
                              int64_t (*measure)(const client::Group&)) {
  std::vector<std::pair<int64_t, GoodsName>> rows;
  for (const auto& [name, group] : figures.by_subcategory) {
    if (category.empty() || name.first == category) {
      rows.emplace_back(-measure(group), name);
    }
  }
  std::sort(rows.begin(), rows.end());
  std::vector<GoodsName> names;
  for (const auto& row : rows) names.push_back(row.second);
  return names;
}

int64_t EcommerceCases(const client::Group& group) {
  return static_cast<int64_t>(group.tally.ecommerce_cases);
}
int64_t Cases(const client::Group& group) {
  return static_cast<int64_t>(group.tally.cases);
}
int64_t Pieces(const client::Group& group) {
  const auto found = group.sums.find("H87");
  return found == group.sums.end() ? 0 : found->second;
}

class CasesTest : public ::testing::TestWithParam<const Plan*> {
 protected:
  const Plan& plan_ = *GetParam();
  const Published& published_ = plan_.published;
  const std::vector<Organisation> cast_ = MakeCast(published_);
  const std::vector<Case> cases_ = MakeCases(plan_, cast_, kSeed);
  const client::Figures figures_ = FiguresOf(cases_, cast_);
};

INSTANTIATE_TEST_SUITE_P(Plans, CasesTest,
                         ::testing::Values(&WholePlan(), &SmallPlan()),
                         [](const auto& plan) {
                           return plan.index == 0 ? "Whole" : "Small";
                         });

TEST_P(CasesTest, CastHasThePublishedNumbersAndValidNames) {
  std::set<std::string> names;
  size_t reporting = 0;
  size_t in_alerts = 0;
  for (const Organisation& one : cast_) {
    SCOPED_TRACE(one.name);
    EXPECT_OK(cert::OrgName::Parse(one.name));
    EXPECT_TRUE(names.insert(one.name).second) << "stands twice";
    EXPECT_TRUE(one.country.empty() || client::IsCountry(one.country));
    EXPECT_TRUE(one.region.empty() || client::IsRegion(one.region));
    if (one.reports) ++reporting;
    if (one.IsInAlerts()) ++in_alerts;
  }

  EXPECT_THAT(cast_, SizeIs(published_.organisations));
  EXPECT_EQ(reporting, published_.reporting_members);
  EXPECT_EQ(in_alerts, published_.alerts_devices);
}

TEST_P(CasesTest, EveryAlertIsFullAndHolds) {
  for (const Case& one : cases_) {
    EXPECT_TRUE(one.alert.full);
    const client::AlertFindings found = client::CheckAlert(
        one.alert, {.sent = absl::FromCivil(absl::CivilDay(2023, 12, 17),
                                            absl::UTCTimeZone()),
                    .zone = OperationZone(),
                    .first_day = absl::CivilDay(2023, 12, 4),
                    .last_day = absl::CivilDay(2023, 12, 15)});
    for (const client::Finding& fault : found.faults) {
      ADD_FAILURE() << fault.field << " " << fault.what;
    }
    for (const client::Finding& warning : found.warnings) {
      ADD_FAILURE() << warning.field << " " << warning.what;
    }
  }
}

TEST_P(CasesTest, TotalsAreThePublishedOnes) {
  EXPECT_EQ(figures_.total.cases, published_.cases);
  EXPECT_EQ(figures_.total.seizures, published_.seizures);
  EXPECT_EQ(figures_.total.ecommerce_cases, published_.ecommerce_cases);
  EXPECT_EQ(figures_.total.ecommerce_seizures, published_.ecommerce_seizures);
  EXPECT_EQ(client::SharePermille(figures_.total.ecommerce_cases,
                                  figures_.total.cases),
            published_.ecommerce_per_case_permille);
  EXPECT_EQ(client::SharePermille(figures_.total.ecommerce_seizures,
                                  figures_.total.seizures),
            published_.ecommerce_per_seizure_permille);
  EXPECT_EQ(figures_.reporting_members, published_.reporting_members);
  EXPECT_EQ(figures_.medical_pieces_milli,
            static_cast<int64_t>(published_.medical_pieces) * kMilli);
  EXPECT_EQ(figures_.ipr_pieces_milli,
            static_cast<int64_t>(published_.ipr_pieces) * kMilli);
  EXPECT_EQ(figures_.other_pieces_milli,
            static_cast<int64_t>(published_.other_pieces) * kMilli);
  EXPECT_THAT(figures_.unconverted, IsEmpty());
  EXPECT_EQ(figures_.cases_outside_days, 0U);
}

TEST_P(CasesTest, DaysAndRegionsAreThePublishedOnes) {
  std::vector<uint64_t> by_day;
  for (const auto& [day, group] : figures_.by_day) {
    by_day.push_back(group.tally.cases);
  }
  EXPECT_THAT(by_day, ::testing::ElementsAreArray(published_.cases_by_day));

  for (const RegionCases& region : published_.cases_by_region) {
    SCOPED_TRACE(region.code);
    const auto found = figures_.by_region.find(std::string(region.code));
    ASSERT_EQ(found != figures_.by_region.end(), region.cases > 0);
    if (region.cases == 0) continue;
    EXPECT_EQ(found->second.tally.cases, region.cases);
    // All six regions reported cases linked to e-commerce.
    EXPECT_GT(found->second.tally.ecommerce_cases, 0U);
  }
}

TEST_P(CasesTest, OrdersAreThePublishedOnes) {
  const auto reports = Ranked(figures_, "", EcommerceCases);
  EXPECT_EQ(reports[0], NameOf(published_.most_ecommerce_cases[0]));
  EXPECT_EQ(reports[1], NameOf(published_.most_ecommerce_cases[1]));

  EXPECT_EQ(Ranked(figures_, "medicines", Cases)[0],
            NameOf(published_.most_medicine_cases));

  const auto pieces = Ranked(figures_, "", Pieces);
  EXPECT_EQ(pieces[0], NameOf(published_.most_pieces[0]));
  EXPECT_EQ(pieces[1], NameOf(published_.most_pieces[1]));
  EXPECT_EQ(pieces[2], NameOf(published_.most_pieces[2]));

  EXPECT_EQ(Ranked(figures_, "ipr", Pieces)[0],
            NameOf(published_.most_ipr_pieces));
}

TEST_P(CasesTest, SameSeedGivesTheSameCasesAndAnotherOneOthers) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  const std::vector<Case> again = MakeCases(plan_, cast_, kSeed);
  const std::vector<Case> others = MakeCases(plan_, cast_, kSeed + 1);

  ASSERT_EQ(again.size(), cases_.size());
  size_t different = 0;
  for (size_t i = 0; i < again.size(); ++i) {
    const std::string text = AlertJson(cases_[i].alert, utc).dump();
    EXPECT_EQ(AlertJson(again[i].alert, utc).dump(), text);
    EXPECT_EQ(again[i].organisation, cases_[i].organisation);
    if (AlertJson(others[i].alert, utc).dump() != text) ++different;
  }
  EXPECT_GT(different, cases_.size() / 2);
}

// One line of one case decides the figures: the comparison is not blind.
TEST_P(CasesTest, OneMorePieceChangesTheFigures) {
  std::vector<Case> changed = cases_;
  changed[changed.size() / 2].alert.lines[0].quantity.value_milli += kMilli;

  EXPECT_NE(FiguresOf(changed, cast_), figures_);
}

}  // namespace
}  // namespace cordon::replay
