#include "crypto/mls/commit_maker.h"

#include <cstddef>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/epoch_advance.h"
#include "crypto/mls/epoch_change.h"
#include "crypto/mls/epoch_state.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/group_secrets.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/message_protection.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/proposal_rules.h"
#include "crypto/mls/proposal_selection.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/psk_secret.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/services.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_kem.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_validation.h"
#include "crypto/mls/welcome.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {
namespace {

// What the path, if there is one, comes to.
struct PathOutcome {
  std::optional<CreatedPath> created;
  RatchetTree tree;
  PathKeys keys;
  Secret commit_secret;
};

// One commit on its way through the steps of 12.4.1.
class Maker {
 public:
  Maker(EpochState& state, CommitOptions options, const Services& services)
      : state_(state), options_(std::move(options)), services_(services) {}

  absl::StatusOr<MadeCommit> Run() {
    AddFoundingKey();
    CORDON_ASSIGN_OR_RETURN(
        SelectedProposals selected,
        SelectProposals(state_, options_.proposals, options_.include_pending,
                        services_));
    CORDON_ASSIGN_OR_RETURN(PathOutcome path, MakePath(selected.applied));
    AuthenticatedContent commit = MakeMessage(selected, path);
    CORDON_ASSIGN_OR_RETURN(
        const Secret psk_secret,
        DerivePskSecret(selected.applied.psks, services_.psks));
    GroupContext context = ProvisionalContext(
        state_.context(), path.tree, std::move(selected.applied.extensions));
    AdvancedEpoch advanced = Advance(
        {.interim_transcript_hash = state_.member().interim_transcript_hash,
         .init = state_.member().init,
         .commit_secret = path.commit_secret,
         .psk_secret = psk_secret},
        commit, std::move(context), std::move(path.tree));
    commit.auth.confirmation_tag = ToBytes(advanced.confirmation_tag);
    return Finish(std::move(selected), std::move(path), std::move(commit),
                  std::move(advanced));
  }

 private:
  // The first commit of a group that goes on from another says so (11.2, 11.3).
  void AddFoundingKey() {
    const auto& founding = state_.member().founding;
    if (!founding.has_value()) return;
    options_.proposals.push_back(
        PreSharedKey{MakeResumptionPskId(*founding, services_.random)});
  }

  bool NeedsPath(const AppliedProposals& applied) const {
    return applied.path_required || options_.force_path ||
           options_.identity.has_value();
  }

  const Ed25519PrivateKey& NextSigner() const {
    return options_.identity.has_value() ? options_.identity->signer
                                         : state_.member().signer;
  }

  // Our leaf as it shall be, and whose it is.
  absl::StatusOr<TreeMember> NextMember() const {
    const TreeMember& old = *state_.tree().Member(state_.self());
    if (!options_.identity.has_value()) return old;
    LeafNode leaf = options_.identity->MakeLeaf();
    CORDON_RETURN_IF_ERROR(
        services_.checker.CheckSuccessor(old.leaf.credential, leaf.credential));
    CORDON_ASSIGN_OR_RETURN(
        const DeviceId device,
        services_.checker.Identify(leaf.credential, leaf.signature_key,
                                   services_.Entering()));
    return TreeMember{.leaf = std::move(leaf), .device = device};
  }

  // What all who follow will ask of a leaf that we bring (MergePath).
  absl::Status CheckNextLeaf(const AppliedProposals& applied,
                             const CreatedPath& created) const {
    if (!options_.identity.has_value()) return absl::OkStatus();
    CORDON_RETURN_IF_ERROR(ValidateLeaf(created.path.leaf_node,
                                        {.group_extensions = applied.extensions,
                                         .checker = services_.checker,
                                         .at = services_.Entering()})
                               .status());
    return CheckCredentialTypes(applied.tree, created.tree, {state_.self()});
  }

  absl::StatusOr<PathOutcome> MakePath(const AppliedProposals& applied) const {
    if (!NeedsPath(applied)) {
      PathKeys keys = state_.member().path.CloneSecret();
      keys.Forget(applied.tree);
      return PathOutcome{.created = std::nullopt,
                         .tree = applied.tree,
                         .keys = std::move(keys),
                         .commit_secret = Secret()};
    }
    CORDON_ASSIGN_OR_RETURN(TreeMember member, NextMember());
    const GroupContext context =
        ProvisionalContext(state_.context(), applied.tree, applied.extensions);
    CORDON_ASSIGN_OR_RETURN(CreatedPath created,
                            CreatePath({.tree = applied.tree,
                                        .sender = state_.self(),
                                        .added = applied.added,
                                        .context = context,
                                        .signer = NextSigner()},
                                       std::move(member), services_.random));
    CORDON_RETURN_IF_ERROR(CheckNextLeaf(applied, created));
    PathOutcome outcome{.created = std::nullopt,
                        .tree = std::move(created.tree),
                        .keys = std::move(created.keys),
                        .commit_secret = std::move(created.commit_secret)};
    created.tree = outcome.tree;
    created.keys = outcome.keys.CloneSecret();
    outcome.created = std::move(created);
    return outcome;
  }

