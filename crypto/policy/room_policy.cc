#include "crypto/policy/room_policy.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/policy/marking.h"
#include "crypto/policy/record_kind.h"

namespace cordon::policy {
namespace {

using cert::OrgKind;
using cert::Role;
using cert::RoleSet;

constexpr uint16_t kVersion = 1;
constexpr RoomKind kRoomKinds[] = {RoomKind::kChannel, RoomKind::kBroadcast,
                                   RoomKind::kAlerts,  RoomKind::kLibrary,
                                   RoomKind::kIntake,  RoomKind::kDirect};

bool Intersect(RoleMask a, RoleMask b) {
  return (a.value & b.value) != 0;
}

uint32_t BitOf(OrgKind kind) {
  return uint32_t{1} << static_cast<uint8_t>(kind);
}

bool IsRoomKind(uint8_t number) {
  return number >= static_cast<uint8_t>(RoomKind::kChannel) &&
         number <= static_cast<uint8_t>(RoomKind::kDirect);
}

bool IsHistoryRule(uint8_t number) {
  return number >= static_cast<uint8_t>(HistoryRule::kNone) &&
         number <= static_cast<uint8_t>(HistoryRule::kEverything);
}

absl::Status ValidatePosting(const std::vector<PostingRule>& posting) {
  if (posting.size() > kPostingRulesMax) {
    return absl::InvalidArgumentError("policy: more than kPostingRulesMax");
  }
  for (size_t i = 0; i < posting.size(); ++i) {
    if (posting[i].roles.value == 0 || posting[i].kinds.bits() == 0) {
      return absl::InvalidArgumentError("policy: posting rule grants nothing");
    }
    if (i > 0 && posting[i - 1].roles >= posting[i].roles) {
      return absl::InvalidArgumentError("policy: posting rules out of order");
    }
  }
  return absl::OkStatus();
}

// Who has guests, and who may be one.
absl::Status ValidateGuest(const RoomPolicy& policy) {
  const bool intake = policy.kind == RoomKind::kIntake;
  if (policy.guest.has_value() != intake) {
    return absl::InvalidArgumentError(
        "policy: an intake room has a guest, no other room has");
  }
  if (intake &&
      (policy.member_kinds.value & BitOf(policy.guest->kind())) == 0) {
    return absl::InvalidArgumentError("policy: the guest may not be a member");
  }
  return absl::OkStatus();
}

absl::StatusOr<PostingRule> ReadPostingRule(codec::Reader& in) {
  PostingRule rule;
  CORDON_ASSIGN_OR_RETURN(rule.roles.value, in.U32());
  CORDON_ASSIGN_OR_RETURN(const uint64_t kinds, in.U64());
  rule.kinds = RecordKindSet::FromBits(kinds);
  return rule;
}

absl::Status ReadSmallFields(codec::Reader& in, RoomPolicy& policy) {
  CORDON_ASSIGN_OR_RETURN(const uint8_t kind, in.U8());
  CORDON_ASSIGN_OR_RETURN(const uint8_t tlp, in.U8());
  CORDON_ASSIGN_OR_RETURN(const uint8_t history, in.U8());
  if (!IsRoomKind(kind) || !IsHistoryRule(history)) {
    return absl::InvalidArgumentError("policy: unknown kind or history rule");
  }
  policy.kind = static_cast<RoomKind>(kind);
  policy.history = static_cast<HistoryRule>(history);
  CORDON_ASSIGN_OR_RETURN(policy.default_tlp, TlpOf(tlp));
  CORDON_ASSIGN_OR_RETURN(policy.history_since_s, in.U64());
  CORDON_ASSIGN_OR_RETURN(policy.member_kinds.value, in.U32());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan guest, in.Vector());
  if (guest.empty()) return absl::OkStatus();
  CORDON_ASSIGN_OR_RETURN(policy.guest, cert::OrgName::Parse(AsText(guest)));
  return absl::OkStatus();
}

absl::StatusOr<RoomPolicy> ReadRoomPolicy(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const uint16_t version, in.U16());
  if (version != kVersion) {
    return absl::InvalidArgumentError("policy: unknown version");
  }
  RoomPolicy policy;
  CORDON_ASSIGN_OR_RETURN(const ByteSpan operation,
                          in.Fixed(OperationId::kBytes));
  CORDON_ASSIGN_OR_RETURN(policy.operation, OperationId::Parse(operation));
  CORDON_RETURN_IF_ERROR(ReadSmallFields(in, policy));
  for (RoleMask* const mask :
       {&policy.admit_any, &policy.admit_own, &policy.remove_any,
        &policy.remove_own, &policy.change}) {
    CORDON_ASSIGN_OR_RETURN(mask->value, in.U32());
  }
  CORDON_ASSIGN_OR_RETURN(
      policy.posting,
      codec::ReadVectorOf<PostingRule>(in, kPostingRulesMax, ReadPostingRule));
  return policy;
}

}  // namespace

