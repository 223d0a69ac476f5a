#include "crypto/mls/proposal_rules.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_validation.h"

namespace cordon::mls {
namespace {

absl::Status Invalid(absl::string_view why) {
  return absl::InvalidArgumentError(why);
}

size_t CountOf(absl::Span<const ListedProposal> list, ProposalType type) {
  return static_cast<size_t>(std::count_if(
      list.begin(), list.end(), [type](const ListedProposal& each) {
        return TypeOf(each.proposal) == type;
      }));
}

absl::Status CheckSamePskOnce(absl::Span<const ListedProposal> list) {
  absl::flat_hash_set<Bytes> seen;
  for (const ListedProposal& each : list) {
    const auto* const psk = std::get_if<PreSharedKey>(&each.proposal);
    if (psk == nullptr) continue;
    if (!seen.insert(codec::Serialize(psk->psk)).second) {
      return Invalid("proposals: one pre-shared key twice");
    }
  }
  if (seen.size() > kPsksMax) {
    return absl::ResourceExhaustedError("proposals: PSKs beyond kPsksMax");
  }
  return absl::OkStatus();
}

// CheckKinds: 12.2 as far as only the kinds in the list matter.
absl::Status CheckKinds(absl::Span<const ListedProposal> list) {
  if (list.size() > kProposalsPerCommitMax) {
    return absl::ResourceExhaustedError(
        "proposals: beyond kProposalsPerCommitMax");
  }
  if (CountOf(list, kExternalInitProposal) > 0) {
    return Invalid("proposals: ExternalInit in a member's commit");
  }
  if (CountOf(list, kGroupContextExtensionsProposal) > 1) {
    return Invalid("proposals: GroupContextExtensions twice");
  }
  if (CountOf(list, kReInitProposal) > 0 && list.size() > 1) {
    return Invalid("proposals: ReInit beside others");
  }
  return CheckSamePskOnce(list);
}

absl::Status CheckExternalKinds(absl::Span<const ListedProposal> list) {
  const size_t inits = CountOf(list, kExternalInitProposal);
  const size_t removes = CountOf(list, kRemoveProposal);
  const size_t psks = CountOf(list, kPreSharedKeyProposal);
  if (inits != 1) {
    return Invalid("external commit: not exactly one ExternalInit");
  }
  if (removes > 1) return Invalid("external commit: more than one Remove");
  if (inits + removes + psks != list.size()) {
    return Invalid("external commit: proposal of another kind");
  }
  if (std::any_of(list.begin(), list.end(), [](const ListedProposal& each) {
        return each.by_reference;
      })) {
    return Invalid("external commit: proposal by reference");
  }
  return CheckSamePskOnce(list);
}

// CheckLeavesOnce: no leaf is updated or removed twice, or both (12.2).
absl::Status CheckLeavesOnce(absl::Span<const ListedProposal> list,
                             const CommitBase& base) {
  absl::flat_hash_set<LeafIndex> touched;
  for (const ListedProposal& each : list) {
    std::optional<LeafIndex> leaf;
    if (const auto* remove = std::get_if<Remove>(&each.proposal)) {
      leaf = remove->removed;
    } else if (std::holds_alternative<Update>(each.proposal)) {
      if (!each.author.has_value() || each.author == base.committer) {
        return Invalid("update: by the committer or by no member");
      }
      leaf = each.author;
    }
    if (leaf.has_value() && !touched.insert(*leaf).second) {
      return Invalid("proposals: one leaf updated or removed twice");
    }
  }
  return absl::OkStatus();
}

bool NeedsPath(const ListedProposal& each) {
  const ProposalType type = TypeOf(each.proposal);
  return type != kAddProposal && type != kPreSharedKeyProposal &&
         type != kReInitProposal;
}

// Applies one list to one tree. The order is 12.3's, but for Removes before
// Updates, which touch different leaves and so come to the same; that way a key
// may pass from a removed leaf to an updated one.
class Application {
 public:
  Application(absl::Span<const ListedProposal> list, const CommitBase& base)
      : list_(list),
        base_(base),
        applied_{.tree = base.tree, .extensions = base.context.extensions} {}

  absl::StatusOr<AppliedProposals> Run() {
    CORDON_RETURN_IF_ERROR(SetExtensions());
    CORDON_RETURN_IF_ERROR(RemoveLeaves());
    CORDON_RETURN_IF_ERROR(UpdateLeaves());
    CORDON_RETURN_IF_ERROR(AddLeaves());
    CORDON_RETURN_IF_ERROR(NoteOthers());
    CORDON_RETURN_IF_ERROR(CheckResult());
    applied_.path_required =
        list_.empty() || std::any_of(list_.begin(), list_.end(), NeedsPath);
    return std::move(applied_);
  }

