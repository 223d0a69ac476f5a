#ifndef CORDON_CLIENT_CORE_DIRECTORY_H_
#define CORDON_CLIENT_CORE_DIRECTORY_H_

// Who else there is, as the relay lists them and as their certificates prove.
// The relay's word is not taken: a device whose chain does not lead to our
// root, has expired or was revoked is shown with what is wrong; with the reason
// of a revocation on the device that has put it out.
// Threads: none; the core's thread.

#include "absl/status/statusor.h"

#include "client/core/command.h"
#include "client/core/event.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "client/core/trust.h"

namespace cordon::client {

class Directory {
 public:
  Directory(const Parts& parts, Trust* trust) : parts_(parts), trust_(trust) {}

  // List reads all pages, in the order of names.
  Task<absl::StatusOr<DevicesView>> List(client::ListDevices wanted);

  // Of those whose certificates hold; titles as an operation announced them.
  Task<absl::StatusOr<OrganisationsView>> Organisations();
  Task<absl::StatusOr<UsersView>> Users(ListUsers wanted);

 private:
  const Parts parts_;
  Trust* const trust_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_DIRECTORY_H_
