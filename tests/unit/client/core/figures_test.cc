#include "client/core/figures.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/seeded_random.h"

namespace cordon::client {
namespace {

using ::cordon::testing::SeededRandom;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class FiguresTest : public ::testing::Test {
 protected:
  FiguresTest() {
    options_.zone = absl::FixedTimeZone(2 * 60 * 60);
    options_.first_day = absl::CivilDay(2023, 12, 4);
    options_.last_day = absl::CivilDay(2023, 12, 15);
    options_.region_of = {{"fr.customs", "EUR"}, {"sn.customs", "WCA"}};
  }

  static SeizureLine Line(std::string category, std::string subcategory,
                          int64_t value, std::string unit) {
    SeizureLine line;
    line.category = std::move(category);
    line.subcategory = std::move(subcategory);
    line.quantity = {.value_milli = value * 1000, .unit = std::move(unit)};
    return line;
  }

  // The record's id, for updates and cancellations of it.
  RecordId Add(std::string organisation, Ecommerce ecommerce,
               std::vector<SeizureLine> lines) {
    CaseRecord record;
    record.id = RecordId::Random(random_);
    record.organisation = std::move(organisation);
    record.status = RecordStatus::kActual;
    record.alert.emplace();
    record.alert->case_type = CaseType::kSeizure;
    record.alert->when = absl::FromCivil(
        absl::CivilSecond(2023, 12, 4, 10, 0, 0), absl::UTCTimeZone());
    record.alert->ecommerce = ecommerce;
    record.alert->lines = std::move(lines);
    records_.push_back(record);
    return record.id;
  }

  CaseRecord& Last() { return records_.back(); }
  Figures Compute() { return ComputeFigures(records_, options_); }

  SeededRandom random_{1};
  FiguresOptions options_;
  std::vector<CaseRecord> records_;
};

TEST_F(FiguresTest, NoRecordsMakeNoFigures) {
  EXPECT_EQ(Compute(), Figures());
}

TEST_F(FiguresTest, CasesSeizuresMembersAndPiecesAreCounted) {
  Add("fr.customs", Ecommerce::kYes,
      {Line("medicines", "nervous_system", 100, "tablet"),
       Line("ipr", "footwear", 20, "pair")});
  Add("fr.customs", Ecommerce::kNo, {Line("tobacco", "", 7, "H87")});
  Add("sn.customs", Ecommerce::kUnknown,
      {Line("medicines", "anti_infective", 5, "H87")});

  const Figures figures = Compute();

  EXPECT_EQ(figures.total, (Tally{.cases = 3,
                                  .seizures = 4,
                                  .ecommerce_cases = 1,
                                  .ecommerce_seizures = 2}));
  EXPECT_EQ(figures.reporting_members, 2U);
  EXPECT_EQ(figures.medical_pieces_milli, 105'000);
  EXPECT_EQ(figures.ipr_pieces_milli, 20'000);
  EXPECT_EQ(figures.other_pieces_milli, 7'000);
  EXPECT_THAT(figures.unconverted, IsEmpty());
}

TEST_F(FiguresTest, UnlikeUnitsAreNeverAdded) {
  Add("fr.customs", Ecommerce::kNo,
      {Line("medicines", "", 3, "KGM"), Line("drugs", "", 2, "KGM"),
       Line("drugs", "", 5, "GRM")});

  const Figures figures = Compute();

  EXPECT_EQ(figures.medical_pieces_milli, 0);
  EXPECT_THAT(figures.unconverted, ElementsAre(Pair("drugs GRM", 2'005'000),
                                               Pair("medicines KGM", 3'000)));
}

TEST_F(FiguresTest, DayIsTheOneInTheOperationsZone) {
  Add("fr.customs", Ecommerce::kNo, {Line("other", "", 1, "H87")});
  Last().alert->when = absl::FromCivil(
      absl::CivilSecond(2023, 12, 4, 22, 30, 0), absl::UTCTimeZone());

  const Figures figures = Compute();

  ASSERT_EQ(figures.by_day.size(), 1U);
  EXPECT_EQ(figures.by_day.begin()->first, absl::CivilDay(2023, 12, 5));
}

TEST_F(FiguresTest, CaseWithTwoLinesOfOneCategoryIsOneCaseThere) {
  Add("fr.customs", Ecommerce::kYes,
      {Line("ipr", "footwear", 1, "pair"), Line("ipr", "clothing", 2, "H87")});

  const Figures figures = Compute();

  EXPECT_EQ(figures.by_category.at("ipr").tally,
            (Tally{.cases = 1,
                   .seizures = 2,
                   .ecommerce_cases = 1,
                   .ecommerce_seizures = 2}));
  EXPECT_EQ(figures.by_subcategory.at({"ipr", "clothing"}).tally.cases, 1U);
  EXPECT_EQ(figures.by_region.at("EUR").tally.cases, 1U);
  EXPECT_EQ(figures.by_region.at("EUR").tally.seizures, 2U);
}

TEST_F(FiguresTest, UpdateReplacesAndChainsOfUpdatesToo) {
  const RecordId first =
      Add("fr.customs", Ecommerce::kNo, {Line("other", "", 1, "H87")});
  const RecordId second =
      Add("fr.customs", Ecommerce::kYes, {Line("other", "", 2, "H87")});
  Last().replaces = first;
  Add("fr.customs", Ecommerce::kYes, {Line("other", "", 3, "H87")});
  Last().replaces = second;

  const Figures figures = Compute();

  EXPECT_EQ(figures.total.cases, 1U);
  EXPECT_EQ(figures.total.ecommerce_cases, 1U);
  EXPECT_EQ(figures.other_pieces_milli, 3'000);
}

TEST_F(FiguresTest, CancelledCaseIsNotCounted) {
  const RecordId first =
      Add("fr.customs", Ecommerce::kNo, {Line("other", "", 1, "H87")});
  Add("fr.customs", Ecommerce::kNo, {});
  Last().replaces = first;
  Last().alert.reset();

  const Figures figures = Compute();

  EXPECT_EQ(figures.total.cases, 0U);
  EXPECT_EQ(figures.reporting_members, 0U);
  EXPECT_EQ(figures.cases_cancelled, 1U);
}

TEST_F(FiguresTest, AnotherOrganisationCanNeitherUpdateNorCancel) {
  const RecordId first =
      Add("fr.customs", Ecommerce::kNo, {Line("other", "", 1, "H87")});
  Add("sn.customs", Ecommerce::kNo, {Line("other", "", 9, "H87")});
  Last().replaces = first;
  Add("sn.customs", Ecommerce::kNo, {});
  Last().replaces = first;
  Last().alert.reset();

  EXPECT_EQ(Compute().other_pieces_milli, 1'000);
}

TEST_F(FiguresTest, RecordThatStandsTwiceCountsOnce) {
  Add("fr.customs", Ecommerce::kNo, {Line("other", "", 1, "H87")});
  records_.push_back(records_.back());

  EXPECT_EQ(Compute().total.cases, 1U);
}

TEST_F(FiguresTest, ExerciseOtherTypesAndOtherDaysAreKeptApart) {
  Add("fr.customs", Ecommerce::kNo, {Line("other", "", 1, "H87")});
  Last().status = RecordStatus::kExercise;
  Add("fr.customs", Ecommerce::kNo, {Line("other", "", 1, "H87")});
  Last().alert->case_type = CaseType::kDetention;
  Add("fr.customs", Ecommerce::kNo, {Line("other", "", 1, "H87")});
  Last().alert->when =
      absl::FromCivil(absl::CivilSecond(2023, 12, 16, 0, 0, 0), options_.zone);

  const Figures figures = Compute();

  EXPECT_EQ(figures.total.cases, 0U);
  EXPECT_EQ(figures.cases_not_actual, 1U);
  EXPECT_EQ(figures.cases_outside_days, 1U);
}

TEST_F(FiguresTest, AbsurdQuantitiesStopAtTheTopOfTheRange) {
  for (int i = 0; i < 20; ++i) {
    Add("fr.customs", Ecommerce::kNo,
        {Line("other", "", 999'999'999'999'999, "H87"),
         Line("drugs", "", 999'999'999'999'999, "KGM")});
  }

  const Figures figures = Compute();

  constexpr int64_t kTop = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(figures.other_pieces_milli, kTop);
  EXPECT_EQ(figures.unconverted.at("drugs GRM"), kTop);
}

TEST(SharePermilleTest, RoundsHalfUpAndHasNoShareOfNothing) {
  EXPECT_EQ(SharePermille(634, 894), 709U);
  EXPECT_EQ(SharePermille(938, 1488), 630U);
  EXPECT_EQ(SharePermille(0, 0), 0U);
  EXPECT_EQ(SharePermille(1, 2000), 1U);
}

}  // namespace
}  // namespace cordon::client
