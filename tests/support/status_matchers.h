#ifndef CORDON_TESTS_SUPPORT_STATUS_MATCHERS_H_
#define CORDON_TESTS_SUPPORT_STATUS_MATCHERS_H_

// Matchers for absl::Status and absl::StatusOr, which Abseil 20220623 lacks.
//
//   EXPECT_THAT(status_or, StatusIs(absl::StatusCode::kAborted));
//   EXPECT_THAT(status_or, IsOkAndHolds(Eq(3)));
//   ASSERT_OK(status);
//   ASSERT_OK_AND_ASSIGN(auto value, status_or_expression);

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cordon::testing {

// StatusOf lets one matcher serve both types.
inline const absl::Status& StatusOf(const absl::Status& status) {
  return status;
}
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& status_or) {
  return status_or.status();
}

// IsOk takes either; its failure shows the code and the message.
MATCHER(IsOk, negation ? "is not OK" : "is OK") {
  *result_listener << "whose status is " << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

// StatusIs looks at the code alone: messages are for people and may change.
MATCHER_P(StatusIs, code,
          std::string(negation ? "has not " : "has ") + "code " +
              absl::StatusCodeToString(code)) {
  *result_listener << "whose status is " << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code;
}

// IsOkAndHolds takes a matcher or a value for what the StatusOr holds.
MATCHER_P(IsOkAndHolds, inner, "is OK and holds the value") {
  if (!arg.ok()) {
    *result_listener << "whose status is " << arg.status().ToString();
    return false;
  }
  return ::testing::ExplainMatchResult(inner, *arg, result_listener);
}

}  // namespace cordon::testing

#define CORDON_TEST_CONCAT_INNER_(a, b) a##b
#define CORDON_TEST_CONCAT_(a, b) CORDON_TEST_CONCAT_INNER_(a, b)

// ASSERT_OK ends the test on failure, EXPECT_OK lets it go on; ASSERT_ ones
// stand in functions that return void only.
#define ASSERT_OK(expression) \
  ASSERT_THAT((expression), ::cordon::testing::IsOk())
#define EXPECT_OK(expression) \
  EXPECT_THAT((expression), ::cordon::testing::IsOk())
// `target` may be a declaration; it lives in the test's own scope.
#define ASSERT_OK_AND_ASSIGN(target, expression)                       \
  ASSERT_OK_AND_ASSIGN_(CORDON_TEST_CONCAT_(ok_or_, __LINE__), target, \
                        expression)
#define ASSERT_OK_AND_ASSIGN_(temporary, target, expression) \
  auto temporary = (expression);                             \
  ASSERT_OK(temporary);                                      \
  target = *std::move(temporary)

#endif  // CORDON_TESTS_SUPPORT_STATUS_MATCHERS_H_