 private:
  LeafRules Rules() const {
    return {.group_extensions = applied_.extensions,
            .checker = base_.checker,
            .at = base_.at};
  }

  absl::Status SetExtensions() {
    for (const ListedProposal& each : list_) {
      const auto* set = std::get_if<GroupContextExtensions>(&each.proposal);
      if (set == nullptr) continue;
      CORDON_RETURN_IF_ERROR(ValidateExtensions(*set, base_));
      applied_.extensions = set->extensions;
      extensions_set_ = true;
    }
    return absl::OkStatus();
  }

  absl::Status RemoveLeaves() {
    for (const ListedProposal& each : list_) {
      const auto* const remove = std::get_if<Remove>(&each.proposal);
      if (remove == nullptr) continue;
      CORDON_RETURN_IF_ERROR(ValidateRemove(*remove, base_));
      CORDON_RETURN_IF_ERROR(applied_.tree.Remove(remove->removed));
      applied_.removed.push_back(remove->removed);
    }
    return absl::OkStatus();
  }

  absl::Status UpdateLeaves() {
    std::vector<LeafUpdate> updates;
    for (const ListedProposal& each : list_) {
      const auto* const update = std::get_if<Update>(&each.proposal);
      if (update == nullptr) continue;
      if (!each.author.has_value()) return Invalid("update: by no member");
      const LeafIndex leaf = *each.author;
      CORDON_ASSIGN_OR_RETURN(const DeviceId device,
                              ValidateUpdate(*update, leaf, base_, Rules()));
      updates.push_back(
          {.index = leaf,
           .member = {.leaf = update->leaf_node, .device = device}});
      applied_.updated.push_back(leaf);
    }
    if (updates.empty()) return absl::OkStatus();
    return applied_.tree.Update(std::move(updates));
  }

  absl::Status AddLeaves() {
    for (const ListedProposal& each : list_) {
      const auto* const add = std::get_if<Add>(&each.proposal);
      if (add == nullptr) continue;
      CORDON_ASSIGN_OR_RETURN(const DeviceId device,
                              ValidateKeyPackage(add->key_package, Rules()));
      CORDON_ASSIGN_OR_RETURN(
          const LeafIndex leaf,
          applied_.tree.Add(TreeMember{.leaf = add->key_package.leaf_node,
                                       .device = device}));
      applied_.added.push_back(leaf);
    }
    return absl::OkStatus();
  }

  absl::Status NoteOthers() {
    for (const ListedProposal& each : list_) {
      if (const auto* psk = std::get_if<PreSharedKey>(&each.proposal)) {
        CORDON_RETURN_IF_ERROR(ValidatePreSharedKey(*psk, base_));
        applied_.psks.push_back(psk->psk);
      } else if (const auto* re_init = std::get_if<ReInit>(&each.proposal)) {
        CORDON_RETURN_IF_ERROR(ValidateReInit(*re_init, base_));
        applied_.re_init = *re_init;
      } else if (const auto* init = std::get_if<ExternalInit>(&each.proposal)) {
        applied_.kem_output = init->kem_output;
      }
    }
    return absl::OkStatus();
  }

  // What holds of the tree as a whole only when all is applied.
  absl::Status CheckResult() const {
    std::vector<LeafIndex> changed = applied_.added;
    changed.insert(changed.end(), applied_.updated.begin(),
                   applied_.updated.end());
    CORDON_RETURN_IF_ERROR(
        CheckCredentialTypes(base_.tree, applied_.tree, changed));
    if (!extensions_set_) return absl::OkStatus();
    return CheckAllSupport(applied_.tree, applied_.extensions);
  }

