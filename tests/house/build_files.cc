#include "tests/house/build_files.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "tests/house/cmake_command.h"
#include "tests/house/source.h"
#include "tests/house/tree.h"

namespace cordon::house {
namespace {

constexpr absl::string_view kMayUse = "CORDON_MAY_USE_";

// Commands that make a target, and the words that begin an argument of theirs.
constexpr std::array<absl::string_view, 7> kTargetCommands = {
    "cordon_library", "cordon_program", "cordon_test",   "cordon_fuzz",
    "cordon_proto",   "add_library",    "add_executable"};
constexpr std::array<absl::string_view, 14> kKeywords = {
    "LAYER",       "KIND",
    "SRCS",        "DEPS",
    "PROTOS",      "ARGS",
    "STATIC",      "SHARED",
    "ENVIRONMENT", "GRPC",
    "OBJECT",      "INTERFACE",
    "THREADED",    "EXCLUDE_FROM_ALL"};

bool IsTargetCommand(absl::string_view name) {
  return std::find(kTargetCommands.begin(), kTargetCommands.end(), name) !=
         kTargetCommands.end();
}

bool IsKeyword(absl::string_view word) {
  return std::find(kKeywords.begin(), kKeywords.end(), word) != kKeywords.end();
}

std::string Normal(const std::string& folder, absl::string_view path) {
  if (absl::ConsumePrefix(&path, "${CMAKE_SOURCE_DIR}/") ||
      absl::ConsumePrefix(&path, "${PROJECT_SOURCE_DIR}/")) {
    return std::string(path);
  }
  absl::ConsumePrefix(&path, "${CMAKE_CURRENT_SOURCE_DIR}/");
  const std::filesystem::path joined =
      std::filesystem::path(folder) / std::string(path);
  return joined.lexically_normal().string();
}

// Puts in what set() and list(APPEND) gave to the variables of this file.
class Variables {
 public:
  void Note(const CmakeCommand& command) {
    const std::vector<std::string>& words = command.arguments;
    if (command.name == "set" && !words.empty()) {
      values_[words[0]] = Expand({words.begin() + 1, words.end()});
    } else if (command.name == "list" && words.size() > 2 &&
               words[0] == "APPEND") {
      for (const std::string& word : Expand({words.begin() + 2, words.end()})) {
        values_[words[1]].push_back(word);
      }
    }
  }

  std::vector<std::string> Expand(const std::vector<std::string>& words) const {
    std::vector<std::string> expanded;
    for (const std::string& word : words) {
      absl::string_view name = word;
      const bool variable =
          absl::ConsumePrefix(&name, "${") && absl::ConsumeSuffix(&name, "}");
      const auto found = values_.find(std::string(name));
      if (!variable || found == values_.end()) {
        expanded.push_back(word);
        continue;
      }
      expanded.insert(expanded.end(), found->second.begin(),
                      found->second.end());
    }
    return expanded;
  }

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

}  // namespace

BuildFiles BuildFiles::Read(const Tree& tree) {
  BuildFiles build;
  for (const auto& [path, source] : tree.files()) {
    if (path == "CMakeLists.txt" || absl::EndsWith(path, "/CMakeLists.txt")) {
      build.ReadFile(source);
    }
  }
  return build;
}

void BuildFiles::ReadFile(const Source& source) {
  Variables variables;
  for (const CmakeCommand& command : ReadCmake(source)) {
    variables.Note(command);
    std::vector<std::string> words = variables.Expand(command.arguments);
    if (words.empty()) continue;
    absl::string_view first = words[0];
    if (command.name == "set" && absl::ConsumePrefix(&first, kMayUse)) {
      may_use_[std::string(first)] = {words.begin() + 1, words.end()};
    } else if (IsTargetCommand(command.name) &&
               !absl::StrContains(first, "$")) {
      AddTarget(command.name, source, command.line, words);
    } else if (command.name == "target_sources") {
      for (size_t i = 1; i < words.size(); ++i) {
        AddOwner(Normal(source.folder(), words[i]), words[0]);
      }
    }
  }
}

void BuildFiles::AddTarget(const std::string& command, const Source& source,
                           int line,
                           const std::vector<std::string>& arguments) {
  Target target{.command = command,
                .name = arguments[0],
                .layer = "",
                .file = source.path(),
                .line = line,
                .sources = {},
                .deps = {}};
  std::string keyword = "SRCS";  // what add_library() lists without a word
  for (size_t i = 1; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (IsKeyword(word)) {
      keyword = word;
      if (word == "STATIC" || word == "OBJECT") keyword = "SRCS";
    } else if (keyword == "LAYER") {
      target.layer = word;
    } else if (keyword == "SRCS") {
      target.sources.push_back(Normal(source.folder(), word));
      AddOwner(target.sources.back(), target.name);
    } else if (keyword == "PROTOS") {
      const std::string stem = word.substr(0, word.rfind(".proto"));
      AddOwner(absl::StrCat(stem, ".pb.h"), target.name);
      AddOwner(absl::StrCat(stem, ".grpc.pb.h"), target.name);
    } else if (keyword == "DEPS") {
      target.deps.push_back(word);
    }
  }
  targets_[target.name] = target;
}

void BuildFiles::AddOwner(const std::string& path, const std::string& target) {
  owners_[path].insert(target);
}

std::vector<const Target*> BuildFiles::OwnersOf(const std::string& path) const {
  std::vector<const Target*> owners;
  const auto found = owners_.find(path);
  if (found == owners_.end()) return owners;
  for (const std::string& name : found->second) {
    const auto target = targets_.find(name);
    if (target != targets_.end()) owners.push_back(&target->second);
  }
  return owners;
}

bool BuildFiles::MayUse(const std::string& layer,
                        const std::string& used) const {
  if (layer == used) return true;
  const auto found = may_use_.find(layer);
  return found != may_use_.end() && found->second.count(used) > 0;
}

bool BuildFiles::HasLayer(const std::string& layer) const {
  return may_use_.count(layer) > 0;
}

std::set<std::string> BuildFiles::LinkClosure(const std::string& target) const {
  std::set<std::string> closure;
  std::vector<std::string> open = {target};
  while (!open.empty()) {
    const std::string name = open.back();
    open.pop_back();
    const auto found = targets_.find(name);
    if (found == targets_.end() || !closure.insert(name).second) continue;
    open.insert(open.end(), found->second.deps.begin(),
                found->second.deps.end());
  }
  return closure;
}

}  // namespace cordon::house
