#ifndef CORDON_CRYPTO_BASE_LOG_H_
#define CORDON_CRYPTO_BASE_LOG_H_

// One line on standard error per decision. Lines carry aliases, numbers and
// error codes; never content, never names, never an error text from outside.
// Threads: any.

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"

namespace cordon {

enum class LogLevel : uint8_t { kInfo = 1, kWarning = 2, kError = 3 };

// SetLogLevel drops lines below `level`; kInfo at start.
void SetLogLevel(LogLevel level);

// LogLine writes `text` and a line's end in one go, so lines never mix.
void LogLine(LogLevel level, absl::string_view text);

template <typename... Parts>
void LogInfo(const Parts&... parts) {
  LogLine(LogLevel::kInfo, absl::StrCat(parts...));
}
template <typename... Parts>
void LogWarning(const Parts&... parts) {
  LogLine(LogLevel::kWarning, absl::StrCat(parts...));
}
template <typename... Parts>
void LogError(const Parts&... parts) {
  LogLine(LogLevel::kError, absl::StrCat(parts...));
}

// Alias is a short hash under a salt of this run: one log can be followed, two
// logs cannot be joined.
std::string Alias(ByteSpan id);

}  // namespace cordon

#endif  // CORDON_CRYPTO_BASE_LOG_H_
