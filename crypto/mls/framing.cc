#include "crypto/mls/framing.h"

#include <cstdint>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/welcome.h"

namespace cordon::mls {
namespace {

WireFormat FormatOf(const MlsMessage& message) {
  struct {
    WireFormat operator()(const PublicMessage&) const {
      return WireFormat::kPublicMessage;
    }
    WireFormat operator()(const PrivateMessage&) const {
      return WireFormat::kPrivateMessage;
    }
    WireFormat operator()(const Welcome&) const { return WireFormat::kWelcome; }
    WireFormat operator()(const GroupInfo&) const {
      return WireFormat::kGroupInfo;
    }
    WireFormat operator()(const KeyPackage&) const {
      return WireFormat::kKeyPackage;
    }
  } const format;
  return std::visit(format, message);
}

absl::StatusOr<PublicMessage> ReadPublicMessage(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(FramedContent content, ReadFramedContent(in));
  const ContentType type = TypeOf(content.content);
  const bool by_member = std::holds_alternative<MemberSender>(content.sender);
  CORDON_ASSIGN_OR_RETURN(AuthData auth, ReadAuthData(type, in));
  PublicMessage message{.content = {.wire_format = WireFormat::kPublicMessage,
                                    .content = std::move(content),
                                    .auth = std::move(auth)}};
  if (by_member) {
    CORDON_ASSIGN_OR_RETURN(const ByteSpan tag, in.Vector());
    message.membership_tag = ToBytes(tag);
  }
  return message;
}

absl::StatusOr<PrivateMessage> ReadPrivateMessage(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan group_id, in.Vector());
  CORDON_ASSIGN_OR_RETURN(const uint64_t epoch, in.U64());
  CORDON_ASSIGN_OR_RETURN(const ContentType type, ReadContentType(in));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan authenticated_data, in.Vector());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan sender_data, in.Vector());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan ciphertext, in.Vector());
  if (group_id.size() > kGroupIdBytesMax ||
      authenticated_data.size() > kAuthenticatedDataBytesMax) {
    return absl::InvalidArgumentError(
        "framing: beyond kGroupIdBytesMax or kAuthenticatedDataBytesMax");
  }
  return PrivateMessage{.group_id = ToBytes(group_id),
                        .epoch = Epoch{epoch},
                        .content_type = type,
                        .authenticated_data = ToBytes(authenticated_data),
                        .encrypted_sender_data = ToBytes(sender_data),
                        .ciphertext = ToBytes(ciphertext)};
}

absl::StatusOr<WireFormat> ReadEnvelope(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const uint16_t version, in.U16());
  if (ProtocolVersion{version} != kMls10) {
    return absl::InvalidArgumentError("framing: unknown version");
  }
  CORDON_ASSIGN_OR_RETURN(const uint16_t format, in.U16());
  if (format < static_cast<uint16_t>(WireFormat::kPublicMessage) ||
      format > static_cast<uint16_t>(WireFormat::kKeyPackage)) {
    return absl::InvalidArgumentError("framing: unknown wire format");
  }
  return static_cast<WireFormat>(format);
}

}  // namespace

void Write(const PublicMessage& message, codec::Writer& out) {
  const FramedContent& content = message.content.content;
  Write(content, out);
  WriteAuthData(TypeOf(content.content), message.content.auth, out);
  if (std::holds_alternative<MemberSender>(content.sender)) {
    out.Vector(message.membership_tag);
  }
}

void Write(const PrivateMessage& message, codec::Writer& out) {
  out.Vector(message.group_id);
  out.U64(message.epoch.value);
  out.U8(static_cast<uint8_t>(message.content_type));
  out.Vector(message.authenticated_data);
  out.Vector(message.encrypted_sender_data);
  out.Vector(message.ciphertext);
}

void Write(const MlsMessage& message, codec::Writer& out) {
  out.U16(kMls10.value);
  out.U16(static_cast<uint16_t>(FormatOf(message)));
  std::visit([&out](const auto& each) { Write(each, out); }, message);
}

absl::StatusOr<MlsMessage> ReadMlsMessage(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const WireFormat format, ReadEnvelope(in));
  switch (format) {
    case WireFormat::kPublicMessage:
      return ReadPublicMessage(in);
    case WireFormat::kPrivateMessage:
      return ReadPrivateMessage(in);
    case WireFormat::kWelcome:
      return ReadWelcome(in);
    case WireFormat::kGroupInfo:
      return ReadGroupInfo(in);
    case WireFormat::kKeyPackage:
      return ReadKeyPackage(in);
  }
  return absl::InvalidArgumentError("framing: unknown wire format");
}

absl::StatusOr<MlsMessage> ParseMlsMessage(ByteSpan bytes) {
  return codec::ParseWhole<MlsMessage>(bytes, ReadMlsMessage);
}

absl::StatusOr<FrameHeader> ParseFrameHeader(ByteSpan bytes) {
  codec::Reader in(bytes);
  FrameHeader header;
  CORDON_ASSIGN_OR_RETURN(header.wire_format, ReadEnvelope(in));
  const bool is_public = header.wire_format == WireFormat::kPublicMessage;
  if (!is_public && header.wire_format != WireFormat::kPrivateMessage) {
    return absl::InvalidArgumentError("framing: no message of a group");
  }
  CORDON_ASSIGN_OR_RETURN(const ByteSpan group_id, in.Vector());
  CORDON_ASSIGN_OR_RETURN(const uint64_t epoch, in.U64());
  if (group_id.size() > kGroupIdBytesMax) {
    return absl::InvalidArgumentError("framing: beyond kGroupIdBytesMax");
  }
  header.group_id = ToBytes(group_id);
  header.epoch = Epoch{epoch};
  if (is_public) {
    CORDON_ASSIGN_OR_RETURN(header.sender, ReadSender(in));
    CORDON_RETURN_IF_ERROR(in.Vector().status());
  }
  CORDON_ASSIGN_OR_RETURN(header.content_type, ReadContentType(in));
  return header;
}

}  // namespace cordon::mls
