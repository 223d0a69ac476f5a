// Headers, with references and attachments.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/core/content.h"
#include "client/core/content_parts.h"
#include "client/core/model/codes.h"
#include "client/core/model/common.h"
#include "client/core/model/record.h"
#include "cordon/sealed/v1/common.pb.h"
#include "cordon/sealed/v1/record.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/blob/blob_ref.h"
#include "crypto/log/chain_hash.h"
#include "crypto/policy/marking.h"
#include "crypto/policy/record_kind.h"
#include "crypto/prim/hash.h"
#include "crypto/record/record_header.h"

namespace cordon::client::content {
namespace {

constexpr size_t kRefNoBytesMax = 32;
constexpr size_t kLangBytesMax = 35;  // RFC 5646, 4.4.1
constexpr size_t kCaptionBytesMax = 500;
constexpr size_t kMediaTypeBytesMax = 127;
constexpr int kAudienceEntriesMax = 1000;
constexpr int32_t kOffsetMinMax = 14 * 60;
constexpr policy::HandlingCode kHandlingCodes[] = {
    policy::HandlingCode::kH0, policy::HandlingCode::kH1,
    policy::HandlingCode::kH2, policy::HandlingCode::kH3};

void FillId(ByteSpan id, std::string* to) {
  *to = ToString(id);
}

template <typename AnyId>
absl::Status TakeId(absl::string_view field, const std::string& from,
                    AnyId& to) {
  auto id = AnyId::Parse(AsBytes(from));
  if (!id.ok()) return Malformed(field);
  to = *id;
  return absl::OkStatus();
}

void FillMarking(const policy::Marking& from, sealed::RecordHeader& to) {
  to.set_tlp(WireCode<sealed::Tlp>(from.tlp));
  if (from.pap.has_value()) to.set_pap(WireCode<sealed::Pap>(*from.pap));
  for (const policy::HandlingCode code : kHandlingCodes) {
    if (!from.handling.Has(code)) continue;
    // The wire counts from 1: 0 is "not given" there.
    to.add_handling(static_cast<sealed::Handling>(static_cast<int>(code) + 1));
  }
  to.set_handling_text(from.handling_text);
}

absl::StatusOr<policy::Marking> TakeMarking(const sealed::RecordHeader& from) {
  policy::Marking to;
  CORDON_ASSIGN_OR_RETURN(to.tlp,
                          policy::TlpOf(static_cast<uint64_t>(from.tlp())));
  if (from.pap() != sealed::PAP_UNSPECIFIED) {
    CORDON_ASSIGN_OR_RETURN(to.pap,
                            policy::PapOf(static_cast<uint64_t>(from.pap())));
  }
  for (const policy::HandlingCode code : kHandlingCodes) {
    const int number = static_cast<int>(code) + 1;
    if (std::find(from.handling().begin(), from.handling().end(), number) !=
        from.handling().end()) {
      to.handling.Add(code);
    }
  }
  to.handling_text = from.handling_text();
  return to;
}

void FillSeen(const record::RecordHeader& from, sealed::RecordHeader& to) {
  to.set_counter(from.counter.value);
  to.mutable_head()->set_seq(from.head.seq.value);
  FillId(from.head.hash.span(), to.mutable_head()->mutable_chain_hash());
  to.set_epoch(from.epoch.value);
  FillId(from.epoch_authenticator.span(), to.mutable_epoch_authenticator());
  for (const record::KnownCrl& known : from.known_crls) {
    sealed::CrlKnown& one = *to.add_crls();
    FillId(known.issuer.span(), one.mutable_issuer());
    one.set_number(known.number.value);
  }
}

absl::Status TakeSeen(const sealed::RecordHeader& from,
                      record::RecordHeader& to) {
  if (from.crls_size() > static_cast<int>(record::kKnownCrlsMax)) {
    return TooMany("crls");
  }
  to.counter = record::AuthorCounter{from.counter()};
  to.head.seq = LogSeq{from.head().seq()};
  CORDON_RETURN_IF_ERROR(
      TakeId("head", from.head().chain_hash(), to.head.hash));
  to.epoch = Epoch{from.epoch()};
  CORDON_RETURN_IF_ERROR(TakeId("epoch_authenticator",
                                from.epoch_authenticator(),
                                to.epoch_authenticator));
  for (const sealed::CrlKnown& one : from.crls()) {
    record::KnownCrl known{.number = CrlNumber{one.number()}};
    CORDON_RETURN_IF_ERROR(TakeId("crls", one.issuer(), known.issuer));
    to.known_crls.push_back(known);
  }
  return absl::OkStatus();
}

void FillAttachment(const Attachment& from, sealed::Attachment& to) {
  to.set_name(from.name);
  to.set_media_type(from.media_type);
  Bytes blob_ref = from.blob.SerializeForRecord();
  const WipeOnExit<Bytes> wipe(blob_ref);
  to.set_blob_ref(blob_ref.data(), blob_ref.size());
  to.set_role(WireCode<sealed::AttachmentRole>(from.role));
  to.set_caption(from.caption);
  to.set_taken_at_ms(MillisOf(from.taken_at));
}

absl::StatusOr<Attachment> TakeAttachment(const sealed::Attachment& from) {
  CORDON_RETURN_IF_ERROR(CheckFileName(from.name()));
  CORDON_RETURN_IF_ERROR(
      CheckText("media_type", from.media_type(), kMediaTypeBytesMax));
  CORDON_RETURN_IF_ERROR(
      CheckText("caption", from.caption(), kCaptionBytesMax));
  CORDON_ASSIGN_OR_RETURN(blob::BlobRef blob,
                          blob::BlobRef::Parse(AsBytes(from.blob_ref())));
  return Attachment{.blob = std::move(blob),
                    .name = from.name(),
                    .media_type = from.media_type(),
                    .role = CodeOf<AttachmentRole>(from.role()),
                    .caption = from.caption(),
                    .taken_at = TimeOf(from.taken_at_ms())};
}

absl::Status TakeReferences(const sealed::RecordHeader& from,
                            RecordBody& body) {
  if (from.refs_size() > static_cast<int>(kReferencesMax)) {
    return TooMany("refs");
  }
  for (const sealed::Reference& one : from.refs()) {
    Reference reference{.revision = one.revision()};
    CORDON_RETURN_IF_ERROR(TakeId("refs", one.record_id(), reference.record));
    if (one.hash().size() != kDigestBytes) return Malformed("refs");
    std::copy_n(AsBytes(one.hash()).begin(), kDigestBytes,
                reference.hash.begin());
    body.refs.push_back(reference);
  }
  return absl::OkStatus();
}

absl::Status TakeAttachments(const sealed::RecordHeader& from,
                             RecordBody& body) {
  if (from.attachments_size() > static_cast<int>(kAttachmentsMax)) {
    return TooMany("attachments");
  }
  for (const sealed::Attachment& one : from.attachments()) {
    CORDON_ASSIGN_OR_RETURN(Attachment attachment, TakeAttachment(one));
    body.attachments.push_back(std::move(attachment));
  }
  return absl::OkStatus();
}

absl::Status TakeAudience(const sealed::Audience& from, Audience& to) {
  if (from.organisations_size() > kAudienceEntriesMax ||
      from.roles_size() > kAudienceEntriesMax ||
      from.regions_size() > kAudienceEntriesMax) {
    return TooMany("audience");
  }
  to.organisations.assign(from.organisations().begin(),
                          from.organisations().end());
  to.roles.assign(from.roles().begin(), from.roles().end());
  to.regions.assign(from.regions().begin(), from.regions().end());
  return absl::OkStatus();
}

void FillAudience(const Audience& from, sealed::Audience& to) {
  to.mutable_organisations()->Assign(from.organisations.begin(),
                                     from.organisations.end());
  to.mutable_roles()->Assign(from.roles.begin(), from.roles.end());
  to.mutable_regions()->Assign(from.regions.begin(), from.regions.end());
}

absl::Status TakeIds(const sealed::RecordHeader& from,
                     record::RecordHeader& to) {
  CORDON_RETURN_IF_ERROR(TakeId("record_id", from.record_id(), to.id));
  CORDON_RETURN_IF_ERROR(
      TakeId("operation_id", from.operation_id(), to.operation));
  CORDON_RETURN_IF_ERROR(TakeId("room_id", from.room_id(), to.room));
  return TakeId("author", from.author(), to.author);
}

}  // namespace

void FillHeader(const RecordBody& body, sealed::RecordHeader& to) {
  const record::RecordHeader& from = body.header;
  FillId(from.id.span(), to.mutable_record_id());
  to.set_kind(static_cast<uint32_t>(from.kind));
  to.set_schema_major(kSchemaMajor);
  to.set_schema_minor(kSchemaMinor);
  FillId(from.operation.span(), to.mutable_operation_id());
  FillId(from.room.span(), to.mutable_room_id());
  FillId(from.author.span(), to.mutable_author());
  to.set_ref_no(body.ref_no);
  to.set_status(WireCode<sealed::Status>(body.status));
  to.set_msg_type(WireCode<sealed::MsgType>(body.msg_type));
  to.set_revision(body.revision);
  for (const Reference& reference : body.refs) {
    sealed::Reference& one = *to.add_refs();
    FillId(reference.record.span(), one.mutable_record_id());
    one.set_revision(reference.revision);
    FillId(reference.hash, one.mutable_hash());
  }
  to.set_sent_ms(absl::ToUnixMillis(from.sent));
  to.set_sent_offset_min(body.sent_offset_min);
  FillMarking(from.marking, to);
  FillAudience(body.audience, *to.mutable_audience());
  to.set_effective_ms(MillisOf(body.effective));
  to.set_expires_ms(MillisOf(body.expires));
  to.set_lang(body.lang);
  for (const Attachment& attachment : body.attachments) {
    FillAttachment(attachment, *to.add_attachments());
  }
  FillSeen(from, to);
}

absl::Status TakeHeader(const sealed::RecordHeader& from, RecordBody& body) {
  record::RecordHeader& to = body.header;
  CORDON_RETURN_IF_ERROR(TakeIds(from, to));
  to.kind = static_cast<policy::RecordKind>(
      std::min<uint32_t>(from.kind(), UINT16_MAX));
  to.sent = absl::FromUnixMillis(from.sent_ms());
  CORDON_ASSIGN_OR_RETURN(to.marking, TakeMarking(from));
  CORDON_RETURN_IF_ERROR(TakeSeen(from, to));
  CORDON_RETURN_IF_ERROR(CheckText("ref_no", from.ref_no(), kRefNoBytesMax));
  CORDON_RETURN_IF_ERROR(CheckText("lang", from.lang(), kLangBytesMax));
  body.ref_no = from.ref_no();
  body.status = CodeOf<RecordStatus>(from.status());
  body.msg_type = CodeOf<MsgType>(from.msg_type());
  body.revision = from.revision();
  CORDON_RETURN_IF_ERROR(TakeReferences(from, body));
  if (from.sent_offset_min() < -kOffsetMinMax ||
      from.sent_offset_min() > kOffsetMinMax) {
    return Malformed("sent_offset_min");
  }
  body.sent_offset_min = from.sent_offset_min();
  CORDON_RETURN_IF_ERROR(TakeAudience(from.audience(), body.audience));
  body.effective = TimeOf(from.effective_ms());
  body.expires = TimeOf(from.expires_ms());
  body.lang = from.lang();
  CORDON_RETURN_IF_ERROR(TakeAttachments(from, body));
  return record::Validate(to);
}

}  // namespace cordon::client::content
