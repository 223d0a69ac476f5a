#include "tests/replay/report.h"

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cordon::replay {
namespace {

using ::testing::ContainsRegex;

TEST(ReportTest, QuantilesAreOfWhatIsThere) {
  std::vector<absl::Duration> sorted;
  for (int i = 1; i <= 200; ++i) sorted.push_back(absl::Milliseconds(i));

  EXPECT_EQ(Quantile(sorted, 50), absl::Milliseconds(101));
  EXPECT_EQ(Quantile(sorted, 99), absl::Milliseconds(199));
  EXPECT_EQ(Quantile(sorted, 100), absl::Milliseconds(200));
  EXPECT_EQ(Quantile({}, 50), absl::ZeroDuration());
}

TEST(ReportTest, TableHasPhasesTheirSumAndWhatWasMeasured) {
  Measures measures;
  measures.phases = {{"enrolment", absl::Seconds(30)},
                     {"alerts", absl::Seconds(90)}};
  measures.alerts = 10;
  measures.alert_deliveries = 100;
  measures.alert_wire_bytes = 250'000;
  measures.latencies = {absl::Milliseconds(30), absl::Milliseconds(10)};

  const std::string table = Table(measures);

  EXPECT_THAT(table, ContainsRegex("enrolment +0.50 min"));
  EXPECT_THAT(table, ContainsRegex("in all +2.00 min"));
  EXPECT_THAT(table, ContainsRegex("p50 +30 ms"));
  EXPECT_THAT(table, ContainsRegex("an alert and device +2500 B"));
}

TEST(ReportTest, WhatWasNotMeasuredIsNotShownAsZero) {
  EXPECT_THAT(Table(Measures()),
              ContainsRegex("an alert and device +not measured"));
}

}  // namespace
}  // namespace cordon::replay
