#include "crypto/mls/external_join.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
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
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/proposal_rules.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/psk_secret.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/services.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/transcript.h"
#include "crypto/mls/tree_kem.h"
#include "crypto/mls/welcome_join.h"
#include "crypto/prim/hash.h"

namespace cordon::mls {
namespace {

absl::StatusOr<ExternalInitSecret> MakeInit(const GroupInfo& info,
                                            const Services& services) {
  CORDON_ASSIGN_OR_RETURN(const std::optional<Bytes> external_pub,
                          FindExternalPub(info.extensions));
  if (!external_pub.has_value()) {
    return absl::FailedPreconditionError("group info: no external_pub");
  }
  return SealExternalInit(*external_pub, services.random);
}

absl::StatusOr<TreeMember> MakeMember(const Identity& identity,
                                      const GroupContext& context,
                                      const Services& services) {
  LeafNode leaf = identity.MakeLeaf();
  CORDON_RETURN_IF_ERROR(CheckSupports(leaf.capabilities, context.extensions));
  CORDON_ASSIGN_OR_RETURN(
      const DeviceId device,
      services.checker.Identify(leaf.credential, leaf.signature_key,
                                services.Entering()));
  return TreeMember{.leaf = std::move(leaf), .device = device};
}

std::vector<ListedProposal> MakeProposals(const Bytes& kem_output,
                                          const TreeMember& member,
                                          const RatchetTree& tree,
                                          const ExternalJoinOptions& options) {
  std::vector<ListedProposal> listed = {
      {.proposal = ExternalInit{.kem_output = kem_output}}};
  const auto former = tree.FindDevice(member.device);
  if (options.replace_own_leaf && former.has_value()) {
    listed.push_back({.proposal = Remove{.removed = *former}});
  }
  for (const PreSharedKeyId& psk : options.psks) {
    listed.push_back({.proposal = PreSharedKey{.psk = psk}});
  }
  return listed;
}

AuthenticatedContent MakeMessage(const std::vector<ListedProposal>& listed,
                                 UpdatePath path, const GroupContext& context,
                                 const ExternalJoinOptions& options) {
  Commit commit{.proposals = {}, .path = std::move(path)};
  for (const ListedProposal& each : listed) {
    commit.proposals.emplace_back(each.proposal);
  }
  return AuthenticatedContent{
      .wire_format = WireFormat::kPublicMessage,
      .content = {.group_id = context.group_id,
                  .epoch = context.epoch,
                  .sender = NewMemberCommitSender{},
                  .authenticated_data = options.authenticated_data,
                  .content = std::move(commit)}};
}

}  // namespace

absl::StatusOr<MadeExternalJoin> JoinByCommit(
    const GroupInfo& info, const Identity& identity,
    const ExternalJoinOptions& options, const Services& services) {
  const GroupContext& old = info.group_context;
  CORDON_RETURN_IF_ERROR(CheckOurs(old));
  CORDON_ASSIGN_OR_RETURN(const RatchetTree tree,
                          TreeOf(info, options.tree, services));
  CORDON_ASSIGN_OR_RETURN(const ExternalInitSecret init,
                          MakeInit(info, services));
  CORDON_ASSIGN_OR_RETURN(TreeMember member,
                          MakeMember(identity, old, services));
  EpochChange change{.external = true,
                     .has_path = true,
                     .authenticated_data = options.authenticated_data};
  change.proposals = MakeProposals(init.kem_output, member, tree, options);
  CORDON_ASSIGN_OR_RETURN(
      AppliedProposals applied,
      ApplyProposals(change.proposals, {.tree = tree,
                                        .context = old,
                                        .committer = std::nullopt,
                                        .checker = services.checker,
                                        .at = services.Entering()}));
  CORDON_ASSIGN_OR_RETURN(change.committer, applied.tree.ReserveLeaf());
  change.removed = applied.removed;
  CORDON_ASSIGN_OR_RETURN(
      CreatedPath path, CreatePath({.tree = applied.tree,
                                    .sender = change.committer,
                                    .added = {},
                                    .context = ProvisionalContext(
                                        old, applied.tree, applied.extensions),
                                    .signer = identity.signer},
                                   std::move(member), services.random));
  CORDON_ASSIGN_OR_RETURN(const Secret psk_secret,
                          DerivePskSecret(applied.psks, services.psks));
  AuthenticatedContent message =
      MakeMessage(change.proposals, std::move(path.path), old, options);
  Sign(identity.signer, codec::Serialize(old), message);
  GroupContext context = ProvisionalContext(old, path.tree, applied.extensions);
  const Digest interim = InterimTranscriptHash(old.confirmed_transcript_hash,
                                               info.confirmation_tag);
  AdvancedEpoch advanced =
      Advance({.interim_transcript_hash = interim,
               .init = init.init,
               .commit_secret = path.commit_secret,
               .psk_secret = psk_secret},
              message, std::move(context), std::move(path.tree));
  message.auth.confirmation_tag = ToBytes(advanced.confirmation_tag);
  return MadeExternalJoin{
      .commit = codec::Serialize(
          MlsMessage(PublicMessage{.content = std::move(message)})),
      .next = MakeState(std::move(advanced.shared), std::move(advanced.secrets),
                        {.path = std::move(path.keys),
                         .signer = identity.signer.CloneSecret()},
                        advanced.confirmation_tag),
      .change = std::move(change)};
}

}  // namespace cordon::mls
