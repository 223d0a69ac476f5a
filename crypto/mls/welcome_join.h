#ifndef CORDON_CRYPTO_MLS_WELCOME_JOIN_H_
#define CORDON_CRYPTO_MLS_WELCOME_JOIN_H_

// Joining a group by a Welcome. RFC 9420, section 12.4.3.1; for a group that
// goes on from another, 11.2 and 11.3.
//
// Threads: pure.
// Errors: kNotFound if the Welcome is not for this key package, or names a
// pre-shared key that is not known; kInvalidArgument and kUnauthenticated for
// what is wrong with it; kFailedPrecondition if the tree was not given.

#include <optional>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/mls/epoch_state.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/services.h"
#include "crypto/mls/welcome.h"

namespace cordon::mls {

struct JoinOptions {
  // The serialised ratchet_tree, where the GroupInfo does not hold it.
  std::optional<Bytes> tree = std::nullopt;
  // The current epoch of the group that the new one goes on from; a Welcome
  // that says it goes on from one is refused without. Borrowed.
  const EpochState* predecessor = nullptr;
};

struct JoinedEpoch {
  EpochState state;
  // Of the GroupInfo: what the committer shows to newcomers, and who that is.
  Extensions extensions;
  LeafIndex signer;
};

absl::StatusOr<JoinedEpoch> JoinByWelcome(const Welcome& welcome,
                                          const OwnKeyPackage& own,
                                          const JoinOptions& options,
                                          const Services& services);

// TreeOf finds the tree that belongs to `info`, inside it or beside, checks it
// against the context and verifies the signature of `info` with it.
absl::StatusOr<RatchetTree> TreeOf(const GroupInfo& info,
                                   const std::optional<Bytes>& beside,
                                   const Services& services);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_WELCOME_JOIN_H_
