#include "server/metrics_file.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "server/core/counters.h"
#include "tests/support/file_text.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace cordon::server {
namespace {

using ::cordon::testing::ReadFile;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempFolder;
using ::testing::HasSubstr;

TEST(MetricsFileTest, TextNamesEachNumber) {
  Counters counters;
  counters.entries_appended = 12;
  counters.calls_ended[7] = 3;

  const std::string text = MetricsText(counters, {.followers = 5});

  EXPECT_THAT(text, HasSubstr("# TYPE cordond_entries_appended_total counter\n"
                              "cordond_entries_appended_total 12\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE cordond_followers gauge\n"
                              "cordond_followers 5\n"));
  EXPECT_THAT(text,
              HasSubstr("cordond_calls_ended_total{code=\"PERMISSION_DENIED\"} "
                        "3\n"));
}

TEST(MetricsFileTest, FileIsReplacedWhole) {
  const TempFolder folder;
  const std::string path = folder.File("cordond.prom");

  ASSERT_OK(WriteMetricsFile(path, "first\n"));
  ASSERT_OK(WriteMetricsFile(path, "2\n"));

  EXPECT_EQ(ReadFile(path), "2\n");
}

TEST(MetricsFileTest, FolderThatIsNotThereIsAnError) {
  const TempFolder folder;

  EXPECT_THAT(WriteMetricsFile(folder.File("no/cordond.prom"), "1\n"),
              StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace cordon::server
