#include "crypto/policy/room_change.h"

#include <map>
#include <optional>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/name.h"
#include "crypto/cert/x509_credential.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/proposal_rules.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"
#include "crypto/policy/room_extensions.h"
#include "crypto/policy/room_policy.h"

namespace cordon::policy {
namespace {

using mls::LeafIndex;

const mls::Proposal* FindRemove(const RoomCommit& commit) {
  for (const mls::ListedProposal& each : commit.proposals) {
    if (std::holds_alternative<mls::Remove>(each.proposal)) {
      return &each.proposal;
    }
  }
  return nullptr;
}

// Members have no keys but their group's own, and newcomers not even its past
// ones: one proposal of this kind could stop the room on all who lack the key.
absl::Status NoKeys() {
  return absl::PermissionDeniedError(
      "a room takes in no pre-shared keys: who lacks one could not follow");
}

// Asked of one policy about proposals to one tree. Each author is verified
// once: a coordinator may add hundreds.
class Judge {
 public:
  Judge(RoomPolicy policy, const RoomEpoch& room, const ChangeChecks& checks)
      : policy_(std::move(policy)), room_(room), checks_(checks) {}

  // `actor` is nobody for the relay's proposals.
  absl::Status Check(const mls::ListedProposal& listed,
                     std::optional<LeafIndex> actor) {
    const mls::Proposal& proposal = listed.proposal;
    if (!actor.has_value()) return CheckRelays(proposal);
    if (const auto* add = std::get_if<mls::Add>(&proposal)) {
      if (!listed.by_reference) return CheckAdd(*add, *actor);
      return absl::PermissionDeniedError(
          "nobody is proposed as a member; who may admit commits the Add");
    }
    if (const auto* remove = std::get_if<mls::Remove>(&proposal)) {
      return CheckRemove(*remove, *actor);
    }
    if (const auto* set = std::get_if<mls::GroupContextExtensions>(&proposal)) {
      return CheckExtensions(*set, *actor);
    }
    if (std::holds_alternative<mls::ReInit>(proposal)) {
      return absl::PermissionDeniedError(
          "a room is never re-initialised; open another one");
    }
    if (std::holds_alternative<mls::PreSharedKey>(proposal)) return NoKeys();
    return absl::OkStatus();
  }

  absl::Status CheckAdmission(const cert::DeviceName& subject,
                              LeafIndex actor) {
    CORDON_ASSIGN_OR_RETURN(const Party* const party, PartyAt(actor));
    if (!MayBeMember(policy_, subject)) {
      return absl::PermissionDeniedError(
          "the room's policy does not let a device of that organisation in");
    }
    if (MayAdmit(policy_, *party, subject)) return absl::OkStatus();
    return absl::PermissionDeniedError(
        "the room's policy does not let this device admit that one");
  }

 private:
  absl::StatusOr<const Party*> PartyAt(LeafIndex leaf) {
    const auto known = parties_.find(leaf);
    if (known != parties_.end()) return &known->second;
    const mls::TreeMember* const member = room_.tree.Member(leaf);
    if (member == nullptr) {
      return absl::InvalidArgumentError("a proposal's author is no member");
    }
    CORDON_ASSIGN_OR_RETURN(
        const cert::VerifiedChain chain,
        cert::VerifyCredential(
            checks_.verifier, member->leaf.credential,
            {.usage = cert::Usage::kIdentity, .at = checks_.instant}));
    return &parties_.emplace(leaf, Party{chain.device(), chain.roles()})
                .first->second;
  }

  absl::StatusOr<cert::DeviceName> NameAt(LeafIndex leaf) const {
    const mls::TreeMember* const member = room_.tree.Member(leaf);
    if (member == nullptr) {
      return absl::InvalidArgumentError("a Remove names a blank leaf");
    }
    return cert::NameIn(member->leaf.credential);
  }

  absl::Status CheckAdd(const mls::Add& add, LeafIndex actor) {
    CORDON_ASSIGN_OR_RETURN(const cert::DeviceName subject,
                            cert::NameIn(add.key_package.leaf_node.credential));
    return CheckAdmission(subject, actor);
  }

