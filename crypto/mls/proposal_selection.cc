#include "crypto/mls/proposal_selection.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/base/status.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/epoch_state.h"
#include "crypto/mls/pending_proposals.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/proposal_rules.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/psk_secret.h"
#include "crypto/mls/services.h"

namespace cordon::mls {
namespace {

CommitBase BaseFor(const EpochState& state, const Services& services) {
  CommitBase base{.tree = state.tree(),
                  .context = state.context(),
                  .committer = state.self(),
                  .checker = services.checker,
                  .at = services.Entering()};
  if (state.member().founding.has_value()) {
    base.founding_usage = state.member().founding->usage;
  }
  return base;
}

// The order in which proposals that exclude each other are tried.
int Rank(const PendingProposal& pending) {
  if (std::holds_alternative<Remove>(pending.proposal)) return 0;
  if (std::holds_alternative<ReInit>(pending.proposal)) return 2;
  return 1;
}

// Best first: of what excludes each other, the newer before the older.
std::vector<const PendingProposal*> Candidates(const EpochState& state) {
  std::vector<const PendingProposal*> candidates;
  for (const PendingProposal& each : state.proposals().all()) {
    const bool own_update = std::holds_alternative<Update>(each.proposal) &&
                            each.sender == Sender(MemberSender{state.self()});
    if (!own_update) candidates.push_back(&each);
  }
  std::reverse(candidates.begin(), candidates.end());
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const PendingProposal* a, const PendingProposal* b) {
                     return Rank(*a) < Rank(*b);
                   });
  return candidates;
}

bool KeyIsKnown(const PendingProposal& pending, const Services& services) {
  const auto* psk = std::get_if<PreSharedKey>(&pending.proposal);
  return psk == nullptr || DerivePskSecret({psk->psk}, services.psks).ok();
}

// A list that grows while it stays valid.
class Selection {
 public:
  Selection(const EpochState& state, const Services& services)
      : base_(BaseFor(state, services)) {}

  void AddByValue(const Proposal& proposal) {
    listed_.push_back({.proposal = proposal, .author = base_.committer});
    items_.emplace_back(proposal);
  }

  absl::Status Apply() {
    CORDON_ASSIGN_OR_RETURN(applied_, ApplyProposals(listed_, base_));
    return absl::OkStatus();
  }

  // Takes all candidates at once if they fit together, else one by one.
  absl::Status AddPending(
      const std::vector<const PendingProposal*>& candidates) {
    const size_t before = listed_.size();
    for (const PendingProposal* each : candidates) Push(*each);
    if (Apply().ok()) return absl::OkStatus();
    Truncate(before);
    for (const PendingProposal* each : candidates) {
      Push(*each);
      if (!Apply().ok()) Truncate(listed_.size() - 1);
    }
    return Apply();
  }

  SelectedProposals Take() {
    return {.items = std::move(items_),
            .listed = std::move(listed_),
            .applied = *std::move(applied_)};
  }

 private:
  void Push(const PendingProposal& pending) {
    listed_.push_back(pending.Listed());
    items_.emplace_back(pending.ref);
  }
  void Truncate(size_t size) {
    while (listed_.size() > size) {
      listed_.pop_back();
      items_.pop_back();
    }
  }

  const CommitBase base_;
  std::vector<ProposalOrRef> items_;
  std::vector<ListedProposal> listed_;
  std::optional<AppliedProposals> applied_;
};

}  // namespace

absl::StatusOr<SelectedProposals> SelectProposals(
    const EpochState& state, absl::Span<const Proposal> by_value,
    bool include_pending, const Services& services) {
  Selection selection(state, services);
  for (const Proposal& each : by_value) selection.AddByValue(each);
  CORDON_RETURN_IF_ERROR(selection.Apply());
  if (include_pending) {
    std::vector<const PendingProposal*> candidates = Candidates(state);
    std::erase_if(candidates, [&services](const PendingProposal* each) {
      return !KeyIsKnown(*each, services);
    });
    if (!candidates.empty()) {
      CORDON_RETURN_IF_ERROR(selection.AddPending(candidates));
    }
  }
  return selection.Take();
}

absl::Status ValidateAlone(const EpochState& state, const Proposal& proposal,
                           const Sender& sender, const Services& services) {
  CommitBase base = BaseFor(state, services);
  const PendingProposal pending{
      .ref = {}, .proposal = proposal, .sender = sender};
  if (const auto* remove = std::get_if<Remove>(&proposal)) {
    // Of ourselves, another member may commit it.
    base.committer = std::nullopt;
    return ValidateRemove(*remove, base);
  }
  const ListedProposal listed = pending.Listed();
  if (std::holds_alternative<Update>(proposal) &&
      listed.author == state.self()) {
    return absl::OkStatus();
  }
  return ApplyProposals({listed}, base).status();
}

absl::Status ValidateHeard(const EpochState& state, const Proposal& proposal,
                           const Sender& sender, const Services& services) {
  const PendingProposal heard{
      .ref = {}, .proposal = proposal, .sender = sender};
  CommitBase base = BaseFor(state, services);
  // Whose commit will list it is not known yet.
  base.committer = std::nullopt;
  return ValidateProposal(heard.Listed(), base);
}

}  // namespace cordon::mls
