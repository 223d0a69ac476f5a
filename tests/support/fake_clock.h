#ifndef CORDON_TESTS_SUPPORT_FAKE_CLOCK_H_
#define CORDON_TESTS_SUPPORT_FAKE_CLOCK_H_

// A clock that stands still until a test moves it. Starts on the morning of the
// replayed operation, so that records made in a test have plausible dates.
// Threads: none; a test that shares one steps its threads by hand.

#include "absl/time/time.h"

#include "crypto/base/clock.h"

namespace cordon::testing {

class FakeClock final : public Clock {
 public:
  FakeClock()
      : now_(absl::FromCivil(absl::CivilSecond(2023, 12, 4, 8, 0, 0),
                             absl::UTCTimeZone())) {}
  explicit FakeClock(absl::Time now) : now_(now) {}

  absl::Time Now() const override { return now_; }
  // Both directions: clocks are wrong in the field, and go back.
  void Advance(absl::Duration span) { now_ += span; }
  void Set(absl::Time now) { now_ = now; }

 private:
  absl::Time now_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_FAKE_CLOCK_H_
