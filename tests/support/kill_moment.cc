#include "tests/support/kill_moment.h"

#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "crypto/base/check.h"
#include "crypto/base/clock.h"
#include "crypto/base/mutex.h"
#include "tests/support/seeded_random.h"

namespace cordon::testing {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(1);

template <typename T>
T FromVariable(const char* name, T otherwise) {
  const char* const text = std::getenv(name);
  if (text == nullptr) return otherwise;
  T value = 0;
  CORDON_CHECK(absl::SimpleAtoi(text, &value));
  return value;
}

}  // namespace

KillSeries KillSeries::FromEnvironment(int moments) {
  return {.seed = FromVariable("CORDON_KILL_SEED", uint64_t{1}),
          .moments = FromVariable("CORDON_KILL_MOMENTS", moments)};
}

std::string KillSeries::Repeat(int moment) const {
  return absl::StrCat("CORDON_KILL_SEED=", SeedOf(moment), " of a series from ",
                      seed);
}

KillMoment::KillMoment(SeededRandom& random, const Bounds& bounds)
    : later_(absl::Microseconds(random.Below(static_cast<uint64_t>(
          absl::ToInt64Microseconds(bounds.later_max) + 1)))),
      steps_left_(1 + random.Below(bounds.steps_max)) {}

void KillMoment::Step() {
  MutexLock lock(&mu_);
  if (steps_left_ > 0) --steps_left_;
  reached_ = steps_left_ == 0;
}

void KillMoment::Await() {
  const Clock& clock = SystemClock();
  MutexLock lock(&mu_);
  mu_.AwaitWithDeadline(absl::Condition(&reached_), clock.Now() + kPatience);
  // A condition that nobody fulfils: the deadline is the moment.
  bool never = false;
  mu_.AwaitWithDeadline(absl::Condition(&never), clock.Now() + later_);
}

}  // namespace cordon::testing
