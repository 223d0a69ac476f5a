#include "crypto/mls/public_group.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/proposal_rules.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/transcript.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_nodes.h"
#include "crypto/mls/tree_validation.h"
#include "crypto/mls/update_path.h"
#include "crypto/prim/hash.h"

namespace cordon::mls {
namespace {

// The first byte of what Write writes.
constexpr uint8_t kFormat = 2;

std::optional<LeafIndex> MemberOf(const Sender& sender) {
  const auto* const member = std::get_if<MemberSender>(&sender);
  if (member == nullptr) return std::nullopt;
  return member->leaf;
}

absl::StatusOr<Bytes> KeyOfMember(const RatchetTree& tree, LeafIndex leaf) {
  const TreeMember* const member = tree.Member(leaf);
  if (member == nullptr) {
    return absl::InvalidArgumentError("public group: sender is no member");
  }
  return member->leaf.signature_key;
}

absl::StatusOr<Bytes> KeyOfOutsider(const Extensions& extensions,
                                    uint32_t index) {
  CORDON_ASSIGN_OR_RETURN(const auto senders, FindExternalSenders(extensions));
  if (index >= senders.size()) {
    return absl::InvalidArgumentError("public group: unknown external sender");
  }
  return senders[index].signature_key;
}

// KeyOfJoiner: someone who is not in the tree signs with the key that the
// message itself brings along (6.1).
absl::StatusOr<Bytes> KeyOfJoiner(const Content& content) {
  if (const auto* commit = std::get_if<Commit>(&content)) {
    if (commit->path.has_value()) return commit->path->leaf_node.signature_key;
  } else if (const auto* proposal = std::get_if<Proposal>(&content)) {
    if (const auto* add = std::get_if<Add>(proposal)) {
      return add->key_package.leaf_node.signature_key;
    }
  }
  return absl::InvalidArgumentError("public group: joiner without a leaf");
}

// What the path's leaf takes the place of, if it is anyone's.
const Credential* FormerOf(const RatchetTree& tree,
                           std::optional<LeafIndex> committer,
                           const std::vector<LeafIndex>& removed) {
  if (committer.has_value()) return &tree.Member(*committer)->leaf.credential;
  if (removed.empty()) return nullptr;
  return &tree.Member(removed.front())->leaf.credential;
}

absl::StatusOr<std::vector<DeviceId>> ReadDevices(codec::Reader& in) {
  return codec::ReadVectorOf<DeviceId>(
      in, kTreeLeavesMax.value,
      [](codec::Reader& content) -> absl::StatusOr<DeviceId> {
        CORDON_ASSIGN_OR_RETURN(const ByteSpan id,
                                content.Fixed(DeviceId::kBytes));
        return DeviceId::Parse(id);
      });
}

absl::StatusOr<ListedProposal> ReadListed(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const bool by_member, in.Present());
  std::optional<LeafIndex> author;
  if (by_member) {
    CORDON_ASSIGN_OR_RETURN(const uint32_t leaf, in.U32());
    author = LeafIndex{leaf};
  }
  CORDON_ASSIGN_OR_RETURN(Proposal proposal, ReadProposal(in));
  return ListedProposal{
      .proposal = std::move(proposal), .author = author, .by_reference = true};
}

absl::StatusOr<RatchetTree> ReadTree(codec::Reader& in, ByteSpan tree) {
  CORDON_ASSIGN_OR_RETURN(TreeNodes nodes, ParseTreeNodes(tree));
  CORDON_ASSIGN_OR_RETURN(const auto devices, ReadDevices(in));
  const auto leaves = std::count_if(
      nodes.begin(), nodes.end(),
      [](const Node& node) { return std::holds_alternative<LeafNode>(node); });
  if (static_cast<size_t>(leaves) != devices.size()) {
    return absl::InvalidArgumentError("public group: not a device a leaf");
  }
  return RatchetTree::FromNodes(std::move(nodes), devices);
}

}  // namespace

