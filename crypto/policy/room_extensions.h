#ifndef CORDON_CRYPTO_POLICY_ROOM_EXTENSIONS_H_
#define CORDON_CRYPTO_POLICY_ROOM_EXTENSIONS_H_

// What the GroupContext of every room holds: its policy, what its members must
// be capable of, and its relay as the one external sender, which may propose
// to remove who is revoked or expired (room_change.h).
//
// Threads: pure functions.
// Errors: kInvalidArgument, with what is missing.

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/mls/extension.h"
#include "crypto/policy/room_policy.h"

namespace cordon::policy {

// RequiredOfMembers: our extensions and x509 credentials.
mls::RequiredCapabilities RequiredOfMembers();

// RelaySender: `relay_key` is the relay's MLS signing key, as Describe of the
// wire contract gives it.
mls::ExternalSender RelaySender(ByteSpan relay_key);

// RoomExtensions is what a room is created with; `policy` passes Validate.
mls::Extensions RoomExtensions(const RoomPolicy& policy, ByteSpan relay_key);

// PolicyOf reads the room's policy.
absl::StatusOr<RoomPolicy> PolicyOf(const mls::Extensions& group_extensions);

// CheckRoomExtensions: the policy is valid and within its kind's defaults
// (room_defaults.h), RequiredOfMembers is required, and exactly one external
// sender is named. Which one, CheckRelaySender says. Asked by the relay of new
// rooms, by everybody of changes, and by newcomers of what they come into.
absl::Status CheckRoomExtensions(const mls::Extensions& group_extensions);
absl::Status CheckRelaySender(const mls::Extensions& group_extensions,
                              ByteSpan relay_key);

}  // namespace cordon::policy

#endif  // CORDON_CRYPTO_POLICY_ROOM_EXTENSIONS_H_
