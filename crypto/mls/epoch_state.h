#ifndef CORDON_CRYPTO_MLS_EPOCH_STATE_H_
#define CORDON_CRYPTO_MLS_EPOCH_STATE_H_

// All that one member knows in one epoch, as a value, and how it is stored.
//
// What opens messages is kept apart from what can go on to the next epoch: when
// an epoch is over, the second part is erased and the first stays a while for
// messages that come late.
// Threads: none; lives inside one Group.
// Stored: one large piece (context, tree) written once an epoch, two small ones
// (secrets), and those of the secret tree and of pending proposals, which
// change with messages.
// Errors: kDataLoss for stored pieces that do not parse.

#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/pending_proposals.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/secret_tree.h"
#include "crypto/mls/state_change.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_kem.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {

// What everybody in the epoch agrees on.
struct EpochPublic {
  GroupContext context;
  // Serialised: every signature covers it.
  Bytes context_bytes;
  RatchetTree tree;

  static EpochPublic Of(GroupContext context, RatchetTree tree);
};

// What opening messages of the epoch takes.
struct OpeningKeys {
  LeafIndex self;
  Secret sender_data;
  Secret resumption_psk;
  SecretTree messages;
};

// What taking part in the epoch takes, and going on from it.
struct MemberKeys {
  Secret init;
  Secret exporter;
  Secret external;
  Secret membership_key;
  Secret epoch_authenticator;
  PathKeys path;
  Ed25519PrivateKey signer;
  Digest interim_transcript_hash{};
  Bytes confirmation_tag;
  // Set by the commit that ended the group.
  std::optional<ReInit> re_init = std::nullopt;
  // Of a group that goes on from another: to be named by its first commit.
  std::optional<ResumptionPsk> founding = std::nullopt;
};

class EpochState {
 public:
  EpochState(EpochPublic shared, OpeningKeys opening, MemberKeys member)
      : shared_(std::move(shared)),
        opening_(std::move(opening)),
        member_(std::move(member)) {}

  // Restore gives back what SaveTo wrote; names without the epoch. `retired`
  // epochs come without member keys.
  static absl::StatusOr<EpochState> Restore(
      const std::vector<const StatePiece*>& pieces);

  Epoch epoch() const { return shared_.context.epoch; }
  const GroupContext& context() const { return shared_.context; }
  ByteSpan context_bytes() const { return shared_.context_bytes; }
  const RatchetTree& tree() const { return shared_.tree; }
  LeafIndex self() const { return opening_.self; }
  const OpeningKeys& opening() const { return opening_; }
  OpeningKeys& opening() { return opening_; }
  // Only of an epoch that is not retired.
  const MemberKeys& member() const;
  bool retired() const { return !member_.has_value(); }
  // SetReInit marks that the commit to this epoch ended the group.
  void SetReInit(std::optional<ReInit> re_init);
  // SetFounding names what the first commit of a group goes on from.
  void SetFounding(std::optional<ResumptionPsk> founding);
  const PendingProposals& proposals() const { return proposals_; }
  PendingProposals& proposals() { return proposals_; }

  // Retire erases what only the current epoch needs.
  void Retire(StateChanges& changes);

  // As in SecretTree.
  void SaveTo(StateChanges& changes);
  void EraseAll(StateChanges& changes) const;

 private:
  EpochState(EpochPublic shared, OpeningKeys opening)
      : shared_(std::move(shared)), opening_(std::move(opening)) {}

  EpochPublic shared_;
  OpeningKeys opening_;
  std::optional<MemberKeys> member_;
  PendingProposals proposals_;
  bool saved_ = false;
};

// EpochOfPiece reads the epoch that a piece's name starts with.
absl::StatusOr<Epoch> EpochOfPiece(ByteSpan name);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_EPOCH_STATE_H_
