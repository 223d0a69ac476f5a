#ifndef CORDON_CRYPTO_MLS_INCOMING_H_
#define CORDON_CRYPTO_MLS_INCOMING_H_

// The first steps with whatever arrives for an epoch: that it is for it, open
// it, and that the signature is that of who it says it is from. RFC 9420,
// sections 6.1 to 6.3.
//
// Threads: as the EpochState.
// Errors: kInvalidArgument, kUnauthenticated and the secret tree's; kAborted
// for a message of another epoch or group.

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/epoch_state.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/secret_tree.h"

namespace cordon::mls {

struct Incoming {
  AuthenticatedContent content;
  // Of a PrivateMessage: the key that opened it, to be consumed when the
  // message is taken.
  std::optional<SecretTree::Leased> lease;
};

// `state` must not be retired for a PublicMessage. It is not changed but for
// how its secret tree holds its secrets.
absl::StatusOr<Incoming> Unprotect(const PublicMessage& message,
                                   const EpochState& state);
absl::StatusOr<Incoming> Unprotect(const PrivateMessage& message,
                                   EpochState& state);

// FindSenderKey is the signature key that `content` must verify under (6.1).
absl::StatusOr<Bytes> FindSenderKey(const FramedContent& content,
                                    const RatchetTree& tree,
                                    const GroupContext& context);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_INCOMING_H_
