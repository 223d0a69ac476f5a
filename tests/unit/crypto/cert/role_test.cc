#include "crypto/cert/role.h"

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/cert/name.h"
#include "tests/support/status_matchers.h"

namespace cordon::cert {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RoleTest, NamesReadBack) {
  for (const Role role : kRoles) {
    EXPECT_THAT(ParseRole(RoleName(role)), IsOkAndHolds(role));
  }
  EXPECT_THAT(ParseRole("admin"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseRole(""), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(RoleTest, OnlyAnAuthorityHasCoordinatorsAndCurators) {
  for (const OrgKind kind : kOrgKinds) {
    const bool authority = kind == OrgKind::kAuthority;
    EXPECT_EQ(MayCarry(kind, Role::kCoordinator), authority);
    EXPECT_EQ(MayCarry(kind, Role::kCurator), authority);
    EXPECT_TRUE(MayCarry(kind, Role::kContactPoint));
    EXPECT_TRUE(MayCarry(kind, Role::kAnalyst));
  }
}

TEST(RoleTest, IndustryHasNoOfficers) {
  EXPECT_TRUE(MayCarry(OrgKind::kCustoms, Role::kOfficer));
  EXPECT_TRUE(MayCarry(OrgKind::kRilo, Role::kOfficer));
  EXPECT_TRUE(MayCarry(OrgKind::kPartner, Role::kOfficer));
  EXPECT_FALSE(MayCarry(OrgKind::kRightsholder, Role::kOfficer));
  EXPECT_FALSE(MayCarry(OrgKind::kPlatform, Role::kOfficer));
}

TEST(RoleTest, OneForbiddenRoleRefusesTheSet) {
  EXPECT_OK(CheckRoles(OrgKind::kCustoms, {}));
  EXPECT_OK(
      CheckRoles(OrgKind::kCustoms, {Role::kOfficer, Role::kContactPoint}));
  EXPECT_THAT(
      CheckRoles(OrgKind::kCustoms, {Role::kOfficer, Role::kCoordinator}),
      StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST(RoleSetTest, HoldsWhatWasAdded) {
  RoleSet roles;
  EXPECT_TRUE(roles.empty());
  EXPECT_THAT(roles.List(), IsEmpty());

  roles.Add(Role::kCurator);
  roles.Add(Role::kCoordinator);
  roles.Add(Role::kCurator);

  EXPECT_THAT(roles.List(), ElementsAre(Role::kCoordinator, Role::kCurator));
  EXPECT_TRUE(roles.Has(Role::kCurator));
  EXPECT_FALSE(roles.Has(Role::kOfficer));
  EXPECT_EQ(roles, RoleSet({Role::kCurator, Role::kCoordinator}));
}

TEST(RolesDerTest, IsASequenceOfAscendingIntegers) {
  EXPECT_EQ(RolesToDer({}), Bytes({0x30, 0x00}));
  EXPECT_EQ(RolesToDer({Role::kCurator, Role::kOfficer}),
            Bytes({0x30, 0x06, 0x02, 0x01, 0x03, 0x02, 0x01, 0x05}));
}

TEST(RolesDerTest, EverySetReadsBack) {
  for (unsigned bits = 0; bits < 32; ++bits) {
    RoleSet roles;
    for (const Role role : kRoles) {
      if ((bits >> (static_cast<unsigned>(role) - 1) & 1U) != 0) {
        roles.Add(role);
      }
    }
    EXPECT_THAT(RolesFromDer(RolesToDer(roles)), IsOkAndHolds(roles));
  }
}

TEST(RolesDerTest, AnUnknownNumberGrantsNothing) {
  EXPECT_THAT(
      RolesFromDer(Bytes({0x30, 0x06, 0x02, 0x01, 0x03, 0x02, 0x01, 0x7f})),
      IsOkAndHolds(RoleSet({Role::kOfficer})));
}

TEST(RolesDerTest, AnyOtherFormIsRefused) {
  for (const Bytes& der : {
           Bytes{}, Bytes{0x30}, Bytes{0x31, 0x00},    // not a SEQUENCE
           Bytes{0x30, 0x01, 0x00},                    // no whole item
           Bytes{0x30, 0x03, 0x02, 0x01},              // cut off
           Bytes{0x30, 0x00, 0x00},                    // more after it
           Bytes{0x30, 0x03, 0x04, 0x01, 0x03},        // not an INTEGER
           Bytes{0x30, 0x03, 0x02, 0x02, 0x03},        // longer number
           Bytes{0x30, 0x03, 0x02, 0x01, 0x00},        // zero
           Bytes{0x30, 0x03, 0x02, 0x01, 0x80},        // negative
           Bytes{0x30, 0x81, 0x03, 0x02, 0x01, 0x03},  // longer length
           Bytes{0x30, 6, 2, 1, 3, 2, 1, 3},           // twice
           Bytes{0x30, 6, 2, 1, 5, 2, 1, 3},           // descending
       }) {
    EXPECT_THAT(RolesFromDer(der), StatusIs(absl::StatusCode::kInvalidArgument))
        << ToHex(der);
  }
}

}  // namespace
}  // namespace cordon::cert