PublicGroup::PublicGroup(GroupContext context, RatchetTree tree, Digest interim)
    : context_(std::move(context)),
      tree_(std::move(tree)),
      interim_transcript_hash_(interim) {}

absl::StatusOr<PublicGroup> PublicGroup::FromGroupInfo(
    const GroupInfo& info, TreeNodes tree, const PublicChecks& checks) {
  const GroupContext& context = info.group_context;
  CORDON_RETURN_IF_ERROR(CheckOurs(context));
  const LeafRules rules{.group_extensions = context.extensions,
                        .checker = checks.checker,
                        .at = {.instant = checks.instant,
                               .standing = CheckAt::Standing::kStanding}};
  CORDON_ASSIGN_OR_RETURN(
      RatchetTree valid,
      ValidateTree(std::move(tree), context.group_id, rules));
  PublicGroup group(context, std::move(valid),
                    InterimTranscriptHash(context.confirmed_transcript_hash,
                                          info.confirmation_tag));
  CORDON_RETURN_IF_ERROR(group.CheckGroupInfo(info));
  return group;
}

absl::Status PublicGroup::CheckGroupInfo(const GroupInfo& info) const {
  if (info.group_context != context_ ||
      !Equal(info.group_context.tree_hash, tree_.RootHash())) {
    return absl::InvalidArgumentError("group info: of another state or tree");
  }
  if (InterimTranscriptHash(context_.confirmed_transcript_hash,
                            info.confirmation_tag) !=
      interim_transcript_hash_) {
    return absl::InvalidArgumentError("group info: another confirmation tag");
  }
  CORDON_ASSIGN_OR_RETURN(const Bytes key, KeyOfMember(tree_, info.signer));
  return VerifyGroupInfo(info, key);
}

absl::Status PublicGroup::CheckFrame(const FramedContent& content) const {
  if (ended_) {
    return absl::FailedPreconditionError("public group: ended by a ReInit");
  }
  if (content.group_id != context_.group_id) {
    return absl::InvalidArgumentError("public group: message of another group");
  }
  if (content.epoch != context_.epoch) {
    return absl::AbortedError("public group: message of another epoch");
  }
  return CheckSender(content);
}

absl::Status PublicGroup::CheckSignature(
    const AuthenticatedContent& content) const {
  const FramedContent& framed = content.content;
  absl::StatusOr<Bytes> key = KeyOfJoiner(framed.content);
  if (const auto member = MemberOf(framed.sender)) {
    key = KeyOfMember(tree_, *member);
  } else if (const auto* out = std::get_if<OutsideSender>(&framed.sender)) {
    key = KeyOfOutsider(context_.extensions, out->index);
  }
  if (!key.ok()) return key.status();
  return VerifySignature(content, codec::Serialize(context_), *key);
}

CommitBase PublicGroup::BaseOf(std::optional<LeafIndex> committer,
                               const PublicChecks& checks) const {
  return {.tree = tree_,
          .context = context_,
          .committer = committer,
          .checker = checks.checker,
          .at = {.instant = checks.instant}};
}

// As members count in pending_proposals.h.
absl::Status PublicGroup::CheckRoomFor(std::optional<LeafIndex> author) const {
  if (heard_.size() >= kPendingProposalsMax) {
    return absl::ResourceExhaustedError(
        "public group: proposals beyond kPendingProposalsMax");
  }
  if (!author.has_value()) return absl::OkStatus();
  const auto of_author = std::count_if(
      heard_.begin(), heard_.end(),
      [&author](const auto& each) { return each->listed.author == author; });
  if (static_cast<size_t>(of_author) < kProposalsPerMemberMax) {
    return absl::OkStatus();
  }
  return absl::ResourceExhaustedError(
      "public group: proposals of one member beyond kProposalsPerMemberMax");
}

