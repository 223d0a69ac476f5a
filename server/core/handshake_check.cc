#include "server/core/handshake_check.h"

#include <cstddef>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/x509_credential.h"
#include "crypto/codec/reader.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/proposal_rules.h"
#include "crypto/mls/public_group.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/welcome.h"
#include "crypto/policy/room_change.h"
#include "server/core/append_input.h"
#include "server/core/inbox_payload.h"
#include "server/core/room_groups.h"
#include "server/core/room_info_check.h"

namespace cordon::server {
namespace {

using mls::LeafIndex;

absl::Status NotItsAuthor() {
  return absl::PermissionDeniedError(
      "this device is not the author of what it sends");
}

policy::RoomEpoch EpochOf(const mls::PublicGroup& group) {
  return {.tree = group.tree(), .extensions = group.context().extensions};
}

PlacedMember MemberAt(const mls::RatchetTree& tree, LeafIndex leaf) {
  return {.device = tree.Member(leaf)->device, .leaf = leaf.value};
}

// One task on its way to being checked.
class Check {
 public:
  explicit Check(HandshakeTask task) : task_(std::move(task)) {}

  absl::StatusOr<CheckedHandshake> Run() {
    absl::StatusOr<mls::PublicMessage> message =
        mls::ParseAs<mls::PublicMessage>(task_.input.sealed);
    if (!message.ok()) return RefusalOf(message.status(), Word());
    CORDON_RETURN_IF_ERROR(CheckFrame(*message));
    if (task_.input.kind == EntryKind::kProposal) {
      CORDON_RETURN_IF_ERROR(CheckProposal(*std::move(message)));
    } else {
      CORDON_RETURN_IF_ERROR(CheckCommit(*message));
    }
    checked_.input = std::move(task_.input);
    checked_.base = std::move(task_.base);
    return std::move(checked_);
  }

 private:
  absl::string_view Word() const {
    return task_.input.kind == EntryKind::kProposal ? "proposal" : "commit";
  }

  // Before anything that costs: what it is and that the caller says it.
  absl::Status CheckFrame(const mls::PublicMessage& message) const {
    const mls::FramedContent& content = message.content.content;
    const bool proposal =
        std::holds_alternative<mls::Proposal>(content.content);
    if (proposal != (task_.input.kind == EntryKind::kProposal)) {
      return absl::InvalidArgumentError(
          "the envelope's kind is not its message's");
    }
    if (std::holds_alternative<mls::NewMemberCommitSender>(content.sender)) {
      return absl::OkStatus();  // Whose leaf it is, following it tells.
    }
    const auto* const member = std::get_if<mls::MemberSender>(&content.sender);
    if (member == nullptr) {
      return absl::PermissionDeniedError(
          "only members send proposals and commits");
    }
    const mls::TreeMember* const author =
        task_.base->tree().Member(member->leaf);
    if (author == nullptr || author->device != task_.caller) {
      return NotItsAuthor();
    }
    return absl::OkStatus();
  }

  absl::Status CheckProposal(mls::PublicMessage message) {
    absl::StatusOr<mls::PublicGroup> next =
        task_.base->Hear(message, PublicChecks());
    if (!next.ok()) return RefusalOf(next.status(), Word());
    const mls::FramedContent& content = message.content.content;
    const mls::ListedProposal listed{
        .proposal = std::get<mls::Proposal>(content.content),
        .author = std::get<mls::MemberSender>(content.sender).leaf,
        .by_reference = true};
    CORDON_RETURN_IF_ERROR(RefusalOf(
        policy::CheckProposal(listed, EpochOf(*task_.base), PolicyChecks()),
        Word()));
    checked_.next = ImageOf(*std::move(next));
    checked_.proposal = std::move(message);
    return absl::OkStatus();
  }

