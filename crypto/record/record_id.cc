#include "crypto/record/record_id.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"

namespace cordon::record {
namespace {

constexpr size_t kTimeBytes = 6;
constexpr int64_t kTimeMsMax = (int64_t{1} << 48) - 1;
// Keeps the top random bit clear, so that counting never reaches the time.
constexpr uint8_t kHeadroomMask = 0x7f;

}  // namespace

RecordId RecordIdMaker::Next() {
  const int64_t now_ms =
      std::clamp<int64_t>(absl::ToUnixMillis(clock_->Now()), 0, kTimeMsMax);
  if (now_ms <= last_ms_) {
    for (size_t i = last_.size(); i > kTimeBytes && ++last_[i - 1] == 0; --i) {
    }
    return RecordId(last_);
  }
  last_ms_ = now_ms;
  for (size_t i = 0; i < kTimeBytes; ++i) {
    last_[i] = static_cast<uint8_t>(now_ms >> (8 * (kTimeBytes - 1 - i)));
  }
  random_->Fill(MutableByteSpan(last_).subspan(kTimeBytes));
  last_[kTimeBytes] &= kHeadroomMask;
  return RecordId(last_);
}

}  // namespace cordon::record
