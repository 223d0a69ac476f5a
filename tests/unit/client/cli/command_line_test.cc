#include "client/cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include <nlohmann/json.hpp>

#include "client/cli/invocation.h"
#include "client/cli/json_text.h"
#include "client/cli/verb.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace cordon::cli {
namespace {

using ::cordon::testing::StatusIs;
using ::cordon::testing::TempFolder;

std::variant<Invocation, ExitCommand> Parse(std::vector<std::string> words,
                                            Globals defaults = {}) {
  words.insert(words.begin(), "cordon");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  return ParseCommandLine(static_cast<int>(argv.size()), argv.data(),
                          std::move(defaults));
}

Invocation Parsed(std::vector<std::string> words, Globals defaults = {}) {
  auto parsed = Parse(std::move(words), std::move(defaults));
  if (const auto* exit = std::get_if<ExitCommand>(&parsed)) {
    ADD_FAILURE() << "exit " << exit->code;
    return {};
  }
  return std::get<Invocation>(std::move(parsed));
}

int ExitOf(std::vector<std::string> words) {
  const auto parsed = Parse(std::move(words));
  const auto* exit = std::get_if<ExitCommand>(&parsed);
  return exit == nullptr ? -1 : exit->code;
}

TEST(CommandLineTest, FlagsBecomeTheArgumentsOfTheVerb) {
  const Invocation invocation =
      Parsed({"room", "create", "stop3", "press", "--kind", "channel", "--with",
              "fr.customs", "--with", "es.customs", "--json"});

  EXPECT_EQ(invocation.request.verb, "room create");
  EXPECT_EQ(JsonLine(invocation.request.arguments),
            R"({"operation":"stop3","name":"press","kind":"channel",)"
            R"("with":["fr.customs","es.customs"]})");
  EXPECT_TRUE(invocation.globals.json);
}

TEST(CommandLineTest, GlobalsStandBeforeOrAfterTheVerb) {
  EXPECT_EQ(Parsed({"--profile", "p", "whoami"}).globals.profile, "p");
  EXPECT_EQ(Parsed({"whoami", "--profile", "p"}).globals.profile, "p");
  EXPECT_EQ(Parsed({"whoami"}, {.profile = "e"}).globals.profile, "e");
}

TEST(CommandLineTest, TextMayBeAWordThatIsACommandElsewhere) {
  const Invocation invocation = Parsed({"send", "stop3/general", "sync"});

  EXPECT_EQ(invocation.request.verb, "send");
  EXPECT_EQ(invocation.request.arguments["text"], "sync");
}

TEST(CommandLineTest, SearchWordsAreOneText) {
  EXPECT_EQ(Parsed({"search", "two", "words"}).request.arguments["words"],
            "two words");
}

TEST(CommandLineTest, OutboxIsAVerbAndANoun) {
  EXPECT_EQ(Parsed({"outbox"}).request.verb, "outbox");
  EXPECT_EQ(Parsed({"outbox", "retry"}).request.verb, "outbox retry");
  EXPECT_EQ(Parsed({"outbox", "discard", "01"}).request.verb, "outbox discard");
}

TEST(CommandLineTest, InstructToRightsholders) {
  const Invocation invocation =
      Parsed({"instruct", "stop3", "--title", "T", "--text", "x", "--to",
              "rightsholders"});

  EXPECT_EQ(invocation.request.arguments["to_rightsholders"], true);
  EXPECT_EQ(ExitOf({"instruct", "stop3", "--title", "T", "--to", "all"}),
            kExitUsage);
}

TEST(CommandLineTest, AllOrOneAreApprovedButNotBoth) {
  EXPECT_FALSE(
      Parsed({"approve", "--all"}).request.arguments.contains("invitation"));
  EXPECT_EQ(Parsed({"approve", "0123"}).request.arguments["invitation"],
            "0123");
  EXPECT_EQ(ExitOf({"approve", "--all", "0123"}), kExitUsage);
  EXPECT_EQ(ExitOf({"approve", "0123", "--all"}), kExitUsage);
}

TEST(CommandLineTest, WrongUsageIsTwoAndHelpIsZero) {
  EXPECT_EQ(ExitOf({}), kExitUsage);
  EXPECT_EQ(ExitOf({"shout"}), kExitUsage);
  EXPECT_EQ(ExitOf({"send", "stop3/general"}), kExitUsage);
  EXPECT_EQ(ExitOf({"read", "stop3/general", "--max", "many"}), kExitUsage);
  EXPECT_EQ(ExitOf({"whoami", "extra"}), kExitUsage);
  EXPECT_EQ(ExitOf({"--help"}), kExitDone);
  EXPECT_EQ(ExitOf({"--version"}), kExitDone);
}

TEST(CommandLineTest, MistypedWordIsNamed) {
  const auto said = [](std::vector<std::string> words) {
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(ExitOf(std::move(words)), kExitUsage);
    return ::testing::internal::GetCapturedStderr();
  };

  EXPECT_EQ(said({"--profile", "p", "shout", "loud"}),
            "there is no command \"cordon shout\"; `cordon --help` names those "
            "there are\n");
  EXPECT_EQ(said({"room", "creat", "stop3"}),
            "there is no command \"cordon room creat\"; `cordon room --help` "
            "names those there are\n");
  // Nothing is mistyped where nothing stands.
  EXPECT_THAT(said({"room"}), ::testing::Not(::testing::HasSubstr("there is")));
}

TEST(CommandLineTest, EveryVerbHasHelpWithAnExample) {
  for (const absl::string_view name : VerbNames()) {
    SCOPED_TRACE(std::string(name));
    std::vector<std::string> words = absl::StrSplit(name, ' ');
    words.emplace_back("--help");
    ::testing::internal::CaptureStdout();
    const int code = ExitOf(words);
    const std::string help = ::testing::internal::GetCapturedStdout();
    EXPECT_EQ(code, kExitDone);
    EXPECT_THAT(help, ::testing::HasSubstr("Example:\n  cordon "));
  }
}

TEST(CommandLineTest, FilesAreReadIntoTheirArguments) {
  const TempFolder folder;
  const std::string path = folder.File("alert.json");
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  ASSERT_NE(file, nullptr);
  ASSERT_GT(std::fputs("{\"case_type\":\"seizure\"}", file), 0);
  ASSERT_EQ(std::fclose(file), 0);
  Invocation invocation = Parsed({"alert", "send", "stop3", "--file", path});

  ASSERT_OK(LoadArguments(invocation));
  EXPECT_EQ(invocation.request.arguments["alert"]["case_type"], "seizure");
}

TEST(CommandLineTest, FileThatIsNotThereIsSaid) {
  Invocation invocation =
      Parsed({"alert", "send", "stop3", "--file", "/nowhere/alert.json"});

  EXPECT_THAT(LoadArguments(invocation), StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace cordon::cli
