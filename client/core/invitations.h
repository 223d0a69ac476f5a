#ifndef CORDON_CLIENT_CORE_INVITATIONS_H_
#define CORDON_CLIENT_CORE_INVITATIONS_H_

// The inviter's side of enrolment: flow C's steps 1 and 6.
//
// An invitation is in the vault before the relay hears of it; a request is
// checked against what was offered before anything is certified. Repeating a
// step after a lost answer changes nothing the second time.
// Threads: none; the core's thread.
// Errors: kPermissionDenied for what this device's roles or issuing key do not
// allow, or a wrong root passphrase; kNotFound for an invitation that is not
// ours, kFailedPrecondition for one that is over.

#include <cstdint>

#include "absl/status/statusor.h"

#include "client/core/command.h"
#include "client/core/delivery_types.h"
#include "client/core/event.h"
#include "client/core/offer_note.h"
#include "client/core/parts.h"
#include "client/core/task.h"

namespace cordon::client {

class Invitations {
 public:
  explicit Invitations(const Parts& parts) : parts_(parts) {}

  Task<absl::StatusOr<InvitationMade>> Invite(InviteOrganisation wanted);
  Task<absl::StatusOr<InvitationMade>> Invite(InviteUser wanted);

  // List asks the relay which have been redeemed meanwhile; without it, what
  // is known here. Whoever learns first that somebody asks to join, this,
  // Approve or the stream, says so: JoinRequested, once.
  Task<absl::StatusOr<InvitationsView>> List();

  // NoteRequest keeps a request that the relay announces, for Approve.
  absl::Status NoteRequest(JoinRequestItem item);

  Task<absl::Status> Revoke(RevokeInvitation wanted);

  // Approve certifies what waits and says which; one request that is refused
  // does not keep the others from being answered.
  Task<absl::StatusOr<Approved>> Approve(client::Approve wanted,
                                         uint64_t command);

 private:
  Task<absl::StatusOr<InvitationMade>> Offer(OfferNote note);

  const Parts parts_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_INVITATIONS_H_
