#include "tests/house/layering.h"

#include <algorithm>
#include <array>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "tests/house/build_files.h"
#include "tests/house/finding.h"
#include "tests/house/source.h"
#include "tests/house/tree.h"

namespace cordon::house {
namespace {

struct Owner {
  const char* header;   // a path below it, or the header itself
  const char* folders;  // regex for those who may include it
};

// house.md, 3. The first that fits decides.
constexpr Owner kOwners[] = {
    {"sodium", "crypto/(base|prim)/"},
    {"sqlcipher/", "storage/sqlite/"},
    {"sqlite3", "nobody: the library is SQLCipher, <sqlcipher/sqlite3.h>"},
    {"openssl/", "crypto/cert/"},
    {"grpc", "server/rpc/|client/net/|server/main\\.cc|client/cli/main\\.cc"},
    {"google/protobuf/", "server/rpc/|client/net/|client/core/content"},
    {"cordon/sealed/", "client/core/content"},
    {"cordon/wire/", "server/rpc/|client/net/"},
};

// Layers that hold, or lead to, what only devices may know.
constexpr std::array<absl::string_view, 10> kNeverInRelay = {
    "mls",         "record",       "blob",       "sealed",      "vault",
    "client_core", "client_files", "client_net", "client_face", "client_main"};

bool NeverInRelay(const std::string& layer) {
  return std::find(kNeverInRelay.begin(), kNeverInRelay.end(), layer) !=
         kNeverInRelay.end();
}

void CheckLayersOf(const Source& source, const Target& includer,
                   const BuildFiles& build, Findings& findings) {
  const std::set<std::string> linked = build.LinkClosure(includer.name);
  for (const Include& include : source.includes()) {
    for (const Target* used : build.OwnersOf(include.target)) {
      if (!build.MayUse(includer.layer, used->layer)) {
        findings.push_back(
            {.rule = "layer",
             .subject = source.path(),
             .line = include.line,
             .message = absl::StrCat(include.target, " is of layer '",
                                     used->layer, "', which '", includer.layer,
                                     "' may not use (CORDON_MAY_USE_",
                                     includer.layer, " in CMakeLists.txt)")});
      } else if (linked.count(used->name) == 0) {
        findings.push_back({.rule = "deps",
                            .subject = source.path(),
                            .line = include.line,
                            .message = absl::StrCat(
                                include.target, " belongs to ", used->name,
                                "; add it to the DEPS of ", includer.name)});
      }
    }
  }
}

// Follows includes from one file and reports the first step that must not be.
class Reach {
 public:
  Reach(const Tree& tree, const BuildFiles& build)
      : tree_(tree), build_(build) {}

  Findings From(const Source& start) {
    Findings findings;
    std::map<std::string, std::string> via = {{start.path(), ""}};
    std::vector<std::string> open = {start.path()};
    while (!open.empty()) {
      const std::string path = open.back();
      open.pop_back();
      const Source* source = tree_.Find(path);
      if (source == nullptr) continue;
      for (const Include& include : source->includes()) {
        if (!via.emplace(include.target, path).second) continue;
        if (Forbidden(include.target)) {
          findings.push_back(
              {.rule = "reach",
               .subject = start.path(),
               .message = absl::StrCat("the relay reaches ", include.target,
                                       " through ", path,
                                       "; it must not be able to read")});
        } else {
          open.push_back(include.target);
        }
      }
    }
    return findings;
  }

 private:
  bool Forbidden(const std::string& header) const {
    for (const Target* owner : build_.OwnersOf(header)) {
      if (NeverInRelay(owner->layer)) return true;
    }
    return false;
  }

  const Tree& tree_;
  const BuildFiles& build_;
};

}  // namespace

Findings CheckLayers(const Tree& tree, const BuildFiles& build) {
  Findings findings;
  for (const auto& [path, source] : tree.files()) {
    if (!IsProduct(path) || !source.IsCpp()) continue;
    for (const Target* includer : build.OwnersOf(path)) {
      CheckLayersOf(source, *includer, build, findings);
    }
  }
  return findings;
}

Findings CheckOwners(const Tree& tree) {
  Findings findings;
  for (const auto& [path, source] : tree.files()) {
    if (!IsProduct(path)) continue;
    for (const Include& include : source.includes()) {
      for (const Owner& owner : kOwners) {
        if (!absl::StartsWith(include.target, owner.header)) continue;
        const std::regex folders(absl::StrCat("^(", owner.folders, ")"));
        if (!std::regex_search(path, folders)) {
          findings.push_back(
              {.rule = "owner",
               .subject = path,
               .line = include.line,
               .message =
                   absl::StrCat("<", include.target,
                                "> may be included only by ", owner.folders)});
        }
        break;
      }
    }
  }
  return findings;
}

Findings CheckRelayReach(const Tree& tree, const BuildFiles& build) {
  Findings findings;
  Reach reach(tree, build);
  for (const auto& [path, source] : tree.files()) {
    if (!absl::StartsWith(path, "server/")) continue;
    const Findings more = reach.From(source);
    findings.insert(findings.end(), more.begin(), more.end());
  }
  for (const auto& [name, target] : build.targets()) {
    if (!absl::StartsWith(target.file, "server/")) continue;
    for (const std::string& linked : build.LinkClosure(name)) {
      if (!NeverInRelay(build.targets().at(linked).layer)) continue;
      findings.push_back(
          {.rule = "reach",
           .subject = target.file,
           .line = target.line,
           .message = absl::StrCat(name, " links ", linked,
                                   "; the relay must not be able to read")});
    }
  }
  return findings;
}

}  // namespace cordon::house
