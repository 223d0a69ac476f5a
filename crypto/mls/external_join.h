#ifndef CORDON_CRYPTO_MLS_EXTERNAL_JOIN_H_
#define CORDON_CRYPTO_MLS_EXTERNAL_JOIN_H_

// Joining a group, or coming back to it, by a commit of one's own. RFC 9420,
// sections 8.3 and 12.4.3.2.
//
// Threads: pure, but for the RandomSource.
// Errors: kInvalidArgument and kUnauthenticated for a GroupInfo that does not
// hold; kFailedPrecondition if it has no external_pub or its tree is not given;
// kNotFound for a pre-shared key.

#include <optional>
#include <vector>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/mls/epoch_change.h"
#include "crypto/mls/epoch_state.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/services.h"

namespace cordon::mls {

struct ExternalJoinOptions {
  // The serialised ratchet_tree, where the GroupInfo does not hold it.
  std::optional<Bytes> tree = std::nullopt;
  // Removes the leaf that this device has in the group, if it has one.
  bool replace_own_leaf = true;
  std::vector<PreSharedKeyId> psks = {};
  Bytes authenticated_data = {};
};

struct MadeExternalJoin {
  Bytes commit;  // an MLSMessage
  EpochState next;
  EpochChange change;
};

absl::StatusOr<MadeExternalJoin> JoinByCommit(
    const GroupInfo& info, const Identity& identity,
    const ExternalJoinOptions& options, const Services& services);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_EXTERNAL_JOIN_H_
