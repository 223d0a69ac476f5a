// The replay of six organisations on the real programs.

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/replay/child.h"
#include "tests/replay/loop.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace cordon::e2e {
namespace {

using replay::Child;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Program() {
  const char* folder = std::getenv("CORDON_PROGRAMS");
  return absl::StrCat(folder == nullptr ? "." : folder, "/replay");
}

class ReplayTest : public ::testing::Test {
 protected:
  // What the program makes, it makes in a folder of ours.
  ReplayTest() { setenv("TMPDIR", temporary_.path().c_str(), 1); }
  ~ReplayTest() override { unsetenv("TMPDIR"); }

  // Runs the small replay to its end; -1 if it does not end by itself.
  int Run(std::vector<std::string> options, absl::string_view stop_at = "") {
    options.insert(options.begin(), {Program(), "--small"});
    loop_.ExpectEnds(true);
    absl::StatusOr<std::unique_ptr<Child>> child =
        Child::Start(options, logs_.File("stderr"));
    EXPECT_OK(child);
    loop_.Watch(child->get(), [&](absl::string_view line) {
      absl::StrAppend(&output_, line, "\n");
      if (!stop_at.empty() && absl::StrContains(line, stop_at)) {
        (*child)->Signal(SIGINT);
      }
    });
    EXPECT_OK(loop_.Run({.what = "the replay has ended",
                         .done =
                             [&child] {
                               return (*child)->output() < 0 &&
                                      (*child)->Reap().has_value();
                             },
                         .patience = absl::Minutes(4)}));
    loop_.Forget(child->get());
    const int how = (*child)->Reap().value_or(-1);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
  }

  std::string Errors() const {
    std::ifstream in(logs_.File("stderr"));
    return {std::istreambuf_iterator<char>(in),
            std::istreambuf_iterator<char>()};
  }

  bool LeftNothing() const {
    return std::filesystem::is_empty(temporary_.path());
  }

  // Programs whose command line names our temporary folder.
  int Running() const {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      std::ifstream in(entry.path() / "cmdline", std::ios::binary);
      const std::string line{std::istreambuf_iterator<char>(in),
                             std::istreambuf_iterator<char>()};
      if (absl::StrContains(line, temporary_.path())) ++count;
    }
    return count;
  }

  testing::TempFolder temporary_;
  testing::TempFolder logs_;
  replay::Loop loop_;
  std::string output_;
};

TEST_F(ReplayTest, SmallOperationComesToThePublishedFigures) {
  EXPECT_EQ(Run({}), 0) << Errors();

  EXPECT_THAT(output_,
              HasSubstr("the published figures, on each of 5 devices"));
  EXPECT_THAT(output_, HasSubstr("a rights holder is refused: "));
  EXPECT_THAT(output_, ContainsRegex("alerts +24\n"));
  EXPECT_TRUE(LeftNothing());
  EXPECT_EQ(Running(), 0);
}

TEST_F(ReplayTest, OneLineChangedInOneRecordFailsAndIsNamed) {
  EXPECT_EQ(Run({"--tamper"}), 1);

  EXPECT_THAT(Errors(), ContainsRegex("pieces.* is [0-9]+, published [0-9]+"));
  EXPECT_THAT(output_, Not(HasSubstr("the published figures, on each")));
  EXPECT_TRUE(LeftNothing());
  EXPECT_EQ(Running(), 0);
}

TEST_F(ReplayTest, InterruptedLeavesNeitherFilesNorPrograms) {
  EXPECT_EQ(Run({}, "== instructions"), 1);

  EXPECT_THAT(Errors(), HasSubstr("ended by signal 2"));
  EXPECT_TRUE(LeftNothing());
  EXPECT_EQ(Running(), 0);
}

TEST_F(ReplayTest, KeptFolderHasProfilesAndSaysHowToGoOn) {
  const std::string kept = logs_.File("kept");

  EXPECT_EQ(Run({"--keep", kept}), 0) << Errors();

  EXPECT_TRUE(std::filesystem::is_directory(kept + "/profiles/fr.customs"));
  EXPECT_TRUE(std::filesystem::is_directory(kept + "/relay"));
  EXPECT_THAT(output_, HasSubstr(absl::StrCat("--profile ", kept)));
  EXPECT_EQ(Running(), 0);

  EXPECT_EQ(Run({"--keep", kept}), 1);
  EXPECT_THAT(Errors(), HasSubstr("not empty"));
}

}  // namespace
}  // namespace cordon::e2e