absl::StatusOr<PublicGroup> PublicGroup::Hear(
    const PublicMessage& message, const PublicChecks& checks) const {
  const FramedContent& content = message.content.content;
  CORDON_RETURN_IF_ERROR(CheckFrame(content));
  const auto* const proposal = std::get_if<Proposal>(&content.content);
  if (proposal == nullptr) {
    return absl::InvalidArgumentError("public group: not a proposal");
  }
  CORDON_RETURN_IF_ERROR(CheckSignature(message.content));
  Heard heard{.ref = MakeProposalRef(codec::Serialize(message.content)),
              .listed = {.proposal = *proposal,
                         .author = MemberOf(content.sender),
                         .by_reference = true}};
  CORDON_RETURN_IF_ERROR(
      ValidateProposal(heard.listed, BaseOf(std::nullopt, checks)));
  const bool known = std::any_of(
      heard_.begin(), heard_.end(),
      [&heard](const auto& each) { return each->ref == heard.ref; });
  PublicGroup next = *this;
  if (known) return next;
  CORDON_RETURN_IF_ERROR(CheckRoomFor(heard.listed.author));
  next.heard_.push_back(std::make_shared<const Heard>(std::move(heard)));
  return next;
}

absl::StatusOr<std::vector<ListedProposal>> PublicGroup::Resolve(
    const Commit& commit, std::optional<LeafIndex> committer) const {
  std::vector<ListedProposal> list;
  list.reserve(commit.proposals.size());
  for (const ProposalOrRef& item : commit.proposals) {
    if (const auto* proposal = std::get_if<Proposal>(&item)) {
      list.push_back({.proposal = *proposal, .author = committer});
      continue;
    }
    const auto& ref = std::get<ProposalRef>(item);
    const auto found =
        std::find_if(heard_.begin(), heard_.end(),
                     [&ref](const auto& each) { return each->ref == ref; });
    if (found == heard_.end()) {
      return absl::NotFoundError("public group: proposal never heard");
    }
    list.push_back((*found)->listed);
  }
  return list;
}

absl::StatusOr<PublicGroup::Merged> PublicGroup::Merge(
    const Commit& commit, std::optional<LeafIndex> author,
    const AppliedProposals& applied, const PublicChecks& checks) const {
  if (!commit.path.has_value()) {
    if (applied.path_required || !author.has_value()) {
      return absl::InvalidArgumentError("commit: path is missing");
    }
    return Merged{.tree = applied.tree, .committer = *author};
  }
  RatchetTree tree = applied.tree;
  LeafIndex committer = author.value_or(LeafIndex{});
  if (!author.has_value()) {
    CORDON_ASSIGN_OR_RETURN(committer, tree.ReserveLeaf());
  }
  const PathPlace place{.group_id = context_.group_id,
                        .sender = committer,
                        .added = applied.added,
                        .former = FormerOf(tree_, author, applied.removed)};
  const LeafRules rules{.group_extensions = applied.extensions,
                        .checker = checks.checker,
                        .at = {.instant = checks.instant}};
  CORDON_ASSIGN_OR_RETURN(RatchetTree merged,
                          MergePath(tree, *commit.path, place, rules));
  return Merged{.tree = std::move(merged), .committer = committer};
}

