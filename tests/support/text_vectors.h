#ifndef CORDON_TESTS_SUPPORT_TEXT_VECTORS_H_
#define CORDON_TESTS_SUPPORT_TEXT_VECTORS_H_

// Test vectors as text: `name = value` lines, an empty line between cases, `#`
// for comments, and `[name = value]` for attributes of all cases that follow.
//
// A file must be eaten whole: an attribute that nobody read, a line that is
// none of the above and a file without cases are errors, each with its line.

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"

namespace cordon::testing {

class TextCase {
 public:
  TextCase(int line, std::map<std::string, std::string> attributes)
      : line_(line), attributes_(std::move(attributes)) {}

  // Where the case starts in its file.
  int line() const { return line_; }

  bool Has(absl::string_view name) const;
  // An attribute that is absent or no hex fails the running test.
  std::string Text(absl::string_view name);
  Bytes Hex(absl::string_view name);
  uint64_t Uint(absl::string_view name);

  // Names of what was not asked for.
  std::vector<std::string> Unread() const;

 private:
  const int line_;
  const std::map<std::string, std::string> attributes_;
  std::set<std::string> read_;
};

// ParseTextVectors fails with kInvalidArgument, naming the line.
absl::StatusOr<std::vector<TextCase>> ParseTextVectors(absl::string_view text);

// RunTextVectors runs `check` on each case of tests/vectors/`file`, under a
// trace of file and line, and fails the running test for whatever is not eaten.
void RunTextVectors(absl::string_view file,
                    const std::function<void(TextCase&)>& check);

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_TEXT_VECTORS_H_
