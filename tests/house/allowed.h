#ifndef CORDON_TESTS_HOUSE_ALLOWED_H_
#define CORDON_TESTS_HOUSE_ALLOWED_H_

// The exceptions, allowed.txt: one a line,
//
//   RULE SUBJECT [NUMBER] # reason
//
// NUMBER is how far a length may go. The list may only shrink: an entry that
// nothing needs any more is itself a finding, of rule "allowed".

#include <string>
#include <vector>

#include "tests/house/finding.h"
#include "tests/house/source.h"

namespace cordon::house {

class Allowed {
 public:
  // Read keeps what parses; the rest becomes a finding of Apply.
  static Allowed Read(const Source& source);

  // Apply takes out of `findings` what is allowed, and adds the entries that
  // are unneeded or do not parse.
  Findings Apply(const Findings& findings) const;

 private:
  struct Entry {
    std::string rule;
    std::string subject;
    int measured_max = 0;  // 0: no number given
    int line = 0;
  };

  std::string path_;
  std::vector<Entry> entries_;
  Findings malformed_;
};

}  // namespace cordon::house

#endif  // CORDON_TESTS_HOUSE_ALLOWED_H_
