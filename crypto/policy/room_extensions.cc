#include "crypto/policy/room_extensions.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/extension.h"
#include "crypto/policy/extension_types.h"
#include "crypto/policy/room_defaults.h"
#include "crypto/policy/room_policy.h"

namespace cordon::policy {
namespace {

// A relay is no device: its key is what it is known by.
constexpr absl::string_view kRelayIdentity = "cordon relay";

template <typename Type>
bool ContainsAll(const std::vector<Type>& all, const std::vector<Type>& some) {
  return std::all_of(some.begin(), some.end(), [&all](const Type& each) {
    return std::find(all.begin(), all.end(), each) != all.end();
  });
}

}  // namespace

mls::RequiredCapabilities RequiredOfMembers() {
  return {.extensions = {kRoomPolicyExtension, kInboxKeyExtension},
          .proposals = {},
          .credentials = {mls::kX509Credential}};
}

mls::ExternalSender RelaySender(ByteSpan relay_key) {
  return {.signature_key = ToBytes(relay_key),
          .credential = mls::Credential::Basic(AsBytes(kRelayIdentity))};
}

mls::Extensions RoomExtensions(const RoomPolicy& policy, ByteSpan relay_key) {
  const mls::ExternalSender relay = RelaySender(relay_key);
  return {mls::MakeRequiredCapabilities(RequiredOfMembers()),
          mls::MakeExternalSenders({&relay, 1}),
          {.type = kRoomPolicyExtension, .data = Serialize(policy)}};
}

absl::StatusOr<RoomPolicy> PolicyOf(const mls::Extensions& group_extensions) {
  const mls::Extension* const found =
      mls::FindExtension(group_extensions, kRoomPolicyExtension);
  if (found == nullptr) {
    return absl::InvalidArgumentError("the room has no policy");
  }
  return ParseRoomPolicy(found->data);
}

absl::Status CheckRoomExtensions(const mls::Extensions& group_extensions) {
  CORDON_ASSIGN_OR_RETURN(const RoomPolicy policy, PolicyOf(group_extensions));
  CORDON_RETURN_IF_ERROR(CheckWithinDefaults(policy));
  CORDON_ASSIGN_OR_RETURN(
      const std::optional<mls::RequiredCapabilities> required,
      mls::FindRequiredCapabilities(group_extensions));
  const mls::RequiredCapabilities ours = RequiredOfMembers();
  if (!required.has_value() ||
      !ContainsAll(required->extensions, ours.extensions) ||
      !ContainsAll(required->credentials, ours.credentials)) {
    return absl::InvalidArgumentError(
        "the room does not require of its members what every room requires");
  }
  CORDON_ASSIGN_OR_RETURN(const std::vector<mls::ExternalSender> senders,
                          mls::FindExternalSenders(group_extensions));
  if (senders.size() == 1) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "the room must name its relay, and nobody else, as external sender");
}

absl::Status CheckRelaySender(const mls::Extensions& group_extensions,
                              ByteSpan relay_key) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<mls::ExternalSender> senders,
                          mls::FindExternalSenders(group_extensions));
  if (senders.size() == 1 && senders.front() == RelaySender(relay_key)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      "the room names another relay's key as external sender");
}

}  // namespace cordon::policy
