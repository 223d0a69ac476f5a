#ifndef CORDON_STORAGE_VAULT_ID_PREFIX_H_
#define CORDON_STORAGE_VAULT_ID_PREFIX_H_

// From the first digits of an id, as people type them, to the range of ids that
// begin so. For the stores of this folder. Threads: pure.

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cordon::vault {

inline constexpr size_t kPrefixedIdBytes = 16;

struct IdRange {
  std::array<uint8_t, kPrefixedIdBytes> first{};
  std::array<uint8_t, kPrefixedIdBytes> last{};  // included
};

// RangeOfPrefix takes 1 to 32 hexadecimal digits in either case;
// kInvalidArgument for anything else.
absl::StatusOr<IdRange> RangeOfPrefix(absl::string_view digits);

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_ID_PREFIX_H_
