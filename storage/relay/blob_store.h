#ifndef CORDON_STORAGE_RELAY_BLOB_STORE_H_
#define CORDON_STORAGE_RELAY_BLOB_STORE_H_

// What the relay knows of each ciphertext file: who uploads it, how far that
// got, which rooms hold it, and how many bytes each room holds. The bytes
// themselves are storage/blobs.
//
// A blob begins held by the room it is uploaded for, and counts there with its
// whole size from then on. It may go when no room holds it any more (after a
// grace time) or when its upload stood still too long; the row goes first, the
// file after, so a file without a row is a leftover to delete.
// Threads: none; call it on the relay's lane only.
// Lifetime: the Db outlives the store, and holds RelaySchema().
// Writes happen in the caller's transaction and may be repeated.
// Errors: kNotFound for a blob that is not there; kFailedPrecondition for one
// in the wrong state; kAlreadyExists for an upload id that is in use;
// kInvalidArgument for progress beyond the size; and what sqlite/db.h says.
// Quotas are the caller's: RoomBytes is what to judge by.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/transaction.h"

namespace cordon::relay {

// SHA-256 of a blob's ciphertext, computed by the relay.
using BlobHash = Id<struct BlobHashTag, 32>;

enum class BlobState : uint8_t { kReceiving = 1, kComplete = 2 };

struct NewBlob {
  BlobId blob;
  DeviceId uploader;
  uint64_t size_bytes = 0;
  RoomId room;  // holds it from the start
};

struct Blob {
  BlobId blob;
  DeviceId uploader;
  uint64_t size_bytes = 0;
  uint64_t received_bytes = 0;  // synced, so that an upload may go on there
  BlobState state = BlobState::kReceiving;
  BlobHash hash;  // zero until complete
  absl::Time touched;
};

class BlobStore {
 public:
  static absl::StatusOr<BlobStore> Create(sqlite::Db* db);
  BlobStore(BlobStore&&) noexcept;
  BlobStore& operator=(BlobStore&&) noexcept;
  ~BlobStore();

  // Begin makes the row and the room's hold. The same upload again is OK and
  // changes nothing; one by another device, of another size or of a blob that
  // the room does not hold is kAlreadyExists.
  absl::Status Begin(const sqlite::Transaction& txn, const NewBlob& blob,
                     absl::Time now);
  // Advance notes that the file is synced up to `received_bytes`, which is
  // never less than before (kInvalidArgument).
  absl::Status Advance(const sqlite::Transaction& txn, BlobId blob,
                       uint64_t received_bytes, absl::Time now);
  // Complete ends the upload; kFailedPrecondition unless all bytes are there.
  absl::Status Complete(const sqlite::Transaction& txn, BlobId blob,
                        BlobHash hash);
  absl::StatusOr<Blob> Find(BlobId blob);
  // ListComplete gives complete blobs behind `after`, by id.
  absl::StatusOr<std::vector<Blob>> ListComplete(BlobId after,
                                                 size_t blobs_max);

  // Hold lets another room hold a complete blob.
  absl::Status Hold(const sqlite::Transaction& txn, BlobId blob, RoomId room);
  // Forget drops one room's hold; the last one starts the grace time.
  absl::Status Forget(const sqlite::Transaction& txn, BlobId blob, RoomId room,
                      absl::Time now);
  // Holders gives the rooms that hold a blob, by id; none for an unknown one.
  absl::StatusOr<std::vector<RoomId>> Holders(BlobId blob);
  // RoomBytes gives the sum of the sizes of what a room holds.
  absl::StatusOr<uint64_t> RoomBytes(RoomId room);

  // Deletable gives blobs that nobody held since before `unheld_before`, and
  // uploads that made no progress since before `stalled_before`.
  struct Deadlines {
    absl::Time unheld_before;
    absl::Time stalled_before;
  };
  absl::StatusOr<std::vector<BlobId>> Deletable(const Deadlines& deadlines,
                                                size_t blobs_max);
  // Delete forgets the blob and its holds; again is fine.
  absl::Status Delete(const sqlite::Transaction& txn, BlobId blob);

 private:
  struct Statements;
  explicit BlobStore(std::unique_ptr<Statements> sql);
  absl::Status AddHold(BlobId blob, RoomId room, uint64_t size_bytes);

  std::unique_ptr<Statements> sql_;
};

}  // namespace cordon::relay

#endif  // CORDON_STORAGE_RELAY_BLOB_STORE_H_
