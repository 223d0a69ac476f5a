#include "crypto/mls/authenticated_content.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/labels.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/proposal_rules.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {
namespace {

constexpr absl::string_view kContentLabel = "FramedContentTBS";

enum class SenderType : uint8_t {
  kMember = 1,
  kExternal = 2,
  kNewMemberProposal = 3,
  kNewMemberCommit = 4
};

void WriteType(SenderType type, codec::Writer& out) {
  out.U8(static_cast<uint8_t>(type));
}

void WriteSender(const MemberSender& sender, codec::Writer& out) {
  WriteType(SenderType::kMember, out);
  out.U32(sender.leaf.value);
}
void WriteSender(const OutsideSender& sender, codec::Writer& out) {
  WriteType(SenderType::kExternal, out);
  out.U32(sender.index);
}
void WriteSender(const NewMemberProposalSender& /*sender*/,
                 codec::Writer& out) {
  WriteType(SenderType::kNewMemberProposal, out);
}
void WriteSender(const NewMemberCommitSender& /*sender*/, codec::Writer& out) {
  WriteType(SenderType::kNewMemberCommit, out);
}

bool SignsContext(const Sender& sender) {
  return std::holds_alternative<MemberSender>(sender) ||
         std::holds_alternative<NewMemberCommitSender>(sender);
}

}  // namespace

void Write(const Sender& sender, codec::Writer& out) {
  std::visit([&out](const auto& each) { WriteSender(each, out); }, sender);
}

absl::StatusOr<Sender> ReadSender(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const uint8_t type, in.U8());
  switch (static_cast<SenderType>(type)) {
    case SenderType::kMember: {
      CORDON_ASSIGN_OR_RETURN(const uint32_t leaf, in.U32());
      return MemberSender{LeafIndex{leaf}};
    }
    case SenderType::kExternal: {
      CORDON_ASSIGN_OR_RETURN(const uint32_t index, in.U32());
      return OutsideSender{index};
    }
    case SenderType::kNewMemberProposal:
      return NewMemberProposalSender{};
    case SenderType::kNewMemberCommit:
      return NewMemberCommitSender{};
  }
  return absl::InvalidArgumentError("framing: unknown sender type");
}

ContentType TypeOf(const Content& content) {
  if (std::holds_alternative<ApplicationData>(content)) {
    return ContentType::kApplication;
  }
  return std::holds_alternative<Proposal>(content) ? ContentType::kProposal
                                                   : ContentType::kCommit;
}

absl::StatusOr<ContentType> ReadContentType(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const uint8_t type, in.U8());
  if (type < static_cast<uint8_t>(ContentType::kApplication) ||
      type > static_cast<uint8_t>(ContentType::kCommit)) {
    return absl::InvalidArgumentError("framing: unknown content type");
  }
  return static_cast<ContentType>(type);
}

void WriteContentBody(const Content& content, codec::Writer& out) {
  if (const auto* application = std::get_if<ApplicationData>(&content)) {
    out.Vector(application->data);
  } else if (const auto* proposal = std::get_if<Proposal>(&content)) {
    Write(*proposal, out);
  } else {
    Write(std::get<Commit>(content), out);
  }
}

absl::StatusOr<Content> ReadContentBody(ContentType type, codec::Reader& in) {
  switch (type) {
    case ContentType::kApplication: {
      CORDON_ASSIGN_OR_RETURN(const ByteSpan data, in.Vector());
      return ApplicationData{ToBytes(data)};
    }
    case ContentType::kProposal:
      return ReadProposal(in);
    case ContentType::kCommit:
      return ReadCommit(in);
  }
  return absl::InvalidArgumentError("framing: unknown content type");
}

void Write(const FramedContent& content, codec::Writer& out) {
  out.Vector(content.group_id);
  out.U64(content.epoch.value);
  Write(content.sender, out);
  out.Vector(content.authenticated_data);
  out.U8(static_cast<uint8_t>(TypeOf(content.content)));
  WriteContentBody(content.content, out);
}

