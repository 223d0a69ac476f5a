#ifndef CORDON_SERVER_CORE_KEY_PACKAGE_CHECK_H_
#define CORDON_SERVER_CORE_KEY_PACKAGE_CHECK_H_

// What a key package must be before a relay keeps it: one by which the calling
// device can be added to any room, for at most kKeyPackageLifetime. Otherwise
// an admitter would find out, in the middle of an admission.
//
// Threads: pure functions, for the verification pool.
// Errors: kInvalidArgument and kPermissionDenied, in one sentence for people;
// one bad package refuses all of a call.

#include <vector>

#include "absl/status/statusor.h"

#include "server/core/directory.h"

namespace cordon::server {

// Packages that hold.
struct CheckedPackages {
  std::vector<KeyPackageInput> packages{};
};
absl::StatusOr<CheckedPackages> CheckKeyPackages(PublishTask task);

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_KEY_PACKAGE_CHECK_H_
