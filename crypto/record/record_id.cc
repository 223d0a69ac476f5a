#include "crypto/record/record_id.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"

namespace cordon::record {
namespace {

constexpr size_t kTimeBytes = 6;
constexpr int64_t kTimeMsMax = (int64_t{1} << 48) - 1;

}  // namespace

RecordId RecordIdMaker::Next() {
  const int64_t now_ms =
      std::clamp<int64_t>(absl::ToUnixMillis(clock_->Now()), 0, kTimeMsMax);
  last_ms_ = std::min(std::max(now_ms, last_ms_ + 1), kTimeMsMax);
  std::array<uint8_t, RecordId::kBytes> id{};
  for (size_t i = 0; i < kTimeBytes; ++i) {
    id[i] = static_cast<uint8_t>(last_ms_ >> (8 * (kTimeBytes - 1 - i)));
  }
  random_->Fill(MutableByteSpan(id).subspan(kTimeBytes));
  return RecordId(id);
}

}  // namespace cordon::record
