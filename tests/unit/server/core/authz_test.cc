#include "server/core/authz.h"

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/cert/role.h"
#include "crypto/policy/room_policy.h"
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

TEST(AuthzTest, WhoOpensRoomsDependsOnTheirKind) {
  using policy::RoomKind;
  for (const RoomKind kind :
       {RoomKind::kChannel, RoomKind::kBroadcast, RoomKind::kAlerts,
        RoomKind::kLibrary, RoomKind::kIntake, RoomKind::kDirect}) {
    SCOPED_TRACE(policy::RoomKindName(kind));
    EXPECT_OK(CheckMayOpen(kind, {Role::kCoordinator}));
    EXPECT_THAT(CheckMayOpen(kind, {Role::kOfficer, Role::kAnalyst}),
                StatusIs(absl::StatusCode::kPermissionDenied));
  }
  EXPECT_OK(CheckMayOpen(RoomKind::kIntake, {Role::kCurator}));
  EXPECT_OK(CheckMayOpen(RoomKind::kDirect, {Role::kContactPoint}));
  EXPECT_THAT(CheckMayOpen(RoomKind::kAlerts, {Role::kContactPoint}),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_OK(CheckMayOpenSome({Role::kContactPoint}));
  EXPECT_THAT(CheckMayOpenSome({Role::kOfficer}),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST(AuthzTest, AnybodyEnteredMayAppend) {
  EXPECT_OK(CheckRoles(Method::kAppend, {}));
}

}  // namespace
}  // namespace cordon::server
