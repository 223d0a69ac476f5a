#include "crypto/policy/room_policy.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/policy/marking.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_defaults.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::policy {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::testing::HasSubstr;

using cert::Role;
using cert::RoleSet;

const auto kInvalid = StatusIs(absl::StatusCode::kInvalidArgument);
constexpr RoomKind kEveryKind[] = {RoomKind::kChannel, RoomKind::kBroadcast,
                                   RoomKind::kAlerts,  RoomKind::kLibrary,
                                   RoomKind::kIntake,  RoomKind::kDirect};
constexpr RoleSet kCoordinator = {Role::kCoordinator};
constexpr RoleSet kContactPoint = {Role::kContactPoint};
constexpr RoleSet kOfficer = {Role::kOfficer};
constexpr RoleSet kCurator = {Role::kCurator};

cert::DeviceName Device(absl::string_view text) {
  return cert::DeviceName::Parse(text).value();
}

RoomPolicy Policy(RoomKind kind) {
  SeededRandom random(1);
  std::optional<cert::OrgName> guest;
  if (kind == RoomKind::kIntake) {
    guest = cert::OrgName::Parse("acme.rightsholder").value();
  }
  return PolicyFor(kind, OperationId::Random(random), guest);
}

Party CoordinatorOfTheUnit() {
  return {.device = Device("ocu.authority/carla/desk"), .roles = kCoordinator};
}
Party CuratorOfTheUnit() {
  return {.device = Device("ocu.authority/kim/desk"), .roles = kCurator};
}
Party FrenchContactPoint() {
  return {.device = Device("fr.customs/colette/desk"), .roles = kContactPoint};
}
Party FrenchOfficer() {
  return {.device = Device("fr.customs/alice/laptop"), .roles = kOfficer};
}

// ---- form ----

TEST(RoomPolicyTest, DefaultsOfEveryKindReadBack) {
  for (const RoomKind kind : kEveryKind) {
    SCOPED_TRACE(RoomKindName(kind));
    const RoomPolicy policy = Policy(kind);
    ASSERT_OK(Validate(policy));
    EXPECT_THAT(ParseRoomPolicy(Serialize(policy)), IsOkAndHolds(policy));
  }
}

// Written out by hand from the header's structs: the format may not drift.
TEST(RoomPolicyTest, FormatIsTheOneOfTheHeader) {
  RoomPolicy policy = Policy(RoomKind::kIntake);
  policy.history = HistoryRule::kSince;
  policy.history_since_s = 0x0102;
  policy.posting = {{.roles = RoleMask{2}, .kinds = {RecordKind::kText}},
                    {.roles = RoleMask{4}, .kinds = {RecordKind::kAlert}}};
  Bytes expected = {0, 1};
  Append(expected, policy.operation.span());
  Append(expected, Bytes{5, 3, 2});
  Append(expected, Bytes{0, 0, 0, 0, 0, 0, 1, 2});
  Append(expected, Bytes{0, 0, 0, 0b1100010});
  Append(expected, Concat(Bytes{17}, AsBytes("acme.rightsholder")));
  Append(expected, Bytes{0, 0, 0, 0b100010, 0, 0, 0, 0b100});
  Append(expected, Bytes{0, 0, 0, 0b100010, 0, 0, 0, 0b100});
  Append(expected, Bytes{0, 0, 0, 0b10});
  Append(expected, Bytes{24});
  Append(expected, Bytes{0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2});
  Append(expected, Bytes{0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 4});

  EXPECT_EQ(ToHex(Serialize(policy)), ToHex(expected));
}

TEST(RoomPolicyTest, EveryTruncationAndExtensionIsRefused) {
  const Bytes good = Serialize(Policy(RoomKind::kIntake));
  for (size_t size = 0; size < good.size(); ++size) {
    SCOPED_TRACE(size);
    EXPECT_THAT(ParseRoomPolicy(ByteSpan(good).first(size)), kInvalid);
  }
  EXPECT_THAT(ParseRoomPolicy(Concat(good, Bytes{0})), kInvalid);
}

