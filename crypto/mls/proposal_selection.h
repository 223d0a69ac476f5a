#ifndef CORDON_CRYPTO_MLS_PROPOSAL_SELECTION_H_
#define CORDON_CRYPTO_MLS_PROPOSAL_SELECTION_H_

// Which proposals a commit of ours takes up. RFC 9420, sections 12.2 and 12.4.
//
// Ours by value must all go in; of those that wait, as many as make a valid
// list: a Remove before an Update of the same leaf, the newest Update of a
// leaf, a ReInit only alone. One that cannot go in is left out, so that nobody
// can stop all commits with a proposal.
// Threads: pure functions.
// Errors: of the rules, for proposals by value.

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/epoch_state.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/proposal_rules.h"
#include "crypto/mls/services.h"

namespace cordon::mls {

struct SelectedProposals {
  // As the commit lists them, and the same resolved.
  std::vector<ProposalOrRef> items;
  std::vector<ListedProposal> listed;
  AppliedProposals applied;
};

absl::StatusOr<SelectedProposals> SelectProposals(
    const EpochState& state, absl::Span<const Proposal> by_value,
    bool include_pending, const Services& services);

// ValidateAlone says whether a commit could take up this proposal and no other:
// we make only such.
absl::Status ValidateAlone(const EpochState& state, const Proposal& proposal,
                           const Sender& sender, const Services& services);
// ValidateHeard says whether to keep what another proposed. It asks what the
// relay asks and no more: a proposal that is valid only together with others
// (an Add of a device whose old leaf another removes) must be there when a
// commit lists both.
absl::Status ValidateHeard(const EpochState& state, const Proposal& proposal,
                           const Sender& sender, const Services& services);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_PROPOSAL_SELECTION_H_
