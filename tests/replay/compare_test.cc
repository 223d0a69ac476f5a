#include "tests/replay/compare.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <nlohmann/json.hpp>

#include "tests/replay/cases.h"
#include "tests/replay/cast.h"
#include "tests/replay/plan.h"
#include "tests/replay/published.h"

namespace cordon::replay {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kMilli = 1000;

std::string Pieces(int64_t milli) {
  return absl::StrCat(milli / kMilli);
}

json GroupJson(const client::Group& group) {
  json sums = json::object();
  for (const auto& [unit, milli] : group.sums) sums[unit] = Pieces(milli);
  return {{"cases", group.tally.cases},
          {"seizures", group.tally.seizures},
          {"ecommerce_cases", group.tally.ecommerce_cases},
          {"ecommerce_seizures", group.tally.ecommerce_seizures},
          {"sums", sums}};
}

void AddTotals(const client::Figures& figures, json& out) {
  const client::Tally& total = figures.total;
  out["total"] = {{"cases", total.cases},
                  {"seizures", total.seizures},
                  {"ecommerce_cases", total.ecommerce_cases},
                  {"ecommerce_seizures", total.ecommerce_seizures}};
  out["ecommerce_share"] = {
      {"permille_of_cases",
       client::SharePermille(total.ecommerce_cases, total.cases)},
      {"permille_of_seizures",
       client::SharePermille(total.ecommerce_seizures, total.seizures)}};
  out["reporting_members"] = figures.reporting_members;
  out["pieces"] = {{"medical", Pieces(figures.medical_pieces_milli)},
                   {"ipr", Pieces(figures.ipr_pieces_milli)},
                   {"other", Pieces(figures.other_pieces_milli)}};
  out["unconverted"] = json::array();
  out["cases_outside_days"] = figures.cases_outside_days;
  out["cases_not_actual"] = figures.cases_not_actual;
  out["cases_cancelled"] = figures.cases_cancelled;
}

// FIGURES as docs/json.md has it, of the generated cases.
json FiguresJson(const client::Figures& figures) {
  json out = json::object();
  AddTotals(figures, out);
  for (const auto& [day, group] : figures.by_day) {
    json row = GroupJson(group);
    row["day"] = absl::FormatCivilTime(day);
    out["by_day"].push_back(row);
  }
  for (const auto& [region, group] : figures.by_region) {
    json row = GroupJson(group);
    row["region"] = region;
    out["by_region"].push_back(row);
  }
  for (const auto& [name, group] : figures.by_subcategory) {
    json row = GroupJson(group);
    row["category"] = name.first;
    row["subcategory"] = name.second;
    out["by_subcategory"].push_back(row);
  }
  return out;
}

class CompareTest : public ::testing::Test {
 protected:
  std::vector<std::string> Compare() const {
    return Differences(FiguresJson(FiguresOf(cases_, cast_)), kWholePublished);
  }

  const std::vector<Organisation> cast_ = MakeCast(kWholePublished);
  std::vector<Case> cases_ = MakeCases(WholePlan(), cast_, kSeed);
};

TEST_F(CompareTest, FiguresOfTheGeneratedCasesHaveNoDifferences) {
  EXPECT_THAT(Compare(), IsEmpty());
}

TEST_F(CompareTest, OnePieceMoreIsNamed) {
  for (Case& one : cases_) {
    if (one.alert.lines[0].category != "medicines") continue;
    one.alert.lines[0].quantity.value_milli += kMilli;
    break;
  }

  EXPECT_THAT(Compare(), ElementsAre("medical pieces is 43500001, published "
                                     "43500000"));
}

TEST_F(CompareTest, CaseOnAnotherDayIsNamedWithBothDays) {
  cases_.front().alert.when += absl::Hours(24);

  EXPECT_THAT(Compare(),
              ElementsAre("cases of 2023-12-04 is 69, published 70",
                          "cases of 2023-12-05 is 85, published 84"));
}

TEST_F(CompareTest, AnotherOrderIsNamed) {
  for (Case& one : cases_) {
    for (client::SeizureLine& line : one.alert.lines) {
      if (line.subcategory == "footwear") line.subcategory = "other";
    }
  }

  EXPECT_THAT(Compare(), ElementsAre("cases by e-commerce, place 2 is "
                                     "ipr/other, published ipr/footwear"));
}

TEST_F(CompareTest, NothingAtAllIsNoAgreement) {
  const std::vector<std::string> differences =
      Differences(json::object(), kWholePublished);

  EXPECT_THAT(differences,
              ::testing::Contains("cases is missing, published 894"));
}

}  // namespace
}  // namespace cordon::replay
