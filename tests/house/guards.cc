#include "tests/house/guards.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "tests/house/finding.h"
#include "tests/house/source.h"
#include "tests/house/tree.h"

namespace cordon::house {

std::string GuardOf(absl::string_view path) {
  std::string guard = "CORDON_";
  for (const char c : path) {
    guard.push_back(absl::ascii_isalnum(static_cast<unsigned char>(c))
                        ? absl::ascii_toupper(static_cast<unsigned char>(c))
                        : '_');
  }
  guard.push_back('_');
  return guard;
}

Findings CheckGuards(const Tree& tree) {
  Findings findings;
  for (const auto& [path, source] : tree.files()) {
    if (!source.IsHeader()) continue;
    const std::string guard = GuardOf(path);
    const std::vector<std::string>& lines = source.lines();
    if (lines.size() < 3 || lines[0] != absl::StrCat("#ifndef ", guard) ||
        lines[1] != absl::StrCat("#define ", guard) ||
        lines.back() != absl::StrCat("#endif  // ", guard)) {
      findings.push_back(
          {.rule = "guard",
           .subject = path,
           .line = 1,
           .message = absl::StrCat("#ifndef and #define ", guard,
                                   " first, \"#endif  // ", guard, "\" last")});
    }
  }
  return findings;
}

Findings CheckOwnHeaderFirst(const Tree& tree) {
  Findings findings;
  for (const auto& [path, source] : tree.files()) {
    if (!source.IsCpp() || source.IsHeader()) continue;
    const std::string header =
        absl::StrCat(path.substr(0, path.size() - 3), ".h");
    if (tree.Find(header) == nullptr) continue;
    if (source.includes().empty() || source.includes()[0].target != header) {
      findings.push_back(
          {.rule = "own-header",
           .subject = path,
           .line = 1,
           .message = absl::StrCat("include \"", header, "\" first")});
    }
  }
  return findings;
}

}  // namespace cordon::house
