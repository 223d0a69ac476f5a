#ifndef CORDON_CRYPTO_MLS_EPOCH_ADVANCE_H_
#define CORDON_CRYPTO_MLS_EPOCH_ADVANCE_H_

// The step from one epoch to the next that everybody takes alike: who commits,
// who follows and who joins. RFC 9420, sections 8, 12.4.1 and 12.4.2.
//
// Threads: pure functions.

#include "crypto/base/bytes.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/epoch_state.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_kem.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {

// ProvisionalContext is the context that path secrets are encrypted under: the
// next epoch's, still with the old transcript hash.
GroupContext ProvisionalContext(const GroupContext& old,
                                const RatchetTree& tree, Extensions extensions);

// What a commit brings to the key schedule. Borrowed for one call.
struct ScheduleInputs {
  ByteSpan interim_transcript_hash;  // of the old epoch
  const Secret& init;
  const Secret& commit_secret;
  const Secret& psk_secret;
};

struct AdvancedEpoch {
  EpochPublic shared;
  EpochSecrets secrets;
  Secret joiner;
  Secret welcome;
  Digest confirmation_tag{};
};

// Advance takes the signed commit (its confirmation tag is not looked at), the
// provisional context and the tree with all changes.
AdvancedEpoch Advance(const ScheduleInputs& inputs,
                      const AuthenticatedContent& commit, GroupContext context,
                      RatchetTree tree);

// What a member adds of its own.
struct OwnKeys {
  PathKeys path;
  Ed25519PrivateKey signer;
};

// MakeState puts a member's view of an epoch together.
EpochState MakeState(EpochPublic shared, EpochSecrets secrets, OwnKeys own,
                     ByteSpan confirmation_tag);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_EPOCH_ADVANCE_H_
