#ifndef CORDON_SERVER_CORE_RATE_LIMIT_H_
#define CORDON_SERVER_CORE_RATE_LIMIT_H_

// How often somebody may do something: a token bucket for each of them (a
// stranger's address, a device), and one for all of them together. How many are
// remembered is bounded.
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
  double per_second = 5;  // of one, in the long run
  double burst = 60;      // of one, at once
  double all_per_second = 200;
  double all_burst = 2000;
  size_t addresses_max = 10'000;  // remembered
  // What who has none left is told.
  const char* refusal = "too many calls without a certificate; wait a moment";
};

class RateLimiter {
 public:
  explicit RateLimiter(const RateLimits& limits);

  // Take spends `count` of `address`, or nothing: kResourceExhausted when so
  // many are not left.
  absl::Status Take(absl::string_view address, absl::Time now,
                    size_t count = 1);
  // Check says whether so many are left, and spends nothing.
  absl::Status Check(absl::string_view address, absl::Time now,
                     size_t count = 1) const;

 private:
  struct Bucket {
    double tokens = 0;
    absl::Time filled;
  };

  static void Fill(Bucket& bucket, double per_second, double burst,
                   absl::Time now);
  void ForgetFull(absl::Time now);

  const RateLimits limits_;
  Bucket all_;
  absl::flat_hash_map<std::string, Bucket> addresses_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_RATE_LIMIT_H_