absl::StatusOr<FramedContent> ReadFramedContent(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan group_id, in.Vector());
  CORDON_ASSIGN_OR_RETURN(const uint64_t epoch, in.U64());
  CORDON_ASSIGN_OR_RETURN(const Sender sender, ReadSender(in));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan authenticated_data, in.Vector());
  if (group_id.size() > kGroupIdBytesMax ||
      authenticated_data.size() > kAuthenticatedDataBytesMax) {
    return absl::InvalidArgumentError(
        "framing: beyond kGroupIdBytesMax or kAuthenticatedDataBytesMax");
  }
  CORDON_ASSIGN_OR_RETURN(const ContentType type, ReadContentType(in));
  CORDON_ASSIGN_OR_RETURN(Content content, ReadContentBody(type, in));
  return FramedContent{.group_id = ToBytes(group_id),
                       .epoch = Epoch{epoch},
                       .sender = sender,
                       .authenticated_data = ToBytes(authenticated_data),
                       .content = std::move(content)};
}

absl::Status CheckSender(const FramedContent& content) {
  if (std::holds_alternative<MemberSender>(content.sender)) {
    return absl::OkStatus();
  }
  if (std::holds_alternative<NewMemberCommitSender>(content.sender)) {
    if (std::holds_alternative<Commit>(content.content)) {
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError("framing: joiner sends no commit");
  }
  const auto* proposal = std::get_if<Proposal>(&content.content);
  if (proposal == nullptr) {
    return absl::InvalidArgumentError("framing: outsider sends no proposal");
  }
  const bool allowed = std::holds_alternative<OutsideSender>(content.sender)
                           ? MayBeExternal(*proposal)
                           : TypeOf(*proposal) == kAddProposal;
  if (!allowed) {
    return absl::InvalidArgumentError(
        "framing: proposal is not for this sender");
  }
  return absl::OkStatus();
}

void WriteAuthData(ContentType type, const AuthData& auth, codec::Writer& out) {
  out.Vector(auth.signature);
  if (type == ContentType::kCommit) out.Vector(auth.confirmation_tag);
}

absl::StatusOr<AuthData> ReadAuthData(ContentType type, codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan signature, in.Vector());
  AuthData auth{.signature = ToBytes(signature)};
  if (type == ContentType::kCommit) {
    CORDON_ASSIGN_OR_RETURN(const ByteSpan tag, in.Vector());
    auth.confirmation_tag = ToBytes(tag);
  }
  return auth;
}

void Write(const AuthenticatedContent& content, codec::Writer& out) {
  out.U16(static_cast<uint16_t>(content.wire_format));
  Write(content.content, out);
  WriteAuthData(TypeOf(content.content.content), content.auth, out);
}

absl::StatusOr<AuthenticatedContent> ReadAuthenticatedContent(
    codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const uint16_t wire_format, in.U16());
  if (wire_format != static_cast<uint16_t>(WireFormat::kPublicMessage) &&
      wire_format != static_cast<uint16_t>(WireFormat::kPrivateMessage)) {
    return absl::InvalidArgumentError("framing: wire format is no message's");
  }
  CORDON_ASSIGN_OR_RETURN(FramedContent content, ReadFramedContent(in));
  const ContentType type = TypeOf(content.content);
  CORDON_ASSIGN_OR_RETURN(AuthData auth, ReadAuthData(type, in));
  return AuthenticatedContent{
      .wire_format = static_cast<WireFormat>(wire_format),
      .content = std::move(content),
      .auth = std::move(auth)};
}

Bytes ToBeSigned(const AuthenticatedContent& content, ByteSpan context) {
  codec::Writer out;
  if (const auto* application =
          std::get_if<ApplicationData>(&content.content.content)) {
    constexpr size_t kFieldsBytes = 64;
    out.Reserve(kFieldsBytes + content.content.group_id.size() +
                content.content.authenticated_data.size() +
                application->data.size() + context.size());
  }
  out.U16(kMls10.value);
  out.U16(static_cast<uint16_t>(content.wire_format));
  Write(content.content, out);
  if (SignsContext(content.content.sender)) out.Fixed(context);
  return out.Take();
}

void Sign(const Ed25519PrivateKey& key, ByteSpan context,
          AuthenticatedContent& content) {
  content.auth.signature =
      ToBytes(SignWithLabel(key, kContentLabel, ToBeSigned(content, context)));
}

absl::Status VerifySignature(const AuthenticatedContent& content,
                             ByteSpan context, ByteSpan public_key) {
  if (!VerifyWithLabel(public_key, kContentLabel, ToBeSigned(content, context),
                       content.auth.signature)) {
    return absl::UnauthenticatedError("framing: signature does not verify");
  }
  return absl::OkStatus();
}

}  // namespace cordon::mls
