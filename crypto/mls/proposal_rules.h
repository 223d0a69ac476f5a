#ifndef CORDON_CRYPTO_MLS_PROPOSAL_RULES_H_
#define CORDON_CRYPTO_MLS_PROPOSAL_RULES_H_

// When a list of proposals may be committed, and what it does to the tree and
// the extensions. RFC 9420, sections 12.1, 12.2 and 12.3.
//
// The committer, every member and the relay ask the same function, so nobody
// commits what others refuse. Rules of a room (who may add whom, who may join
// by external commit) come on top and are not known here.
// Threads: pure functions; the credential checker is asked on this thread.
// Errors: kInvalidArgument and kUnauthenticated, with which rule;
// kResourceExhausted for a named limit; what the credential checker says.

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"

namespace cordon::mls {

// A proposal of a commit's list and the member who made it; no author for those
// of external senders, of new members, and of an external commit.
struct ListedProposal {
  Proposal proposal;
  std::optional<LeafIndex> author;
  bool by_reference = false;
};

// The state that a commit starts from, and whose commit it is. Borrowed for one
// call.
struct CommitBase {
  const RatchetTree& tree;
  const GroupContext& context;
  // Absent for an external commit.
  std::optional<LeafIndex> committer;
  const CredentialChecker& checker;
  CheckAt at;
  // The usage of resumption PSKs that only the first commit of a reinitialised
  // or branched group may carry (12.1.4).
  std::optional<ResumptionUsage> founding_usage = std::nullopt;
};

// What a valid list comes to. The path, if there is one, is still to be merged.
struct AppliedProposals {
  RatchetTree tree;
  Extensions extensions;
  // In the order of the Adds.
  std::vector<LeafIndex> added = {};
  std::vector<LeafIndex> removed = {};
  std::vector<LeafIndex> updated = {};
  // In the order of the list.
  std::vector<PreSharedKeyId> psks = {};
  std::optional<ReInit> re_init = std::nullopt;
  // Of an ExternalInit.
  std::optional<Bytes> kem_output = std::nullopt;
  bool path_required = false;
};

absl::StatusOr<AppliedProposals> ApplyProposals(
    absl::Span<const ListedProposal> list, const CommitBase& base);

// ValidateProposal judges one proposal by itself, when it arrives and before a
// commit lists it: what holds of it in any list. Members and relay ask it with
// no committer, so that both keep the same. ExternalInit is for commits only.
absl::Status ValidateProposal(const ListedProposal& proposal,
                              const CommitBase& base);

// MayBeExternal: types that an external sender may propose (12.1.8).
bool MayBeExternal(const Proposal& proposal);

// One validator a kind. Those of leaves and key packages also say whose they
// are; `rules` holds the extensions that the commit sets.
absl::Status ValidatePreSharedKey(const PreSharedKey& proposal,
                                  const CommitBase& base);
absl::Status ValidateReInit(const ReInit& proposal, const CommitBase& base);
absl::Status ValidateRemove(const Remove& proposal, const CommitBase& base);
absl::StatusOr<DeviceId> ValidateUpdate(const Update& proposal,
                                        LeafIndex author,
                                        const CommitBase& base,
                                        const LeafRules& rules);
// ValidateExtensions looks at external senders; whether all members support
// the rest is asked of the tree that the commit makes.
absl::Status ValidateExtensions(const GroupContextExtensions& proposal,
                                const CommitBase& base);

// CheckAllSupport: every member of `tree` supports `group_extensions`.
absl::Status CheckAllSupport(const RatchetTree& tree,
                             const Extensions& group_extensions);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_PROPOSAL_RULES_H_
