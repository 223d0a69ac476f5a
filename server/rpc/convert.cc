#include "server/rpc/convert.h"

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/byte_buffer.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "cordon/wire/v1/delivery.pb.h"
#include "cordon/wire/v1/types.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/log/chain_hash.h"
#include "server/core/append_input.h"
#include "server/core/follow.h"
#include "server/core/follow_item.h"

namespace cordon::server {
namespace {

namespace wire = ::cordon::wire::v1;

absl::StatusOr<EntryKind> KindFrom(wire::EntryKind kind) {
  switch (kind) {
    case wire::ENTRY_KIND_APPLICATION:
      return EntryKind::kApplication;
    case wire::ENTRY_KIND_PROPOSAL:
      return EntryKind::kProposal;
    case wire::ENTRY_KIND_COMMIT:
      return EntryKind::kCommit;
    default:
      return absl::InvalidArgumentError(
          "envelope.kind: this relay does not know it");
  }
}

wire::EntryKind ToWire(EntryKind kind) {
  switch (kind) {
    case EntryKind::kApplication:
      return wire::ENTRY_KIND_APPLICATION;
    case EntryKind::kProposal:
      return wire::ENTRY_KIND_PROPOSAL;
    case EntryKind::kCommit:
      return wire::ENTRY_KIND_COMMIT;
  }
  return wire::ENTRY_KIND_UNSPECIFIED;
}

size_t SealedBytesMax(EntryKind kind) {
  return kind == EntryKind::kApplication ? kEnvelopeBytesMax
                                         : kHandshakeBytesMax;
}

absl::StatusOr<WelcomeInput> WelcomeFrom(const wire::WelcomeUpload& in) {
  WelcomeInput welcome;
  CORDON_ASSIGN_OR_RETURN(welcome.encrypted_group_info,
                          BoundedBytes(in.encrypted_group_info(), kTreeBytesMax,
                                       "welcome.encrypted_group_info"));
  CORDON_ASSIGN_OR_RETURN(
      welcome.ratchet_tree,
      BoundedBytes(in.ratchet_tree(), kTreeBytesMax, "welcome.ratchet_tree"));
  if (in.joiners().empty() ||
      static_cast<size_t>(in.joiners().size()) > kAddsPerCommitMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("welcome.joiners: 1 to ", kAddsPerCommitMax));
  }
  for (const wire::JoinerSecrets& joiner : in.joiners()) {
    JoinerSecrets out;
    CORDON_ASSIGN_OR_RETURN(
        out.device, IdFrom<DeviceId>(joiner.device_id(), "joiner.device_id"));
    CORDON_ASSIGN_OR_RETURN(
        out.secrets, BoundedBytes(joiner.secrets(), kJoinerSecretsBytesMax,
                                  "joiner.secrets"));
    welcome.joiners.push_back(std::move(out));
  }
  return welcome;
}

wire::InboxItem ToWire(const InboxItem& item) {
  wire::InboxItem out;
  out.set_id(item.id);
  out.set_room_id(ToString(item.room.span()));
  out.set_epoch(item.epoch.value);
  out.set_seq(item.head.seq.value);
  out.set_chain_hash(ToString(item.head.hash.span()));
  out.set_secrets(ToString(item.secrets));
  out.set_welcome_id(item.welcome_id);
  return out;
}

// Fills one alternative of the wire's oneof.
struct ItemWriter {
  wire::FollowItem& out;

  void operator()(const LogEntry& entry) const {
    *out.mutable_entry() = server::ToWire(entry);
  }
  void operator()(const InboxItem& item) const {
    *out.mutable_inbox() = ToWire(item);
  }
  void operator()(const CrlItem& item) const {
    out.mutable_crl()->set_crl(ToString(item.crl));
    out.mutable_crl()->set_issuing_certificate(
        ToString(item.issuing_certificate));
  }
  void operator()(const JoinRequestItem& item) const {
    out.mutable_join_request()->set_invitation_id(
        ToString(item.invitation.span()));
    out.mutable_join_request()->set_request(ToString(item.request));
  }
  void operator()(const RoomHeadItem& item) const {
    *out.mutable_room_head() = server::ToWire(item);
  }
  void operator()(const RoomLeftItem& item) const {
    out.mutable_room_left()->set_room_id(ToString(item.room.span()));
  }
  void operator()(const CaughtUpItem&) const { out.mutable_caught_up(); }
};

}  // namespace

absl::StatusOr<Bytes> BoundedBytes(const std::string& field, size_t bytes_max,
                                   absl::string_view name) {
  if (field.empty() || field.size() > bytes_max) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": 1 to ", bytes_max, " bytes"));
  }
  return ToBytes(AsBytes(field));
}

