#include "client/cli/progress_line.h"

#include <optional>

#include "absl/time/time.h"
#include "gtest/gtest.h"

#include "client/core/event.h"

namespace cordon::cli {
namespace {

constexpr absl::Time kBegun = absl::UnixEpoch();

TEST(ProgressLineTest, WhatWasSaidOnceAtTheBeginningIsShownWhenItTakesLong) {
  ProgressLine line(kBegun);
  line.Note({.command = 1, .stage = client::Stage::kWaitingForApproval});
  EXPECT_EQ(line.Due(kBegun), std::nullopt);
  EXPECT_EQ(line.next(), kBegun + kQuietTime);

  EXPECT_EQ(line.Due(line.next()), "waiting to be approved");

  EXPECT_EQ(line.Due(kBegun + 2 * kQuietTime), std::nullopt);
  EXPECT_EQ(line.next(), absl::InfiniteFuture());
}

TEST(ProgressLineTest, CommandThatSaysNothingIsSeenToWork) {
  ProgressLine line(kBegun);

  EXPECT_EQ(line.Due(kBegun + kQuietTime), "working");
  EXPECT_EQ(line.Due(kBegun + 2 * kQuietTime), std::nullopt);
}

TEST(ProgressLineTest, NewestOfManyIsShown) {
  ProgressLine line(kBegun);
  line.Note({.command = 1,
             .stage = client::Stage::kCommitting,
             .done = 1,
             .total = 5});
  line.Note({.command = 1,
             .stage = client::Stage::kCommitting,
             .done = 2,
             .total = 5});

  EXPECT_EQ(line.Due(kBegun + kQuietTime), "changing rooms: 2 of 5");
  line.Note({.command = 1,
             .stage = client::Stage::kCommitting,
             .done = 3,
             .total = 5});
  EXPECT_EQ(line.Due(kBegun + kQuietTime), "changing rooms: 3 of 5");
}

}  // namespace
}  // namespace cordon::cli
