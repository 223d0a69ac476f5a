#ifndef CORDON_CLIENT_CORE_TEXTS_H_
#define CORDON_CLIENT_CORE_TEXTS_H_

// Talking, and reading what was said: text into a room, the newest records of a
// room in order, any one record.
//
// A record of ours shows from the moment it is made: at the end of its room,
// without a place, until the log has brought it.
// Threads: none; the core's thread.
// Errors: as record_reader.h and composer.h; a reply to a record of another
// room is kInvalidArgument.

#include <cstdint>

#include "absl/status/statusor.h"

#include "client/core/command/record.h"
#include "client/core/composer.h"
#include "client/core/model/record.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "client/core/transfers.h"
#include "client/core/view/record.h"

namespace cordon::client {

class Texts {
 public:
  Texts(const Parts& parts, Composer* composer, Transfers* transfers)
      : parts_(parts), composer_(composer), transfers_(transfers) {}

  Task<absl::StatusOr<Composed>> Send(SendText wanted, uint64_t command);
  absl::StatusOr<RecordsView> Read(const ReadRoom& wanted);
  absl::StatusOr<RecordView> Show(const ShowRecord& wanted);

 private:
  const Parts parts_;
  Composer* const composer_;
  Transfers* const transfers_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_TEXTS_H_
