#include "crypto/policy/room_defaults.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/id.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/policy/marking.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_policy.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::policy {
namespace {

using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

using cert::Role;
using cert::RoleSet;

constexpr RoomKind kEveryKind[] = {RoomKind::kChannel, RoomKind::kBroadcast,
                                   RoomKind::kAlerts,  RoomKind::kLibrary,
                                   RoomKind::kIntake,  RoomKind::kDirect};
constexpr RoleSet kCoordinator = {Role::kCoordinator};
constexpr RoleSet kContactPoint = {Role::kContactPoint};
constexpr RoleSet kOfficer = {Role::kOfficer};
constexpr RoleSet kCurator = {Role::kCurator};

RoomPolicy Policy(RoomKind kind) {
  SeededRandom random(1);
  std::optional<cert::OrgName> guest;
  if (kind == RoomKind::kIntake) {
    guest = cert::OrgName::Parse("acme.rightsholder").value();
  }
  return PolicyFor(kind, OperationId::Random(random), guest);
}

TEST(RoomDefaultsTest, EverybodyTalksInAChannel) {
  const RoomPolicy policy = Policy(RoomKind::kChannel);

  EXPECT_TRUE(MayPost(policy, kOfficer, RecordKind::kText));
  EXPECT_FALSE(MayPost(policy, kOfficer, RecordKind::kInstruction));
  EXPECT_FALSE(MayPost(policy, kOfficer, RecordKind::kAlert));
}

TEST(RoomDefaultsTest, InABroadcastCoordinatorsWriteAndEverybodyAcknowledges) {
  const RoomPolicy policy = Policy(RoomKind::kBroadcast);

  EXPECT_TRUE(MayPost(policy, kCoordinator, RecordKind::kInstruction));
  EXPECT_TRUE(MayPost(policy, kCoordinator, RecordKind::kText));
  EXPECT_TRUE(MayPost(policy, kOfficer, RecordKind::kAck));
  EXPECT_FALSE(MayPost(policy, kOfficer, RecordKind::kText));
  EXPECT_FALSE(MayPost(policy, kContactPoint, RecordKind::kInstruction));
}

TEST(RoomDefaultsTest, AlertsTakeStructuredRecordsFromEverybody) {
  const RoomPolicy policy = Policy(RoomKind::kAlerts);

  EXPECT_TRUE(MayPost(policy, kOfficer, RecordKind::kAlert));
  EXPECT_TRUE(MayPost(policy, kOfficer, RecordKind::kWarning));
  EXPECT_TRUE(MayPost(policy, kOfficer, RecordKind::kFeedback));
  EXPECT_FALSE(MayPost(policy, kOfficer, RecordKind::kGuide));
  EXPECT_FALSE(MayPost(policy, kOfficer, RecordKind::kRoster));
}

TEST(RoomDefaultsTest, InTheLibraryCuratorsPublish) {
  const RoomPolicy policy = Policy(RoomKind::kLibrary);

  EXPECT_TRUE(MayPost(policy, kCurator, RecordKind::kApproval));
  EXPECT_TRUE(MayPost(policy, kOfficer, RecordKind::kAck));
  EXPECT_FALSE(MayPost(policy, kOfficer, RecordKind::kApproval));
  EXPECT_FALSE(MayPost(policy, kOfficer, RecordKind::kText));
  EXPECT_FALSE(MayPost(policy, kCurator, RecordKind::kRelayPin));
}

TEST(RoomDefaultsTest, InAnIntakeRoomTheGuestSubmitsAndTheCuratorAnswers) {
  const RoomPolicy policy = Policy(RoomKind::kIntake);

  EXPECT_TRUE(MayPost(policy, kContactPoint, RecordKind::kGuide));
  EXPECT_TRUE(MayPost(policy, kCurator, RecordKind::kRejection));
  EXPECT_TRUE(MayPost(policy, kCoordinator, RecordKind::kInstruction));
  EXPECT_FALSE(MayPost(policy, kContactPoint, RecordKind::kRejection));
  EXPECT_FALSE(MayPost(policy, kContactPoint, RecordKind::kInstruction));
}

TEST(RoomDefaultsTest, WhoeverAdmitsGrantsHistory) {
  EXPECT_TRUE(
      MayPost(Policy(RoomKind::kAlerts), kContactPoint, RecordKind::kGrant));
  EXPECT_TRUE(MayPost(Policy(RoomKind::kIntake), kCurator, RecordKind::kGrant));
  EXPECT_FALSE(
      MayPost(Policy(RoomKind::kAlerts), kOfficer, RecordKind::kGrant));
  EXPECT_FALSE(
      MayPost(Policy(RoomKind::kAlerts), kCurator, RecordKind::kGrant));
}

TEST(RoomDefaultsTest, EverybodyReportsACommitThatItCannotProcess) {
  for (const RoomKind kind : kEveryKind) {
    SCOPED_TRACE(RoomKindName(kind));
    EXPECT_TRUE(MayPost(Policy(kind), kOfficer, RecordKind::kHealReport));
  }
}

TEST(RoomDefaultsTest, OnlyCoordinatorsRunTheOperation) {
  for (const RoomKind kind : kEveryKind) {
    for (const RecordKind record :
         {RecordKind::kOperationProfile, RecordKind::kRoomProfile,
          RecordKind::kRoster, RecordKind::kRelayPin, RecordKind::kLifeCycle}) {
      SCOPED_TRACE(RecordKindName(record));
      EXPECT_TRUE(MayPost(Policy(kind), kCoordinator, record));
      EXPECT_FALSE(MayPost(Policy(kind), kContactPoint, record));
      EXPECT_FALSE(MayPost(Policy(kind), kCurator, record));
    }
  }
}

// ---- the defaults, row by row ----

// Every role with every kind of record that it may post.
std::string PostingTable(RoomKind kind) {
  std::string table;
  for (const Role role : cert::kRoles) {
    absl::StrAppend(&table, cert::RoleName(role), ":");
    absl::string_view separator = " ";
    for (uint16_t number = 1; number <= kRecordKindMax; ++number) {
      const auto record = static_cast<RecordKind>(number);
      if (!MayPost(Policy(kind), RoleSet{role}, record)) continue;
      absl::StrAppend(&table, separator, RecordKindName(record));
      separator = ", ";
    }
    absl::StrAppend(&table, "\n");
  }
  return table;
}

TEST(RoomDefaultsTest, PostingInAChannelRoom) {
  EXPECT_EQ(PostingTable(RoomKind::kChannel),
            "coordinator: text, instruction, ack, forward, operation "
            "profile, room profile, roster, grant, heal report, relay "
            "pin, life cycle\n"
            "contact-point: text, ack, forward, grant, heal report\n"
            "officer: text, ack, forward, heal report\n"
            "analyst: text, ack, forward, heal report\n"
            "curator: text, ack, forward, heal report\n");
}

TEST(RoomDefaultsTest, PostingInADirectRoom) {
  EXPECT_EQ(PostingTable(RoomKind::kDirect),
            "coordinator: text, instruction, ack, forward, operation "
            "profile, room profile, roster, grant, heal report, relay "
            "pin, life cycle\n"
            "contact-point: text, ack, forward, grant, heal report\n"
            "officer: text, ack, forward, heal report\n"
            "analyst: text, ack, forward, heal report\n"
            "curator: text, ack, forward, heal report\n");
}

TEST(RoomDefaultsTest, PostingInABroadcastRoom) {
  EXPECT_EQ(PostingTable(RoomKind::kBroadcast),
            "coordinator: text, instruction, ack, forward, operation "
            "profile, room profile, roster, grant, heal report, relay "
            "pin, life cycle\n"
            "contact-point: ack, grant, heal report\n"
            "officer: ack, heal report\n"
            "analyst: ack, heal report\n"
            "curator: ack, heal report\n");
}

TEST(RoomDefaultsTest, PostingInALibraryRoom) {
  EXPECT_EQ(PostingTable(RoomKind::kLibrary),
            "coordinator: text, instruction, ack, approval, forward, "
            "operation profile, room profile, roster, grant, heal report, "
            "relay pin, life cycle\n"
            "contact-point: ack, grant, heal report\n"
            "officer: ack, heal report\n"
            "analyst: ack, heal report\n"
            "curator: text, ack, approval, forward, heal report\n");
}

TEST(RoomDefaultsTest, PostingInAAlertsRoom) {
  EXPECT_EQ(PostingTable(RoomKind::kAlerts),
            "coordinator: text, alert, warning, feedback, instruction, "
            "ack, forward, operation profile, room profile, roster, "
            "grant, heal report, relay pin, life cycle\n"
            "contact-point: text, alert, warning, feedback, ack, forward, "
            "grant, heal report\n"
            "officer: text, alert, warning, feedback, ack, forward, heal "
            "report\n"
            "analyst: text, alert, warning, feedback, ack, forward, heal "
            "report\n"
            "curator: text, alert, warning, feedback, ack, forward, heal "
            "report\n");
}

TEST(RoomDefaultsTest, PostingInAIntakeRoom) {
  EXPECT_EQ(PostingTable(RoomKind::kIntake),
            "coordinator: text, feedback, instruction, ack, guide, "
            "rejection, forward, operation profile, room profile, roster, "
            "grant, heal report, relay pin, life cycle\n"
            "contact-point: text, feedback, ack, guide, grant, heal "
            "report\n"
            "officer: text, feedback, ack, guide, heal report\n"
            "analyst: text, feedback, ack, guide, heal report\n"
            "curator: text, feedback, ack, guide, rejection, forward, "
            "grant, heal report\n");
}

TEST(RoomDefaultsTest, NewcomersGetTheHistoryExceptInDirectRooms) {
  for (const RoomKind kind : kEveryKind) {
    SCOPED_TRACE(RoomKindName(kind));
    EXPECT_EQ(Policy(kind).history, kind == RoomKind::kDirect
                                        ? HistoryRule::kNone
                                        : HistoryRule::kEverything);
    EXPECT_EQ(Policy(kind).default_tlp, Tlp::kAmber);
  }
}

TEST(RoomDefaultsTest, DefaultsOfEveryKindAreWithinThemselves) {
  for (const RoomKind kind : kEveryKind) {
    EXPECT_OK(CheckWithinDefaults(Policy(kind))) << RoomKindName(kind);
  }
}

// One thing too much at a time, in a room that any contact point may open.
TEST(RoomDefaultsTest, WhateverGoesBeyondTheDefaultsIsRefused) {
  const auto refused = [](void (*widen)(RoomPolicy&)) {
    RoomPolicy policy = Policy(RoomKind::kDirect);
    widen(policy);
    return absl::IsInvalidArgument(CheckWithinDefaults(policy));
  };

  EXPECT_TRUE(refused([](RoomPolicy& policy) {
    policy.admit_any = MaskOf({Role::kCoordinator, Role::kContactPoint});
  }));
  EXPECT_TRUE(
      refused([](RoomPolicy& policy) { policy.admit_own = MaskOf(kOfficer); }));
  EXPECT_TRUE(refused(
      [](RoomPolicy& policy) { policy.remove_any = MaskOf(kContactPoint); }));
  EXPECT_TRUE(refused(
      [](RoomPolicy& policy) { policy.remove_own = MaskOf(kOfficer); }));
  EXPECT_TRUE(refused(
      [](RoomPolicy& policy) { policy.change = MaskOf(kContactPoint); }));
  EXPECT_TRUE(refused([](RoomPolicy& policy) {
    policy.posting.back().kinds =
        policy.posting.back().kinds | RecordKindSet{RecordKind::kInstruction};
  }));
  EXPECT_TRUE(refused(
      [](RoomPolicy& policy) { policy.history = HistoryRule::kEverything; }));
}

TEST(RoomDefaultsTest, RightsHolderIsNotLetIntoAChannel) {
  RoomPolicy policy = Policy(RoomKind::kChannel);
  policy.member_kinds = Policy(RoomKind::kDirect).member_kinds;

  EXPECT_THAT(CheckWithinDefaults(policy),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(RoomDefaultsTest, LessThanTheDefaultsIsWithinThem) {
  RoomPolicy policy = Policy(RoomKind::kChannel);
  policy.admit_any = RoleMask{0};
  policy.admit_own = MaskOf(kCoordinator);
  policy.remove_own = RoleMask{0};
  policy.history = HistoryRule::kNone;
  policy.posting.pop_back();

  EXPECT_OK(CheckWithinDefaults(policy));
}

// A newer build's roles and kinds grant nothing to anybody whom this one knows.
TEST(RoomDefaultsTest, WhatThisBuildDoesNotKnowIsLeftToThoseWhoDo) {
  RoomPolicy policy = Policy(RoomKind::kChannel);
  policy.admit_any.value |= uint32_t{1} << 31;
  policy.member_kinds.value |= uint32_t{1} << 31;
  policy.posting.back().kinds = RecordKindSet::FromBits(
      policy.posting.back().kinds.bits() | uint64_t{1} << kRecordKindMax);

  EXPECT_OK(CheckWithinDefaults(policy));
}

}  // namespace
}  // namespace cordon::policy
