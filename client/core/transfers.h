#ifndef CORDON_CLIENT_CORE_TRANSFERS_H_
#define CORDON_CLIENT_CORE_TRANSFERS_H_

// Files on their way: sealed into the cache, sent to the relay, fetched,
// opened. Flow B's steps 1 to 5 and 8, 9.
//
// Attach seals files for a record that is about to be composed; what it gives
// goes into Draft's attachments, and Composer enters it into the vault with the
// record (BlobState::kUploading and a reference). Pump sends what the vault
// says is unsent, from where it stopped; the outbox waits with a record until
// its files are whole at the relay (BlobStore::CountUnsent). uploads.h and
// downloads.h are its two halves.
// Threads: none; the core's thread.
// Errors: as file_lane.h, and the relay's.

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/command/record.h"
#include "client/core/downloads.h"
#include "client/core/model/record.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "client/core/timers.h"
#include "client/core/uploads.h"
#include "client/core/view/record.h"
#include "crypto/base/id.h"

namespace cordon::client {

class Transfers {
 public:
  Transfers(const Parts& parts, Timers* timers)
      : parts_(parts), uploads_(parts), downloads_(parts, timers) {}

  // Attach seals each file into the cache; all are checked (there, plain,
  // within the limit) before the first is read. On an error nothing of them
  // stays in the cache.
  Task<absl::StatusOr<std::vector<Attachment>>> Attach(
      std::vector<FileToAttach> files, uint64_t command);

  // Forget erases sealed files that no record names; what stays is swept when
  // the program starts again.
  Task<absl::Status> Forget(std::vector<BlobId> files);

  // Pump sends and holds until nothing that is due is unsent, or the relay is
  // away: then that is the answer. Called while another one runs, it waits for
  // that one's end.
  Task<absl::Status> Pump() { return uploads_.Pump(); }
  // When Pump is next worth calling: InfiniteFuture while nothing is unsent.
  absl::StatusOr<absl::Time> NextPump() const { return uploads_.NextPump(); }

  Uploads::Sending sending() const { return uploads_.sending(); }

  // Hold takes a blob at the relay into another room: for approvals, before the
  // record that names it there is sent.
  Task<absl::Status> Hold(BlobId blob, RoomId room);

  Task<absl::StatusOr<FilesWritten>> Get(GetFiles wanted, uint64_t command) {
    return downloads_.Get(std::move(wanted), command);
  }
  absl::StatusOr<FilesView> List(const ListFiles& wanted);

  // Sweep erases from the cache what no record names: what was sealed for one
  // that was never composed, and what was thrown away. At the start, before the
  // first Attach.
  Task<absl::Status> Sweep();

 private:
  const Parts parts_;
  Uploads uploads_;
  Downloads downloads_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_TRANSFERS_H_
