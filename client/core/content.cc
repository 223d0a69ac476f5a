#include "client/core/content.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/core/content_parts.h"
#include "client/core/model/alert.h"
#include "client/core/model/guide.h"
#include "client/core/model/instruction.h"
#include "client/core/model/operation.h"
#include "client/core/model/record.h"
#include "cordon/sealed/v1/common.pb.h"
#include "cordon/sealed/v1/record.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/policy/record_kind.h"
#include "crypto/prim/hash.h"
#include "crypto/record/record_header.h"
#include "crypto/record/signed_record.h"

namespace cordon::client {
namespace {

using ::cordon::policy::RecordKind;
namespace sealed = ::cordon::sealed::v1;

// Writes one content into the record's oneof and says of which kind it is.
class ContentWriter {
 public:
  explicit ContentWriter(sealed::Record& out) : out_(out) {}

  absl::Status operator()(const Text& text) {
    out_.mutable_text()->set_body(text.body);
    return absl::OkStatus();
  }
  absl::Status operator()(const Alert& alert) {
    content::Fill(alert, *out_.mutable_alert());
    return absl::OkStatus();
  }
  absl::Status operator()(const Instruction& instruction) {
    content::Fill(instruction, *out_.mutable_instruction());
    return absl::OkStatus();
  }
  absl::Status operator()(const Ack& ack) {
    content::Fill(ack, *out_.mutable_ack());
    return absl::OkStatus();
  }
  absl::Status operator()(const Guide& guide) {
    content::Fill(guide, *out_.mutable_guide());
    return absl::OkStatus();
  }
  absl::Status operator()(const Approval& approval) {
    *out_.mutable_approval()->mutable_original() = ToString(approval.original);
    out_.mutable_approval()->set_note(approval.note);
    return absl::OkStatus();
  }
  absl::Status operator()(const Rejection& rejection) {
    out_.mutable_rejection()->set_reason(rejection.reason);
    return absl::OkStatus();
  }
  absl::Status operator()(const OperationProfile& profile) {
    content::Fill(profile, *out_.mutable_operation_profile());
    return absl::OkStatus();
  }
  absl::Status operator()(const Participants& participants) {
    content::Fill(participants, *out_.mutable_participants());
    return absl::OkStatus();
  }
  absl::Status operator()(const RoomProfile& profile) {
    content::Fill(profile, *out_.mutable_room_profile());
    return absl::OkStatus();
  }
  absl::Status operator()(const Cancel& cancel) {
    out_.mutable_cancel()->set_reason(cancel.reason);
    return absl::OkStatus();
  }
  absl::Status operator()(const PinNotice& notice) {
    *out_.mutable_pin_notice()->mutable_next_pin() = ToString(notice.next_pin);
    out_.mutable_pin_notice()->set_from_ms(content::MillisOf(notice.from));
    return absl::OkStatus();
  }
  absl::Status operator()(const NeedsNewerClient&) {
    return absl::InvalidArgumentError(
        "record: what only a newer client understands cannot be written");
  }

