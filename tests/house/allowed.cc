#include "tests/house/allowed.h"

#include <cstddef>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "tests/house/finding.h"
#include "tests/house/source.h"

namespace cordon::house {

Allowed Allowed::Read(const Source& source) {
  static const std::regex form("^(\\S+)\\s+(\\S+)(\\s+([0-9]+))?\\s+#\\s+\\S");
  static const std::regex dated("#.*\\b20[0-9]{2}-[0-9]{2}-[0-9]{2}\\b");
  Allowed allowed;
  allowed.path_ = source.path();
  int number = 0;
  for (const std::string& line : source.lines()) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    std::smatch match;
    const bool parses = std::regex_search(line, match, form);
    if (!parses ||
        (match[1] == "switched-off" && !std::regex_search(line, dated))) {
      allowed.malformed_.push_back(
          {.rule = "allowed",
           .subject = source.path(),
           .line = number,
           .message = "RULE SUBJECT [NUMBER] # reason (switched-off: and the "
                      "date, 2023-12-04)"});
      continue;
    }
    Entry entry{.rule = match[1], .subject = match[2], .line = number};
    if (match[4].matched &&
        !absl::SimpleAtoi(match[4].str(), &entry.measured_max)) {
      entry.measured_max = 0;
    }
    allowed.entries_.push_back(entry);
  }
  return allowed;
}

Findings Allowed::Apply(const Findings& findings) const {
  Findings left = malformed_;
  std::set<int> needed;
  for (const Finding& finding : findings) {
    bool allowed = false;
    for (const Entry& entry : entries_) {
      if (entry.rule != finding.rule || entry.subject != finding.subject) {
        continue;
      }
      needed.insert(entry.line);
      allowed = allowed || entry.measured_max == 0 ||
                finding.measured <= entry.measured_max;
    }
    if (!allowed) left.push_back(finding);
  }
  for (const Entry& entry : entries_) {
    if (needed.count(entry.line) > 0) continue;
    left.push_back({.rule = "allowed",
                    .subject = path_,
                    .line = entry.line,
                    .message = absl::StrCat("no longer needed, take it out: ",
                                            entry.rule, " ", entry.subject)});
  }
  return left;
}

}  // namespace cordon::house
