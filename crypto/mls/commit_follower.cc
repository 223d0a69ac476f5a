#include "crypto/mls/commit_follower.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/epoch_advance.h"
#include "crypto/mls/epoch_change.h"
#include "crypto/mls/epoch_state.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/pending_proposals.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/proposal_rules.h"
#include "crypto/mls/psk_secret.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/services.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_kem.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/update_path.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {
namespace {

// One commit on its way through the steps of 12.4.2.
class Follower {
 public:
  Follower(const EpochState& state, const AuthenticatedContent& message,
           const Services& services)
      : state_(state),
        message_(message),
        commit_(std::get<Commit>(message.content.content)),
        services_(services) {}

  absl::StatusOr<FollowedCommit> Run() {
    CORDON_RETURN_IF_ERROR(FindCommitter());
    CORDON_RETURN_IF_ERROR(ResolveProposals());
    CORDON_ASSIGN_OR_RETURN(AppliedProposals applied,
                            ApplyProposals(change_.proposals, Base()));
    NoteChange(applied);
    if (applied.path_required && !commit_.path.has_value()) {
      return absl::InvalidArgumentError("commit: path is missing");
    }
    CORDON_ASSIGN_OR_RETURN(RatchetTree merged, Merge(applied));
    if (IsRemoved()) {
      return FollowedCommit{.next = std::nullopt, .change = std::move(change_)};
    }
    CORDON_ASSIGN_OR_RETURN(EpochState next,
                            Advance(applied, std::move(merged)));
    return FollowedCommit{.next = std::move(next),
                          .change = std::move(change_)};
  }

 private:
  absl::Status FindCommitter() {
    const Sender& sender = message_.content.sender;
    change_.external = std::holds_alternative<NewMemberCommitSender>(sender);
    change_.has_path = commit_.path.has_value();
    change_.authenticated_data = message_.content.authenticated_data;
    if (change_.external) return absl::OkStatus();
    change_.committer = std::get<MemberSender>(sender).leaf;
    if (change_.committer == state_.self()) {
      return absl::FailedPreconditionError("commit: our own, to be adopted");
    }
    return absl::OkStatus();
  }

  absl::Status ResolveProposals() {
    for (const ProposalOrRef& item : commit_.proposals) {
      if (const auto* proposal = std::get_if<Proposal>(&item)) {
        ListedProposal listed{.proposal = *proposal};
        if (!change_.external) listed.author = change_.committer;
        change_.proposals.push_back(std::move(listed));
        continue;
      }
      if (change_.external) {
        return absl::InvalidArgumentError(
            "external commit: proposal by reference");
      }
      CORDON_ASSIGN_OR_RETURN(
          const PendingProposal* pending,
          state_.proposals().Find(std::get<ProposalRef>(item)));
      NoteOwnUpdate(*pending);
      change_.proposals.push_back(pending->Listed());
    }
    return absl::OkStatus();
  }

  void NoteOwnUpdate(const PendingProposal& pending) {
    if (pending.own_keys.has_value()) own_update_ = &*pending.own_keys;
  }

  CommitBase Base() const {
    CommitBase base{.tree = state_.tree(),
                    .context = state_.context(),
                    .committer = std::nullopt,
                    .checker = services_.checker,
                    .at = services_.Entering()};
    if (!change_.external) base.committer = change_.committer;
    // A founding commit is made by the group's only member; whoever follows
    // one came later, so that no commit followed here is one.
    return base;
  }

  void NoteChange(const AppliedProposals& applied) {
    change_.added = applied.added;
    change_.removed = applied.removed;
    change_.updated = applied.updated;
    change_.re_init = applied.re_init;
  }

  bool IsRemoved() const {
    return std::find(change_.removed.begin(), change_.removed.end(),
                     state_.self()) != change_.removed.end();
  }