  AuthenticatedContent MakeMessage(const SelectedProposals& selected,
                                   const PathOutcome& path) {
    Commit commit{.proposals = selected.items, .path = std::nullopt};
    if (path.created.has_value()) commit.path = path.created->path;
    AuthenticatedContent message{
        .wire_format = options_.encrypt ? WireFormat::kPrivateMessage
                                        : WireFormat::kPublicMessage,
        .content = {.group_id = state_.context().group_id,
                    .epoch = state_.epoch(),
                    .sender = MemberSender{state_.self()},
                    .authenticated_data = options_.authenticated_data,
                    .content = std::move(commit)}};
    Sign(state_.member().signer, state_.context_bytes(), message);
    return message;
  }

  absl::StatusOr<MadeCommit> Finish(SelectedProposals selected,
                                    PathOutcome path,
                                    AuthenticatedContent commit,
                                    AdvancedEpoch advanced) {
    EpochChange change{.committer = state_.self(),
                       .has_path = path.created.has_value(),
                       .proposals = std::move(selected.listed),
                       .added = selected.applied.added,
                       .removed = selected.applied.removed,
                       .updated = selected.applied.updated,
                       .re_init = selected.applied.re_init,
                       .authenticated_data = options_.authenticated_data};
    Secret joiner = std::move(advanced.joiner);
    Secret welcome_secret = std::move(advanced.welcome);
    EpochState next = MakeState(
        std::move(advanced.shared), std::move(advanced.secrets),
        {.path = std::move(path.keys), .signer = NextSigner().CloneSecret()},
        commit.auth.confirmation_tag);
    next.SetReInit(change.re_init);
    std::optional<Welcome> welcome;
    if (!change.added.empty()) {
      CORDON_ASSIGN_OR_RETURN(
          welcome, MakeWelcome(next, change, path.created,
                               {.psks = std::move(selected.applied.psks),
                                .joiner = std::move(joiner),
                                .welcome = std::move(welcome_secret)}));
    }
    // Last, because it may use up a key.
    CORDON_ASSIGN_OR_RETURN(
        Bytes bytes, Protect(std::move(commit), state_, services_.random));
    return MadeCommit{.commit = std::move(bytes),
                      .welcome = std::move(welcome),
                      .next = std::move(next),
                      .change = std::move(change)};
  }

  struct WelcomeSecrets {
    std::vector<PreSharedKeyId> psks;
    Secret joiner;
    Secret welcome;
  };

  absl::StatusOr<Welcome> MakeWelcome(const EpochState& next,
                                      const EpochChange& change,
                                      const std::optional<CreatedPath>& path,
                                      WelcomeSecrets inputs) {
    Welcome welcome;
    welcome.encrypted_group_info = SealGroupInfo(
        MakeGroupInfo(next, {.external_pub = false,
                             .tree = options_.tree,
                             .extensions = options_.welcome_extensions}),
        inputs.welcome);
    GroupSecrets secrets{
        .joiner_secret = SecretBytes::Copy(inputs.joiner.ExposeSecret()),
        .path_secret = std::nullopt,
        .psks = std::move(inputs.psks)};
    size_t adds = 0;
    for (const ListedProposal& each : change.proposals) {
      const auto* add = std::get_if<Add>(&each.proposal);
      if (add == nullptr) continue;
      const LeafIndex leaf = change.added[adds++];
      if (path.has_value()) {
        secrets.path_secret = SecretBytes::Copy(
            path->SecretFor(state_.self(), leaf).ExposeSecret());
      }
      const Digest ref = MakeKeyPackageRef(add->key_package);
      CORDON_ASSIGN_OR_RETURN(
          EncryptedGroupSecrets sealed,
          SealGroupSecrets(
              secrets,
              {.key_package_ref = ref, .init_key = add->key_package.init_key},
              welcome.encrypted_group_info, services_.random));
      welcome.secrets.push_back(std::move(sealed));
    }
    return welcome;
  }

  EpochState& state_;
  CommitOptions options_;
  const Services& services_;
};

}  // namespace

absl::StatusOr<MadeCommit> MakeCommit(EpochState& state, CommitOptions options,
                                      const Services& services) {
  return Maker(state, std::move(options), services).Run();
}

GroupInfo MakeGroupInfo(const EpochState& state, GroupInfoOptions options) {
  GroupInfo info{.group_context = state.context(),
                 .extensions = std::move(options.extensions),
                 .confirmation_tag = state.member().confirmation_tag,
                 .signer = state.self()};
  if (options.tree == TreePlace::kInside) {
    SetExtension(info.extensions,
                 MakeRatchetTree(codec::Serialize(state.tree())));
  }
  if (options.external_pub) {
    SetExtension(
        info.extensions,
        MakeExternalPub(ExternalKeyPair(state.member().external).public_key));
  }
  SignGroupInfo(state.member().signer, info);
  return info;
}

absl::StatusOr<Bytes> Protect(AuthenticatedContent content, EpochState& state,
                              RandomSource& random) {
  if (content.wire_format == WireFormat::kPrivateMessage) {
    OpeningKeys& keys = state.opening();
    CORDON_ASSIGN_OR_RETURN(
        SealedPrivate sealed,
        SealPrivate(content, {keys.sender_data, keys.messages}, random));
    return codec::Serialize(MlsMessage(std::move(sealed.message)));
  }
  CORDON_ASSIGN_OR_RETURN(
      PublicMessage message,
      ProtectPublic(std::move(content), state.member().membership_key,
                    state.context_bytes()));
  return codec::Serialize(MlsMessage(std::move(message)));
}

}  // namespace cordon::mls
