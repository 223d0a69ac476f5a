#ifndef CORDON_CLIENT_CORE_OPENING_H_
#define CORDON_CLIENT_CORE_OPENING_H_

// One application entry of a room's log, from sealed bytes to a record that may
// be shown: flow A's step 13. In this order, each proving what the next one
// takes for granted:
//
//   1 MLS            a member of the room sealed it, with a key not used before
//   2 the entry      the log names the device whose leaf that is, and the
//                    device is still in the room where the entry lies
//   3 SignedRecord   parses; its chain leads to our root and had not been
//                    revoked when the entry was received; the signature is that
//                    chain's key's
//   4 header         meant for this room, operation and author
//   5 policy         the room lets this author post this kind, whatever the
//                    relay let through
//   6 content        parses and keeps the rules of its kind
//   7 claims         what its author had seen, to be compared with our log
//
// The outcome is a value; nothing is stored here (filing.h does that, in the
// transaction that stores the group's changes). The group has moved on then: if
// storing fails, the caller forgets it (group_shelf.h).
// Gives: an entry is refused with a reason and, where MLS proved it, a name.
// Does not give: notice of entries that were never shown (follower.h).
// Threads: none; the core's thread.
// Errors: kDataLoss and kNotFound if the room's group cannot be used: stop the
// room. What a peer or the relay can cause is no error.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/delivery_types.h"
#include "client/core/group_shelf.h"
#include "client/core/model/record.h"
#include "client/core/room_log.h"
#include "client/core/trust.h"
#include "client/core/vault_numbers.h"
#include "crypto/base/bytes.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/group.h"
#include "crypto/record/head_check.h"
#include "crypto/record/record_header.h"
#include "crypto/record/signed_record.h"
#include "storage/vault/outbox.h"
#include "storage/vault/seal_log.h"

namespace cordon::client {

struct OpenedRecord {
  record::SignedRecord signed_record;
  RecordBody body;
  cert::DeviceName author;
  cert::RoleSet roles;
  // What we know of the places that its header names.
  record::OurView ours;
  bool crl_withheld = false;  // it names a list that we were not shown
};

struct RefusedEntry {
  Refusal why = Refusal::kDoesNotOpen;
  std::string by;     // "fr.customs/alice/laptop"; empty: nobody is proven
  std::string about;  // more for the reader, if there is more to say
};

// Whose word an entry is, as far as sending goes.
enum class Origin : uint8_t {
  kOther = 1,
  kOwn = 2,  // in our outbox
  // Ours by every proof, and yet not known here: this vault was put back to an
  // older state, and its keys may have been used for something else.
  kOwnUnknown = 3,
};

struct OpenedEntry {
  LogEntry entry;
  RoomHead after;  // the head with it
  Origin origin = Origin::kOther;
  // The key that opened it, if one did.
  std::optional<vault::MessageKeyName> key;
  Bytes data;  // what was inside, if it opened
  std::variant<RefusedEntry, OpenedRecord> outcome;
};

class Opening {
 public:
  Opening(Trust* trust, GroupShelf* shelf) : trust_(trust), shelf_(shelf) {}

  // `log` is that of the entry's room, before the entry.
  absl::StatusOr<OpenedEntry> Open(LogEntry entry, const RoomHead& after,
                                   RoomLog& log);
  // OpenOwn takes the record from `row`, whose envelope the entry is: own
  // messages do not open, their keys are gone.
  absl::StatusOr<OpenedEntry> OpenOwn(LogEntry entry, const RoomHead& after,
                                      const vault::OutboxRow& row);

 private:
  using Outcome = std::variant<RefusedEntry, OpenedRecord>;

  absl::StatusOr<Outcome> Judge(const LogEntry& entry,
                                const mls::OpenedMessage& message, RoomLog& log,
                                const mls::Group& group);
  absl::StatusOr<bool> NoteClaims(const std::vector<record::KnownCrl>& claims);

  Trust* const trust_;
  GroupShelf* const shelf_;
  // The same lists are named again and again.
  std::vector<record::KnownCrl> last_claims_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_OPENING_H_
