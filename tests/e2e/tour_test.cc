// The ten minutes of README.md, word for word: its commands are read from
// there, so that what a newcomer copies works. Put in are only what the
// programs printed (pin, set-up code, invitation), a free port, a temporary
// folder, and files for the passphrases.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "tests/e2e/answer.h"
#include "tests/e2e/programs.h"
#include "tests/support/file_text.h"
#include "tests/support/temp_folder.h"

namespace cordon::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Words = std::vector<std::string>;

constexpr char kHeadline[] = "## Ten minutes by hand";

// The first block of text after the headline; "" if there is none.
std::string BlockOf(const std::string& readme) {
  constexpr absl::string_view kBegin = "```text\n";
  const size_t headline = readme.find(kHeadline);
  if (headline == std::string::npos) return "";
  const size_t begin = readme.find(kBegin.data(), headline);
  if (begin == std::string::npos) return "";
  const size_t from = begin + kBegin.size();
  return readme.substr(from, readme.find("```", from) - from);
}

// CommandsIn splits as a shell would: quotes hold words together, a backslash
// at its end goes on with the next line, # begins a remark.
std::vector<Words> CommandsIn(const std::string& block) {
  std::vector<Words> commands(1);
  std::string word;
  bool in_word = false;
  char quote = 0;
  const auto end_word = [&] {
    if (in_word) commands.back().push_back(std::exchange(word, ""));
    in_word = false;
  };
  for (size_t i = 0; i < block.size(); ++i) {
    const char c = block[i];
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
      in_word = true;
    } else if (c == '\\' && i + 1 < block.size() && block[i + 1] == '\n') {
      ++i;
    } else if (c == '#' && !in_word) {
      i = std::min(block.find('\n', i), block.size()) - 1;
    } else if (c == '\n') {
      end_word();
      if (!commands.back().empty()) commands.emplace_back();
    } else if (c == ' ') {
      end_word();
    } else {
      word += c;
      in_word = true;
    }
  }
  end_word();
  if (commands.back().empty()) commands.pop_back();
  return commands;
}

TEST(TourTextTest, CommandsAreSplitAsAShellWould) {
  EXPECT_THAT(CommandsIn("cordon a \"b c\" 'd'  # e\n\n  cordon \\\n  f\n"),
              ElementsAre(ElementsAre("cordon", "a", "b c", "d"),
                          ElementsAre("cordon", "f")));
}

class TourTest : public ::testing::Test {
 protected:
  TourTest() {
    for (const char* name : {"passphrase", "root"}) {
      std::ofstream(folder_.File(name)) << "a long enough " << name << "\n";
    }
  }

  // What stands in the README for something of the reader's own.
  std::string Own(const std::string& word, const std::string& before) const {
    if (before == "--data" || before == "--profile") return folder_.File(word);
    if (before == "--listen") return "127.0.0.1:0";
    if (before == "--server") return address_;
    if (word == "PIN") return pin_;
    if (word == "CODE") return code_;
    if (absl::StartsWith(word, "cordon+join:")) return invitation_;
    if (absl::StartsWith(word, "docs/")) {
      return absl::StrCat(CORDON_SOURCE_DIR, "/", word);
    }
    return word;
  }

  Words Own(const Words& command) const {
    Words own;
    for (size_t i = 1; i < command.size(); ++i) {
      own.push_back(Own(command[i], command[i - 1]));
    }
    if (command[0] == "cordon") {
      for (const std::string& word :
           {std::string("--passphrase-file"), folder_.File("passphrase"),
            std::string("--root-passphrase-file"), folder_.File("root"),
            std::string("--json")}) {
        own.push_back(word);
      }
    }
    return own;
  }

  static std::string VerbOf(const Words& command) {
    for (const char* verb :
         {"init", "serve", "join", "approve", "invite", "read", "figures"}) {
      for (const std::string& word : command) {
        if (word == verb) return verb;
      }
    }
    return "";
  }

  Json Run(const Words& command) {
    const Ended ended = RunProgram(CORDON_CORDON, Own(command));
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return Parsed(ended.out);
  }

  void Init(const Words& command) {
    const Ended ended = RunProgram(CORDON_CORDOND, Own(command));
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    std::istringstream out(ended.out);
    std::string word;
    while (out >> word) {
      if (word == "pin" && pin_.empty()) out >> pin_;
      if (word == "code" && code_.empty()) out >> code_;
    }
    ASSERT_THAT(pin_, Not(IsEmpty()));
    ASSERT_THAT(code_, Not(IsEmpty()));
  }

  void Serve(const Words& command) {
    relay_ = std::make_unique<Program>(CORDON_CORDOND, Own(command));
    const std::string line = relay_->ReadLine();
    absl::string_view address = line;
    ASSERT_TRUE(absl::ConsumePrefix(&address, "cordond listening on ")) << line;
    address_ = std::string(address);
  }

  // The first shell's command, given again until the second one's request is
  // there.
  void Approve(const Words& command) {
    const absl::Time deadline = absl::Now() + kProgramPatience;
    while (Run(command)["names"].empty()) {
      ASSERT_LT(absl::Now(), deadline);
    }
    const Ended joined = joining_->Wait();
    ASSERT_EQ(joined.exit_code, 0) << joined.err;
  }

  void Follow(const Words& command) {
    const std::string verb = VerbOf(command);
    if (command[0] == "cordond") {
      return verb == "init" ? Init(command) : Serve(command);
    }
    ASSERT_EQ(command[0], "cordon");
    if (verb == "join") {
      joining_ = std::make_unique<Program>(CORDON_CORDON, Own(command));
    } else if (verb == "approve") {
      Approve(command);
    } else {
      const Json answer = Run(command);
      if (verb == "invite") invitation_ = answer.value("invitation", "");
      if (verb == "read") read_ = answer;
      if (verb == "figures") figures_ = answer;
    }
  }

  TempFolder folder_;
  std::unique_ptr<Program> relay_;
  std::unique_ptr<Program> joining_;
  std::string pin_;
  std::string code_;
  std::string address_;
  std::string invitation_;
  Json read_;
  Json figures_;
};

TEST_F(TourTest, TwoProfilesTalkByWhatTheReadmeSays) {
  const std::string block =
      BlockOf(ReadFile(absl::StrCat(CORDON_SOURCE_DIR, "/README.md")));
  const std::vector<Words> commands = CommandsIn(block);
  ASSERT_THAT(commands, SizeIs(::testing::Ge(10))) << block;

  for (const Words& command : commands) {
    SCOPED_TRACE(::testing::PrintToString(command));
    ASSERT_NO_FATAL_FAILURE(Follow(command));
    ASSERT_FALSE(HasFailure());
  }

  EXPECT_EQ(read_["content"].value("text", ""), "Good morning") << read_;
  EXPECT_EQ(read_["author"].value("organisation", ""), "ocu.authority");
  EXPECT_EQ(figures_["total"].value("cases", 0), 1) << figures_;
  relay_->Signal(SIGTERM);
  EXPECT_EQ(relay_->Wait().exit_code, 0);
}

}  // namespace
}  // namespace cordon::testing
