#ifndef CORDON_TESTS_SUPPORT_KILL_MOMENT_H_
#define CORDON_TESTS_SUPPORT_KILL_MOMENT_H_

// When to kill a process that others keep busy: after so many of their steps,
// and a little later, both from a seed.
//
//   const KillSeries series = KillSeries::FromEnvironment(200);
//   for (int n = 0; n < series.moments; ++n) {
//     SeededRandom random(series.SeedOf(n));
//     SCOPED_TRACE(series.Repeat(n));     // how to see this moment again
//     KillMoment moment(random, {.steps_max = 60});
//     …                                   // threads call moment.Step()
//     moment.Await();
//     relay.Kill();
//   }
//
// The seed gives the moment, not how far the processes are by then: a failure
// that hangs on that may need several tries.

#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

#include "crypto/base/mutex.h"
#include "tests/support/seeded_random.h"

namespace cordon::testing {

struct KillSeries {
  uint64_t seed = 0;
  int moments = 0;

  // CORDON_KILL_SEED and CORDON_KILL_MOMENTS, else 1 and `moments`.
  static KillSeries FromEnvironment(int moments);

  uint64_t SeedOf(int moment) const {
    return seed + static_cast<uint64_t>(moment);
  }
  // Repeat says which variables begin with this moment.
  std::string Repeat(int moment) const;
};

class KillMoment {
 public:
  struct Bounds {
    uint64_t steps_max = 1;
    absl::Duration later_max = absl::Milliseconds(3);
  };
  KillMoment(SeededRandom& random, const Bounds& bounds);

  // Step is called by any thread when it has begun or ended something.
  void Step() ABSL_LOCKS_EXCLUDED(mu_);
  // Await returns at the moment; also when nobody steps for a minute.
  void Await() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  const absl::Duration later_;
  Mutex mu_;
  uint64_t steps_left_ ABSL_GUARDED_BY(mu_);
  bool reached_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_KILL_MOMENT_H_