  absl::Status CheckRemove(const mls::Remove& remove, LeafIndex actor) {
    CORDON_ASSIGN_OR_RETURN(const cert::DeviceName subject,
                            NameAt(remove.removed));
    CORDON_ASSIGN_OR_RETURN(const Party* const party, PartyAt(actor));
    if (MayRemove(policy_, *party, subject)) return absl::OkStatus();
    return absl::PermissionDeniedError(
        "the room's policy does not let this device remove that one");
  }

  absl::Status CheckExtensions(const mls::GroupContextExtensions& set,
                               LeafIndex actor) {
    CORDON_ASSIGN_OR_RETURN(const Party* const party, PartyAt(actor));
    if (!MayChangePolicy(policy_, party->roles)) {
      return absl::PermissionDeniedError(
          "the room's policy does not let this device change it");
    }
    CORDON_RETURN_IF_ERROR(CheckRoomExtensions(set.extensions));
    CORDON_ASSIGN_OR_RETURN(const RoomPolicy after, PolicyOf(set.extensions));
    CORDON_RETURN_IF_ERROR(ValidateChange(policy_, after));
    const auto* const sender =
        mls::FindExtension(room_.extensions, mls::kExternalSendersExtension);
    const auto* const kept =
        mls::FindExtension(set.extensions, mls::kExternalSendersExtension);
    if (sender != nullptr && kept != nullptr && *sender == *kept) {
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError("a room keeps its relay's key");
  }

  // The relay is not believed: who it wants removed must be out already.
  absl::Status CheckRelays(const mls::Proposal& proposal) const {
    const auto* const remove = std::get_if<mls::Remove>(&proposal);
    const mls::TreeMember* const member =
        remove == nullptr ? nullptr : room_.tree.Member(remove->removed);
    if (member == nullptr) {
      return absl::PermissionDeniedError(
          "who is not in the room may only propose to remove a member");
    }
    const bool stands =
        cert::VerifyCredential(
            checks_.verifier, member->leaf.credential,
            {.usage = cert::Usage::kIdentity, .at = checks_.instant})
            .ok();
    if (!stands) return absl::OkStatus();
    return absl::PermissionDeniedError(
        "the relay may only have removed who is revoked or expired");
  }

  const RoomPolicy policy_;
  const RoomEpoch& room_;
  const ChangeChecks& checks_;
  std::map<LeafIndex, Party> parties_;
};

absl::Status CheckExternalCommit(const RoomCommit& commit) {
  for (const mls::ListedProposal& each : commit.proposals) {
    if (std::holds_alternative<mls::PreSharedKey>(each.proposal)) {
      return NoKeys();
    }
  }
  const mls::Proposal* const found = FindRemove(commit);
  const mls::TreeMember* const author =
      commit.after.tree.Member(commit.committer);
  const mls::TreeMember* const former =
      found == nullptr
          ? nullptr
          : commit.before.tree.Member(std::get<mls::Remove>(*found).removed);
  if (former == nullptr || author == nullptr ||
      former->device != author->device) {
    return absl::PermissionDeniedError(
        "an external commit is for a device that is in the room already and "
        "replaces its leaf; ask an admitter to add this one");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckCommit(const RoomCommit& commit, const ChangeChecks& checks) {
  if (commit.external) return CheckExternalCommit(commit);
  CORDON_ASSIGN_OR_RETURN(RoomPolicy policy,
                          PolicyOf(commit.before.extensions));
  Judge judge(std::move(policy), commit.before, checks);
  for (const mls::ListedProposal& each : commit.proposals) {
    const std::optional<LeafIndex> actor =
        each.by_reference ? each.author : commit.committer;
    CORDON_RETURN_IF_ERROR(judge.Check(each, actor));
  }
  return absl::OkStatus();
}

absl::Status CheckProposal(const mls::ListedProposal& proposal,
                           const RoomEpoch& room, const ChangeChecks& checks) {
  CORDON_ASSIGN_OR_RETURN(RoomPolicy policy, PolicyOf(room.extensions));
  return Judge(std::move(policy), room, checks)
      .Check(proposal, proposal.author);
}

absl::Status CheckWelcome(LeafIndex welcomed_by, const cert::DeviceName& self,
                          const RoomEpoch& room, const ChangeChecks& checks) {
  CORDON_ASSIGN_OR_RETURN(RoomPolicy policy, PolicyOf(room.extensions));
  return Judge(std::move(policy), room, checks)
      .CheckAdmission(self, welcomed_by);
}

}  // namespace cordon::policy