  absl::Status CheckCommit(const mls::PublicMessage& message) {
    absl::StatusOr<mls::PublicCommit> commit =
        task_.base->Follow(message, PublicChecks());
    if (!commit.ok()) return RefusalOf(commit.status(), Word());
    const mls::RatchetTree& tree = commit->next.tree();
    if (tree.Member(commit->committer)->device != task_.caller) {
      return NotItsAuthor();
    }
    CORDON_RETURN_IF_ERROR(
        RefusalOf(policy::CheckCommit({.before = EpochOf(*task_.base),
                                       .after = EpochOf(commit->next),
                                       .committer = commit->committer,
                                       .external = commit->external,
                                       .proposals = commit->proposals},
                                      PolicyChecks()),
                  Word()));
    CORDON_RETURN_IF_ERROR(
        CheckOfferedInfo(commit->next, task_.input.group_info, task_.caller));
    NoteMembers(*commit);
    GroupImage next = ImageOf(std::move(commit->next));
    CORDON_RETURN_IF_ERROR(CheckWelcome(commit->proposals, next));
    checked_.next = std::move(next);
    return absl::OkStatus();
  }

  void NoteMembers(const mls::PublicCommit& commit) {
    const mls::RatchetTree& before = task_.base->tree();
    const mls::RatchetTree& after = commit.next.tree();
    for (const LeafIndex leaf : commit.removed) {
      checked_.left.push_back(MemberAt(before, leaf));
    }
    for (const LeafIndex leaf : commit.added) {
      checked_.joined.push_back(MemberAt(after, leaf));
    }
    if (commit.external) {
      checked_.returned = MemberAt(after, commit.committer);
    }
  }

  // Whoever is added must be able to come in, and nobody else is told how.
  absl::Status CheckWelcome(const std::vector<mls::ListedProposal>& proposals,
                            const GroupImage& next) {
    const std::optional<WelcomeInput>& welcome = task_.input.welcome;
    const size_t joiners = welcome.has_value() ? welcome->joiners.size() : 0;
    if (joiners != checked_.joined.size()) {
      return absl::InvalidArgumentError(
          "the Welcome is not for the devices that the commit adds");
    }
    if (joiners == 0) return absl::OkStatus();
    if (welcome->ratchet_tree != next.tree) {
      return absl::InvalidArgumentError(
          "the Welcome's tree is not the one that the commit makes");
    }
    absl::flat_hash_map<DeviceId, Bytes> refs;
    size_t at = 0;
    for (const mls::ListedProposal& each : proposals) {
      const auto* const add = std::get_if<mls::Add>(&each.proposal);
      if (add == nullptr) continue;
      refs[checked_.joined[at++].device] =
          ToBytes(mls::MakeKeyPackageRef(add->key_package));
    }
    for (const JoinerSecrets& joiner : welcome->joiners) {
      const auto ref = refs.find(joiner.device);
      const auto secrets = codec::ParseWhole<mls::EncryptedGroupSecrets>(
          joiner.secrets, mls::ReadEncryptedGroupSecrets);
      if (ref == refs.end() || !secrets.ok() ||
          secrets->new_member != ref->second) {
        return absl::InvalidArgumentError(
            "the Welcome is not for the key packages that the commit adds");
      }
      refs.erase(ref);
    }
    checked_.shared_welcome = WriteSharedWelcome(
        {.encrypted_group_info = welcome->encrypted_group_info,
         .ratchet_tree = welcome->ratchet_tree});
    return absl::OkStatus();
  }

  mls::PublicChecks PublicChecks() const {
    return {.checker = checker_, .instant = task_.now};
  }
  policy::ChangeChecks PolicyChecks() const {
    return {.verifier = *task_.verifier, .instant = task_.now};
  }

  HandshakeTask task_;
  const cert::X509CredentialChecker checker_{task_.verifier};
  CheckedHandshake checked_;
};

}  // namespace

absl::Status RefusalOf(const absl::Status& status, absl::string_view what) {
  if (status.ok()) return status;
  absl::StatusCode code = status.code();
  switch (code) {
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kFailedPrecondition:
      code = absl::StatusCode::kInvalidArgument;
      break;
    default:
      break;
  }
  return {code, absl::StrCat("the ", what, " is refused: ",
                             ToString(AsBytes(status.message())))};
}

absl::StatusOr<CheckedHandshake> CheckHandshake(HandshakeTask task) {
  if (task.placed.has_value()) {
    return CheckedHandshake{.placed = task.placed,
                            .input = std::move(task.input)};
  }
  return Check(std::move(task)).Run();
}

}  // namespace cordon::server
