#include "client/cli/command_line.h"

#include <cstdio>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Error.hpp>
#include <CLI/Formatter.hpp>
#include <nlohmann/json.hpp>

#include "client/cli/invocation.h"
#include "client/cli/json_text.h"
#include "client/cli/menu.h"
#include "crypto/base/status.h"

namespace cordon::cli {
namespace {

constexpr absl::string_view kStandardInput = "-";

void AddSession(Menu& menu) {
  menu.Verb("session",
            "Commands as JSON lines on stdin, answers and events on stdout",
            "cordon session --profile alice --events arrival,finding")
      .IsSession();
}

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  const bool standard = path == kStandardInput;
  std::FILE* const file = standard ? stdin : std::fopen(path.c_str(), "re");
  if (file == nullptr) {
    return absl::NotFoundError(absl::StrCat(
        "cannot read ", path, ": no such file, or not yours to read"));
  }
  const absl::Cleanup close_file = [file, standard] {
    if (!standard) (void)std::fclose(file);
  };
  std::string text(kJsonBytesMax + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  if (std::ferror(file) != 0) {
    return absl::NotFoundError(absl::StrCat("cannot read ", path));
  }
  if (text.size() > kJsonBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        path, " is longer than ", kJsonBytesMax, " bytes: attach it instead"));
  }
  return text;
}

absl::Status LoadFile(const ArgumentFile& file, Json& arguments) {
  CORDON_ASSIGN_OR_RETURN(std::string text, ReadTextFile(file.path));
  if (!file.is_json) {
    arguments[file.key] = std::move(text);
    return absl::OkStatus();
  }
  absl::StatusOr<Json> json = ParseJson(text);
  if (!json.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(file.path, ": ", std::string(json.status().message())));
  }
  arguments[file.key] = *std::move(json);
  return absl::OkStatus();
}

// The library says of a word that it does not know only that a command is
// missing. "" if that is so.
std::string UnknownCommand(const CLI::App& app) {
  const CLI::App* at = &app;
  std::string path = app.get_name();
  while (!at->get_subcommands().empty()) {
    at = at->get_subcommands().front();
    absl::StrAppend(&path, " ", at->get_name());
  }
  const std::vector<std::string> left = app.remaining(/*recurse=*/true);
  if (at->get_require_subcommand_min() == 0 || left.empty()) return "";
  return absl::StrCat("there is no command \"", path, " ", left.front(),
                      "\"; `", path, " --help` names those there are\n");
}

}  // namespace

std::variant<Invocation, ExitCommand> ParseCommandLine(int argc, char** argv,
                                                       Globals defaults) {
  CLI::App app(
      "cordon: alerts, instructions, guides and figures of a joint operation, "
      "end-to-end encrypted.",
      "cordon");
  app.require_subcommand(1);
  app.set_version_flag("--version", "cordon " CORDON_VERSION);
  app.footer(
      "Start: cordon join 'cordon+join:…' --profile DIR\n"
      "Every command has --help with an example.\n"
      "Exit codes: 0 done, 1 refused or failed, 2 wrong usage.");
  Invocation invocation{.globals = std::move(defaults)};
  invocation.request.arguments = Json::object();
  AddGlobals(app, invocation.globals);
  Menu menu(&app, "", &invocation);
  AddAuthority(menu);
  AddInvite(menu);
  AddDirectory(menu);
  AddOperation(menu);
  AddRoom(menu);
  AddMessage(menu);
  AddInstruction(menu);
  AddAlert(menu);
  AddGuide(menu);
  AddFile(menu);
  AddOutbox(menu);
  AddSession(menu);
  try {
    app.parse(argc, argv);
  } catch (const CLI::RequiredError& error) {
    const std::string unknown = UnknownCommand(app);
    if (unknown.empty()) {
      (void)app.exit(error);
    } else {
      std::fputs(unknown.c_str(), stderr);
    }
    return ExitCommand{kExitUsage};
  } catch (const CLI::ParseError& error) {
    return ExitCommand{app.exit(error) == 0 ? kExitDone : kExitUsage};
  }
  return invocation;
}

absl::Status LoadArguments(Invocation& invocation) {
  Json& arguments = invocation.request.arguments;
  for (const ArgumentFile& file : invocation.files) {
    CORDON_RETURN_IF_ERROR(LoadFile(file, arguments));
  }
  for (const char* const key : {"text", "invitation"}) {
    if (arguments.value(key, "") != kStandardInput) continue;
    CORDON_ASSIGN_OR_RETURN(std::string text, ReadTextFile("-"));
    absl::StripTrailingAsciiWhitespace(&text);
    arguments[key] = std::move(text);
  }
  return absl::OkStatus();
}

}  // namespace cordon::cli
