#include "crypto/base/check.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/string_view.h"

namespace cordon {

void CheckFailed(absl::string_view condition, absl::string_view file,
                 int line) {
  // We are about to stop; a failed write has nowhere to be reported.
  (void)std::fprintf(stderr, "cordon: broken invariant at %.*s:%d: %.*s\n",
                     static_cast<int>(file.size()), file.data(), line,
                     static_cast<int>(condition.size()), condition.data());
  std::abort();
}

}  // namespace cordon