TEST(RoomPolicyTest, NewerVersionIsRefusedWhole) {
  Bytes newer = Serialize(Policy(RoomKind::kChannel));
  newer[1] = 2;

  EXPECT_THAT(ParseRoomPolicy(newer), kInvalid);
}

// What parses is written back byte for byte: no second spelling.
TEST(RoomPolicyTest, WhateverParsesIsItsOwnSerialization) {
  const Bytes good = Serialize(Policy(RoomKind::kIntake));
  for (size_t i = 0; i < good.size() * 8; ++i) {
    SCOPED_TRACE(i);
    Bytes changed = good;
    changed[i / 8] ^= static_cast<uint8_t>(1 << (i % 8));
    const auto parsed = ParseRoomPolicy(changed);
    if (!parsed.ok()) continue;
    EXPECT_EQ(Serialize(*parsed), changed);
  }
}

TEST(RoomPolicyTest, UnknownKindTlpOrHistoryIsRefused) {
  const Bytes good = Serialize(Policy(RoomKind::kChannel));
  for (const size_t place : {18U, 19U, 20U}) {
    for (const uint8_t number : {uint8_t{0}, uint8_t{7}, uint8_t{255}}) {
      SCOPED_TRACE(place);
      Bytes changed = good;
      changed[place] = number;
      EXPECT_THAT(ParseRoomPolicy(changed), kInvalid);
    }
  }
}

TEST(RoomPolicyTest, OperationIsNeeded) {
  RoomPolicy policy = Policy(RoomKind::kChannel);
  policy.operation = OperationId();

  EXPECT_THAT(Validate(policy), kInvalid);
}

TEST(RoomPolicyTest, InstantBelongsToHistorySinceAnInstant) {
  RoomPolicy policy = Policy(RoomKind::kChannel);
  policy.history_since_s = 5;
  EXPECT_THAT(Validate(policy), kInvalid);

  policy.history = HistoryRule::kSince;
  EXPECT_OK(Validate(policy));
  policy.history_since_s = 0;
  EXPECT_THAT(Validate(policy), kInvalid);
}

TEST(RoomPolicyTest, SomebodyMustBeAbleToChangeIt) {
  RoomPolicy policy = Policy(RoomKind::kChannel);
  policy.change = RoleMask{0};

  EXPECT_THAT(Validate(policy), kInvalid);
}

TEST(RoomPolicyTest, OnlyAnIntakeRoomHasAGuest) {
  RoomPolicy intake = Policy(RoomKind::kIntake);
  RoomPolicy channel = Policy(RoomKind::kChannel);
  channel.guest = intake.guest;
  intake.guest.reset();

  EXPECT_THAT(Validate(intake), kInvalid);
  EXPECT_THAT(Validate(channel), kInvalid);
}

TEST(RoomPolicyTest, GuestOfAKindThatMayNotBeInIsRefused) {
  RoomPolicy policy = Policy(RoomKind::kIntake);
  policy.guest = cert::OrgName::Parse("fr.customs").value();

  EXPECT_THAT(Validate(policy), kInvalid);
}

TEST(RoomPolicyTest, PostingRulesAreBoundedOrderedAndNotEmpty) {
  const RecordKindSet text = {RecordKind::kText};
  RoomPolicy policy = Policy(RoomKind::kChannel);
  policy.posting.clear();
  for (uint32_t i = 1; i <= kPostingRulesMax; ++i) {
    policy.posting.push_back({.roles = RoleMask{i}, .kinds = text});
  }
  EXPECT_OK(Validate(policy));
  policy.posting.push_back({.roles = RoleMask{99}, .kinds = text});
  EXPECT_THAT(Validate(policy), kInvalid);

  policy.posting = {{.roles = RoleMask{2}, .kinds = text},
                    {.roles = RoleMask{2}, .kinds = text}};
  EXPECT_THAT(Validate(policy), kInvalid);
  policy.posting = {{.roles = RoleMask{0}, .kinds = text}};
  EXPECT_THAT(Validate(policy), kInvalid);
  policy.posting = {{.roles = RoleMask{2}, .kinds = {}}};
  EXPECT_THAT(Validate(policy), kInvalid);
}

