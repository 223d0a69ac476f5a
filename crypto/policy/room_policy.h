#ifndef CORDON_CRYPTO_POLICY_ROOM_POLICY_H_
#define CORDON_CRYPTO_POLICY_ROOM_POLICY_H_

// RoomPolicy: what a room is for and who may do what in it. It is an extension
// of the MLS GroupContext (0xf0c0), so every member is bound to the same one
// and the relay can read it.
//
// TLS presentation language; RoleMask and OrgKindMask have bit n set for the
// number n of cert/role.h and cert/name.h:
//   struct {
//     uint16 version = 1;
//     opaque operation[16];
//     uint8 kind;                // RoomKind
//     uint8 default_tlp;         // Tlp, the marking a new record starts with
//     uint8 history;             // HistoryRule
//     uint64 history_since_s;    // Unix time; 0 unless history = kSince
//     uint32 member_kinds;       // OrgKindMask: whose devices may be in it
//     opaque guest<V>;           // intake: the one organisation from outside
//     uint32 admit_any, admit_own, remove_any, remove_own, change;  // RoleMask
//     PostingRule posting<V>;    // by rising roles, each mask once
//   } RoomPolicy;
//   struct { uint32 roles; uint64 kinds; } PostingRule;  // RoleMask,
//   RecordKindSet
// One policy has one serialization. Whatever is added gets a new version, and a
// version that is not known is refused whole: nobody can keep rules that it
// cannot read. Bits for roles, kinds of organisation and kinds of record that
// this build does not know are kept and grant nothing here.
//
// Enforced by the relay on commits and by every client on everything it opens.
// Not by keys: whoever is in the room can read all of it.
// Threads: values and pure functions.
// Errors: kInvalidArgument, with the rule that was broken.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/policy/marking.h"
#include "crypto/policy/record_kind.h"

namespace cordon::policy {

enum class RoomKind : uint8_t {
  kChannel = 1,    // everybody talks
  kBroadcast = 2,  // coordinators write, everybody acknowledges
  kAlerts = 3,     // structured records
  kLibrary = 4,    // curators publish
  kIntake = 5,     // one rights holder and the curators
  kDirect = 6,     // whoever is in it
};
// "channel"; the words of the command line.
absl::string_view RoomKindName(RoomKind kind);
absl::StatusOr<RoomKind> ParseRoomKind(absl::string_view name);

// What a newcomer is granted of what was said before.
enum class HistoryRule : uint8_t { kNone = 1, kSince = 2, kEverything = 3 };

using RoleMask = Number<struct RoleMaskTag, uint32_t>;
using OrgKindMask = Number<struct OrgKindMaskTag, uint32_t>;
RoleMask MaskOf(const cert::RoleSet& roles);

struct PostingRule {
  RoleMask roles;  // whoever has one of these
  RecordKindSet kinds;

  friend bool operator==(const PostingRule&, const PostingRule&) = default;
};
inline constexpr size_t kPostingRulesMax = 16;

struct RoomPolicy {
  OperationId operation;
  RoomKind kind = RoomKind::kChannel;
  Tlp default_tlp = Tlp::kAmber;
  HistoryRule history = HistoryRule::kNone;
  uint64_t history_since_s = 0;
  OrgKindMask member_kinds;
  std::optional<cert::OrgName> guest;
  RoleMask admit_any;  // may admit any device that may be a member
  RoleMask admit_own;  // may admit devices of their own organisation
  RoleMask remove_any;
  RoleMask remove_own;
  RoleMask change;  // may change this policy
  std::vector<PostingRule> posting;

  friend bool operator==(const RoomPolicy&, const RoomPolicy&) = default;
};

absl::Status Validate(const RoomPolicy& policy);
// Serialize takes a policy that passes Validate (checked).
Bytes Serialize(const RoomPolicy& policy);
absl::StatusOr<RoomPolicy> ParseRoomPolicy(ByteSpan extension_data);

// ---- decisions ----

// A device as its verified certificate describes it.
struct Party {
  cert::DeviceName device;
  cert::RoleSet roles;
};

bool MayPost(const RoomPolicy& policy, const cert::RoleSet& roles,
             RecordKind kind);
// MayBeMember: whether such a device may be in the room, whoever admits it.
bool MayBeMember(const RoomPolicy& policy, const cert::DeviceName& device);
bool MayAdmit(const RoomPolicy& policy, const Party& actor,
              const cert::DeviceName& subject);
// MayRemove: everybody may propose to leave.
bool MayRemove(const RoomPolicy& policy, const Party& actor,
               const cert::DeviceName& subject);
// MayChangePolicy is asked of the policy before the change.
bool MayChangePolicy(const RoomPolicy& before, const cert::RoleSet& roles);
// ValidateChange: `after` is valid, and is still about the same operation, kind
// and guest; a room never becomes another.
absl::Status ValidateChange(const RoomPolicy& before, const RoomPolicy& after);

}  // namespace cordon::policy

#endif  // CORDON_CRYPTO_POLICY_ROOM_POLICY_H_
