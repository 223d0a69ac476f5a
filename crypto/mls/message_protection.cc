#include "crypto/mls/message_protection.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/secret_tree.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/aead.h"
#include "crypto/prim/hash.h"

namespace cordon::mls {
namespace {

using ReuseGuard = std::array<uint8_t, 4>;

struct SenderData {
  LeafIndex leaf;
  uint32_t generation = 0;
  ReuseGuard guard{};
};

RatchetKind RatchetFor(ContentType type) {
  return type == ContentType::kApplication ? RatchetKind::kApplication
                                           : RatchetKind::kHandshake;
}

Digest MembershipTag(const AuthenticatedContent& content,
                     const Secret& membership_key, ByteSpan context) {
  codec::Writer out;
  out.Fixed(ToBeSigned(content, context));
  WriteAuthData(TypeOf(content.content.content), content.auth, out);
  return HmacSha256(membership_key.ExposeSecret(), out.bytes());
}

// SenderDataAAD; PrivateContentAAD goes on with the authenticated data.
void WriteSenderDataAad(const PrivateMessage& message, codec::Writer& out) {
  out.Vector(message.group_id);
  out.U64(message.epoch.value);
  out.U8(static_cast<uint8_t>(message.content_type));
}

Bytes SenderDataAad(const PrivateMessage& message) {
  codec::Writer out;
  WriteSenderDataAad(message, out);
  return out.Take();
}

Bytes ContentAad(const PrivateMessage& message) {
  codec::Writer out;
  WriteSenderDataAad(message, out);
  out.Vector(message.authenticated_data);
  return out.Take();
}

AeadNonce Guarded(AeadNonce nonce, const ReuseGuard& guard) {
  for (size_t i = 0; i < guard.size(); ++i) nonce[i] ^= guard[i];
  return nonce;
}

SecretBytes PaddedContent(const AuthenticatedContent& content) {
  codec::Writer out = codec::Writer::OfSecrets();
  WriteContentBody(content.content.content, out);
  WriteAuthData(TypeOf(content.content.content), content.auth, out);
  const size_t over = out.bytes().size() % kPaddingBlockBytes;
  if (over > 0) out.Fixed(Bytes(kPaddingBlockBytes - over));
  return out.TakeSecret();
}

Bytes SealSenderData(const SenderData& data, const PrivateMessage& message,
                     const Secret& secret) {
  codec::Writer out;
  out.U32(data.leaf.value);
  out.U32(data.generation);
  out.Fixed(data.guard);
  const SenderDataKey key = DeriveSenderDataKey(secret, message.ciphertext);
  return AeadSeal(key.key, key.nonce, SenderDataAad(message), out.bytes());
}

absl::StatusOr<SenderData> OpenSenderData(const PrivateMessage& message,
                                          const Secret& secret) {
  const SenderDataKey key = DeriveSenderDataKey(secret, message.ciphertext);
  CORDON_ASSIGN_OR_RETURN(const Bytes opened,
                          AeadOpen(key.key, key.nonce, SenderDataAad(message),
                                   message.encrypted_sender_data));
  codec::Reader in(opened);
  CORDON_ASSIGN_OR_RETURN(const uint32_t leaf, in.U32());
  CORDON_ASSIGN_OR_RETURN(const uint32_t generation, in.U32());
  SenderData data{.leaf = LeafIndex{leaf}, .generation = generation};
  CORDON_ASSIGN_OR_RETURN(const ByteSpan guard, in.Fixed(data.guard.size()));
  CORDON_RETURN_IF_ERROR(in.End());
  std::copy(guard.begin(), guard.end(), data.guard.begin());
  return data;
}

absl::StatusOr<AuthenticatedContent> ReadPrivateContent(
    const PrivateMessage& message, LeafIndex sender, ByteSpan plaintext) {
  codec::Reader in(plaintext);
  CORDON_ASSIGN_OR_RETURN(Content content,
                          ReadContentBody(message.content_type, in));
  CORDON_ASSIGN_OR_RETURN(AuthData auth,
                          ReadAuthData(message.content_type, in));
  const ByteSpan padding = in.rest();
  if (std::any_of(padding.begin(), padding.end(),
                  [](uint8_t byte) { return byte != 0; })) {
    return absl::InvalidArgumentError("framing: padding is not zero");
  }
  return AuthenticatedContent{
      .wire_format = WireFormat::kPrivateMessage,
      .content = {.group_id = message.group_id,
                  .epoch = message.epoch,
                  .sender = MemberSender{sender},
                  .authenticated_data = message.authenticated_data,
                  .content = std::move(content)},
      .auth = std::move(auth)};
}

}  // namespace

absl::StatusOr<PublicMessage> ProtectPublic(AuthenticatedContent content,
                                            const Secret& membership_key,
                                            ByteSpan context) {
  if (TypeOf(content.content.content) == ContentType::kApplication ||
      content.wire_format != WireFormat::kPublicMessage) {
    return absl::InvalidArgumentError("framing: may not travel in the open");
  }
  CORDON_RETURN_IF_ERROR(CheckSender(content.content));
  PublicMessage message{.content = std::move(content)};
  if (std::holds_alternative<MemberSender>(message.content.content.sender)) {
    message.membership_tag =
        ToBytes(MembershipTag(message.content, membership_key, context));
  }
  return message;
}

absl::Status VerifyPublic(const PublicMessage& message,
                          const Secret& membership_key, ByteSpan context) {
  const FramedContent& content = message.content.content;
  if (TypeOf(content.content) == ContentType::kApplication) {
    return absl::InvalidArgumentError("framing: application data in the open");
  }
  CORDON_RETURN_IF_ERROR(CheckSender(content));
  if (!std::holds_alternative<MemberSender>(content.sender)) {
    return absl::OkStatus();
  }
  const Digest expected =
      MembershipTag(message.content, membership_key, context);
  if (!EqualsConstantTime(expected, message.membership_tag)) {
    return absl::UnauthenticatedError("framing: membership tag differs");
  }
  return absl::OkStatus();
}

absl::StatusOr<SealedPrivate> SealPrivate(const AuthenticatedContent& content,
                                          PrivateKeys keys,
                                          RandomSource& random) {
  const auto* sender = std::get_if<MemberSender>(&content.content.sender);
  if (sender == nullptr || content.wire_format != WireFormat::kPrivateMessage) {
    return absl::InvalidArgumentError("framing: only members seal");
  }
  const ContentType type = TypeOf(content.content.content);
  CORDON_ASSIGN_OR_RETURN(SecretTree::Leased lease,
                          keys.tree.LeaseNext(sender->leaf, RatchetFor(type)));
  SenderData data{.leaf = sender->leaf, .generation = lease.generation()};
  random.Fill(MutableByteSpan(data.guard));
  PrivateMessage message{
      .group_id = content.content.group_id,
      .epoch = content.content.epoch,
      .content_type = type,
      .authenticated_data = content.content.authenticated_data};
  message.ciphertext =
      AeadSeal(lease.key().key, Guarded(lease.key().nonce, data.guard),
               ContentAad(message), PaddedContent(content).ExposeSecret());
  message.encrypted_sender_data =
      SealSenderData(data, message, keys.sender_data);
  CORDON_RETURN_IF_ERROR(keys.tree.Consume(std::move(lease)));
  return SealedPrivate{.message = std::move(message),
                       .generation = data.generation};
}

absl::StatusOr<OpenedPrivate> OpenPrivate(const PrivateMessage& message,
                                          PrivateKeys keys) {
  CORDON_ASSIGN_OR_RETURN(const SenderData data,
                          OpenSenderData(message, keys.sender_data));
  CORDON_ASSIGN_OR_RETURN(
      SecretTree::Leased lease,
      keys.tree.Lease(data.leaf, RatchetFor(message.content_type),
                      data.generation));
  CORDON_ASSIGN_OR_RETURN(
      Bytes plaintext,
      AeadOpen(lease.key().key, Guarded(lease.key().nonce, data.guard),
               ContentAad(message), message.ciphertext));
  const WipeOnExit wipe(plaintext);
  CORDON_ASSIGN_OR_RETURN(AuthenticatedContent content,
                          ReadPrivateContent(message, data.leaf, plaintext));
  return OpenedPrivate{.content = std::move(content),
                       .lease = std::move(lease)};
}

}  // namespace cordon::mls