// A newer client's role and kind of record: kept, and nothing granted by them.
TEST(RoomPolicyTest, UnknownRolesAndRecordKindsSurvive) {
  RoomPolicy policy = Policy(RoomKind::kBroadcast);
  policy.admit_any.value |= 1U << 20;
  policy.posting.push_back(
      {.roles = RoleMask{1U << 20},
       .kinds = RecordKindSet::FromBits(uint64_t{1} << 60)});

  EXPECT_THAT(ParseRoomPolicy(Serialize(policy)), IsOkAndHolds(policy));
  EXPECT_FALSE(MayAdmit(policy, FrenchOfficer(), Device("fr.customs/b/b")));
  EXPECT_FALSE(MayPost(policy, kCoordinator, static_cast<RecordKind>(60)));
}

TEST(RoomPolicyTest, GuestOfNoValidNameIsRefused) {
  Bytes changed = Serialize(Policy(RoomKind::kIntake));
  const size_t guest = 2 + 16 + 3 + 8 + 4 + 1;
  ASSERT_EQ(changed[guest], 'a');
  changed[guest] = 'A';

  EXPECT_THAT(ParseRoomPolicy(changed), kInvalid);
}

TEST(RoomPolicyTest, MasksNameRolesByTheirNumbers) {
  EXPECT_EQ(MaskOf(RoleSet()), RoleMask{0});
  EXPECT_EQ(MaskOf(kCoordinator), RoleMask{0b10});
  EXPECT_EQ(MaskOf({Role::kOfficer, Role::kCurator}), RoleMask{0b101000});
}

TEST(RoomPolicyDeathTest, InvalidPolicyIsNeverSerialized) {
  EXPECT_DEATH(Serialize(RoomPolicy()), "Validate");
}

TEST(RoomKindTest, NamesReadBack) {
  for (const RoomKind kind : kEveryKind) {
    EXPECT_THAT(ParseRoomKind(RoomKindName(kind)), IsOkAndHolds(kind));
  }
  EXPECT_THAT(ParseRoomKind("chat"), kInvalid);
  EXPECT_THAT(ParseRoomKind(""), kInvalid);
}

TEST(RoomKindTest, WrongNameIsAnsweredWithThoseThereAre) {
  const std::string said(ParseRoomKind("chanel").status().message());

  for (const RoomKind kind : kEveryKind) {
    EXPECT_THAT(said, HasSubstr(std::string(RoomKindName(kind))));
  }
}

// ---- posting ----

TEST(MayPostTest, WithoutRolesNobodyPostsAnything) {
  for (uint16_t number = 0; number <= 64; ++number) {
    EXPECT_FALSE(MayPost(Policy(RoomKind::kChannel), RoleSet(),
                         static_cast<RecordKind>(number)));
  }
}

TEST(MayPostTest, UnknownKindOfRecordIsForNobody) {
  EXPECT_FALSE(MayPost(Policy(RoomKind::kChannel), kCoordinator,
                       static_cast<RecordKind>(0)));
  EXPECT_FALSE(MayPost(Policy(RoomKind::kChannel), kCoordinator,
                       static_cast<RecordKind>(999)));
}

// ---- members ----

TEST(MayBeMemberTest, RightsHoldersAreInIntakeAndDirectRoomsOnly) {
  const cert::DeviceName guest = Device("acme.rightsholder/gil/desk");
  for (const RoomKind kind : kEveryKind) {
    SCOPED_TRACE(RoomKindName(kind));
    EXPECT_EQ(MayBeMember(Policy(kind), guest),
              kind == RoomKind::kIntake || kind == RoomKind::kDirect);
    EXPECT_TRUE(MayBeMember(Policy(kind), CoordinatorOfTheUnit().device));
  }
}

