#ifndef CORDON_CLIENT_CORE_COMPOSER_H_
#define CORDON_CLIENT_CORE_COMPOSER_H_

// From content to a signed record in the outbox: flow A's steps 2 to 4.
//
// The header says what this device knows at that moment: its counter in the
// room, the head and epoch it has seen, the revocation lists it holds.
// Counters, records and outbox rows are one transaction, also of records that
// belong together.
// Threads: none; the core's thread.
// Errors: kPermissionDenied, in a sentence, for what the room's policy does not
// let this device post; kFailedPrecondition for a room that was left or
// stopped; kInvalidArgument for content beyond its limits. Nothing has changed
// then.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/group_shelf.h"
#include "client/core/model/record.h"
#include "client/core/own_device.h"
#include "client/core/parts.h"
#include "client/core/trust.h"
#include "crypto/base/id.h"
#include "crypto/policy/marking.h"
#include "crypto/policy/record_kind.h"
#include "crypto/record/record_id.h"
#include "storage/vault/outbox.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {

// What the author says; the composer adds what the device knows.
struct Draft {
  RoomId room;
  policy::RecordKind kind = policy::RecordKind::kText;
  Content content;
  RecordStatus status = RecordStatus::kActual;
  MsgType msg_type = MsgType::kAlert;
  uint32_t revision = 1;
  std::string ref_no;
  std::vector<Reference> refs;
  std::optional<policy::Marking> marking;  // absent: the room's default
  Audience audience;
  std::optional<absl::Time> effective;
  std::optional<absl::Time> expires;
  std::vector<Attachment> attachments;
};

// Withdraw takes a record out of the outbox that is not sealed. Those of its
// room behind it are numbered and signed anew if none of them has left, so that
// readers miss no number; otherwise the gap stays.
absl::Status Withdraw(vault::VaultTxn& txn, const vault::OutboxRow& row,
                      const OwnDevice& own);

class Composer {
 public:
  Composer(const Parts& parts, Trust* trust, GroupShelf* shelf)
      : parts_(parts),
        trust_(trust),
        shelf_(shelf),
        ids_(parts.clock, parts.random) {}

  // Compose signs `draft` and puts it into the outbox, on disk.
  absl::StatusOr<RecordId> Compose(Draft draft);
  // ComposeAll does so with several: all of them or none.
  absl::StatusOr<std::vector<RecordId>> ComposeAll(std::vector<Draft> drafts);

  // `composed` is called after every record that went into the outbox.
  void SetListener(absl::AnyInvocable<void()> composed) {
    composed_ = std::move(composed);
  }

 private:
  absl::StatusOr<RecordBody> Prepare(Draft draft, const OwnDevice& own);

  const Parts parts_;
  Trust* const trust_;
  GroupShelf* const shelf_;
  record::RecordIdMaker ids_;
  absl::AnyInvocable<void()> composed_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_COMPOSER_H_
