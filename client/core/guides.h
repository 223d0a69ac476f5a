#ifndef CORDON_CLIENT_CORE_GUIDES_H_
#define CORDON_CLIENT_CORE_GUIDES_H_

// Rights holders' guides, from submission to the library: flow B's steps 1, 6
// and 7.
//
// A guide is submitted into its owner's intake room. A curator decides: an
// approval in the library holds the owner's signed bytes whole, and the library
// takes a hold of its files; a rejection with its reason stays in the intake
// room. The owner hears of both there: approval and notice are one transaction.
// A device decides once, whether its decision has left or waits.
// Threads: none; the core's thread.
// Errors: kNotFound for what is not known here; kPermissionDenied where the
// room's policy does not let this device post; kFailedPrecondition for a guide
// that was decided on. A guide that breaks the rules is an answer,
// ContentRefused; nothing has changed then.

#include <cstdint>

#include "absl/status/statusor.h"

#include "client/core/command.h"
#include "client/core/composer.h"
#include "client/core/event.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "client/core/transfers.h"

namespace cordon::client {

class Guides {
 public:
  Guides(const Parts& parts, Composer* composer, Transfers* transfers)
      : parts_(parts), composer_(composer), transfers_(transfers) {}

  Task<absl::StatusOr<AnswerBody>> Submit(SubmitGuide wanted, uint64_t command);
  Task<absl::StatusOr<Composed>> Approve(ApproveGuide wanted);
  absl::StatusOr<Composed> Reject(const RejectGuide& wanted);

  // Review gives what is submitted and not decided on; List all there is: what
  // was published, and what lies in the intake rooms of this device.
  absl::StatusOr<GuidesView> Review(const ReviewGuides& wanted);
  absl::StatusOr<GuidesView> List(const ListGuides& wanted);
  absl::StatusOr<GuideView> Show(const ShowGuide& wanted);

 private:
  // Publish composes the approval and its notice.
  absl::StatusOr<Composed> Publish(const ApproveGuide& wanted);

  const Parts parts_;
  Composer* const composer_;
  Transfers* const transfers_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_GUIDES_H_