  const absl::Span<const ListedProposal> list_;
  const CommitBase& base_;
  AppliedProposals applied_;
  bool extensions_set_ = false;
};

}  // namespace

absl::Status ValidateProposal(const ListedProposal& proposal,
                              const CommitBase& base) {
  const LeafRules rules{.group_extensions = base.context.extensions,
                        .checker = base.checker,
                        .at = base.at};
  const Proposal& body = proposal.proposal;
  if (const auto* add = std::get_if<Add>(&body)) {
    return ValidateKeyPackage(add->key_package, rules).status();
  }
  if (const auto* update = std::get_if<Update>(&body)) {
    if (!proposal.author.has_value()) return Invalid("update: by no member");
    return ValidateUpdate(*update, *proposal.author, base, rules).status();
  }
  if (const auto* remove = std::get_if<Remove>(&body)) {
    return ValidateRemove(*remove, base);
  }
  if (const auto* psk = std::get_if<PreSharedKey>(&body)) {
    return ValidatePreSharedKey(*psk, base);
  }
  if (const auto* re_init = std::get_if<ReInit>(&body)) {
    return ValidateReInit(*re_init, base);
  }
  if (const auto* set = std::get_if<GroupContextExtensions>(&body)) {
    return ValidateExtensions(*set, base);
  }
  return Invalid("proposals: ExternalInit outside an external commit");
}

bool MayBeExternal(const Proposal& proposal) {
  const ProposalType type = TypeOf(proposal);
  return type != kUpdateProposal && type != kExternalInitProposal;
}

absl::Status ValidatePreSharedKey(const PreSharedKey& proposal,
                                  const CommitBase& base) {
  const PreSharedKeyId& psk = proposal.psk;
  if (psk.nonce.size() != kHashBytes) {
    return Invalid("psk: nonce of a wrong size");
  }
  const auto* const resumption = std::get_if<ResumptionPsk>(&psk.psk);
  if (resumption == nullptr ||
      resumption->usage == ResumptionUsage::kApplication ||
      resumption->usage == base.founding_usage) {
    return absl::OkStatus();
  }
  return Invalid("psk: usage not allowed in this commit");
}

absl::Status ValidateReInit(const ReInit& proposal, const CommitBase& base) {
  if (proposal.version < base.context.version) {
    return Invalid("reinit: to an older version");
  }
  return absl::OkStatus();
}

absl::Status ValidateRemove(const Remove& proposal, const CommitBase& base) {
  if (base.tree.Member(proposal.removed) == nullptr) {
    return Invalid("remove: leaf is blank");
  }
  if (proposal.removed == base.committer) {
    return Invalid("remove: committer removes itself");
  }
  return absl::OkStatus();
}

absl::StatusOr<DeviceId> ValidateUpdate(const Update& proposal,
                                        LeafIndex author,
                                        const CommitBase& base,
                                        const LeafRules& rules) {
  const LeafNode& leaf = proposal.leaf_node;
  const TreeMember* const old = base.tree.Member(author);
  if (old == nullptr) return Invalid("update: leaf is blank");
  if (leaf.source != LeafNodeSource::kUpdate) {
    return Invalid("update: leaf not made for an update");
  }
  if (leaf.encryption_key == old->leaf.encryption_key) {
    return Invalid("update: same encryption key");
  }
  CORDON_RETURN_IF_ERROR(VerifyLeafSignature(
      leaf, {.group_id = base.context.group_id, .index = author}));
  CORDON_RETURN_IF_ERROR(
      rules.checker.CheckSuccessor(old->leaf.credential, leaf.credential));
  return ValidateLeaf(leaf, rules);
}

absl::Status ValidateExtensions(const GroupContextExtensions& proposal,
                                const CommitBase& base) {
  CORDON_ASSIGN_OR_RETURN(const auto before,
                          FindExternalSenders(base.context.extensions));
  CORDON_ASSIGN_OR_RETURN(const auto after,
                          FindExternalSenders(proposal.extensions));
  for (const ExternalSender& sender : after) {
    if (std::find(before.begin(), before.end(), sender) != before.end()) {
      continue;
    }
    CORDON_RETURN_IF_ERROR(
        base.checker.Identify(sender.credential, sender.signature_key, base.at)
            .status());
  }
  return FindRequiredCapabilities(proposal.extensions).status();
}

absl::Status CheckAllSupport(const RatchetTree& tree,
                             const Extensions& group_extensions) {
  for (const LeafIndex leaf : tree.Members()) {
    CORDON_RETURN_IF_ERROR(
        CheckSupports(tree.Member(leaf)->leaf.capabilities, group_extensions));
  }
  return absl::OkStatus();
}

absl::StatusOr<AppliedProposals> ApplyProposals(
    absl::Span<const ListedProposal> list, const CommitBase& base) {
  if (base.committer.has_value()) {
    CORDON_RETURN_IF_ERROR(CheckKinds(list));
  } else {
    CORDON_RETURN_IF_ERROR(CheckExternalKinds(list));
  }
  CORDON_RETURN_IF_ERROR(CheckLeavesOnce(list, base));
  return Application(list, base).Run();
}

}  // namespace cordon::mls
