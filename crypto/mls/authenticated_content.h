#ifndef CORDON_CRYPTO_MLS_AUTHENTICATED_CONTENT_H_
#define CORDON_CRYPTO_MLS_AUTHENTICATED_CONTENT_H_

// What is said in a group, who says it and how that is signed, before and after
// any encryption. RFC 9420, sections 6 and 6.1.
//
//   struct { uint8 sender_type; select { member:   uint32 leaf_index;
//                                        external: uint32 sender_index; … }; }
//                                                                   Sender;
//   struct { opaque group_id<V>; uint64 epoch; Sender sender;
//            opaque authenticated_data<V>; uint8 content_type;
//            select { application: opaque application_data<V>;
//                     proposal: Proposal; commit: Commit; }; } FramedContent;
//   struct { opaque signature<V>;
//            select { commit: opaque confirmation_tag<V>; … }; }
//                                                   FramedContentAuthData;
//   struct { uint16 wire_format; FramedContent content;
//            FramedContentAuthData auth; } AuthenticatedContent;
//
// Threads: values and pure functions.
// Errors: kInvalidArgument for what does not parse or breaks a rule,
// kUnauthenticated for a signature.

#include <cstdint>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls {

enum class WireFormat : uint16_t {
  kPublicMessage = 1,
  kPrivateMessage = 2,
  kWelcome = 3,
  kGroupInfo = 4,
  kKeyPackage = 5
};

enum class ContentType : uint8_t {
  kApplication = 1,
  kProposal = 2,
  kCommit = 3
};

struct MemberSender {
  LeafIndex leaf;
  friend bool operator==(const MemberSender&, const MemberSender&) = default;
};
// A place in the external_senders extension.
struct OutsideSender {
  uint32_t index = 0;
  friend bool operator==(const OutsideSender&, const OutsideSender&) = default;
};
struct NewMemberProposalSender {
  friend bool operator==(const NewMemberProposalSender&,
                         const NewMemberProposalSender&) = default;
};
struct NewMemberCommitSender {
  friend bool operator==(const NewMemberCommitSender&,
                         const NewMemberCommitSender&) = default;
};
using Sender = std::variant<MemberSender, OutsideSender,
                            NewMemberProposalSender, NewMemberCommitSender>;

void Write(const Sender& sender, codec::Writer& out);
absl::StatusOr<Sender> ReadSender(codec::Reader& in);

struct ApplicationData {
  Bytes data;
  friend bool operator==(const ApplicationData&,
                         const ApplicationData&) = default;
};
using Content = std::variant<ApplicationData, Proposal, Commit>;

ContentType TypeOf(const Content& content);
absl::StatusOr<ContentType> ReadContentType(codec::Reader& in);
// The body alone, without its type.
void WriteContentBody(const Content& content, codec::Writer& out);
absl::StatusOr<Content> ReadContentBody(ContentType type, codec::Reader& in);

struct FramedContent {
  Bytes group_id;
  Epoch epoch;
  Sender sender;
  Bytes authenticated_data = {};
  Content content;

  friend bool operator==(const FramedContent&, const FramedContent&) = default;
};

void Write(const FramedContent& content, codec::Writer& out);
absl::StatusOr<FramedContent> ReadFramedContent(codec::Reader& in);

// CheckSender: this kind of sender may say this kind of thing (6.1, 12.1.8).
absl::Status CheckSender(const FramedContent& content);

struct AuthData {
  Bytes signature;
  Bytes confirmation_tag = {};  // of a commit, else empty and not written

  friend bool operator==(const AuthData&, const AuthData&) = default;
};

void WriteAuthData(ContentType type, const AuthData& auth, codec::Writer& out);
absl::StatusOr<AuthData> ReadAuthData(ContentType type, codec::Reader& in);

struct AuthenticatedContent {
  WireFormat wire_format = WireFormat::kPublicMessage;
  FramedContent content;
  AuthData auth = {};

  friend bool operator==(const AuthenticatedContent&,
                         const AuthenticatedContent&) = default;
};

void Write(const AuthenticatedContent& content, codec::Writer& out);
absl::StatusOr<AuthenticatedContent> ReadAuthenticatedContent(
    codec::Reader& in);

// FramedContentTBS. `context` is the serialised GroupContext of the epoch; it
// is left out for senders who need not know it.
Bytes ToBeSigned(const AuthenticatedContent& content, ByteSpan context);

void Sign(const Ed25519PrivateKey& key, ByteSpan context,
          AuthenticatedContent& content);
absl::Status VerifySignature(const AuthenticatedContent& content,
                             ByteSpan context, ByteSpan public_key);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_AUTHENTICATED_CONTENT_H_
