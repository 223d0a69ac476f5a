#include "tests/bench/measured.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"

namespace cordon::bench {
namespace {

absl::Duration At(absl::Span<const absl::Duration> sorted, size_t percent) {
  if (sorted.empty()) return absl::ZeroDuration();
  return sorted[(sorted.size() - 1) * percent / 100];
}

}  // namespace

Spread Spread::Of(absl::Span<const absl::Duration> sorted) {
  return {.p50 = At(sorted, 50), .p99 = At(sorted, 99)};
}

Measured MedianByCpu(std::vector<Measured> runs) {
  std::sort(runs.begin(), runs.end(),
            [](const Measured& a, const Measured& b) { return a.cpu < b.cpu; });
  return runs[runs.size() / 2];
}

}  // namespace cordon::bench
