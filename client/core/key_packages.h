#ifndef CORDON_CLIENT_CORE_KEY_PACKAGES_H_
#define CORDON_CLIENT_CORE_KEY_PACKAGES_H_

// The key packages by which this device can be admitted: flow C's step 9.
//
// Private halves are in the vault before a package leaves, so that whoever uses
// one finds us able to join. After an unknown answer the next Replenish asks
// how many there are and makes others; what was made in vain expires.
// Threads: none; the core's thread.
// Errors: those of the relay and the vault; nothing is lost then.

#include <cstddef>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "client/core/parts.h"
#include "client/core/task.h"

namespace cordon::client {

// What the relay shall hold, beside the last resort; below half of it, it is
// filled up.
inline constexpr size_t kKeyPackagesTarget = 20;
// A last resort is replaced when it has this long to live.
inline constexpr absl::Duration kLastResortRenewBefore = absl::Hours(24 * 30);

class KeyPackages {
 public:
  explicit KeyPackages(const Parts& parts) : parts_(parts) {}

  // Replenish fills up what the relay holds. Run it after joining and whenever
  // the relay can be reached again.
  Task<absl::Status> Replenish();

 private:
  const Parts parts_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_KEY_PACKAGES_H_
