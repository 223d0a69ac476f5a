#ifndef CORDON_STORAGE_VAULT_OUTBOX_H_
#define CORDON_STORAGE_VAULT_OUTBOX_H_

// Signed records that the relay is not known to have yet, in the order in
// which they were made.
//
// | state   | what is here              | what may happen next                |
// | waiting | the signed record         | sealed, in the ratchet's own txn    |
// | sealed  | also the sealed bytes     | sent again under the same envelope; |
// |         |                           | done; back to waiting (lost epoch)  |
// | refused | the record and the reason | back to waiting, or erased by hand  |
//
// A row goes when its own entry was read in the log, in the transaction that
// stores the record.
// Threads and errors: as vault.h; kNotFound for a record that is not here,
// kFailedPrecondition in a state that does not allow the call.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "storage/vault/record_store.h"
#include "storage/vault/statements.h"

namespace cordon::vault {

inline constexpr size_t kOutboxRowsMax = 100'000;
inline constexpr size_t kOutboxPageMax = 256;

// The order of sending; never given twice.
using OutboxNumber = Number<struct OutboxNumberTag>;

enum class OutboxState : uint8_t { kWaiting = 1, kSealed = 2, kRefused = 3 };

struct SealedEnvelope {
  EnvelopeId id;
  Epoch epoch;
  Bytes sealed;
};

struct OutboxRow {
  OutboxNumber number;  // given by Add
  RecordName record;
  uint32_t kind = 0;
  Bytes signed_bytes;
  absl::Time made;
  OutboxState state = OutboxState::kWaiting;
  std::optional<SealedEnvelope> envelope;  // if and only if sealed
  std::string reason;                      // why it was refused
  uint32_t attempts = 0;
  absl::Time next_try;
};

class Outbox {
 public:
  explicit Outbox(Statements* sql) : sql_(sql) {}

  // Add takes record, kind, signed bytes and time of `row`; it waits, due at
  // once. kAlreadyExists for a record that is here, kResourceExhausted beyond
  // kOutboxRowsMax.
  absl::StatusOr<OutboxNumber> Add(const OutboxRow& row);

  absl::StatusOr<OutboxRow> Get(const RecordName& record) const;
  absl::StatusOr<OutboxRow> FindByEnvelope(EnvelopeId envelope) const;
  // Next is the first row of the room that was not refused: nothing behind it
  // may be sent before it. kNotFound when there is none.
  absl::StatusOr<OutboxRow> Next(RoomId room) const;
  // ListRooms gives the rooms that have a Next.
  absl::StatusOr<std::vector<RoomId>> ListRooms() const;
  // List gives up to kOutboxPageMax rows of all rooms after `after`.
  absl::StatusOr<std::vector<OutboxRow>> List(OutboxNumber after) const;
  absl::StatusOr<uint64_t> Count() const;

  // MarkSealed takes a waiting row's envelope. kAlreadyExists when the
  // envelope id was used for another row.
  absl::Status MarkSealed(const RecordName& record,
                          const SealedEnvelope& envelope);
  // MarkWaiting forgets envelope and refusal: the record will be sealed anew.
  absl::Status MarkWaiting(const RecordName& record);
  absl::Status MarkRefused(const RecordName& record, absl::string_view reason);
  // Replace puts other signed bytes in the place of a record's:
  // kFailedPrecondition once it is sealed.
  absl::Status Replace(const RecordName& record, ByteSpan signed_bytes);
  // NoteAttempt counts one try and sets when the next is due.
  absl::Status NoteAttempt(const RecordName& record, absl::Time next_try);
  absl::Status Erase(const RecordName& record);

 private:
  absl::Status SetState(OutboxNumber number, OutboxState state,
                        absl::string_view reason);

  Statements* const sql_;
};

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_OUTBOX_H_
