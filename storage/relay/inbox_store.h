#ifndef CORDON_STORAGE_RELAY_INBOX_STORE_H_
#define CORDON_STORAGE_RELAY_INBOX_STORE_H_

// What waits for one device alone: its part of a Welcome, notices. What many
// items have in common (a Welcome's GroupInfo and tree) is stored once and goes
// when the last item that refers to it goes.
//
// Item numbers rise and never come back, so a device's cursor stays true.
// Threads: none; call it on the relay's lane only.
// Lifetime: the Db outlives the store, and holds RelaySchema().
// Writes happen in the caller's transaction, a Welcome's together with its
// commit. An item is deleted only by Ack, which a device sends when it has
// stored what came of it.
// Errors: kNotFound for a shared payload that is gone; kFailedPrecondition for
// an item that refers to one; and what sqlite/db.h says of the file.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "storage/relay/read_limits.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/transaction.h"

namespace cordon::relay {

using InboxItemId = Number<struct InboxItemIdTag>;        // from 1
using SharedPayloadId = Number<struct SharedPayloadTag>;  // from 1

struct NewInboxItem {
  DeviceId device;
  uint8_t kind = 0;  // opaque here
  ByteSpan payload;
  std::optional<SharedPayloadId> shared = {};
};

struct InboxItem {
  InboxItemId id;
  uint8_t kind = 0;
  Bytes payload;
  std::optional<SharedPayloadId> shared = {};
};

class InboxStore {
 public:
  static absl::StatusOr<InboxStore> Create(sqlite::Db* db);
  InboxStore(InboxStore&&) noexcept;
  InboxStore& operator=(InboxStore&&) noexcept;
  ~InboxStore();

  // PutShared stores what the items put next refer to. One that nothing refers
  // to goes with the next Ack.
  absl::StatusOr<SharedPayloadId> PutShared(const sqlite::Transaction& txn,
                                            ByteSpan payload);
  absl::StatusOr<Bytes> ReadShared(SharedPayloadId shared);

  absl::StatusOr<InboxItemId> Put(const sqlite::Transaction& txn,
                                  const NewInboxItem& item);

  // TakeAfter gives a device's items after `after`, in order. Taking deletes
  // nothing. Bytes of shared payloads do not count.
  absl::StatusOr<std::vector<InboxItem>> TakeAfter(DeviceId device,
                                                   InboxItemId after,
                                                   const ReadLimits& limits);

  // Ack deletes the device's items up to and including `through`; again is
  // fine.
  absl::Status Ack(const sqlite::Transaction& txn, DeviceId device,
                   InboxItemId through);

  // Count gives how many items wait for a device.
  absl::StatusOr<uint64_t> Count(DeviceId device);

 private:
  struct Statements;
  explicit InboxStore(std::unique_ptr<Statements> sql);

  std::unique_ptr<Statements> sql_;
};

}  // namespace cordon::relay

#endif  // CORDON_STORAGE_RELAY_INBOX_STORE_H_
