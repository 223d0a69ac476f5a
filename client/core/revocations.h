#ifndef CORDON_CLIENT_CORE_REVOCATIONS_H_
#define CORDON_CLIENT_CORE_REVOCATIONS_H_

// Putting out devices, users and organisations: the issuer's next revocation
// list names their certificates, and everybody gets it through the relay.
//
// Every issuer's first list is empty: without one nobody could be admitted
// under it, since a missing list may be a withheld one. A list is in the vault
// before it leaves; Publish sends what we have issued, as often as one likes.
// Lists hold until their issuer's certificate ends. The relay reads them, so
// the reason stays in the vault of who gives it, for its list of devices.
// Threads: none; the core's thread.
// Errors: kPermissionDenied for whom this device's keys do not answer for, and
// for a wrong root passphrase; kNotFound for a name without certificates.

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/admitting.h"
#include "client/core/command.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "client/core/trust.h"
#include "client/core/view/enrolment.h"

namespace cordon::client {

class Revocations {
 public:
  Revocations(const Parts& parts, Trust* trust, Admitting* admitting)
      : parts_(parts), trust_(trust), admitting_(admitting) {}

  Task<absl::StatusOr<RevokedView>> Revoke(client::Revoke wanted,
                                           uint64_t command);

  // Publish posts the lists that this device has issued, and makes its
  // organisation's first one.
  Task<absl::Status> Publish();

 private:
  void KeepReason(const client::Revoke& done);
  Task<absl::StatusOr<RevokedView>> RevokeOrganisation(client::Revoke wanted);
  Task<absl::StatusOr<RevokedView>> RevokeDevices(client::Revoke wanted);

  const Parts parts_;
  Trust* const trust_;
  Admitting* const admitting_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_REVOCATIONS_H_
