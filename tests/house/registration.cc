#include "tests/house/registration.h"

#include <algorithm>
#include <cstddef>
#include <regex>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "tests/house/build_files.h"
#include "tests/house/finding.h"
#include "tests/house/source.h"
#include "tests/house/tree.h"

namespace cordon::house {
namespace {

bool IsTestSource(absl::string_view path) {
  return absl::EndsWith(path, "_test.cc");
}

// Some file that holds TEST( must be compiled into something ctest runs.
bool HoldsTests(const Source& source) {
  static const std::regex test("^\\s*(TEST|TEST_F|TEST_P|TYPED_TEST)\\(");
  return std::any_of(
      source.code().begin(), source.code().end(),
      [](const std::string& line) { return std::regex_search(line, test); });
}

void CheckSourcesExist(const Tree& tree, const Target& target,
                       Findings& findings) {
  for (const std::string& path : target.sources) {
    if (absl::StrContains(path, "$") || tree.Exists(path)) continue;
    findings.push_back({.rule = "target",
                        .subject = target.file,
                        .line = target.line,
                        .message = absl::StrCat(target.name, " lists ", path,
                                                ", which is not there")});
  }
}

void CheckProductTarget(const Target& target, const BuildFiles& build,
                        Findings& findings) {
  if (!IsProduct(target.file) || build.HasLayer(target.layer)) return;
  findings.push_back(
      {.rule = "target",
       .subject = target.file,
       .line = target.line,
       .message = absl::StrCat(target.name,
                               " has no layer of the table; use "
                               "cordon_library or cordon_program")});
}

}  // namespace

Findings CheckTargets(const Tree& tree, const BuildFiles& build) {
  Findings findings;
  for (const auto& [path, source] : tree.files()) {
    if (!source.IsCpp()) continue;
    const std::vector<const Target*> owners = build.OwnersOf(path);
    if (owners.empty()) {
      findings.push_back({.rule = "target",
                          .subject = path,
                          .message = "is in no target's SRCS"});
    } else if (owners.size() > 1 && IsProduct(path)) {
      findings.push_back({.rule = "target",
                          .subject = path,
                          .message = absl::StrCat(
                              "is in two targets, ", owners[0]->name, " and ",
                              owners[1]->name, ": make it one's own")});
    }
  }
  for (const auto& [name, target] : build.targets()) {
    CheckSourcesExist(tree, target, findings);
    CheckProductTarget(target, build, findings);
  }
  return findings;
}

Findings CheckTestsRun(const Tree& tree, const BuildFiles& build) {
  Findings findings;
  for (const auto& [path, source] : tree.files()) {
    if (!source.IsCpp()) continue;
    if (!IsTestSource(path)) {
      if (HoldsTests(source)) {
        findings.push_back({.rule = "registered",
                            .subject = path,
                            .message = "holds tests: name it …_test.cc"});
      }
      continue;
    }
    const std::vector<const Target*> owners = build.OwnersOf(path);
    if (std::none_of(owners.begin(), owners.end(), [](const Target* owner) {
          return owner->command == "cordon_test";
        })) {
      findings.push_back({.rule = "registered",
                          .subject = path,
                          .message = "no cordon_test() runs it"});
    }
  }
  return findings;
}

Findings CheckMirror(const Tree& tree) {
  Findings findings;
  for (const auto& [path, source] : tree.files()) {
    absl::string_view product = path;
    if (!absl::ConsumePrefix(&product, "tests/unit/") ||
        !absl::ConsumeSuffix(&product, "_test.cc")) {
      continue;
    }
    if (tree.Exists(absl::StrCat(product, ".h")) ||
        tree.Exists(absl::StrCat(product, ".cc"))) {
      continue;
    }
    findings.push_back({.rule = "mirror",
                        .subject = path,
                        .message = absl::StrCat("there is no ", product,
                                                ".h or .cc that it tests")});
  }
  return findings;
}

Findings CheckSwitchedOff(const Tree& tree) {
  static const std::regex off("\\bDISABLED_|\\bGTEST_SKIP\\b");
  Findings findings;
  for (const auto& [path, source] : tree.files()) {
    for (size_t i = 0; i < source.code().size(); ++i) {
      if (!std::regex_search(source.code()[i], off)) continue;
      findings.push_back({.rule = "switched-off",
                          .subject = path,
                          .line = static_cast<int>(i) + 1,
                          .message = "a test that does not run; list it in "
                                     "allowed.txt with a reason and a date"});
    }
  }
  return findings;
}

}  // namespace cordon::house
