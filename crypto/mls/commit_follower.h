#ifndef CORDON_CRYPTO_MLS_COMMIT_FOLLOWER_H_
#define CORDON_CRYPTO_MLS_COMMIT_FOLLOWER_H_

// Following somebody else's commit into the next epoch. RFC 9420, section
// 12.4.2, and 12.4.3.2 for a joiner's.
//
// Threads: pure; `state` is only read.
// Errors: kInvalidArgument and kUnauthenticated for a commit that breaks a
// rule; kNotFound for a proposal or pre-shared key that is not known here;
// kFailedPrecondition for our own commit.

#include <variant>

#include "absl/status/statusor.h"

#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/epoch_change.h"
#include "crypto/mls/epoch_state.h"
#include "crypto/mls/services.h"

namespace cordon::mls {

struct FollowedCommit {
  // Absent if the commit removed us: there is no next epoch for us.
  std::optional<EpochState> next;
  EpochChange change;
};

// `commit` was unprotected: its signature and membership are verified.
absl::StatusOr<FollowedCommit> FollowCommit(const EpochState& state,
                                            const AuthenticatedContent& commit,
                                            const Services& services);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_COMMIT_FOLLOWER_H_
