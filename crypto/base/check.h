#ifndef CORDON_CRYPTO_BASE_CHECK_H_
#define CORDON_CRYPTO_BASE_CHECK_H_

// Assertions for what only our own code can break, never for input. CHECK
// stays in release builds: going on with a broken invariant could leak or lose.

#include "absl/strings/string_view.h"

namespace cordon {

// CheckFailed prints the place and the condition, then aborts.
[[noreturn]] void CheckFailed(absl::string_view condition,
                              absl::string_view file, int line);

}  // namespace cordon

// CORDON_CHECK stops the program unless `condition`, which is evaluated once
// and must not be needed for its effect.
#define CORDON_CHECK(condition)                              \
  do {                                                       \
    if (!(condition)) {                                      \
      ::cordon::CheckFailed(#condition, __FILE__, __LINE__); \
    }                                                        \
  } while (false)

// CORDON_DCHECK is CORDON_CHECK for conditions too slow for a release build,
// where it is not evaluated.
#ifdef NDEBUG
#define CORDON_DCHECK(condition) \
  do {                           \
    (void)sizeof(condition);     \
  } while (false)
#else
#define CORDON_DCHECK(condition) CORDON_CHECK(condition)
#endif

#endif  // CORDON_CRYPTO_BASE_CHECK_H_
