#include "crypto/mls/group.h"

#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/codec/writer.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/commit_follower.h"
#include "crypto/mls/commit_maker.h"
#include "crypto/mls/epoch_advance.h"
#include "crypto/mls/epoch_change.h"
#include "crypto/mls/epoch_state.h"
#include "crypto/mls/external_join.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/incoming.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/message_protection.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/pending_proposals.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/proposal_selection.h"
#include "crypto/mls/psk_secret.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/secret_tree.h"
#include "crypto/mls/services.h"
#include "crypto/mls/state_change.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_kem.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/welcome.h"
#include "crypto/mls/welcome_join.h"
#include "crypto/prim/hash.h"

namespace cordon::mls {
namespace {

// Asks the group for its own epochs first.
class GroupPsks final : public PskLookup {
 public:
  GroupPsks(const Group& group, const PskLookup& outer)
      : group_(group), outer_(outer) {}

  absl::StatusOr<SecretBytes> External(ByteSpan id) const override {
    return outer_.External(id);
  }
  absl::StatusOr<SecretBytes> Resumption(ByteSpan group_id,
                                         Epoch epoch) const override {
    if (Equal(group_id, group_.group_id())) {
      auto key = group_.ResumptionKey(epoch);
      if (key.ok()) return key;
    }
    return outer_.Resumption(group_id, epoch);
  }

