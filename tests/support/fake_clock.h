#ifndef CORDON_TESTS_SUPPORT_FAKE_CLOCK_H_
#define CORDON_TESTS_SUPPORT_FAKE_CLOCK_H_

// A clock that stands still until a test moves it. Starts on the morning of the
// replayed operation.

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
  void Advance(absl::Duration span) { now_ += span; }
  void Set(absl::Time now) { now_ = now; }

 private:
  absl::Time now_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_FAKE_CLOCK_H_
