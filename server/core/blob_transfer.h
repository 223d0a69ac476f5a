#ifndef CORDON_SERVER_CORE_BLOB_TRANSFER_H_
#define CORDON_SERVER_CORE_BLOB_TRANSFER_H_

// One file on its way in or out, as Blobs (blobs.h) allowed it: the half of
// the work that touches the disk and no database.
//
// Threads: all but the accessors of what is fixed and Stop run on the blob's
// worker (server/workers.h, keyed by BlobKey), so one after the other for all
// transfers of one blob.
// Lifetime: the BlobFiles outlive both.
// Memory: what is being written or read, never a whole file.
// Errors: kAborted when another stream has taken the upload over;
// kInvalidArgument for more bytes than were announced; kDataLoss when bytes
// that were synced are gone; and what storage/blobs/file_system.h says.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "storage/blobs/blob_files.h"
#include "storage/relay/blob_store.h"

namespace cordon::server {

// SHA-256 of a whole file, computed here.
using BlobHash = relay::BlobHash;

// BlobKey is what a blob's work is posted under.
uint64_t BlobKey(const BlobId& blob);

// BlobUpload is one try at an upload. Its end keeps what was synced.
class BlobUpload {
 public:
  struct Place {
    BlobId blob;
    RoomId room;              // that it is uploaded for
    uint64_t size_bytes = 0;  // when it is whole
    uint64_t from = 0;        // synced by earlier tries
  };
  BlobUpload(blobs::BlobFiles* files, const Place& place)
      : files_(files), place_(place) {}

  const Place& place() const { return place_; }

  // Stop makes everything after it fail: another try has begun, or the blob is
  // to go. Called on the lane.
  void Stop() { stopped_ = true; }

  // Open comes first. True: the file was whole already, an earlier try ended
  // before it could say so; Finish comes next.
  absl::StatusOr<bool> Open();
  absl::Status Append(ByteSpan bytes);
  uint64_t received_bytes() const { return received_; }
  uint64_t unsynced_bytes() const { return received_ - synced_; }
  // Sync says up to where the upload may be resumed.
  absl::StatusOr<uint64_t> Sync();
  // Finish gives the hash of the whole file, which then has its name.
  absl::StatusOr<BlobHash> Finish();

 private:
  absl::Status CheckCurrent() const;

  blobs::BlobFiles* const files_;
  const Place place_;
  std::atomic<bool> stopped_{false};

  // The worker's.
  std::optional<blobs::BlobWriter> writer_;  // none: the file is whole
  uint64_t received_ = 0;
  uint64_t synced_ = 0;
};

// BlobDownload reads one whole file; that it is deleted meanwhile does not
// disturb it.
class BlobDownload {
 public:
  BlobDownload(blobs::BlobFiles* files, const BlobId& blob, uint64_t size_bytes)
      : files_(files), blob_(blob), size_bytes_(size_bytes) {}

  const BlobId& blob() const { return blob_; }
  uint64_t size_bytes() const { return size_bytes_; }

  absl::StatusOr<Bytes> Read(uint64_t offset, size_t bytes_max);

 private:
  blobs::BlobFiles* const files_;
  const BlobId blob_;
  const uint64_t size_bytes_;
  std::optional<blobs::BlobReader> reader_;  // from the first Read on
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_BLOB_TRANSFER_H_
