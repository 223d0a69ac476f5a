#ifndef CORDON_CRYPTO_MLS_PENDING_PROPOSALS_H_
#define CORDON_CRYPTO_MLS_PENDING_PROPOSALS_H_

// The proposals that an epoch has seen, until a commit ends it. RFC 9420,
// section 12.4.
//
// In the order they came. An own Update waits together with the private keys of
// the leaf that it proposes.
// Threads: none; lives inside one epoch of one Group.
// Errors: kResourceExhausted beyond kPendingProposalsMax, and of one member
// beyond kProposalsPerMemberMax; kNotFound for a reference that was never seen;
// kDataLoss for stored pieces.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/proposal_rules.h"
#include "crypto/mls/state_change.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {

// The private halves of a leaf that an own Update proposes.
struct ProposedLeafKeys {
  hpke::KeyPair leaf_key;
  Ed25519PrivateKey signer;
};

struct PendingProposal {
  ProposalRef ref;
  Proposal proposal;
  Sender sender;
  std::optional<ProposedLeafKeys> own_keys = std::nullopt;

  ListedProposal Listed() const;
};

class PendingProposals {
 public:
  // Add does nothing for a proposal that is there.
  absl::Status Add(PendingProposal proposal);
  // CheckRoomFor says whether one more of `sender` would be taken.
  absl::Status CheckRoomFor(const Sender& sender) const;
  absl::StatusOr<const PendingProposal*> Find(const ProposalRef& ref) const;

  bool empty() const { return proposals_.empty(); }
  const std::vector<PendingProposal>& all() const { return proposals_; }

  // As in SecretTree.
  void SaveTo(ByteSpan prefix, StateChanges& changes);
  void EraseAll(ByteSpan prefix, StateChanges& changes) const;
  absl::Status LoadPiece(ByteSpan name, ByteSpan value);

 private:
  std::vector<PendingProposal> proposals_;
  size_t saved_ = 0;  // how many of them are stored
};

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_PENDING_PROPOSALS_H_