absl::StatusOr<PublicCommit> PublicGroup::Follow(
    const PublicMessage& message, const PublicChecks& checks) const {
  const AuthenticatedContent& signed_content = message.content;
  CORDON_RETURN_IF_ERROR(CheckFrame(signed_content.content));
  const auto* const commit =
      std::get_if<Commit>(&signed_content.content.content);
  if (commit == nullptr) {
    return absl::InvalidArgumentError("public group: not a commit");
  }
  if (signed_content.auth.confirmation_tag.size() != kHashBytes) {
    return absl::InvalidArgumentError("commit: tag of a wrong size");
  }
  CORDON_RETURN_IF_ERROR(CheckSignature(signed_content));

  const auto author = MemberOf(signed_content.content.sender);
  CORDON_ASSIGN_OR_RETURN(auto list, Resolve(*commit, author));
  CORDON_ASSIGN_OR_RETURN(AppliedProposals applied,
                          ApplyProposals(list, BaseOf(author, checks)));
  CORDON_ASSIGN_OR_RETURN(Merged merged,
                          Merge(*commit, author, applied, checks));
  const Digest confirmed =
      ConfirmedTranscriptHash(interim_transcript_hash_, signed_content);
  const Digest tree_hash = merged.tree.RootHash();
  GroupContext context{.version = context_.version,
                       .cipher_suite = context_.cipher_suite,
                       .group_id = context_.group_id,
                       .epoch = context_.epoch.Next(),
                       .tree_hash = ToBytes(tree_hash),
                       .confirmed_transcript_hash = ToBytes(confirmed),
                       .extensions = std::move(applied.extensions)};
  PublicGroup next(
      std::move(context), std::move(merged.tree),
      InterimTranscriptHash(confirmed, signed_content.auth.confirmation_tag));
  next.ended_ = applied.re_init.has_value();
  return PublicCommit{.next = std::move(next),
                      .committer = merged.committer,
                      .external = !author.has_value(),
                      .has_path = commit->path.has_value(),
                      .proposals = std::move(list),
                      .added = std::move(applied.added),
                      .removed = std::move(applied.removed),
                      .updated = std::move(applied.updated)};
}

//   uint8 format; GroupContext context; opaque interim_transcript_hash[32];
//   uint8 ended; opaque devices[32]<V>;
//   struct { opaque ref<V>; optional<uint32> author; Proposal proposal; }
//                                                                proposals<V>;
void Write(const PublicGroup& group, codec::Writer& out) {
  out.U8(kFormat);
  Write(group.context_, out);
  out.Fixed(group.interim_transcript_hash_);
  out.Present(group.ended_);
  out.Nested([&group](codec::Writer& content) {
    for (const LeafIndex leaf : group.tree_.Members()) {
      content.Fixed(group.tree_.Member(leaf)->device.span());
    }
  });
  out.Nested([&group](codec::Writer& content) {
    for (const auto& heard : group.heard_) {
      content.Vector(heard->ref);
      content.Present(heard->listed.author.has_value());
      if (heard->listed.author.has_value()) {
        content.U32(heard->listed.author->value);
      }
      Write(heard->listed.proposal, content);
    }
  });
}

absl::StatusOr<PublicGroup> PublicGroup::Parse(ByteSpan state, ByteSpan tree) {
  codec::Reader in(state);
  CORDON_ASSIGN_OR_RETURN(const uint8_t format, in.U8());
  if (format != kFormat) {
    return absl::InvalidArgumentError("public group: unknown format");
  }
  CORDON_ASSIGN_OR_RETURN(GroupContext context, ReadGroupContext(in));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan interim, in.Fixed(kDigestBytes));
  CORDON_ASSIGN_OR_RETURN(const bool ended, in.Present());
  CORDON_ASSIGN_OR_RETURN(RatchetTree read, ReadTree(in, tree));
  Digest interim_hash{};
  std::copy(interim.begin(), interim.end(), interim_hash.begin());
  PublicGroup group(std::move(context), std::move(read), interim_hash);
  group.ended_ = ended;
  CORDON_ASSIGN_OR_RETURN(codec::Reader heard, in.Nested());
  while (!heard.AtEnd()) {
    CORDON_ASSIGN_OR_RETURN(const ByteSpan ref, heard.Vector());
    CORDON_ASSIGN_OR_RETURN(ListedProposal listed, ReadListed(heard));
    group.heard_.push_back(std::make_shared<const Heard>(
        Heard{.ref = ToBytes(ref), .listed = std::move(listed)}));
  }
  CORDON_RETURN_IF_ERROR(in.End());
  if (!Equal(group.context_.tree_hash, group.tree_.RootHash())) {
    return absl::InvalidArgumentError("public group: not its tree");
  }
  return group;
}

}  // namespace cordon::mls
