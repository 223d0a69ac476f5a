#include "crypto/policy/room_defaults.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "crypto/base/id.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_policy.h"

namespace cordon::policy {
namespace {

using cert::OrgKind;
using cert::Role;
using cert::RoleSet;

constexpr RoleSet kEverybody = {Role::kCoordinator, Role::kContactPoint,
                                Role::kOfficer, Role::kAnalyst, Role::kCurator};
constexpr RoleSet kCoordinators = {Role::kCoordinator};
constexpr RoleSet kContactPoints = {Role::kContactPoint};
constexpr RoleSet kEditors = {Role::kCoordinator, Role::kCurator};

// What keeps a room going, in every kind of room.
constexpr RecordKindSet kFromEverybody = {RecordKind::kAck,
                                          RecordKind::kHealReport};
constexpr RecordKindSet kFromCoordinators = {
    RecordKind::kInstruction, RecordKind::kOperationProfile,
    RecordKind::kRoomProfile, RecordKind::kRoster,
    RecordKind::kRelayPin,    RecordKind::kLifeCycle,
    RecordKind::kText,        RecordKind::kForward};
constexpr RecordKindSet kFromAdmitters = {RecordKind::kGrant};

RecordKindSet EverybodyIn(RoomKind kind) {
  switch (kind) {
    case RoomKind::kChannel:
    case RoomKind::kDirect:
      return {RecordKind::kText, RecordKind::kForward};
    case RoomKind::kBroadcast:
    case RoomKind::kLibrary:
      return {};
    case RoomKind::kAlerts:
      return {RecordKind::kText, RecordKind::kAlert, RecordKind::kWarning,
              RecordKind::kFeedback, RecordKind::kForward};
    case RoomKind::kIntake:
      return {RecordKind::kText, RecordKind::kGuide, RecordKind::kFeedback};
  }
  return {};
}

// Beyond what everybody may: coordinators and curators together.
RecordKindSet EditorsIn(RoomKind kind) {
  switch (kind) {
    case RoomKind::kChannel:
    case RoomKind::kDirect:
    case RoomKind::kBroadcast:
    case RoomKind::kAlerts:
      return {};
    case RoomKind::kLibrary:
      return {RecordKind::kApproval, RecordKind::kText, RecordKind::kForward};
    case RoomKind::kIntake:
      return {RecordKind::kRejection, RecordKind::kForward, RecordKind::kGrant};
  }
  return {};
}

uint32_t BitOf(OrgKind kind) {
  return uint32_t{1} << static_cast<uint8_t>(kind);
}

OrgKindMask MembersOf(RoomKind kind) {
  const uint32_t inside = BitOf(OrgKind::kAuthority) |
                          BitOf(OrgKind::kCustoms) | BitOf(OrgKind::kRilo) |
                          BitOf(OrgKind::kPartner);
  const uint32_t outside =
      BitOf(OrgKind::kRightsholder) | BitOf(OrgKind::kPlatform);
  switch (kind) {
    case RoomKind::kChannel:
    case RoomKind::kBroadcast:
    case RoomKind::kAlerts:
    case RoomKind::kLibrary:
      return OrgKindMask{inside};
    case RoomKind::kIntake:
      return OrgKindMask{BitOf(OrgKind::kAuthority) | outside};
    case RoomKind::kDirect:
      return OrgKindMask{inside | outside};
  }
  return OrgKindMask{0};
}

void AddRule(std::vector<PostingRule>& posting, const RoleSet& roles,
             RecordKindSet kinds) {
  if (kinds.bits() == 0) return;
  posting.push_back({.roles = MaskOf(roles), .kinds = kinds});
}

bool IsWithin(RoleMask mask, RoleMask bound) {
  return (mask.value & MaskOf(kEverybody).value & ~bound.value) == 0;
}

// Only what a newer build knows may be in one and not in the other.
bool IsWithin(OrgKindMask kinds, OrgKindMask bound) {
  return std::all_of(std::begin(cert::kOrgKinds), std::end(cert::kOrgKinds),
                     [kinds, bound](OrgKind kind) {
                       const uint32_t bit = BitOf(kind);
                       return (kinds.value & bit) == 0 ||
                              (bound.value & bit) != 0;
                     });
}

bool PostsWithin(const RoomPolicy& policy, const RoomPolicy& bound) {
  for (const Role role : cert::kRoles) {
    for (uint16_t number = 1; number <= kRecordKindMax; ++number) {
      const auto kind = static_cast<RecordKind>(number);
      if (IsKnown(kind) && MayPost(policy, {role}, kind) &&
          !MayPost(bound, {role}, kind)) {
        return false;
      }
    }
  }
  return true;
}

absl::Status TooFar(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(
      "the room's policy goes beyond what its kind of room allows: ", what));
}

}  // namespace

RoomPolicy PolicyFor(RoomKind kind, const OperationId& operation,
                     std::optional<cert::OrgName> guest) {
  RoomPolicy policy;
  policy.operation = operation;
  policy.kind = kind;
  policy.history =
      kind == RoomKind::kDirect ? HistoryRule::kNone : HistoryRule::kEverything;
  policy.member_kinds = MembersOf(kind);
  policy.guest = std::move(guest);
  policy.admit_any =
      MaskOf(kind == RoomKind::kIntake ? kEditors : kCoordinators);
  policy.admit_own = MaskOf(kContactPoints);
  policy.remove_any = policy.admit_any;
  policy.remove_own = policy.admit_own;
  policy.change = MaskOf(kCoordinators);
  AddRule(policy.posting, kEverybody, kFromEverybody | EverybodyIn(kind));
  AddRule(policy.posting, kEditors, EditorsIn(kind));
  AddRule(policy.posting, kCoordinators, kFromCoordinators | kFromAdmitters);
  AddRule(policy.posting, kContactPoints, kFromAdmitters);
  std::sort(policy.posting.begin(), policy.posting.end(),
            [](const PostingRule& a, const PostingRule& b) {
              return a.roles < b.roles;
            });
  return policy;
}

absl::Status CheckWithinDefaults(const RoomPolicy& policy) {
  const RoomPolicy bound =
      PolicyFor(policy.kind, policy.operation, policy.guest);
  if (!IsWithin(policy.member_kinds, bound.member_kinds)) {
    return TooFar("whose devices may be in it");
  }
  // Whoever may let anybody in may let its own in.
  const RoleMask admit_own{bound.admit_own.value | bound.admit_any.value};
  const RoleMask remove_own{bound.remove_own.value | bound.remove_any.value};
  if (!IsWithin(policy.admit_any, bound.admit_any) ||
      !IsWithin(policy.admit_own, admit_own)) {
    return TooFar("who admits");
  }
  if (!IsWithin(policy.remove_any, bound.remove_any) ||
      !IsWithin(policy.remove_own, remove_own)) {
    return TooFar("who removes");
  }
  if (!IsWithin(policy.change, bound.change)) {
    return TooFar("who changes it");
  }
  if (!PostsWithin(policy, bound)) return TooFar("who posts what");
  if (policy.history > bound.history) {
    return TooFar("what newcomers are granted");
  }
  return absl::OkStatus();
}

}  // namespace cordon::policy
