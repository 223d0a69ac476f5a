#ifndef CORDON_TESTS_HOUSE_FINDING_H_
#define CORDON_TESTS_HOUSE_FINDING_H_

// What a house rule has to say about one place of the tree.

#include <ostream>
#include <string>
#include <vector>

namespace cordon::house {

struct Finding {
  std::string rule = "";     // as in allowed.txt
  std::string subject = "";  // what allowed.txt names: a path, or path:function
  int line = 0;              // 0: the file or folder as a whole
  std::string message = "";  // what is wrong and what to do instead
  int measured = 0;          // for rules with a number
};

using Findings = std::vector<Finding>;

inline std::ostream& operator<<(std::ostream& out, const Finding& finding) {
  out << finding.subject;
  if (finding.line > 0) out << ":" << finding.line;
  return out << ": [" << finding.rule << "] " << finding.message;
}

}  // namespace cordon::house

#endif  // CORDON_TESTS_HOUSE_FINDING_H_
