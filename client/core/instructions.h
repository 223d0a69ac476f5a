#ifndef CORDON_CLIENT_CORE_INSTRUCTIONS_H_
#define CORDON_CLIENT_CORE_INSTRUCTIONS_H_

// Instructions to everybody, acknowledging them, and who has not yet.
//
// Instructions of an operation are numbered; one that also goes to the rights
// holders is the same text under the same number in every intake room, because
// a rights holder sees no other room.
// Threads: none; the core's thread.
// Errors: kNotFound for what is not known here; kPermissionDenied where the
// room's policy does not let this device post; kFailedPrecondition for a record
// that asks for no acknowledgement; kInvalidArgument for an acknowledgement
// without a level. An instruction that breaks the rules is an answer,
// ContentRefused; nothing has changed then.

#include "absl/status/statusor.h"

#include "client/core/command.h"
#include "client/core/composer.h"
#include "client/core/event.h"
#include "client/core/group_shelf.h"
#include "client/core/parts.h"

namespace cordon::client {

class Instructions {
 public:
  Instructions(const Parts& parts, Composer* composer, GroupShelf* groups)
      : parts_(parts), composer_(composer), groups_(groups) {}

  absl::StatusOr<AnswerBody> Send(SendInstruction wanted);
  absl::StatusOr<Composed> Acknowledge(const client::Acknowledge& wanted);
  // Acks looks into every room of the operation that has the same instruction:
  // for a coordinator that is everybody's.
  absl::StatusOr<AcksView> Acks(const ShowAcks& wanted);

 private:
  const Parts parts_;
  Composer* const composer_;
  GroupShelf* const groups_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_INSTRUCTIONS_H_
