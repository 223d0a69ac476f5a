#include "client/core/outcome.h"

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace cordon::client {
namespace {

TEST(OutcomeTest, AnswersThatDecideAreRefusals) {
  EXPECT_TRUE(IsRefusal(absl::PermissionDeniedError("")));
  EXPECT_TRUE(IsRefusal(absl::InvalidArgumentError("")));
  EXPECT_TRUE(IsRefusal(absl::UnauthenticatedError("")));
  EXPECT_TRUE(IsRefusal(absl::NotFoundError("")));
}

TEST(OutcomeTest, AnswersThatLeaveItOpenAreNot) {
  EXPECT_FALSE(IsRefusal(absl::OkStatus()));
  EXPECT_FALSE(IsRefusal(absl::UnavailableError("")));
  EXPECT_FALSE(IsRefusal(absl::DeadlineExceededError("")));
  EXPECT_FALSE(IsRefusal(absl::ResourceExhaustedError("")));
  EXPECT_FALSE(IsRefusal(absl::InternalError("")));
}

}  // namespace
}  // namespace cordon::client
