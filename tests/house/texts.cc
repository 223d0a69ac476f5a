#include "tests/house/texts.h"

#include <cstddef>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "tests/house/finding.h"
#include "tests/house/source.h"
#include "tests/house/tree.h"

namespace cordon::house {
namespace {

// The anchor a Markdown reader makes of a heading.
std::string AnchorOf(absl::string_view heading) {
  std::string anchor;
  for (const char c : heading) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || c == '-' || c == '_' || byte >= 0x80) {
      anchor.push_back(absl::ascii_tolower(byte));
    } else if (c == ' ') {
      anchor.push_back('-');
    }
  }
  return anchor;
}

std::set<std::string> AnchorsOf(const Source& source) {
  std::set<std::string> anchors;
  for (const std::string& line : source.lines()) {
    if (!absl::StartsWith(line, "#")) continue;
    const size_t text = line.find_first_not_of("# ");
    if (text != std::string::npos) anchors.insert(AnchorOf(line.substr(text)));
  }
  return anchors;
}

// Lines of fenced blocks are examples.
class Fence {
 public:
  bool Inside(absl::string_view line) {
    if (absl::StartsWith(absl::StripLeadingAsciiWhitespace(line), "```")) {
      open_ = !open_;
      return true;
    }
    return open_;
  }

 private:
  bool open_ = false;
};

// Empty if `link`, written in `source`, leads somewhere.
std::string WhatIsWrong(const Tree& tree, const Source& source,
                        const std::string& link) {
  const size_t hash = link.find('#');
  const std::string file = link.substr(0, hash);
  std::string path = source.path();
  if (!file.empty()) {
    path = (std::filesystem::path(source.folder()) / file)
               .lexically_normal()
               .string();
    if (absl::EndsWith(path, "/")) path.pop_back();
    if (path != "." && !path.empty() && !tree.Exists(path)) {
      return absl::StrCat("there is no ", path);
    }
  }
  if (hash == std::string::npos) return "";
  const Source* target = tree.Find(path);
  if (target == nullptr ||
      AnchorsOf(*target).count(link.substr(hash + 1)) == 0) {
    return absl::StrCat(path, " has no heading ", link.substr(hash));
  }
  return "";
}

}  // namespace

Findings CheckLinks(const Tree& tree) {
  static const std::regex inline_link("\\]\\(([^)\\s]+)\\)");
  static const std::regex network("^[a-z]+:");
  Findings findings;
  for (const auto& [path, source] : tree.files()) {
    if (!absl::EndsWith(path, ".md")) continue;
    Fence fence;
    int number = 0;
    for (const std::string& line : source.lines()) {
      ++number;
      if (fence.Inside(line)) continue;
      std::sregex_iterator at(line.begin(), line.end(), inline_link);
      for (; at != std::sregex_iterator(); ++at) {
        const std::string link = (*at)[1].str();
        if (std::regex_search(link, network)) continue;
        const std::string wrong = WhatIsWrong(tree, source, link);
        if (wrong.empty()) continue;
        findings.push_back({.rule = "link",
                            .subject = path,
                            .line = number,
                            .message = wrong});
      }
    }
  }
  return findings;
}

Findings CheckTodos(const Tree& tree) {
  static const std::regex todo("\\b(TODO|FIXME|XXX)\\b(?!\\(#[0-9]+\\))");
  Findings findings;
  for (const auto& [path, source] : tree.files()) {
    const std::vector<std::string>& lines =
        source.IsCpp() ? source.comments() : source.lines();
    for (size_t i = 0; i < lines.size(); ++i) {
      if (!std::regex_search(lines[i], todo)) continue;
      findings.push_back({.rule = "todo",
                          .subject = path,
                          .line = static_cast<int>(i) + 1,
                          .message = "do it, or give the number of its issue"});
    }
  }
  return findings;
}

}  // namespace cordon::house
