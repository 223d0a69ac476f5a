#ifndef CORDON_TESTS_HOUSE_RULE_MATCHERS_H_
#define CORDON_TESTS_HOUSE_RULE_MATCHERS_H_

// How the tests of the rules say what a rule found.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "tests/house/finding.h"

namespace cordon::house {

// Where gives "rule subject:line" for each finding, in order.
inline std::vector<std::string> Where(const Findings& findings) {
  std::vector<std::string> where;
  where.reserve(findings.size());
  for (const Finding& finding : findings) {
    where.push_back(
        absl::StrCat(finding.rule, " ", finding.subject, ":", finding.line));
  }
  return where;
}

}  // namespace cordon::house

#endif  // CORDON_TESTS_HOUSE_RULE_MATCHERS_H_
