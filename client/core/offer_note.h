#ifndef CORDON_CLIENT_CORE_OFFER_NOTE_H_
#define CORDON_CLIENT_CORE_OFFER_NOTE_H_

// What an inviter remembers of an invitation: what it offers, and what people
// call whom it is for. It stays after the invitation's secret was erased; the
// organisation's title, country and region come from here when an operation's
// participants are named.
//
//   struct {
//     uint8 version = 1; uint8 kind; opaque user<V>; uint8 roles<V>;
//     uint64 expires_s; opaque person<V>;
//     opaque title<V>; opaque country<V>; opaque region<V>;
//   } OfferNote;                     // in the vault only
// Threads: values.
// Errors: kDataLoss for bytes that do not parse; kInvalidArgument for what may
// not be said of an organisation.

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/command.h"
#include "crypto/base/bytes.h"
#include "crypto/cert/invitation.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"

namespace cordon::client {

struct OfferNote {
  cert::InvitationKind kind = cert::InvitationKind::kDevice;
  cert::UserName user;
  cert::RoleSet roles;
  absl::Time expires;
  std::string person;
  OrganisationInfo info;  // empty for a device
};

Bytes Serialize(const OfferNote& note);
absl::StatusOr<OfferNote> ParseOfferNote(ByteSpan bytes);

// Validate: a title of at most 140 bytes, a country of ISO 3166-1 or none, a
// region of the WCO or none; a customs administration has both.
absl::Status Validate(const OrganisationInfo& info, cert::OrgKind kind);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_OFFER_NOTE_H_
