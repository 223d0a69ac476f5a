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

TEST(CaseNumberTest, CountIsReadOnlyAsItIsWritten) {
  EXPECT_EQ(CountIn("STOP3-FR-2023-", "STOP3-FR-2023-999999999"),
            kCaseCountMax);
  for (const char* other :
       {"STOP3-FR-2023-17", "STOP3-FR-2023-000017", "STOP3-FR-2023- 0017",
        "STOP3-FR-2023-+0017", "STOP3-FR-2023-1000000000",
        "STOP3-FR-2023-4294967295", "STOP3-FR-2023-00017 "}) {
    SCOPED_TRACE(other);
    EXPECT_EQ(CountIn("STOP3-FR-2023-", other), std::nullopt);
  }
}

TEST(CaseNumberTest, NumbersOfABodyAreThoseOfItsCountryOrShortName) {
  EXPECT_EQ(NumberBody("FR", "fr.customs"), "FR");
  EXPECT_EQ(NumberBody("", "ocu.authority"), "ocu");
  EXPECT_TRUE(IsNumberOf("stop3", "FR", "STOP3-FR-2023-00017"));
  EXPECT_TRUE(IsNumberOf("stop3", "FR", "STOP3-FR-2024-00001"));
  EXPECT_TRUE(IsNumberOf("stop3", "ocu", "STOP3-OCU-2023-00001"));
  for (const char* other :
       {"", "STOP3-DE-2023-00017", "STOP4-FR-2023-00017", "STOP3-FR-2023-",
        "STOP3-FR-", "STOP3-FR-23-00017", "STOP3-FR-2023-17", "our file 7"}) {
    SCOPED_TRACE(other);
    EXPECT_FALSE(IsNumberOf("stop3", "FR", other));
  }
}

}  // namespace
}  // namespace cordon::client
