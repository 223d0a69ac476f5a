#ifndef CORDON_CLIENT_CORE_TRANSFERS_H_
#define CORDON_CLIENT_CORE_TRANSFERS_H_

// Files on their way: sealed into the cache, sent to the relay, fetched,
// opened. Flow B's steps 1 to 5 and 8, 9.
//
// Attach seals files for a record that is about to be composed; the vault's
// blob rows it returns the rows for go into the record's own transaction. Pump
// sends what the vault says is unsent, from where it stopped; the outbox waits
// with a record until its files are whole at the relay (Outbox and
// BlobStore::CountUnsent).
// Threads: none; the core's thread.
// Errors: as file_lane.h, and the relay's.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/command/record.h"
#include "client/core/model/record.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "client/core/timers.h"
#include "client/core/view/record.h"
#include "crypto/base/id.h"

namespace cordon::client {

class Transfers {
 public:
  Transfers(const Parts& parts, Timers* timers)
      : parts_(parts), timers_(timers) {}

  // Attach seals each file into the cache; all are checked (there, plain,
  // within the limit) before the first is read. What it gives goes into Draft's
  // attachments; Composer enters them into the vault with the record.
  Task<absl::StatusOr<std::vector<Attachment>>> Attach(
      std::vector<FileToAttach> files, uint64_t command);

  // Pump sends and holds until nothing is unsent or the relay is away.
  Task<absl::Status> Pump();

  Task<absl::StatusOr<FilesWritten>> Get(GetFiles wanted, uint64_t command);
  absl::StatusOr<FilesView> List(const ListFiles& wanted);

 private:
  const Parts parts_;
  Timers* const timers_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_TRANSFERS_H_
