#ifndef CORDON_CLIENT_CORE_PICTURE_H_
#define CORDON_CLIENT_CORE_PICTURE_H_

// The picture of an operation as this device has it: figures.h computed from
// the alerts it has opened, with the place in the log they were computed at.
//
// Threads: none; the core's thread.
// Errors: kNotFound for an operation that is not known, kPermissionDenied on a
// device that is not in its alerts room.

#include "absl/status/statusor.h"

#include "client/core/command.h"
#include "client/core/parts.h"
#include "client/core/view/record.h"

namespace cordon::client {

class Picture {
 public:
  explicit Picture(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<FiguresView> Show(const ShowFigures& wanted);

 private:
  const Parts parts_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_PICTURE_H_
