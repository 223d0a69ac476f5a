// Instructions, acknowledgements, and what coordinators say of the operation.

#include <cstddef>
#include <utility>

#include "absl/status/statusor.h"

#include "client/core/content.h"
#include "client/core/content_parts.h"
#include "client/core/model/codes.h"
#include "client/core/model/instruction.h"
#include "client/core/model/operation.h"
#include "cordon/sealed/v1/instruction.pb.h"
#include "cordon/sealed/v1/operation.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/status.h"

namespace cordon::client::content {
namespace {

constexpr size_t kNoteBytesMax = 500;
constexpr size_t kNameBytesMax = 64;

}  // namespace

void Fill(const Instruction& from, sealed::Instruction& to) {
  to.set_number(from.number);
  to.set_type(WireCode<sealed::InstructionType>(from.type));
  to.set_title(from.title);
  to.set_body(from.body);
  to.set_priority(WireCode<sealed::Priority>(from.priority));
  to.set_ack(WireCode<sealed::AckLevel>(from.ack));
  to.set_ack_deadline_ms(MillisOf(from.ack_deadline));
  to.set_supersedes(from.supersedes);
}

absl::StatusOr<Instruction> Take(const sealed::Instruction& from) {
  CORDON_RETURN_IF_ERROR(CheckText("title", from.title(), kTitleBytesMax));
  CORDON_RETURN_IF_ERROR(CheckText("body", from.body(), kTextBytesMax));
  if (from.title().empty()) return Malformed("title");
  return Instruction{.number = from.number(),
                     .type = CodeOf<InstructionType>(from.type()),
                     .title = from.title(),
                     .body = from.body(),
                     .priority = CodeOf<Priority>(from.priority()),
                     .ack = CodeOf<AckLevel>(from.ack()),
                     .ack_deadline = TimeOf(from.ack_deadline_ms()),
                     .supersedes = from.supersedes()};
}

void Fill(const Ack& from, sealed::Ack& to) {
  to.set_level(WireCode<sealed::AckLevel>(from.level));
  to.set_note(from.note);
}

absl::StatusOr<Ack> Take(const sealed::Ack& from) {
  CORDON_RETURN_IF_ERROR(CheckText("note", from.note(), kNoteBytesMax));
  return Ack{.level = CodeOf<AckLevel>(from.level()), .note = from.note()};
}

void Fill(const OperationProfile& from, sealed::OperationProfile& to) {
  to.set_name(from.name);
  to.set_title(from.title);
  to.set_first_day(DayText(from.first_day));
  to.set_last_day(DayText(from.last_day));
  to.set_zone(from.zone);
}

absl::StatusOr<OperationProfile> Take(const sealed::OperationProfile& from) {
  CORDON_RETURN_IF_ERROR(CheckText("name", from.name(), kNameBytesMax));
  CORDON_RETURN_IF_ERROR(CheckText("title", from.title(), kTitleBytesMax));
  CORDON_RETURN_IF_ERROR(CheckText("zone", from.zone(), kNameBytesMax));
  OperationProfile to{
      .name = from.name(), .title = from.title(), .zone = from.zone()};
  CORDON_ASSIGN_OR_RETURN(to.first_day, DayOf("first_day", from.first_day()));
  CORDON_ASSIGN_OR_RETURN(to.last_day, DayOf("last_day", from.last_day()));
  if (to.last_day < to.first_day) return Malformed("last_day");
  return to;
}

void Fill(const Participant& from, sealed::Participant& to) {
  to.set_organisation(from.organisation);
  to.set_title(from.title);
  to.set_country(from.country);
  to.set_region(from.region);
}

absl::StatusOr<Participant> Take(const sealed::Participant& from) {
  CORDON_RETURN_IF_ERROR(CheckText("title", from.title(), kTitleBytesMax));
  return Participant{.organisation = from.organisation(),
                     .title = from.title(),
                     .country = from.country(),
                     .region = from.region()};
}

void Fill(const Participants& from, sealed::Participants& to) {
  for (const Participant& one : from.participants) {
    Fill(one, *to.add_participants());
  }
}

absl::StatusOr<Participants> Take(const sealed::Participants& from) {
  if (from.participants_size() > static_cast<int>(kParticipantsMax)) {
    return TooMany("participants");
  }
  Participants to;
  for (const sealed::Participant& one : from.participants()) {
    CORDON_ASSIGN_OR_RETURN(to.participants.emplace_back(), Take(one));
  }
  return to;
}

void Fill(const RoomProfile& from, sealed::RoomProfile& to) {
  to.set_name(from.name);
  to.set_title(from.title);
  to.set_kind(from.kind);
  Fill(from.operation, *to.mutable_operation());
}

absl::StatusOr<RoomProfile> Take(const sealed::RoomProfile& from) {
  CORDON_RETURN_IF_ERROR(CheckText("name", from.name(), kNameBytesMax));
  CORDON_RETURN_IF_ERROR(CheckText("title", from.title(), kTitleBytesMax));
  CORDON_ASSIGN_OR_RETURN(OperationProfile operation, Take(from.operation()));
  return RoomProfile{.name = from.name(),
                     .title = from.title(),
                     .kind = from.kind(),
                     .operation = std::move(operation)};
}

}  // namespace cordon::client::content

namespace cordon::client {
namespace {

template <typename Message, typename Profile>
Bytes SerializeAs(const Profile& profile) {
  Message message;
  content::Fill(profile, message);
  return ToBytes(AsBytes(message.SerializeAsString()));
}

template <typename Message>
absl::StatusOr<Message> ParseAs(ByteSpan bytes) {
  Message message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return content::Malformed("profile");
  }
  return message;
}

}  // namespace

Bytes SerializeProfile(const OperationProfile& profile) {
  return SerializeAs<content::sealed::OperationProfile>(profile);
}

Bytes SerializeProfile(const RoomProfile& profile) {
  return SerializeAs<content::sealed::RoomProfile>(profile);
}

Bytes SerializeProfile(const Participant& profile) {
  return SerializeAs<content::sealed::Participant>(profile);
}

absl::StatusOr<OperationProfile> ParseOperationProfile(ByteSpan bytes) {
  CORDON_ASSIGN_OR_RETURN(const auto message,
                          ParseAs<content::sealed::OperationProfile>(bytes));
  return content::Take(message);
}

absl::StatusOr<RoomProfile> ParseRoomProfile(ByteSpan bytes) {
  CORDON_ASSIGN_OR_RETURN(const auto message,
                          ParseAs<content::sealed::RoomProfile>(bytes));
  return content::Take(message);
}

absl::StatusOr<Participant> ParseParticipant(ByteSpan bytes) {
  CORDON_ASSIGN_OR_RETURN(const auto message,
                          ParseAs<content::sealed::Participant>(bytes));
  return content::Take(message);
}

}  // namespace cordon::client
