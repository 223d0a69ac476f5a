#include "crypto/base/clock.h"

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace cordon {
namespace {

class WallClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

}  // namespace

const Clock& SystemClock() {
  static const Clock& clock = *new WallClock;
  return clock;
}

}  // namespace cordon
