#ifndef CORDON_SERVER_CORE_RATE_LIMIT_H_
#define CORDON_SERVER_CORE_RATE_LIMIT_H_

// How often strangers may knock: a token bucket for each peer address, and one
// for all of them together, which also bounds who is remembered.
//
// Threads: the lane's.

#include <cstddef>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace cordon::server {

struct RateLimits {
  double per_second = 5;  // of one address, in the long run
  double burst = 60;      // of one address, at once
  double all_per_second = 200;
  double all_burst = 2000;
  size_t addresses_max = 10'000;  // remembered
};

class RateLimiter {
 public:
  explicit RateLimiter(const RateLimits& limits);

  // Take spends one call of `address`; kResourceExhausted when there is none
  // left.
  absl::Status Take(absl::string_view address, absl::Time now);

 private:
  struct Bucket {
    double tokens = 0;
    absl::Time filled;
  };

  static bool TakeFrom(Bucket& bucket, double per_second, double burst,
                       absl::Time now);
  void ForgetFull(absl::Time now);

  const RateLimits limits_;
  Bucket all_;
  absl::flat_hash_map<std::string, Bucket> addresses_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_RATE_LIMIT_H_
