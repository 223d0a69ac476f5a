#include "tests/replay/loop.h"

#include <signal.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/replay/child.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace cordon::replay {
namespace {

using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class LoopTest : public ::testing::Test {
 protected:
  // A shell with a program of one line.
  std::unique_ptr<Child> Shell(const std::string& program) {
    absl::StatusOr<std::unique_ptr<Child>> child =
        Child::Start({"/bin/sh", "-c", program}, folder_.File("log"));
    EXPECT_OK(child);
    loop_.Watch(child->get(),
                [this](absl::string_view line) { lines_.emplace_back(line); });
    return *std::move(child);
  }

  absl::Status RunUntilLines(size_t count) {
    return loop_.Run({.what = "lines are there", .done = [this, count] {
                        return lines_.size() == count;
                      }});
  }

  testing::TempFolder folder_;
  Loop loop_;
  std::vector<std::string> lines_;
};

TEST_F(LoopTest, LinesGoBothWays) {
  const auto child = Shell("exec cat");
  child->Say("one");
  child->Say("two");

  EXPECT_OK(RunUntilLines(2));

  EXPECT_THAT(lines_, ElementsAre("one", "two"));
}

TEST_F(LoopTest, MoreThanAPipeHoldsIsWrittenInTheEnd) {
  const std::string large(1 << 20, 'x');
  const auto child = Shell("exec cat");
  child->Say(large);
  EXPECT_TRUE(child->has_unwritten());

  EXPECT_OK(RunUntilLines(1));

  EXPECT_EQ(lines_[0], large);
}

TEST_F(LoopTest, ChildThatEndsByItselfIsAFailure) {
  const auto child = Shell("echo trouble >&2; exit 3");

  EXPECT_THAT(RunUntilLines(1), StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(child->LastWords(), "trouble\n");
}

TEST_F(LoopTest, ChildMayEndWhenThatIsExpected) {
  loop_.ExpectEnds(true);
  const auto child = Shell("exit 3");

  EXPECT_OK(loop_.Run({.what = "it has ended", .done = [&child] {
                         return child->Reap().has_value();
                       }}));

  EXPECT_FALSE(EndedWell(*child->Reap()));
  EXPECT_EQ(HowItEnded(*child->Reap()), "exit code 3");
}

TEST_F(LoopTest, SilenceIsNotWaitedForForEver) {
  const auto child = Shell("exec cat");

  EXPECT_THAT(loop_.Run({.what = "never",
                         .done = [] { return false; },
                         .patience = absl::Milliseconds(1)}),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(LoopTest, SignalEndsTheRunAndNotTheProgram) {
  const auto child = Shell("exec cat");
  kill(getpid(), SIGINT);

  EXPECT_THAT(RunUntilLines(1), StatusIs(absl::StatusCode::kCancelled));
}

TEST_F(LoopTest, BeatsKeepTheirRate) {
  int beats = 0;

  EXPECT_OK(loop_.Run({.what = "five beats",
                       .done = [&beats] { return beats == 5; },
                       .beat = [&beats] { ++beats; },
                       .beat_every = absl::Milliseconds(1)}));
}

TEST_F(LoopTest, DestroyedChildIsGone) {
  auto child = Shell("exec cat");
  const pid_t pid = child->pid();
  loop_.Forget(child.get());
  child.reset();

  EXPECT_NE(kill(pid, 0), 0);
}

TEST_F(LoopTest, WhatIsNoProgramSaysSoInItsEnd) {
  loop_.ExpectEnds(true);
  absl::StatusOr<std::unique_ptr<Child>> child =
      Child::Start({"/nowhere/program"}, folder_.File("log"));
  ASSERT_OK(child);
  loop_.Watch(child->get(), [](absl::string_view) {});

  EXPECT_OK(loop_.Run({.what = "it has ended", .done = [&child] {
                         return (*child)->Reap().has_value();
                       }}));

  EXPECT_THAT(HowItEnded(*(*child)->Reap()), HasSubstr("127"));
}

}  // namespace
}  // namespace cordon::replay
