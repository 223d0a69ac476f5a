#include "client/cli/number_text.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace cordon::cli {
namespace {

TEST(NumberTextTest, DecimalIsReadInItsSmallestUnit) {
  EXPECT_EQ(ParseDecimal("12.5", 3), 12500);
  EXPECT_EQ(ParseDecimal("-0.01", 2), -1);
  EXPECT_EQ(ParseDecimal("43500000", 3), 43'500'000'000);
  EXPECT_EQ(ParseDecimal("9223372036854775.807", 3),
            std::numeric_limits<int64_t>::max());
}

TEST(NumberTextTest, DecimalBeyondItsPlacesOrFormIsRefused) {
  for (const char* const text :
       {"12.3456", "1e3", "+1", "", ".", "1.", ".5", "1,5", "0x10", " 1", "--1",
        "9223372036854775.808"}) {
    EXPECT_EQ(ParseDecimal(text, 3), std::nullopt) << text;
  }
}

TEST(NumberTextTest, DecimalIsWrittenWithoutZerosAtTheEnd) {
  EXPECT_EQ(DecimalText(12500, 3), "12.5");
  EXPECT_EQ(DecimalText(43'500'000'000, 3), "43500000");
  EXPECT_EQ(DecimalText(-1, 2), "-0.01");
  EXPECT_EQ(DecimalText(0, 3), "0");
  EXPECT_EQ(DecimalText(std::numeric_limits<int64_t>::min(), 0),
            "-9223372036854775808");
}

TEST(NumberTextTest, CountsAreGroupedByThree) {
  EXPECT_EQ(GroupedText(0), "0");
  EXPECT_EQ(GroupedText(894), "894");
  EXPECT_EQ(GroupedText(43'500'000), "43 500 000");
}

TEST(NumberTextTest, QuantityIsSaidAsPeopleSayIt) {
  EXPECT_EQ(QuantityText(1'250'000, "tablet"), "1 250 tablets");
  EXPECT_EQ(QuantityText(1000, "H87"), "1 piece");
  EXPECT_EQ(QuantityText(12'000, "C62"), "12 pieces");
  EXPECT_EQ(QuantityText(12'500, "KGM"), "12.5 kg");
  EXPECT_EQ(QuantityText(500, "pack"), "0.5 packs");
  EXPECT_EQ(QuantityText(2000, "XYZ"), "2 XYZ");
  EXPECT_EQ(QuantityText(-1000, "LTR"), "-1 l");
}

TEST(NumberTextTest, TimeNeedsAnOffset) {
  const absl::Time expected =
      absl::FromUnixSeconds(1'701'682'200);  // 2023-12-04T09:30:00Z
  EXPECT_EQ(ParseTime("2023-12-04T10:30:00+01:00"), expected);
  EXPECT_EQ(ParseTime("2023-12-04T09:30:00Z"), expected);
  EXPECT_EQ(ParseTime("2023-12-04T09:30:00"), std::nullopt);
  EXPECT_EQ(ParseTime("2023-12-04"), std::nullopt);
  EXPECT_EQ(ParseTime("infinite-future"), std::nullopt);
  EXPECT_EQ(TimeText(expected), "2023-12-04T09:30:00+00:00");
}

TEST(NumberTextTest, DayIsADayAndNothingElse) {
  EXPECT_EQ(ParseDay("2023-12-04"), absl::CivilDay(2023, 12, 4));
  EXPECT_EQ(ParseDay("2023-12-4"), std::nullopt);
  EXPECT_EQ(ParseDay("2023-12-04T10"), std::nullopt);
  EXPECT_EQ(ParseDay("2023-13-04"), std::nullopt);
  EXPECT_EQ(DayText(absl::CivilDay(2023, 12, 4)), "2023-12-04");
}

TEST(NumberTextTest, DurationKnowsDays) {
  EXPECT_EQ(ParseDuration("7d"), absl::Hours(168));
  EXPECT_EQ(ParseDuration("1h30m"), absl::Minutes(90));
  EXPECT_EQ(ParseDuration("0s"), std::nullopt);
  EXPECT_EQ(ParseDuration("-1h"), std::nullopt);
  EXPECT_EQ(ParseDuration("inf"), std::nullopt);
  EXPECT_EQ(ParseDuration("99999999999d"), std::nullopt);
}

TEST(NumberTextTest, SinceIsATimeADayOrSoLongAgo) {
  const absl::Time now = absl::FromUnixSeconds(1'701'682'200);
  const absl::TimeZone zone = absl::FixedTimeZone(3600);
  EXPECT_EQ(ParseSince("2h", now, zone), now - absl::Hours(2));
  EXPECT_EQ(ParseSince("2023-12-04", now, zone),
            absl::FromUnixSeconds(1'701'644'400));
  EXPECT_EQ(ParseSince("2023-12-04T09:30:00Z", now, zone), now);
  EXPECT_EQ(ParseSince("yesterday", now, zone), std::nullopt);
}

TEST(NumberTextTest, UntilIsATimeOrSoLongAhead) {
  const absl::Time now = absl::FromUnixSeconds(1'701'682'200);
  EXPECT_EQ(ParseUntil("24h", now), now + absl::Hours(24));
  EXPECT_EQ(ParseUntil("2023-12-04T09:30:00Z", now), now);
  EXPECT_EQ(ParseUntil("2023-12-04", now), std::nullopt);
  EXPECT_EQ(ParseUntil("tomorrow", now), std::nullopt);
}

}  // namespace
}  // namespace cordon::cli