absl::StatusOr<std::vector<Bytes>> ChainFrom(const wire::Chain& chain,
                                             absl::string_view name) {
  if (chain.certificates().empty() ||
      static_cast<size_t>(chain.certificates().size()) >
          kChainCertificatesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": 1 to ", kChainCertificatesMax, " certificates"));
  }
  std::vector<Bytes> certificates;
  for (const std::string& certificate : chain.certificates()) {
    CORDON_ASSIGN_OR_RETURN(
        Bytes der, BoundedBytes(certificate, kCertificateBytesMax, name));
    certificates.push_back(std::move(der));
  }
  return certificates;
}

wire::Chain ToWireChain(const std::vector<Bytes>& chain) {
  wire::Chain out;
  for (const Bytes& certificate : chain) {
    out.add_certificates(ToString(certificate));
  }
  return out;
}

absl::StatusOr<absl::Time> TimeFrom(int64_t unix_ms, absl::string_view name) {
  constexpr int64_t kYear10000Ms = 253'402'300'800'000;
  if (unix_ms < 0 || unix_ms >= kYear10000Ms) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": not a time in milliseconds since 1970"));
  }
  return absl::FromUnixMillis(unix_ms);
}

absl::StatusOr<AppendInput> AppendInputFrom(const wire::AppendRequest& in) {
  AppendInput out;
  CORDON_ASSIGN_OR_RETURN(out.room, IdFrom<RoomId>(in.room_id(), "room_id"));
  CORDON_ASSIGN_OR_RETURN(
      out.envelope_id,
      IdFrom<EnvelopeId>(in.envelope().envelope_id(), "envelope.envelope_id"));
  CORDON_ASSIGN_OR_RETURN(out.kind, KindFrom(in.envelope().kind()));
  out.epoch = Epoch{in.envelope().epoch()};
  CORDON_ASSIGN_OR_RETURN(
      out.sealed, BoundedBytes(in.envelope().sealed(), SealedBytesMax(out.kind),
                               "envelope.sealed"));
  if (out.kind != EntryKind::kCommit) {
    if (!in.group_info().empty() || in.has_welcome()) {
      return absl::InvalidArgumentError(
          "group_info, welcome: only with a commit");
    }
    return out;
  }
  CORDON_ASSIGN_OR_RETURN(
      out.group_info,
      BoundedBytes(in.group_info(), kTreeBytesMax, "group_info"));
  if (in.has_welcome()) {
    CORDON_ASSIGN_OR_RETURN(out.welcome, WelcomeFrom(in.welcome()));
  }
  return out;
}

absl::StatusOr<FollowSession> FollowSessionFrom(const grpc::ByteBuffer& in) {
  wire::FollowRequest request;
  grpc::ByteBuffer copy(in);
  if (!grpc::SerializationTraits<wire::FollowRequest>::Deserialize(&copy,
                                                                   &request)
           .ok()) {
    return absl::InvalidArgumentError("follow: the request does not parse");
  }
  if (static_cast<size_t>(request.cursors().size()) > kFollowCursorsMax ||
      static_cast<size_t>(request.crls().size()) > kFollowCursorsMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("cursors, crls: at most ", kFollowCursorsMax));
  }
  FollowSession session;
  session.inbox_after = request.inbox_after();
  for (const wire::Cursor& cursor : request.cursors()) {
    CORDON_ASSIGN_OR_RETURN(const RoomId room,
                            IdFrom<RoomId>(cursor.room_id(), "cursor.room_id"));
    session.cursors[room] = LogSeq{cursor.seq()};
  }
  for (const wire::CrlKnown& known : request.crls()) {
    CORDON_ASSIGN_OR_RETURN(
        const cert::IssuerId issuer,
        IdFrom<cert::IssuerId>(known.issuer(), "crl.issuer"));
    session.crls[issuer] = known.number();
  }
  return session;
}

wire::LogEntry ToWire(const LogEntry& entry) {
  wire::LogEntry out;
  out.set_room_id(ToString(entry.room.span()));
  out.set_seq(entry.seq.value);
  out.set_kind(ToWire(entry.kind));
  out.set_epoch(entry.epoch.value);
  out.set_author(ToString(entry.author.span()));
  out.set_envelope_id(ToString(entry.envelope_id.span()));
  out.set_sealed(entry.sealed.data(), entry.sealed.size());
  out.set_received_ms(absl::ToUnixMillis(entry.received));
  return out;
}

wire::RoomHead ToWire(const RoomHeadItem& head) {
  wire::RoomHead out;
  out.set_room_id(ToString(head.room.span()));
  out.set_seq(head.head.seq.value);
  out.set_epoch(head.epoch.value);
  out.set_chain_hash(ToString(head.head.hash.span()));
  return out;
}

wire::FollowItem ToWire(const FollowItem& item) {
  wire::FollowItem out;
  std::visit(ItemWriter{out}, item);
  return out;
}

}  // namespace cordon::server
