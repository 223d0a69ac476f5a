#include "server/core/key_package_check.h"

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/x509_credential.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/policy/inbox_key.h"
#include "crypto/policy/room_extensions.h"
#include "server/core/directory.h"
#include "server/core/handshake_check.h"

namespace cordon::server {
namespace {

absl::Status CheckOne(const KeyPackageInput& input, const PublishTask& task,
                      const mls::LeafRules& rules) {
  CORDON_ASSIGN_OR_RETURN(const mls::KeyPackage package,
                          mls::ParseKeyPackage(input.key_package));
  if (!Equal(mls::MakeKeyPackageRef(package), input.reference.span())) {
    return absl::InvalidArgumentError("its reference is another package's");
  }
  CORDON_ASSIGN_OR_RETURN(const DeviceId device,
                          mls::ValidateKeyPackage(package, rules));
  if (device != task.caller) {
    return absl::PermissionDeniedError("it is another device's");
  }
  const auto ends =
      static_cast<int64_t>(package.leaf_node.lifetime.not_after_s);
  if (input.expires > absl::FromUnixSeconds(ends)) {
    return absl::InvalidArgumentError("it is to be kept longer than it lives");
  }
  return policy::InboxKeyOf(package.leaf_node.extensions).status();
}

}  // namespace

absl::StatusOr<CheckedPackages> CheckKeyPackages(PublishTask task) {
  const cert::X509CredentialChecker checker(task.verifier);
  const mls::Extensions required = {
      mls::MakeRequiredCapabilities(policy::RequiredOfMembers())};
  const mls::LeafRules rules{.group_extensions = required,
                             .checker = checker,
                             .at = {.instant = task.now}};
  for (const KeyPackageInput& package : task.packages) {
    CORDON_RETURN_IF_ERROR(
        RefusalOf(CheckOne(package, task, rules), "key package"));
  }
  return CheckedPackages{std::move(task.packages)};
}

}  // namespace cordon::server