absl::string_view RoomKindName(RoomKind kind) {
  switch (kind) {
    case RoomKind::kChannel:
      return "channel";
    case RoomKind::kBroadcast:
      return "broadcast";
    case RoomKind::kAlerts:
      return "alerts";
    case RoomKind::kLibrary:
      return "library";
    case RoomKind::kIntake:
      return "intake";
    case RoomKind::kDirect:
      return "direct";
  }
  return "unknown";
}

absl::StatusOr<RoomKind> ParseRoomKind(absl::string_view name) {
  for (const RoomKind kind : kRoomKinds) {
    if (name == RoomKindName(kind)) return kind;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "there is no kind of room \"", name, "\"; kinds are ",
      absl::StrJoin(kRoomKinds, ", ", [](std::string* out, RoomKind kind) {
        absl::StrAppend(out, RoomKindName(kind));
      })));
}

RoleMask MaskOf(const RoleSet& roles) {
  RoleMask mask;
  for (const Role role : roles.List()) {
    mask.value |= uint32_t{1} << static_cast<uint8_t>(role);
  }
  return mask;
}

absl::Status Validate(const RoomPolicy& policy) {
  if (policy.operation.is_zero()) {
    return absl::InvalidArgumentError("policy: no operation");
  }
  if ((policy.history == HistoryRule::kSince) !=
      (policy.history_since_s != 0)) {
    return absl::InvalidArgumentError(
        "policy: an instant belongs to history since an instant");
  }
  if (policy.change.value == 0) {
    return absl::InvalidArgumentError("policy: nobody could change it");
  }
  CORDON_RETURN_IF_ERROR(ValidateGuest(policy));
  return ValidatePosting(policy.posting);
}

Bytes Serialize(const RoomPolicy& policy) {
  CORDON_CHECK(Validate(policy).ok());
  codec::Writer out;
  out.U16(kVersion);
  out.Fixed(policy.operation.span());
  out.U8(static_cast<uint8_t>(policy.kind));
  out.U8(static_cast<uint8_t>(policy.default_tlp));
  out.U8(static_cast<uint8_t>(policy.history));
  out.U64(policy.history_since_s);
  out.U32(policy.member_kinds.value);
  out.Vector(policy.guest.has_value() ? AsBytes(policy.guest->text())
                                      : ByteSpan());
  for (const RoleMask mask :
       {policy.admit_any, policy.admit_own, policy.remove_any,
        policy.remove_own, policy.change}) {
    out.U32(mask.value);
  }
  out.Nested([&policy](codec::Writer& content) {
    for (const PostingRule& rule : policy.posting) {
      content.U32(rule.roles.value);
      content.U64(rule.kinds.bits());
    }
  });
  return out.Take();
}

absl::StatusOr<RoomPolicy> ParseRoomPolicy(ByteSpan extension_data) {
  CORDON_ASSIGN_OR_RETURN(
      RoomPolicy policy,
      codec::ParseWhole<RoomPolicy>(extension_data, ReadRoomPolicy));
  CORDON_RETURN_IF_ERROR(Validate(policy));
  return policy;
}

bool MayPost(const RoomPolicy& policy, const RoleSet& roles, RecordKind kind) {
  const RoleMask mask = MaskOf(roles);
  return std::any_of(policy.posting.begin(), policy.posting.end(),
                     [mask, kind](const PostingRule& rule) {
                       return Intersect(rule.roles, mask) &&
                              rule.kinds.Has(kind);
                     });
}

bool MayBeMember(const RoomPolicy& policy, const cert::DeviceName& device) {
  const OrgKind kind = device.org().kind();
  if ((policy.member_kinds.value & BitOf(kind)) == 0) return false;
  if (!policy.guest.has_value()) return true;
  return kind == OrgKind::kAuthority || device.org() == *policy.guest;
}

bool MayAdmit(const RoomPolicy& policy, const Party& actor,
              const cert::DeviceName& subject) {
  if (!MayBeMember(policy, subject)) return false;
  const RoleMask roles = MaskOf(actor.roles);
  if (Intersect(policy.admit_any, roles)) return true;
  return Intersect(policy.admit_own, roles) &&
         actor.device.org() == subject.org();
}

bool MayRemove(const RoomPolicy& policy, const Party& actor,
               const cert::DeviceName& subject) {
  const RoleMask roles = MaskOf(actor.roles);
  if (actor.device == subject || Intersect(policy.remove_any, roles)) {
    return true;
  }
  return Intersect(policy.remove_own, roles) &&
         actor.device.org() == subject.org();
}

bool MayChangePolicy(const RoomPolicy& before, const RoleSet& roles) {
  return Intersect(before.change, MaskOf(roles));
}

absl::Status ValidateChange(const RoomPolicy& before, const RoomPolicy& after) {
  CORDON_RETURN_IF_ERROR(Validate(after));
  if (after.operation != before.operation || after.kind != before.kind ||
      after.guest != before.guest) {
    return absl::InvalidArgumentError("policy: a room never becomes another");
  }
  return absl::OkStatus();
}

}  // namespace cordon::policy