 private:
  sealed::Record& out_;
};

absl::StatusOr<Content> TakeText(const sealed::Text& from) {
  CORDON_RETURN_IF_ERROR(
      content::CheckText("body", from.body(), kTextBytesMax));
  if (from.body().empty()) return content::Malformed("body");
  return Text{.body = from.body()};
}

// A reason is what a cancellation and a rejection consist of.
absl::Status CheckReason(const std::string& reason) {
  if (reason.empty()) return content::Malformed("reason");
  return content::CheckText("reason", reason, kReasonBytesMax);
}

absl::StatusOr<Content> TakeApproval(const sealed::Approval& from) {
  CORDON_RETURN_IF_ERROR(
      content::CheckText("note", from.note(), kReasonBytesMax));
  CORDON_RETURN_IF_ERROR(
      record::SignedRecord::Parse(AsBytes(from.original())).status());
  return Approval{.original = ToBytes(AsBytes(from.original())),
                  .note = from.note()};
}

absl::StatusOr<Content> TakePinNotice(const sealed::PinNotice& from) {
  if (from.next_pin().size() != kDigestBytes) {
    return content::Malformed("next_pin");
  }
  PinNotice to{.from = absl::FromUnixMillis(from.from_ms())};
  std::copy_n(AsBytes(from.next_pin()).begin(), kDigestBytes,
              to.next_pin.begin());
  return to;
}

template <typename Message>
absl::StatusOr<Content> TakePart(const Message& from) {
  CORDON_ASSIGN_OR_RETURN(auto to, content::Take(from));
  return Content(std::move(to));
}

absl::StatusOr<Content> TakeContent(const sealed::Record& from) {
  switch (from.content_case()) {
    case sealed::Record::kText:
      return TakeText(from.text());
    case sealed::Record::kAlert:
      return TakePart(from.alert());
    case sealed::Record::kInstruction:
      return TakePart(from.instruction());
    case sealed::Record::kAck:
      return TakePart(from.ack());
    case sealed::Record::kGuide:
      return TakePart(from.guide());
    case sealed::Record::kApproval:
      return TakeApproval(from.approval());
    case sealed::Record::kRejection:
      CORDON_RETURN_IF_ERROR(CheckReason(from.rejection().reason()));
      return Rejection{.reason = from.rejection().reason()};
    case sealed::Record::kOperationProfile:
      return TakePart(from.operation_profile());
    case sealed::Record::kParticipants:
      return TakePart(from.participants());
    case sealed::Record::kRoomProfile:
      return TakePart(from.room_profile());
    case sealed::Record::kCancel:
      CORDON_RETURN_IF_ERROR(CheckReason(from.cancel().reason()));
      return Cancel{.reason = from.cancel().reason()};
    case sealed::Record::kPinNotice:
      return TakePinNotice(from.pin_notice());
    case sealed::Record::CONTENT_NOT_SET:
      break;
  }
  return NeedsNewerClient{};
}

// Which kind a content is of; a cancellation is of the kind it withdraws.
bool Agrees(RecordKind kind, const Content& content) {
  struct KindOf {
    RecordKind kind;
    bool operator()(const Text&) const { return kind == RecordKind::kText; }
    bool operator()(const Alert&) const { return kind == RecordKind::kAlert; }
    bool operator()(const Instruction&) const {
      return kind == RecordKind::kInstruction;
    }
    bool operator()(const Ack&) const { return kind == RecordKind::kAck; }
    bool operator()(const Guide&) const { return kind == RecordKind::kGuide; }
    bool operator()(const Approval&) const {
      return kind == RecordKind::kApproval;
    }
    bool operator()(const Rejection&) const {
      return kind == RecordKind::kRejection;
    }
    bool operator()(const OperationProfile&) const {
      return kind == RecordKind::kOperationProfile;
    }
    bool operator()(const Participants&) const {
      return kind == RecordKind::kRoster;
    }
    bool operator()(const RoomProfile&) const {
      return kind == RecordKind::kRoomProfile;
    }
    bool operator()(const Cancel&) const { return policy::IsKnown(kind); }
    bool operator()(const PinNotice&) const {
      return kind == RecordKind::kRelayPin;
    }
    bool operator()(const NeedsNewerClient&) const {
      return !policy::IsKnown(kind);
    }
  };
  return std::visit(KindOf{kind}, content);
}

// The keys of attached files stand in the parsed message.
void WipeKeys(sealed::Record& message) {
  for (sealed::Attachment& one :
       *message.mutable_header()->mutable_attachments()) {
    const WipeOnExit<std::string> wipe(*one.mutable_blob_ref());
  }
}

}  // namespace

absl::StatusOr<Bytes> SerializeRecord(const RecordBody& body) {
  CORDON_RETURN_IF_ERROR(record::Validate(body.header));
  if (!Agrees(body.header.kind, body.content)) {
    return absl::InvalidArgumentError("record: kind and content disagree");
  }
  sealed::Record message;
  content::FillHeader(body, *message.mutable_header());
  CORDON_RETURN_IF_ERROR(std::visit(ContentWriter(message), body.content));
  std::string serialized = message.SerializeAsString();
  const WipeOnExit<std::string> wipe(serialized);
  WipeKeys(message);
  if (serialized.size() > record::kRecordBytesMax) {
    return absl::ResourceExhaustedError(
        "the record is too long to be sent; shorten its text");
  }
  return ToBytes(AsBytes(serialized));
}

absl::StatusOr<RecordBody> ParseRecord(ByteSpan bytes) {
  sealed::Record message;
  if (bytes.size() > record::kRecordBytesMax ||
      !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InvalidArgumentError("record: does not parse");
  }
  RecordBody body;
  const absl::Status header = content::TakeHeader(message.header(), body);
  WipeKeys(message);
  CORDON_RETURN_IF_ERROR(header);
  if (message.header().schema_major() > kSchemaMajor) {
    body.content = NeedsNewerClient{};
    return body;
  }
  CORDON_ASSIGN_OR_RETURN(body.content, TakeContent(message));
  if (!Agrees(body.header.kind, body.content)) {
    return absl::InvalidArgumentError("record: kind and content disagree");
  }
  return body;
}

absl::Status CheckFileName(absl::string_view name) {
  const bool plain =
      !name.empty() && name.size() <= kFileNameBytesMax && name != "." &&
      name != ".." && std::none_of(name.begin(), name.end(), [](char c) {
        return c == '/' || c == '\\' ||
               absl::ascii_iscntrl(static_cast<unsigned char>(c));
      });
  return plain ? absl::OkStatus() : content::Malformed("file name");
}

}  // namespace cordon::client
