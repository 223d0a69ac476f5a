#include "storage/vault/id_prefix.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"

namespace cordon::vault {

absl::StatusOr<IdRange> RangeOfPrefix(absl::string_view digits) {
  constexpr size_t kDigits = 2 * kPrefixedIdBytes;
  if (digits.empty() || digits.size() > kDigits) {
    return absl::InvalidArgumentError("id: 1 to 32 hexadecimal digits");
  }
  std::string padded(digits);
  padded.resize(kDigits, '0');
  CORDON_ASSIGN_OR_RETURN(const Bytes first, FromHex(padded));
  std::fill(padded.begin() + static_cast<std::ptrdiff_t>(digits.size()),
            padded.end(), 'f');
  CORDON_ASSIGN_OR_RETURN(const Bytes last, FromHex(padded));
  IdRange range;
  std::copy(first.begin(), first.end(), range.first.begin());
  std::copy(last.begin(), last.end(), range.last.begin());
  return range;
}

}  // namespace cordon::vault
