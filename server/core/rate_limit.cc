#include "server/core/rate_limit.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace cordon::server {

RateLimiter::RateLimiter(const RateLimits& limits)
    : limits_(limits), all_{limits.all_burst, absl::InfinitePast()} {}

void RateLimiter::Fill(Bucket& bucket, double per_second, double burst,
                       absl::Time now) {
  // A clock that went back fills nothing and is not punished for it.
  const double passed_s =
      std::max(0.0, absl::ToDoubleSeconds(now - bucket.filled));
  bucket.tokens = std::min(burst, bucket.tokens + passed_s * per_second);
  bucket.filled = now;
}

absl::Status RateLimiter::Take(absl::string_view address, absl::Time now,
                               size_t count) {
  const auto refused = [this] {
    return absl::ResourceExhaustedError(limits_.refusal);
  };
  if (addresses_.size() >= limits_.addresses_max) ForgetFull(now);
  if (addresses_.size() >= limits_.addresses_max &&
      !addresses_.contains(address)) {
    return refused();
  }
  Bucket& own =
      addresses_.try_emplace(std::string(address), Bucket{limits_.burst, now})
          .first->second;
  Fill(own, limits_.per_second, limits_.burst, now);
  Fill(all_, limits_.all_per_second, limits_.all_burst, now);
  const auto wanted = static_cast<double>(count);
  if (own.tokens < wanted || all_.tokens < wanted) return refused();
  own.tokens -= wanted;
  all_.tokens -= wanted;
  return absl::OkStatus();
}

absl::Status RateLimiter::Check(absl::string_view address, absl::Time now,
                                size_t count) const {
  const auto found = addresses_.find(address);
  Bucket own =
      found == addresses_.end() ? Bucket{limits_.burst, now} : found->second;
  Bucket all = all_;
  Fill(own, limits_.per_second, limits_.burst, now);
  Fill(all, limits_.all_per_second, limits_.all_burst, now);
  const auto wanted = static_cast<double>(count);
  if (own.tokens < wanted || all.tokens < wanted) {
    return absl::ResourceExhaustedError(limits_.refusal);
  }
  return absl::OkStatus();
}

void RateLimiter::ForgetFull(absl::Time now) {
  absl::erase_if(addresses_, [this, now](const auto& entry) {
    const Bucket& bucket = entry.second;
    return bucket.tokens + absl::ToDoubleSeconds(now - bucket.filled) *
                               limits_.per_second >=
           limits_.burst;
  });
}

}  // namespace cordon::server
