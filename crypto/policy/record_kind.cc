#include "crypto/policy/record_kind.h"

#include "absl/strings/string_view.h"

namespace cordon::policy {
namespace {

constexpr absl::string_view kUnknownName = "unknown";

}  // namespace

bool IsKnown(RecordKind kind) {
  return RecordKindName(kind) != kUnknownName;
}

absl::string_view RecordKindName(RecordKind kind) {
  switch (kind) {
    case RecordKind::kText:
      return "text";
    case RecordKind::kAlert:
      return "alert";
    case RecordKind::kWarning:
      return "warning";
    case RecordKind::kFeedback:
      return "feedback";
    case RecordKind::kInstruction:
      return "instruction";
    case RecordKind::kAck:
      return "ack";
    case RecordKind::kGuide:
      return "guide";
    case RecordKind::kApproval:
      return "approval";
    case RecordKind::kRejection:
      return "rejection";
    case RecordKind::kForward:
      return "forward";
    case RecordKind::kOperationProfile:
      return "operation profile";
    case RecordKind::kRoomProfile:
      return "room profile";
    case RecordKind::kRoster:
      return "roster";
    case RecordKind::kGrant:
      return "grant";
    case RecordKind::kHealReport:
      return "heal report";
    case RecordKind::kRelayPin:
      return "relay pin";
    case RecordKind::kLifeCycle:
      return "life cycle";
  }
  return kUnknownName;
}

}  // namespace cordon::policy
