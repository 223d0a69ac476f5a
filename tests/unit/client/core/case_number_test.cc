#include "client/core/case_number.h"

#include <optional>
#include <string>

#include "gtest/gtest.h"

namespace cordon::client {
namespace {

TEST(CaseNumberTest, SaysOperationCountryYearAndCount) {
  const std::string prefix =
      SeriesPrefix({.operation = "stop3", .body = "FR", .year = 2023});

  EXPECT_EQ(CaseNumber(prefix, 17), "STOP3-FR-2023-00017");
  EXPECT_EQ(CaseNumber(prefix, 123456), "STOP3-FR-2023-123456");
}

TEST(CaseNumberTest, ABodyWithoutACountryHasItsShortName) {
  EXPECT_EQ(SeriesPrefix({.operation = "stop3", .body = "ocu", .year = 2023}),
            "STOP3-OCU-2023-");
}

TEST(CaseNumberTest, CountIsReadOfTheSeriesOnly) {
  EXPECT_EQ(CountIn("STOP3-FR-2023-", "STOP3-FR-2023-00017"), 17U);
  EXPECT_EQ(CountIn("STOP3-FR-2023-", "STOP3-DE-2023-00017"), std::nullopt);
  EXPECT_EQ(CountIn("STOP3-FR-2023-", "STOP3-FR-2023-"), std::nullopt);
  EXPECT_EQ(CountIn("STOP3-FR-2023-", "STOP3-FR-2023-x"), std::nullopt);
  EXPECT_EQ(CountIn("STOP3-FR-2023-", ""), std::nullopt);
}

}  // namespace
}  // namespace cordon::client
