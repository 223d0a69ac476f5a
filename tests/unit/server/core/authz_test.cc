#include "server/core/authz.h"

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/cert/role.h"
#include "tests/support/status_matchers.h"

namespace cordon::server {
namespace {

using cert::Role;
using ::cordon::testing::StatusIs;

TEST(AuthzTest, StrangersMaySetUpRedeemAndFetchAndNothingElse) {
  int open = 0;
  for (int n = 1; n <= static_cast<int>(Method::kForgetBlob); ++n) {
    if (RuleOf(static_cast<Method>(n)).needs == CallerNeeds::kNothing) ++open;
  }

  EXPECT_EQ(open, 3);
  EXPECT_EQ(RuleOf(Method::kSetUp).needs, CallerNeeds::kNothing);
  EXPECT_EQ(RuleOf(Method::kRedeem).needs, CallerNeeds::kNothing);
  EXPECT_EQ(RuleOf(Method::kFetchAnswer).needs, CallerNeeds::kNothing);
}

TEST(AuthzTest, OnlyEnteringNeedsNoEntry) {
  EXPECT_EQ(RuleOf(Method::kEnter).needs, CallerNeeds::kCertificate);
  EXPECT_EQ(RuleOf(Method::kFollow).needs, CallerNeeds::kEntered);
}

TEST(AuthzTest, InvitingTakesACoordinatorOrAContactPoint) {
  EXPECT_OK(CheckRoles(Method::kInvite, {Role::kCoordinator}));
  EXPECT_OK(CheckRoles(Method::kInvite, {Role::kOfficer, Role::kContactPoint}));
  EXPECT_THAT(CheckRoles(Method::kInvite, {Role::kOfficer, Role::kAnalyst}),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(CheckRoles(Method::kInvite, {}),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST(AuthzTest, AnybodyEnteredMayAppend) {
  EXPECT_OK(CheckRoles(Method::kAppend, {}));
}

}  // namespace
}  // namespace cordon::server
