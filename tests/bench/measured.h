#ifndef CORDON_TESTS_BENCH_MEASURED_H_
#define CORDON_TESTS_BENCH_MEASURED_H_

// What one run of a fan-out gave.
// Threads: values.

#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"

namespace cordon::bench {

struct Spread {
  absl::Duration p50;
  absl::Duration p99;

  // Of sorted values; zeros of none.
  static Spread Of(absl::Span<const absl::Duration> sorted);
};

struct Measured {
  absl::Duration cpu;     // the server's, for one delivery
  double per_second = 0;  // deliveries
  Spread latencies;       // from sending to reading
  Spread answers;         // from sending to the answer
};

// MedianByCpu gives the run in the middle; at least one.
Measured MedianByCpu(std::vector<Measured> runs);

}  // namespace cordon::bench

#endif  // CORDON_TESTS_BENCH_MEASURED_H_
