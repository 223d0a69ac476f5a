#ifndef CORDON_CLIENT_CORE_VAULT_NUMBERS_H_
#define CORDON_CLIENT_CORE_VAULT_NUMBERS_H_

// The numbers that the vault keeps for the client without knowing what they
// mean: what a record says of another one, what was noticed about a record, why
// an entry was put aside, and the names of settings. Stored, so never reused.
// Threads: values.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "client/core/model/record.h"
#include "crypto/base/id.h"
#include "storage/vault/record_store.h"

namespace cordon::client {

// vault::RecordReference::kind.
enum class ReferenceKind : uint32_t {
  kUpdates = 1,
  kCancels = 2,
  kAcknowledges = 3,
  kRepliesTo = 4,
  kApproves = 5,
  kRejects = 6,
  kRefersTo = 7,  // in any other way
};

// ReferencesOf says what `body`'s references mean; by its kind and message
// type.
std::vector<vault::RecordReference> ReferencesOf(const RecordBody& body);

// vault::StoredRecord::flags: bits. What is flagged is shown, with a warning.
enum class RecordFlag : uint32_t {
  kEarlierMissing = 1U << 0,   // records of its author before it are not here
  kArrivedLate = 1U << 1,      // it was one of those
  kCounterRepeated = 1U << 2,  // its author has used this number before
  kLogForked = 1U << 3,        // its author saw another log than we did
  kLogWithheld = 1U << 4,      // its author had seen more than lies before it
  kHeadWentBack = 1U << 5,     // its author was shown an older log
  kEpochForked = 1U << 6,      // its author was in another group
  kCrlWithheld = 1U << 7,      // its author knows a list that we were not shown
  kNeedsNewer = 1U << 8,       // a kind or version that this build cannot show
};
using RecordFlags = uint32_t;
constexpr RecordFlags BitOf(RecordFlag flag) {
  return static_cast<RecordFlags>(flag);
}
constexpr bool Has(RecordFlags flags, RecordFlag flag) {
  return (flags & BitOf(flag)) != 0;
}
// WarningsOf gives one sentence for each flag.
std::vector<std::string> WarningsOf(RecordFlags flags);

// vault::Quarantined::reason: why an entry is kept aside, never shown as truth.
enum class Refusal : uint32_t {
  kDoesNotOpen = 1,     // no message, or not for us as it stands
  kKeyUsedBefore = 2,   // a repeated ciphertext
  kEpochTooOld = 3,     // its keys were erased
  kEpochUnknown = 4,    // of an epoch that we have not reached
  kNotByItsAuthor = 5,  // the log names another device than sealed it
  kMalformed = 6,       // no signed record, or one that does not parse
  kNotProven = 7,       // the chain does not lead to our root
  kRevoked = 8,         // its author had been put out
  kBadSignature = 9,
  kMeantElsewhere = 10,  // header of another room, operation or author
  kNotAllowed = 11,      // the room's policy
  kBadContent = 12,      // breaks the rules of its kind
  kHandshake = 13,       // a proposal or commit that cannot be processed
  kNotAsSent = 14,       // our own envelope with other bytes
  kIdTaken = 15,         // another record has its id here
  kAuthorGone = 16,      // its author had been taken out of the room
};
// RefusalText completes "an entry by X was refused: ".
absl::string_view RefusalText(Refusal why);

// Names of settings.
inline constexpr absl::string_view kInboxAfterSetting = "inbox.after";
// What people call the organisation that this device has founded: a
// Participant (content.h).
inline constexpr absl::string_view kOwnOrganisationSetting = "own.organisation";
// The serial number of the transport certificate that was issued here for a
// device, so that it can be revoked.
std::string TransportSetting(const DeviceId& device);
// Why this device has put out `name`: a device, a user or an organisation.
std::string RevocationReasonSetting(absl::string_view name);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_VAULT_NUMBERS_H_
