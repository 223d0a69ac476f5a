#ifndef CORDON_CLIENT_CORE_WELCOME_CUT_H_
#define CORDON_CLIENT_CORE_WELCOME_CUT_H_

// A commit's Welcome, cut for the relay: what all joiners share, and each
// joiner's own secrets under its device. Kept in the vault with the pending
// commit, so that sending it again sends the same:
//
//   struct { opaque device[32]; opaque secrets<V>; } JoinerSecrets;
//   struct { opaque encrypted_group_info<V>; opaque ratchet_tree<V>;
//            JoinerSecrets joiners<V>; } WelcomeParts;
//
// Threads: pure functions.
// Errors: kDataLoss for stored bytes that do not parse.

#include <optional>

#include "absl/status/statusor.h"

#include "client/core/delivery_types.h"
#include "crypto/base/bytes.h"
#include "crypto/mls/group.h"

namespace cordon::client {

// CutWelcome is nothing for a commit that adds nobody.
std::optional<WelcomeParts> CutWelcome(const mls::PendingCommit& pending);

// Empty bytes stand for no Welcome.
Bytes SerializeWelcome(const std::optional<WelcomeParts>& parts);
absl::StatusOr<std::optional<WelcomeParts>> ParseStoredWelcome(ByteSpan bytes);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_WELCOME_CUT_H_
