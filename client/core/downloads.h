#ifndef CORDON_CLIENT_CORE_DOWNLOADS_H_
#define CORDON_CLIENT_CORE_DOWNLOADS_H_

// Ciphertext from the relay into the cache, and out of it into a folder.
//
// What is in the cache is not fetched again; what is there in part is gone on
// with. A blob counts as fetched only if the relay's stream ended at the very
// length that the record's ref demands, so a record that lies about it spoils
// nothing but itself. Whether the bytes are the right ones, opening tells: a
// copy that does not open is thrown away, and fetched once more if any of it is
// from before this command.
// Threads: none; the core's thread.
// Errors: kNotFound (no such record or file; the relay has it no more),
// kDataLoss for bytes that do not open, kUnavailable when the relay stayed away
// for kFetchTriesMax tries; what was fetched stays for the next time.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/command/record.h"
#include "client/core/file_lane.h"
#include "client/core/parts.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/core/timers.h"
#include "client/core/view/record.h"
#include "crypto/base/id.h"
#include "crypto/blob/blob_ref.h"
#include "storage/vault/blob_store.h"

namespace cordon::client {

class Downloads {
 public:
  static constexpr uint32_t kFetchTriesMax = 4;
  static constexpr absl::Duration kRetryFirst = absl::Seconds(1);

  Downloads(const Parts& parts, Timers* timers)
      : parts_(parts), timers_(timers) {}
  Downloads(const Downloads&) = delete;
  Downloads& operator=(const Downloads&) = delete;

  Task<absl::StatusOr<FilesWritten>> Get(GetFiles wanted, uint64_t command);

 private:
  // One file to write, under a name no other has.
  struct Wanted {
    blob::BlobRef ref;
    std::string name;
  };
  // Where a command stands with its fetching, for its Progress. Kept by Get.
  struct Meter {
    uint64_t command = 0;
    uint64_t before_bytes = 0;  // of files that are done
    uint64_t total_bytes = 0;
  };
  // One fetch of a blob at a time, also when its flow is destroyed half-way.
  class Turn;

  absl::StatusOr<std::vector<Wanted>> Resolve(const GetFiles& wanted) const;
  Task<absl::StatusOr<WrittenFile>> GetOne(const Wanted* file,
                                           std::string folder,
                                           const Meter* meter);
  // Fetch makes the cache hold the blob whole; true if all of it came now.
  Task<absl::StatusOr<bool>> Fetch(const blob::BlobRef* ref,
                                   const Meter* meter);
  Task<absl::StatusOr<bool>> FetchAlone(const blob::BlobRef* ref,
                                        const Meter* meter);
  Task<absl::Status> Download(const blob::BlobRef* ref, uint64_t* offset,
                              const Meter* meter);
  Task<absl::Status> Stream(const blob::BlobRef* ref, uint64_t* offset,
                            const Meter* meter);
  Task<absl::StatusOr<WrittenFile>> Open(const Wanted* file, std::string folder,
                                         uint64_t command);
  Task<absl::Status> Drop(BlobId blob);

  absl::StatusOr<vault::BlobState> StateOf(BlobId blob) const;
  absl::Status SetState(const blob::BlobRef& ref, vault::BlobState state,
                        uint64_t offset);

  const Parts parts_;
  Timers* const timers_;
  // Blobs being fetched, and who waits for each.
  absl::flat_hash_map<BlobId, std::vector<Done<Unit>>> fetching_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_DOWNLOADS_H_
