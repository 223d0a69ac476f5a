#ifndef CORDON_TESTS_SUPPORT_MUST_H_
#define CORDON_TESTS_SUPPORT_MUST_H_

// Must is for what only the test's own setting up can break: a status that is
// not OK ends the program with its message.

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/check.h"

namespace cordon::testing {

inline void Must(const absl::Status& status) {
  if (!status.ok()) CheckFailed(status.ToString(), __FILE__, __LINE__);
}

template <typename T>
T Must(absl::StatusOr<T> result) {
  Must(result.status());
  return *std::move(result);
}

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_MUST_H_