TEST(MayBeMemberTest, IntakeRoomHasOneGuestAndNoOtherOrganisation) {
  const RoomPolicy policy = Policy(RoomKind::kIntake);

  EXPECT_TRUE(MayBeMember(policy, Device("acme.rightsholder/gil/desk")));
  EXPECT_FALSE(MayBeMember(policy, Device("rival.rightsholder/gil/desk")));
  EXPECT_FALSE(MayBeMember(policy, Device("shop.platform/gil/desk")));
  EXPECT_FALSE(MayBeMember(policy, FrenchOfficer().device));
}

// ---- admitting and removing ----

TEST(MayAdmitTest, CoordinatorsAdmitEverywhere) {
  for (const RoomKind kind : kEveryKind) {
    SCOPED_TRACE(RoomKindName(kind));
    const cert::DeviceName newcomer =
        Device(kind == RoomKind::kIntake ? "acme.rightsholder/gil/desk"
                                         : "fr.customs/bob/desk");
    EXPECT_TRUE(MayAdmit(Policy(kind), CoordinatorOfTheUnit(), newcomer));
    EXPECT_FALSE(MayAdmit(Policy(kind), FrenchOfficer(), newcomer));
  }
}

TEST(MayAdmitTest, NobodyAdmitsWhoMayNotBeAMember) {
  EXPECT_FALSE(MayAdmit(Policy(RoomKind::kAlerts), CoordinatorOfTheUnit(),
                        Device("acme.rightsholder/gil/desk")));
}

TEST(MayAdmitTest, ContactPointsAdmitTheirOwnOrganisationOnly) {
  const RoomPolicy policy = Policy(RoomKind::kAlerts);

  EXPECT_TRUE(
      MayAdmit(policy, FrenchContactPoint(), Device("fr.customs/bob/desk")));
  EXPECT_FALSE(
      MayAdmit(policy, FrenchContactPoint(), Device("de.customs/bob/desk")));
  EXPECT_FALSE(
      MayAdmit(policy, FrenchContactPoint(), Device("x.fr.customs/bob/desk")));
}

TEST(MayAdmitTest, CuratorsAdmitInIntakeRoomsOnly) {
  EXPECT_TRUE(MayAdmit(Policy(RoomKind::kIntake), CuratorOfTheUnit(),
                       Device("acme.rightsholder/gil/desk")));
  EXPECT_FALSE(MayAdmit(Policy(RoomKind::kLibrary), CuratorOfTheUnit(),
                        Device("fr.customs/bob/desk")));
}

TEST(MayRemoveTest, FollowsTheSameLinesAsAdmitting) {
  const RoomPolicy policy = Policy(RoomKind::kAlerts);
  const cert::DeviceName french = Device("fr.customs/bob/desk");
  const cert::DeviceName german = Device("de.customs/bob/desk");

  EXPECT_TRUE(MayRemove(policy, CoordinatorOfTheUnit(), german));
  EXPECT_TRUE(MayRemove(policy, FrenchContactPoint(), french));
  EXPECT_FALSE(MayRemove(policy, FrenchContactPoint(), german));
  EXPECT_FALSE(MayRemove(policy, FrenchOfficer(), french));
  EXPECT_FALSE(MayRemove(policy, CuratorOfTheUnit(), german));
  EXPECT_TRUE(MayRemove(Policy(RoomKind::kIntake), CuratorOfTheUnit(),
                        Device("acme.rightsholder/gil/desk")));
}