  // The credential that the path's leaf follows.
  const Credential* Former() const {
    if (!change_.external) {
      return &state_.tree().Member(change_.committer)->leaf.credential;
    }
    if (change_.removed.empty()) return nullptr;
    return &state_.tree().Member(change_.removed[0])->leaf.credential;
  }

  absl::StatusOr<RatchetTree> Merge(AppliedProposals& applied) {
    if (!commit_.path.has_value()) return applied.tree;
    if (change_.external) {
      CORDON_ASSIGN_OR_RETURN(change_.committer, applied.tree.ReserveLeaf());
    }
    const LeafRules rules{.group_extensions = applied.extensions,
                          .checker = services_.checker,
                          .at = services_.Entering()};
    return MergePath(applied.tree, *commit_.path,
                     {.group_id = state_.context().group_id,
                      .sender = change_.committer,
                      .added = applied.added,
                      .former = Former()},
                     rules);
  }

  // Our keys with what an own Update changes.
  PathKeys KeysBefore() const {
    PathKeys keys = state_.member().path.CloneSecret();
    if (own_update_ != nullptr) {
      keys.Set(NodeOf(state_.self()), own_update_->leaf_key.CloneSecret());
    }
    return keys;
  }

  absl::StatusOr<FollowedPath> Follow(const AppliedProposals& applied,
                                      const RatchetTree& merged,
                                      const GroupContext& context) const {
    if (!commit_.path.has_value()) {
      FollowedPath unchanged{.keys = KeysBefore(), .commit_secret = Secret()};
      unchanged.keys.Forget(merged);
      return unchanged;
    }
    return FollowPath(*commit_.path,
                      {.before = applied.tree,
                       .merged = merged,
                       .sender = change_.committer,
                       .added = applied.added,
                       .context = context},
                      KeysBefore());
  }

  absl::StatusOr<Secret> Init(const AppliedProposals& applied) const {
    if (!applied.kem_output.has_value()) {
      return state_.member().init.CloneSecret();
    }
    return OpenExternalInit(state_.member().external, *applied.kem_output);
  }

  absl::StatusOr<EpochState> Advance(const AppliedProposals& applied,
                                     RatchetTree merged) const {
    GroupContext context =
        ProvisionalContext(state_.context(), merged, applied.extensions);
    CORDON_ASSIGN_OR_RETURN(FollowedPath followed,
                            Follow(applied, merged, context));
    CORDON_ASSIGN_OR_RETURN(const Secret psk_secret,
                            DerivePskSecret(applied.psks, services_.psks));
    CORDON_ASSIGN_OR_RETURN(const Secret init, Init(applied));
    AdvancedEpoch advanced = mls::Advance(
        {.interim_transcript_hash = state_.member().interim_transcript_hash,
         .init = init,
         .commit_secret = followed.commit_secret,
         .psk_secret = psk_secret},
        message_, std::move(context), std::move(merged));
    if (!EqualsConstantTime(advanced.confirmation_tag,
                            message_.auth.confirmation_tag)) {
      return absl::UnauthenticatedError("commit: confirmation tag differs");
    }
    const Ed25519PrivateKey& signer =
        own_update_ != nullptr ? own_update_->signer : state_.member().signer;
    return MakeState(
        std::move(advanced.shared), std::move(advanced.secrets),
        {.path = std::move(followed.keys), .signer = signer.CloneSecret()},
        message_.auth.confirmation_tag);
  }

  const EpochState& state_;
  const AuthenticatedContent& message_;
  const Commit& commit_;
  const Services& services_;
  EpochChange change_;
  const ProposedLeafKeys* own_update_ = nullptr;
};

}  // namespace

absl::StatusOr<FollowedCommit> FollowCommit(const EpochState& state,
                                            const AuthenticatedContent& commit,
                                            const Services& services) {
  CORDON_ASSIGN_OR_RETURN(FollowedCommit followed,
                          Follower(state, commit, services).Run());
  if (followed.next.has_value()) {
    followed.next->SetReInit(followed.change.re_init);
  }
  return followed;
}

}  // namespace cordon::mls
