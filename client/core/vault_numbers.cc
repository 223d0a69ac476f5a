#include "client/core/vault_numbers.h"

#include <cstdint>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "client/core/model/codes.h"
#include "client/core/model/common.h"
#include "client/core/model/record.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/policy/record_kind.h"
#include "crypto/prim/hash.h"
#include "storage/vault/record_store.h"

namespace cordon::client {
namespace {

struct FlagText {
  RecordFlag flag;
  const char* text;
};
constexpr FlagText kFlagTexts[] = {
    {RecordFlag::kEarlierMissing,
     "earlier records of its author have not arrived"},
    {RecordFlag::kArrivedLate, "it arrived after later records of its author"},
    {RecordFlag::kCounterRepeated,
     "its author has sent another record under the same number: that device "
     "was copied or put back to an older state"},
    {RecordFlag::kLogForked,
     "its author was shown another log of this room than this device"},
    {RecordFlag::kLogWithheld,
     "its author had seen entries of this room that were not shown here"},
    {RecordFlag::kHeadWentBack,
     "its author was shown an older log than before"},
    {RecordFlag::kEpochForked, "its author was in another group of this room"},
    {RecordFlag::kCrlWithheld,
     "its author knows a revocation list that the relay does not show here"},
    {RecordFlag::kNeedsNewer, "a newer client is needed to show it"},
};

ReferenceKind KindOf(const RecordBody& body) {
  if (std::holds_alternative<Cancel>(body.content)) {
    return ReferenceKind::kCancels;
  }
  if (body.msg_type == MsgType::kUpdate) return ReferenceKind::kUpdates;
  switch (body.header.kind) {
    case policy::RecordKind::kAck:
      return ReferenceKind::kAcknowledges;
    case policy::RecordKind::kApproval:
      return ReferenceKind::kApproves;
    case policy::RecordKind::kRejection:
      return ReferenceKind::kRejects;
    case policy::RecordKind::kText:
      return ReferenceKind::kRepliesTo;
    default:
      return ReferenceKind::kRefersTo;
  }
}

}  // namespace

std::vector<vault::RecordReference> ReferencesOf(const RecordBody& body) {
  const auto kind = static_cast<uint32_t>(KindOf(body));
  std::vector<vault::RecordReference> references;
  references.reserve(body.refs.size());
  std::set<RecordId> named;
  for (const Reference& one : body.refs) {
    // The vault takes each once.
    if (!named.insert(one.record).second) continue;
    references.push_back({.target = one.record, .kind = kind});
  }
  return references;
}

std::vector<std::string> WarningsOf(RecordFlags flags) {
  std::vector<std::string> warnings;
  for (const FlagText& one : kFlagTexts) {
    if (Has(flags, one.flag)) warnings.emplace_back(one.text);
  }
  return warnings;
}

absl::string_view RefusalText(Refusal why) {
  switch (why) {
    case Refusal::kDoesNotOpen:
      return "it does not open";
    case Refusal::kKeyUsedBefore:
      return "its bytes were shown before";
    case Refusal::kEpochTooOld:
      return "it came too late to be opened";
    case Refusal::kEpochUnknown:
      return "it belongs to a state of the room that this device has not seen";
    case Refusal::kNotByItsAuthor:
      return "another device than the one it is said to be by has sealed it";
    case Refusal::kMalformed:
      return "it is no well-formed record";
    case Refusal::kNotProven:
      return "its author's certificates do not hold";
    case Refusal::kRevoked:
      return "its author had been revoked";
    case Refusal::kBadSignature:
      return "its signature does not match";
    case Refusal::kMeantElsewhere:
      return "it was signed for another place or by somebody else";
    case Refusal::kNotAllowed:
      return "its author may not post that in this room";
    case Refusal::kBadContent:
      return "what it says breaks the rules of its kind";
    case Refusal::kHandshake:
      return "it cannot be processed";
    case Refusal::kNotAsSent:
      return "it is not what this device has sent";
    case Refusal::kIdTaken:
      return "another record with its id is here already";
    case Refusal::kAuthorGone:
      return "its author was no longer in the room";
  }
  return "a newer client refused it";
}

std::string TransportSetting(const DeviceId& device) {
  return absl::StrCat("transport/", ToHex(device.span()));
}

// By hash: names may be longer than a setting's.
std::string RevocationReasonSetting(absl::string_view name) {
  return absl::StrCat("revoked/", ToHex(Sha256(AsBytes(name))));
}

}  // namespace cordon::client
