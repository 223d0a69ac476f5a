#ifndef CORDON_CLIENT_CORE_AUTHORITY_H_
#define CORDON_CLIENT_CORE_AUTHORITY_H_

// The beginning of everything: a root, the authority's issuing key and its
// first device, handed to a relay that knows nobody yet.
//
// Keys and certificates are on disk before the relay hears of them, so that
// after a lost answer or a crash the same root goes again. A refusal at the
// first try erases them, and the profile is as it was.
// Threads: none; the core's thread.
// Errors: kInvalidArgument for names that are none; kFailedPrecondition when
// the profile belongs to a device already, or the relay to another root;
// kPermissionDenied for a wrong set-up code; kUnavailable when it is not known
// whether the relay took it: run it again.

#include <cstdint>

#include "absl/status/status.h"

#include "client/core/command.h"
#include "client/core/parts.h"
#include "client/core/task.h"

namespace cordon::client {

class Authority {
 public:
  explicit Authority(const Parts& parts) : parts_(parts) {}

  Task<absl::Status> Create(CreateAuthority wanted, uint64_t command);

 private:
  const Parts parts_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_AUTHORITY_H_