// Rules of one room say nothing about another: a policy may be edited.
TEST(MayAdmitTest, EditedPolicyIsFollowed) {
  RoomPolicy policy = Policy(RoomKind::kDirect);
  policy.admit_any = MaskOf(kOfficer);
  policy.admit_own = RoleMask{0};

  EXPECT_TRUE(MayAdmit(policy, FrenchOfficer(), Device("de.customs/bob/desk")));
  EXPECT_FALSE(
      MayAdmit(policy, FrenchContactPoint(), Device("fr.customs/bob/desk")));
  EXPECT_FALSE(
      MayAdmit(policy, CoordinatorOfTheUnit(), Device("fr.customs/bob/desk")));
}

TEST(MayAdmitTest, OneOfSeveralRolesIsEnough) {
  Party both = FrenchOfficer();
  both.roles = {Role::kOfficer, Role::kContactPoint};

  EXPECT_TRUE(
      MayAdmit(Policy(RoomKind::kAlerts), both, Device("fr.customs/bob/desk")));
}

TEST(MayAdmitTest, WithoutRolesNobodyAdmitsAnybody) {
  for (const RoomKind kind : kEveryKind) {
    SCOPED_TRACE(RoomKindName(kind));
    EXPECT_FALSE(MayAdmit(
        Policy(kind), {.device = FrenchOfficer().device, .roles = RoleSet()},
        Device("fr.customs/bob/desk")));
  }
}

TEST(MayRemoveTest, AnotherDeviceOfTheSameUserIsNotOneself) {
  EXPECT_FALSE(MayRemove(Policy(RoomKind::kAlerts), FrenchOfficer(),
                         Device("fr.customs/alice/phone")));
}

TEST(MayRemoveTest, EverybodyMayLeave) {
  EXPECT_TRUE(MayRemove(Policy(RoomKind::kAlerts), FrenchOfficer(),
                        FrenchOfficer().device));
}

// Whoever should not be in the room at all can still be put out.
TEST(MayRemoveTest, DeviceThatMayNotBeAMemberCanBeRemoved) {
  EXPECT_TRUE(MayRemove(Policy(RoomKind::kAlerts), CoordinatorOfTheUnit(),
                        Device("acme.rightsholder/gil/desk")));
}

// ---- changes ----

TEST(PolicyChangeTest, OnlyThePolicyBeforeDecidesWhoMayChangeIt) {
  RoomPolicy before = Policy(RoomKind::kChannel);
  RoomPolicy after = before;
  after.change = MaskOf(kOfficer);

  EXPECT_FALSE(MayChangePolicy(before, kOfficer));
  EXPECT_TRUE(MayChangePolicy(before, kCoordinator));
  EXPECT_TRUE(MayChangePolicy(after, kOfficer));
  EXPECT_FALSE(MayChangePolicy(before, RoleSet()));
}

TEST(PolicyChangeTest, RulesMayChange) {
  const RoomPolicy before = Policy(RoomKind::kChannel);
  RoomPolicy after = before;
  after.default_tlp = Tlp::kRed;
  after.history = HistoryRule::kNone;
  after.posting.clear();

  EXPECT_OK(ValidateChange(before, after));
}

TEST(PolicyChangeTest, OperationKindAndGuestMayNot) {
  SeededRandom random(2);
  const RoomPolicy before = Policy(RoomKind::kIntake);
  RoomPolicy other_operation = before;
  other_operation.operation = OperationId::Random(random);
  RoomPolicy other_guest = before;
  other_guest.guest = cert::OrgName::Parse("rival.rightsholder").value();
  RoomPolicy other_kind = Policy(RoomKind::kChannel);

  EXPECT_THAT(ValidateChange(before, other_operation), kInvalid);
  EXPECT_THAT(ValidateChange(before, other_guest), kInvalid);
  EXPECT_THAT(ValidateChange(before, other_kind), kInvalid);
}

TEST(PolicyChangeTest, InvalidPolicyIsNoChange) {
  const RoomPolicy before = Policy(RoomKind::kChannel);
  RoomPolicy after = before;
  after.change = RoleMask{0};

  EXPECT_THAT(ValidateChange(before, after), kInvalid);
}

}  // namespace
}  // namespace cordon::policy
