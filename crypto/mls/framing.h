#ifndef CORDON_CRYPTO_MLS_FRAMING_H_
#define CORDON_CRYPTO_MLS_FRAMING_H_

// MLSMessage: everything that MLS puts on a wire. RFC 9420, section 6. Start
// with ReadMlsMessage to get a value, or ReadFrameHeader to route bytes.
//
//   struct { FramedContent content; FramedContentAuthData auth;
//            select { member: opaque membership_tag<V>; … }; } PublicMessage;
//   struct { opaque group_id<V>; uint64 epoch; uint8 content_type;
//            opaque authenticated_data<V>; opaque encrypted_sender_data<V>;
//            opaque ciphertext<V>; } PrivateMessage;
//   struct { uint16 version; uint16 wire_format; select { … }; } MLSMessage;
//
// Shapes only: what protects them stands in message_protection.h.
// Threads: values and pure functions.
// Errors: kInvalidArgument for what does not parse.

#include <optional>
#include <variant>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/welcome.h"

namespace cordon::mls {

struct PublicMessage {
  // Its wire format is kPublicMessage.
  AuthenticatedContent content;
  Bytes membership_tag = {};  // of a member, else empty and not written

  friend bool operator==(const PublicMessage&, const PublicMessage&) = default;
};

struct PrivateMessage {
  Bytes group_id;
  Epoch epoch;
  ContentType content_type = ContentType::kApplication;
  Bytes authenticated_data;
  Bytes encrypted_sender_data = {};
  Bytes ciphertext = {};

  friend bool operator==(const PrivateMessage&,
                         const PrivateMessage&) = default;
};

using MlsMessage =
    std::variant<PublicMessage, PrivateMessage, Welcome, GroupInfo, KeyPackage>;

void Write(const PublicMessage& message, codec::Writer& out);
void Write(const PrivateMessage& message, codec::Writer& out);
void Write(const MlsMessage& message, codec::Writer& out);

absl::StatusOr<MlsMessage> ReadMlsMessage(codec::Reader& in);
absl::StatusOr<MlsMessage> ParseMlsMessage(ByteSpan bytes);

// ParseAs is ParseMlsMessage for who knows what must come.
template <typename Message>
absl::StatusOr<Message> ParseAs(ByteSpan bytes);

// FrameHeader is all that a relay may read of a member's message: to which room
// and epoch it belongs, and of which kind it is. Nothing of it is proven.
struct FrameHeader {
  WireFormat wire_format = WireFormat::kPublicMessage;
  Bytes group_id;
  Epoch epoch;
  ContentType content_type = ContentType::kApplication;
  // Of a PublicMessage; a PrivateMessage hides it.
  std::optional<Sender> sender;
};

// ParseFrameHeader reads the beginning of a PublicMessage or PrivateMessage in
// an MLSMessage; it does not look at what follows.
absl::StatusOr<FrameHeader> ParseFrameHeader(ByteSpan bytes);

template <typename Message>
absl::StatusOr<Message> ParseAs(ByteSpan bytes) {
  CORDON_ASSIGN_OR_RETURN(MlsMessage message, ParseMlsMessage(bytes));
  auto* wanted = std::get_if<Message>(&message);
  if (wanted == nullptr) {
    return absl::InvalidArgumentError("framing: message of another kind");
  }
  return std::move(*wanted);
}

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_FRAMING_H_
