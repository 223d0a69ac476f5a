#include "crypto/mls/incoming.h"

#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/epoch_state.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/message_protection.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/ratchet_tree.h"

namespace cordon::mls {
namespace {

absl::Status CheckPlace(ByteSpan group_id, Epoch epoch,
                        const EpochState& state) {
  if (!Equal(group_id, state.context().group_id) || epoch != state.epoch()) {
    return absl::AbortedError("message: of another group or epoch");
  }
  return absl::OkStatus();
}

absl::Status VerifySender(const AuthenticatedContent& content,
                          const EpochState& state) {
  CORDON_ASSIGN_OR_RETURN(
      const Bytes key,
      FindSenderKey(content.content, state.tree(), state.context()));
  return VerifySignature(content, state.context_bytes(), key);
}

absl::StatusOr<Bytes> OutsiderKey(const OutsideSender& sender,
                                  const GroupContext& context) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<ExternalSender> senders,
                          FindExternalSenders(context.extensions));
  if (sender.index >= senders.size()) {
    return absl::InvalidArgumentError("message: no such external sender");
  }
  return senders[sender.index].signature_key;
}

}  // namespace

absl::StatusOr<Bytes> FindSenderKey(const FramedContent& content,
                                    const RatchetTree& tree,
                                    const GroupContext& context) {
  CORDON_RETURN_IF_ERROR(CheckSender(content));
  if (const auto* member = std::get_if<MemberSender>(&content.sender)) {
    const TreeMember* found = tree.Member(member->leaf);
    if (found == nullptr) {
      return absl::InvalidArgumentError("message: from a blank leaf");
    }
    return found->leaf.signature_key;
  }
  if (const auto* outsider = std::get_if<OutsideSender>(&content.sender)) {
    return OutsiderKey(*outsider, context);
  }
  if (std::holds_alternative<NewMemberCommitSender>(content.sender)) {
    const Commit& commit = std::get<Commit>(content.content);
    if (!commit.path.has_value()) {
      return absl::InvalidArgumentError("external commit: without a path");
    }
    return commit.path->leaf_node.signature_key;
  }
  const auto& add = std::get<Add>(std::get<Proposal>(content.content));
  return add.key_package.leaf_node.signature_key;
}

absl::StatusOr<Incoming> Unprotect(const PublicMessage& message,
                                   const EpochState& state) {
  const FramedContent& content = message.content.content;
  CORDON_RETURN_IF_ERROR(CheckPlace(content.group_id, content.epoch, state));
  CORDON_RETURN_IF_ERROR(VerifyPublic(message, state.member().membership_key,
                                      state.context_bytes()));
  CORDON_RETURN_IF_ERROR(VerifySender(message.content, state));
  return Incoming{.content = message.content, .lease = std::nullopt};
}

absl::StatusOr<Incoming> Unprotect(const PrivateMessage& message,
                                   EpochState& state) {
  CORDON_RETURN_IF_ERROR(CheckPlace(message.group_id, message.epoch, state));
  OpeningKeys& keys = state.opening();
  CORDON_ASSIGN_OR_RETURN(
      OpenedPrivate opened,
      OpenPrivate(message, {keys.sender_data, keys.messages}));
  CORDON_RETURN_IF_ERROR(VerifySender(opened.content, state));
  return Incoming{.content = std::move(opened.content),
                  .lease = std::move(opened.lease)};
}

}  // namespace cordon::mls
