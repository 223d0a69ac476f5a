#ifndef CORDON_CLIENT_CORE_UPLOADS_H_
#define CORDON_CLIENT_CORE_UPLOADS_H_

// Ciphertext from the cache to the relay: one blob at a time, from where the
// relay says it stopped, then held for every room that a record names it in.
//
// | what comes back                       | we then                           |
// | OK, and the cache's own digest        | next room, next blob              |
// | OK, and another digest                | refuse the records                |
// | kUnavailable, kDeadlineExceeded,      | stop: the relay is away; nothing  |
// |   kCancelled, kUnauthenticated        |   changes                         |
// | kFailedPrecondition, kAborted,        | ask the relay where it is, go on, |
// |   kDataLoss                           |   kRestartsMax times              |
// | kResourceExhausted                    | later; after kLimitTriesMax       |
// |                                       |   refuse the records              |
// | kPermissionDenied, kNotFound,         | refuse the records that wait in   |
// |   kInvalidArgument, kAlreadyExists,   |   that room                       |
// |   kUnimplemented                      |                                   |
// | anything else                         | later                             |
//
// "Later" is the blob's next try, further away each time. "Refuse" marks the
// record in the outbox, with the reason, and says so (RecordRefused); its files
// rest until it waits again.
// Threads: none; the core's thread.
// Errors: the first of the table's second half, and the vault's.

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/parts.h"
#include "client/core/relay.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "crypto/base/id.h"
#include "storage/vault/blob_store.h"

namespace cordon::client {

class Uploads {
 public:
  static constexpr uint32_t kRestartsMax = 4;
  static constexpr uint32_t kLimitTriesMax = 3;
  static constexpr absl::Duration kRetryFirst = absl::Seconds(2);
  static constexpr absl::Duration kRetryMax = absl::Minutes(5);
  // A blob whose records are all refused is looked at again after this.
  static constexpr absl::Duration kRestAgain = absl::Minutes(1);
  // The vault hears of an upload's offset at least this often.
  static constexpr uint64_t kNoteBytes = uint64_t{16} * 1024 * 1024;

  explicit Uploads(const Parts& parts) : parts_(parts) {}
  Uploads(const Uploads&) = delete;
  Uploads& operator=(const Uploads&) = delete;

  Task<absl::Status> Pump();
  absl::StatusOr<absl::Time> NextPump() const;

  // How far the blob is that is being sent now; total 0: none is. An upload
  // belongs to no command: whoever waits for it shows this (syncing.h).
  struct Sending {
    uint64_t done = 0;
    uint64_t total = 0;
  };
  Sending sending() const { return sending_; }

 private:
  // A blob and the rooms in which a record waits for it.
  struct Due {
    vault::Blob blob;
    std::vector<RoomId> rooms;
  };
  // One Pump at a time, also when its flow is destroyed half-way.
  class Turn;

  absl::StatusOr<std::vector<Due>> ListDue() const;
  Task<absl::Status> PumpAll();
  // Deliver is OK when the blob is out of the way: sent, or refused.
  Task<absl::Status> Deliver(Due due);
  Task<absl::Status> Upload(vault::Blob blob, RoomId room);
  Task<absl::StatusOr<uint64_t>> Offset(BlobId blob);
  Task<absl::Status> UploadFrom(vault::Blob blob, RoomId room, uint64_t offset);
  // SendChunks leaves `upload` to UploadFrom, which ends it.
  Task<absl::Status> SendChunks(vault::Blob blob, BlobUpload* upload,
                                uint64_t offset);

  absl::Status Rest(const vault::Blob& blob, absl::Duration rest);
  absl::Status NoteOffset(const vault::Blob& blob, uint64_t offset);
  absl::Status RefuseRecords(BlobId blob, RoomId room, const absl::Status& why);

  const Parts parts_;
  bool pumping_ = false;
  Sending sending_;
  absl::Status last_result_;
  std::vector<Done<Unit>> waiting_;  // for the one that runs
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_UPLOADS_H_
