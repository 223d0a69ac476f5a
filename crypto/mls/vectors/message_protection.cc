// Message Protection: proposals, commits and application data in the open and
// sealed, theirs and ours.

#include "crypto/mls/message_protection.h"

#include <cstdint>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/random.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/secret_tree.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/kinds.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls::vectors {
namespace {

constexpr LeafIndex kSender{1};
constexpr LeafCount kMembers{2};

// The keys of the epoch that the messages belong to.
struct Keys {
  GroupContext context;
  Bytes context_bytes;
  Ed25519PrivateKey signer;
  Bytes signature_pub;
  Secret encryption;
  Secret sender_data;
  Secret membership;

  SecretTree Tree() const {
    return SecretTree::Create(kMembers, encryption.CloneSecret());
  }
};

absl::StatusOr<Keys> ReadKeys(const Fields& vector) {
  GroupContext context;
  CORDON_ASSIGN_OR_RETURN(context.group_id, vector.Hex("group_id"));
  CORDON_ASSIGN_OR_RETURN(const uint64_t epoch, vector.Uint("epoch"));
  context.epoch = Epoch{epoch};
  CORDON_ASSIGN_OR_RETURN(context.tree_hash, vector.Hex("tree_hash"));
  CORDON_ASSIGN_OR_RETURN(context.confirmed_transcript_hash,
                          vector.Hex("confirmed_transcript_hash"));
  CORDON_ASSIGN_OR_RETURN(const Ed25519Seed seed,
                          vector.Hash("signature_priv"));
  CORDON_ASSIGN_OR_RETURN(Bytes signature_pub, vector.Hex("signature_pub"));
  CORDON_ASSIGN_OR_RETURN(Secret encryption, vector.Hash("encryption_secret"));
  CORDON_ASSIGN_OR_RETURN(Secret sender_data,
                          vector.Hash("sender_data_secret"));
  CORDON_ASSIGN_OR_RETURN(Secret membership, vector.Hash("membership_key"));
  return Keys{.context = context,
              .context_bytes = codec::Serialize(context),
              .signer = Ed25519PrivateKey::FromSeed(seed),
              .signature_pub = std::move(signature_pub),
              .encryption = std::move(encryption),
              .sender_data = std::move(sender_data),
              .membership = std::move(membership)};
}

// One of the three contents, and how it is to be read.
struct Part {
  absl::string_view name;
  ContentType type = ContentType::kApplication;
};

absl::StatusOr<Content> ReadRaw(const Part& part, ByteSpan raw) {
  if (part.type == ContentType::kApplication) {
    return ApplicationData{ToBytes(raw)};
  }
  codec::Reader in(raw);
  CORDON_ASSIGN_OR_RETURN(Content content, ReadContentBody(part.type, in));
  CORDON_RETURN_IF_ERROR(in.End());
  return content;
}

Bytes WriteRaw(const Content& content) {
  if (const auto* application = std::get_if<ApplicationData>(&content)) {
    return application->data;
  }
  codec::Writer out;
  WriteContentBody(content, out);
  return out.Take();
}

absl::Status CheckPublic(const PublicMessage& message, const Keys& keys,
                         ByteSpan raw) {
  CORDON_RETURN_IF_ERROR(
      VerifyPublic(message, keys.membership, keys.context_bytes));
  CORDON_RETURN_IF_ERROR(
      VerifySignature(message.content, keys.context_bytes, keys.signature_pub));
  return ExpectEqual("public content",
                     WriteRaw(message.content.content.content), raw);
}

absl::Status CheckPrivate(const PrivateMessage& message, const Keys& keys,
                          ByteSpan raw) {
  SecretTree tree = keys.Tree();
  CORDON_ASSIGN_OR_RETURN(const OpenedPrivate opened,
                          OpenPrivate(message, {keys.sender_data, tree}));
  CORDON_RETURN_IF_ERROR(
      VerifySignature(opened.content, keys.context_bytes, keys.signature_pub));
  CORDON_RETURN_IF_ERROR(
      Expect(opened.content.content.sender == Sender(MemberSender{kSender}),
             "private message: another sender"));
  return ExpectEqual("private content",
                     WriteRaw(opened.content.content.content), raw);
}

AuthenticatedContent SignedBySender(Content content, WireFormat format,
                                    const Keys& keys) {
  AuthenticatedContent message{.wire_format = format,
                               .content = {.group_id = keys.context.group_id,
                                           .epoch = keys.context.epoch,
                                           .sender = MemberSender{kSender},
                                           .content = std::move(content)}};
  Sign(keys.signer, keys.context_bytes, message);
  return message;
}

absl::Status VerifyOurs(const Content& content, const Keys& keys,
                        ByteSpan raw) {
  auto in_the_open =
      ProtectPublic(SignedBySender(content, WireFormat::kPublicMessage, keys),
                    keys.membership, keys.context_bytes);
  if (std::holds_alternative<ApplicationData>(content)) {
    CORDON_RETURN_IF_ERROR(
        Expect(!in_the_open.ok(), "application data protected in the open"));
  } else {
    CORDON_RETURN_IF_ERROR(in_the_open.status());
    CORDON_RETURN_IF_ERROR(CheckPublic(*in_the_open, keys, raw));
  }
  SecretTree tree = keys.Tree();
  CORDON_ASSIGN_OR_RETURN(
      const SealedPrivate sealed,
      SealPrivate(SignedBySender(content, WireFormat::kPrivateMessage, keys),
                  {keys.sender_data, tree}, SystemRandom()));
  return CheckPrivate(sealed.message, keys, raw);
}

absl::Status VerifyPart(const Fields& vector, const Keys& keys,
                        const Part& part) {
  CORDON_ASSIGN_OR_RETURN(const Bytes raw, vector.Hex(part.name));
  CORDON_ASSIGN_OR_RETURN(const Content content, ReadRaw(part, raw));
  if (part.type != ContentType::kApplication) {
    CORDON_ASSIGN_OR_RETURN(const Bytes bytes,
                            vector.Hex(absl::StrCat(part.name, "_pub")));
    CORDON_ASSIGN_OR_RETURN(const PublicMessage message,
                            ParseAs<PublicMessage>(bytes));
    CORDON_RETURN_IF_ERROR(CheckPublic(message, keys, raw));
  }
  CORDON_ASSIGN_OR_RETURN(const Bytes bytes,
                          vector.Hex(absl::StrCat(part.name, "_priv")));
  CORDON_ASSIGN_OR_RETURN(const PrivateMessage message,
                          ParseAs<PrivateMessage>(bytes));
  CORDON_RETURN_IF_ERROR(CheckPrivate(message, keys, raw));
  return VerifyOurs(content, keys, raw);
}

}  // namespace

absl::Status VerifyMessageProtection(const Fields& vector) {
  CORDON_RETURN_IF_ERROR(CheckSuite(vector));
  CORDON_ASSIGN_OR_RETURN(const Keys keys, ReadKeys(vector));
  for (const Part& part : {Part{"proposal", ContentType::kProposal},
                           Part{"commit", ContentType::kCommit},
                           Part{"application", ContentType::kApplication}}) {
    CORDON_RETURN_IF_ERROR(VerifyPart(vector, keys, part));
  }
  return absl::OkStatus();
}

}  // namespace cordon::mls::vectors
