#ifndef CORDON_SERVER_CORE_BLOBS_H_
#define CORDON_SERVER_CORE_BLOBS_H_

// Who may put ciphertext files here, fetch them, and take them to other rooms;
// how much a room may hold; what goes again. START HERE for files.
//
// A file is uploaded for one room, by one of its members, and held by it. Who
// is in a room that holds a file may fetch it, and may take it to another room
// of theirs. A file that no room holds goes after a grace time, and so does an
// upload that stands still. What is decided here is about rows; the bytes are
// blob_transfer.h's, on a thread of their own.
//
// Threads: the lane's; RemoveFile and ListFiles on a blob worker.
// Errors: kNotFound for a blob that no room of the caller's holds, whether it
// is there or not; kPermissionDenied for a room that the caller is not in;
// kResourceExhausted at a limit; kFailedPrecondition for an upload that goes on
// elsewhere. Nothing has changed then. Messages are for people.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "server/core/blob_transfer.h"
#include "server/core/caller.h"
#include "storage/blobs/blob_files.h"
#include "storage/relay/blob_store.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {

// A file of kFileBytesMax as crypto/blob seals it: some bytes a chunk more.
inline constexpr uint64_t kSealedFileBytesMax =
    kFileBytesMax + kFileBytesMax / 1024;

struct BlobLimits {
  uint64_t file_bytes_max = kSealedFileBytesMax;
  uint64_t room_bytes_max = uint64_t{64} * 1024 * 1024 * 1024;
  absl::Duration unheld_grace = absl::Hours(24);
  absl::Duration stalled_grace = absl::Hours(24 * 7);
};

struct PutInput {
  BlobId blob;
  RoomId room;
  uint64_t size_bytes = 0;
  uint64_t offset = 0;
};

// What BeginPut found: an upload to go on with, or that all was done before.
struct PutStart {
  // Shared by the stream that uploads; Blobs only remembers which is current.
  std::shared_ptr<BlobUpload> upload;
  std::optional<BlobHash> whole;
};

struct BlobProgress {
  uint64_t size_bytes = 0;
  uint64_t received_bytes = 0;
  bool whole = false;
};

class Blobs {
 public:
  // Borrowed for the object's life.
  struct Parts {
    relay::Stores* stores = nullptr;
    blobs::BlobFiles* files = nullptr;
    const Clock* clock = nullptr;
  };
  Blobs(const Parts& parts, const BlobLimits& limits)
      : parts_(parts), limits_(limits) {}

  // BeginPut begins an upload or goes on with the caller's own, and stops
  // whoever went on with it until now: that stream is broken, or will be.
  absl::StatusOr<PutStart> BeginPut(const sqlite::Transaction& txn,
                                    const Caller& caller,
                                    const PutInput& input);
  // Advance notes that the file is synced up to `received_bytes`.
  absl::Status Advance(const sqlite::Transaction& txn, const Caller& caller,
                       const BlobUpload& upload, uint64_t received_bytes);
  absl::Status Complete(const sqlite::Transaction& txn, const Caller& caller,
                        const BlobUpload& upload, const BlobHash& hash);
  // GiveUp forgets an upload whose synced bytes are gone; it begins again.
  absl::Status GiveUp(const sqlite::Transaction& txn, const BlobUpload& upload);

  absl::StatusOr<BlobProgress> Stat(const Caller& caller, const BlobId& blob);
  absl::StatusOr<std::unique_ptr<BlobDownload>> BeginGet(const Caller& caller,
                                                         const BlobId& blob);
  // CheckMayFetch is asked again now and then while a long file goes out.
  absl::Status CheckMayFetch(const Caller& caller, const BlobId& blob);

  absl::Status Hold(const sqlite::Transaction& txn, const Caller& caller,
                    const BlobId& blob, const RoomId& room);
  // Forget is for who uploaded it, for coordinators and for curators.
  absl::Status Forget(const sqlite::Transaction& txn, const Caller& caller,
                      const BlobId& blob, const RoomId& room);

  // Sweep forgets what may go, at most kSweepBlobsMax, and says what: their
  // files are to be removed when that is committed. None while a backup runs.
  static constexpr size_t kSweepBlobsMax = 256;
  absl::StatusOr<std::vector<BlobId>> Sweep(const sqlite::Transaction& txn);
  // WithoutRow gives those of `listed` that no row knows: leftovers.
  absl::StatusOr<std::vector<BlobId>> WithoutRow(
      const std::vector<BlobId>& listed);
  // While kept, nothing is swept.
  void KeepAll(bool keep) { keep_all_ = keep; }

  absl::Status RemoveFile(const BlobId& blob);
  absl::StatusOr<std::vector<BlobId>> ListFiles();

 private:
  absl::Status CheckMember(const Caller& caller, const RoomId& room);
  absl::Status CheckQuota(const RoomId& room, uint64_t more_bytes);
  absl::StatusOr<relay::Blob> FindFetchable(const Caller& caller,
                                            const BlobId& blob);
  absl::Status CheckCurrent(const BlobUpload& upload);
  std::shared_ptr<BlobUpload> Replace(const BlobUpload::Place& place);

  const Parts parts_;
  const BlobLimits limits_;
  // The try that may write; at most one a blob, gone with its stream.
  absl::flat_hash_map<BlobId, std::weak_ptr<BlobUpload>> uploads_;
  bool keep_all_ = false;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_BLOBS_H_