 private:
  const Group& group_;
  const PskLookup& outer_;
};

Services WithPsks(const Services& services, const PskLookup& psks) {
  return {.checker = services.checker,
          .clock = services.clock,
          .random = services.random,
          .psks = psks};
}

// A member's own words.
AuthenticatedContent Say(const EpochState& state, Content content,
                         Bytes authenticated_data, WireFormat format) {
  AuthenticatedContent said{
      .wire_format = format,
      .content = {.group_id = state.context().group_id,
                  .epoch = state.epoch(),
                  .sender = MemberSender{state.self()},
                  .authenticated_data = std::move(authenticated_data),
                  .content = std::move(content)}};
  Sign(state.member().signer, state.context_bytes(), said);
  return said;
}

}  // namespace

// ---- beginnings ------------------------------------------------------------

absl::StatusOr<Group> Group::Create(const OwnKeyPackage& creator,
                                    CreateOptions options,
                                    const Services& services) {
  if (options.group_id.size() > kGroupIdBytesMax) {
    return absl::InvalidArgumentError("group: id beyond kGroupIdBytesMax");
  }
  const LeafNode& leaf = creator.key_package().leaf_node;
  CORDON_ASSIGN_OR_RETURN(
      const DeviceId device,
      ValidateLeaf(leaf, {.group_extensions = options.extensions,
                          .checker = services.checker,
                          .at = services.Entering()}));
  CORDON_ASSIGN_OR_RETURN(
      RatchetTree tree,
      RatchetTree::Create(TreeMember{.leaf = leaf, .device = device}));
  const Digest tree_hash = tree.RootHash();
  GroupContext context{.group_id = std::move(options.group_id),
                       .epoch = Epoch{0},
                       .tree_hash = ToBytes(tree_hash),
                       .extensions = std::move(options.extensions)};
  EpochSecrets secrets = ExpandEpochSecret(Secret::Random(services.random));
  const Digest tag = ConfirmationTag(secrets.confirmation_key, {});
  EpochState state = MakeState(
      EpochPublic::Of(std::move(context), std::move(tree)), std::move(secrets),
      {.path = PathKeys(LeafIndex{0}, creator.leaf_key().CloneSecret()),
       .signer = creator.signer().CloneSecret()},
      tag);
  state.SetFounding(std::move(options.founding));
  return Group(std::move(state));
}

absl::StatusOr<Group::Joined> Group::Join(const Welcome& welcome,
                                          const OwnKeyPackage& own,
                                          const JoinOptions& options,
                                          const Services& services) {
  CORDON_ASSIGN_OR_RETURN(JoinedEpoch joined,
                          JoinByWelcome(welcome, own, options, services));
  return Joined{.group = Group(std::move(joined.state)),
                .extensions = std::move(joined.extensions),
                .welcomed_by = joined.signer};
}

absl::StatusOr<Group::ExternallyJoined> Group::JoinExternal(
    const GroupInfo& info, const Identity& identity,
    const ExternalJoinOptions& options, const Services& services) {
  CORDON_ASSIGN_OR_RETURN(MadeExternalJoin made,
                          JoinByCommit(info, identity, options, services));
  Group group(std::move(made.next));
  GroupInfo next_info = group.ExportGroupInfo({});
  return ExternallyJoined{.commit = std::move(made.commit),
                          .group_info = std::move(next_info),
                          .change = std::move(made.change),
                          .group = std::move(group)};
}

absl::StatusOr<Group> Group::Load(const std::vector<StatePiece>& pieces) {
  std::map<Epoch, std::vector<const StatePiece*>> epochs;
  for (const StatePiece& piece : pieces) {
    CORDON_ASSIGN_OR_RETURN(const Epoch epoch, EpochOfPiece(piece.name));
    epochs[epoch].push_back(&piece);
  }
  if (epochs.empty()) return absl::DataLossError("group: nothing stored");
  auto last = std::prev(epochs.end());
  CORDON_ASSIGN_OR_RETURN(EpochState current,
                          EpochState::Restore(last->second));
  if (current.retired()) return absl::DataLossError("group: keys missing");
  Group group(std::move(current));
  for (auto each = epochs.begin(); each != last; ++each) {
    CORDON_ASSIGN_OR_RETURN(EpochState past, EpochState::Restore(each->second));
    past.Retire(group.erased_);
    group.past_.push_back(std::move(past));
  }
  group.TrimPast();
  return group;
}

// ---- looking ---------------------------------------------------------------

const std::optional<ReInit>& Group::re_init() const {
  return current_.member().re_init;
}

EpochState* Group::FindEpoch(Epoch epoch) {
  if (epoch == current_.epoch()) return &current_;
  for (EpochState& past : past_) {
    if (past.epoch() == epoch) return &past;
  }
  return nullptr;
}

absl::Status Group::CheckGoesOn() const {
  if (re_init().has_value()) {
    return absl::FailedPreconditionError("group: has ended");
  }
  return absl::OkStatus();
}

// ---- towards the next epoch -------------------------------------------------

absl::StatusOr<Bytes> Group::Propose(Proposal proposal, ProposeOptions options,
                                     const Services& services) {
  if (std::holds_alternative<Update>(proposal)) {
    return absl::InvalidArgumentError("group: updates by ProposeUpdate");
  }
  const GroupPsks psks(*this, services.psks);
  const Sender self = MemberSender{current_.self()};
  CORDON_RETURN_IF_ERROR(
      ValidateAlone(current_, proposal, self, WithPsks(services, psks)));
  return Send({.ref = {}, .proposal = std::move(proposal), .sender = self},
              std::move(options), services);
}

absl::StatusOr<Bytes> Group::ProposeUpdate(std::optional<Identity> identity,
                                           ProposeOptions options,
                                           const Services& services) {
  const LeafNode& old = tree().Member(self())->leaf;
  Ed25519PrivateKey signer = identity.has_value()
                                 ? identity->signer.CloneSecret()
                                 : current_.member().signer.CloneSecret();
  LeafNode leaf = identity.has_value() ? identity->MakeLeaf() : old;
  hpke::KeyPair leaf_key = hpke::KeyPair::Generate(services.random);
  leaf.encryption_key = ToBytes(leaf_key.public_key);
  leaf.source = LeafNodeSource::kUpdate;
  leaf.lifetime = {};
  leaf.parent_hash.clear();
  SignLeafNode(signer, {.group_id = group_id(), .index = self()}, leaf);
  CORDON_RETURN_IF_ERROR(
      services.checker.CheckSuccessor(old.credential, leaf.credential));
  CORDON_RETURN_IF_ERROR(
      ValidateLeaf(leaf, {.group_extensions = context().extensions,
                          .checker = services.checker,
                          .at = services.Entering()})
          .status());
  return Send({.ref = {},
               .proposal = Update{.leaf_node = std::move(leaf)},
               .sender = MemberSender{self()},
               .own_keys = ProposedLeafKeys{.leaf_key = std::move(leaf_key),
                                            .signer = std::move(signer)}},
              std::move(options), services);
}

absl::StatusOr<Bytes> Group::Send(PendingProposal proposal,
                                  ProposeOptions options,
                                  const Services& services) {
  CORDON_RETURN_IF_ERROR(CheckGoesOn());
  CORDON_RETURN_IF_ERROR(current_.proposals().CheckRoomFor(proposal.sender));
  AuthenticatedContent said =
      Say(current_, proposal.proposal, std::move(options.authenticated_data),
          options.encrypt ? WireFormat::kPrivateMessage
                          : WireFormat::kPublicMessage);
  proposal.ref = MakeProposalRef(codec::Serialize(said));
  CORDON_ASSIGN_OR_RETURN(Bytes message,
                          Protect(std::move(said), current_, services.random));
  CORDON_RETURN_IF_ERROR(current_.proposals().Add(std::move(proposal)));
  return message;
}

absl::StatusOr<PendingCommit> Group::Commit(CommitOptions options,
                                            const Services& services) {
  CORDON_RETURN_IF_ERROR(CheckGoesOn());
  const GroupPsks psks(*this, services.psks);
  CORDON_ASSIGN_OR_RETURN(
      MadeCommit made,
      MakeCommit(current_, std::move(options), WithPsks(services, psks)));
  GroupInfo info = MakeGroupInfo(made.next, {});
  return PendingCommit{
      .commit = std::move(made.commit),
      .welcome = std::move(made.welcome),
      .group_info = std::move(info),
      .next = NextEpoch(std::move(made.next), std::move(made.change),
                        context().confirmed_transcript_hash)};
}

absl::StatusOr<Processed> Group::Process(ByteSpan message,
                                         const Services& services) {
  CORDON_RETURN_IF_ERROR(CheckGoesOn());
  CORDON_ASSIGN_OR_RETURN(const MlsMessage parsed, ParseMlsMessage(message));
  if (const auto* shown = std::get_if<PublicMessage>(&parsed)) {
    CORDON_ASSIGN_OR_RETURN(Incoming incoming, Unprotect(*shown, current_));
    return Take(std::move(incoming), services);
  }
  const auto* sealed = std::get_if<PrivateMessage>(&parsed);
  if (sealed == nullptr || sealed->content_type == ContentType::kApplication) {
    return absl::InvalidArgumentError("group: no handshake message");
  }
  CORDON_ASSIGN_OR_RETURN(Incoming incoming, Unprotect(*sealed, current_));
  return Take(std::move(incoming), services);
}

absl::StatusOr<Processed> Group::Take(Incoming incoming,
                                      const Services& services) {
  const GroupPsks psks(*this, services.psks);
  const Services with_psks = WithPsks(services, psks);
  const FramedContent& content = incoming.content.content;
  if (std::holds_alternative<Proposal>(content.content)) {
    return Keep(std::move(incoming), with_psks);
  }
  CORDON_ASSIGN_OR_RETURN(FollowedCommit followed,
                          FollowCommit(current_, incoming.content, with_psks));
  if (!followed.next.has_value()) {
    return RemovedByCommit{.change = std::move(followed.change)};
  }
  NextEpoch next(*std::move(followed.next), std::move(followed.change),
                 context().confirmed_transcript_hash);
  next.lease_ = std::move(incoming.lease);
  return next;
}

absl::StatusOr<Processed> Group::Keep(Incoming incoming,
                                      const Services& services) {
  const ProposalRef ref = MakeProposalRef(codec::Serialize(incoming.content));
  FramedContent& content = incoming.content.content;
  KeptProposal kept{.ref = ref,
                    .proposal = std::get<Proposal>(std::move(content.content)),
                    .sender = content.sender};
  CORDON_RETURN_IF_ERROR(
      ValidateHeard(current_, kept.proposal, kept.sender, services));
  CORDON_RETURN_IF_ERROR(current_.proposals().Add(
      {.ref = ref, .proposal = kept.proposal, .sender = kept.sender}));
  if (incoming.lease.has_value()) {
    CORDON_RETURN_IF_ERROR(
        current_.opening().messages.Consume(*std::move(incoming.lease)));
  }
  return kept;
}

absl::Status Group::Adopt(NextEpoch next) {
  if (!Equal(next.context().group_id, group_id()) || next.base() != epoch() ||
      next.base_hash_ != context().confirmed_transcript_hash) {
    return absl::FailedPreconditionError("group: not the next epoch of this");
  }
  if (next.lease_.has_value()) {
    CORDON_RETURN_IF_ERROR(
        current_.opening().messages.Consume(*std::move(next.lease_)));
  }
  current_.Retire(erased_);
  past_.push_back(std::move(current_));
  current_ = std::move(next.state_);
  TrimPast();
  return absl::OkStatus();
}

void Group::TrimPast() {
  while (past_.size() > kPastEpochsMax) {
    past_.front().EraseAll(erased_);
    past_.pop_front();
  }
}

// ---- what an epoch is good for ----------------------------------------------

absl::StatusOr<SealedMessage> Group::Seal(ByteSpan data,
                                          ByteSpan authenticated_data,
                                          RandomSource& random) {
  CORDON_RETURN_IF_ERROR(CheckGoesOn());
  if (has_proposals()) {
    return absl::FailedPreconditionError("group: proposals wait for a commit");
  }
  OpeningKeys& keys = current_.opening();
  CORDON_ASSIGN_OR_RETURN(
      SealedPrivate sealed,
      SealPrivate(Say(current_, ApplicationData{ToBytes(data)},
                      ToBytes(authenticated_data), WireFormat::kPrivateMessage),
                  {keys.sender_data, keys.messages}, random));
  return SealedMessage{
      .message = codec::Serialize(MlsMessage(std::move(sealed.message))),
      .epoch = epoch(),
      .generation = sealed.generation};
}

absl::StatusOr<OpenedMessage> Group::Open(ByteSpan message) {
  CORDON_ASSIGN_OR_RETURN(const auto sealed, ParseAs<PrivateMessage>(message));
  if (sealed.content_type != ContentType::kApplication) {
    return absl::InvalidArgumentError("group: no application message");
  }
  EpochState* state =
      Equal(sealed.group_id, group_id()) ? FindEpoch(sealed.epoch) : nullptr;
  if (state == nullptr) {
    return absl::AbortedError("group: epoch not known, or no longer");
  }
  CORDON_ASSIGN_OR_RETURN(Incoming incoming, Unprotect(sealed, *state));
  FramedContent& content = incoming.content.content;
  const LeafIndex sender = std::get<MemberSender>(content.sender).leaf;
  const TreeMember& member = *state->tree().Member(sender);
  OpenedMessage opened{
      .data = std::get<ApplicationData>(std::move(content.content)).data,
      .authenticated_data = std::move(content.authenticated_data),
      .epoch = state->epoch(),
      .sender = sender,
      .generation = incoming.lease->generation(),
      .device = member.device,
      .leaf = member.leaf};
  CORDON_RETURN_IF_ERROR(
      state->opening().messages.Consume(*std::move(incoming.lease)));
  return opened;
}

SecretBytes Group::Export(absl::string_view label, ByteSpan context,
                          size_t size_bytes) const {
  return mls::Export(current_.member().exporter, label, context, size_bytes);
}

ByteSpan Group::EpochAuthenticator() const {
  return current_.member().epoch_authenticator.ExposeSecret();
}

absl::StatusOr<SecretBytes> Group::ResumptionKey(Epoch epoch) const {
  const auto key_of = [](const EpochState& state) {
    return SecretBytes::Copy(state.opening().resumption_psk.ExposeSecret());
  };
  if (epoch == current_.epoch()) return key_of(current_);
  for (const EpochState& past : past_) {
    if (past.epoch() == epoch) return key_of(past);
  }
  return absl::NotFoundError("group: epoch not known, or no longer");
}

GroupInfo Group::ExportGroupInfo(GroupInfoOptions options) const {
  return MakeGroupInfo(current_, std::move(options));
}

// ---- storage ----------------------------------------------------------------

StateChanges NextEpoch::TakeChanges() {
  StateChanges changes;
  state_.SaveTo(changes);
  return changes;
}

StateChanges Group::TakeChanges() {
  StateChanges changes = std::move(erased_);
  erased_.clear();
  for (EpochState& past : past_) past.SaveTo(changes);
  current_.SaveTo(changes);
  return changes;
}

}  // namespace cordon::mls
