#include "client/core/offer_note.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "client/core/codelists/places.h"
#include "client/core/command.h"
#include "client/core/content.h"
#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/cert/invitation.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"

namespace cordon::client {
namespace {

constexpr uint8_t kVersion = 1;

absl::StatusOr<std::string> ReadText(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan text, in.Vector());
  return ToString(text);
}

absl::StatusOr<OfferNote> Read(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const uint8_t version, in.U8());
  if (version != kVersion) {
    return absl::InvalidArgumentError("offer note: unknown version");
  }
  CORDON_ASSIGN_OR_RETURN(const uint8_t kind_number, in.U8());
  CORDON_ASSIGN_OR_RETURN(const cert::InvitationKind kind,
                          cert::InvitationKindFrom(kind_number));
  CORDON_ASSIGN_OR_RETURN(const std::string user_text, ReadText(in));
  CORDON_ASSIGN_OR_RETURN(cert::UserName user,
                          cert::UserName::Parse(user_text));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan role_bytes, in.Vector());
  CORDON_ASSIGN_OR_RETURN(const cert::RoleSet roles,
                          cert::RolesFromBytes(role_bytes));
  CORDON_ASSIGN_OR_RETURN(const uint64_t expires_s, in.U64());
  OfferNote note{
      .kind = kind,
      .user = std::move(user),
      .roles = roles,
      .expires = absl::FromUnixSeconds(static_cast<int64_t>(expires_s))};
  CORDON_ASSIGN_OR_RETURN(note.person, ReadText(in));
  CORDON_ASSIGN_OR_RETURN(note.info.title, ReadText(in));
  CORDON_ASSIGN_OR_RETURN(note.info.country, ReadText(in));
  CORDON_ASSIGN_OR_RETURN(note.info.region, ReadText(in));
  return note;
}

}  // namespace

Bytes Serialize(const OfferNote& note) {
  codec::Writer out;
  out.U8(kVersion);
  out.U8(static_cast<uint8_t>(note.kind));
  out.Vector(AsBytes(note.user.text()));
  out.Vector(cert::RolesToBytes(note.roles));
  out.U64(static_cast<uint64_t>(absl::ToUnixSeconds(note.expires)));
  out.Vector(AsBytes(note.person));
  out.Vector(AsBytes(note.info.title));
  out.Vector(AsBytes(note.info.country));
  out.Vector(AsBytes(note.info.region));
  return out.Take();
}

absl::StatusOr<OfferNote> ParseOfferNote(ByteSpan bytes) {
  codec::Reader in(bytes);
  absl::StatusOr<OfferNote> note = Read(in);
  if (!note.ok() || !in.End().ok()) {
    return absl::DataLossError(
        "an invitation kept in this profile does not parse");
  }
  return note;
}

absl::Status Validate(const OrganisationInfo& info, cert::OrgKind kind) {
  if (info.title.empty() || info.title.size() > kTitleBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the title must be given, with at most ", kTitleBytesMax, " bytes"));
  }
  if (!info.country.empty() && !IsCountry(info.country)) {
    return absl::InvalidArgumentError(
        "the country must be an ISO 3166-1 code of two capital letters");
  }
  if (!info.region.empty() && !IsRegion(info.region)) {
    return absl::InvalidArgumentError(
        "the region must be one of AMS, EUR, ESA, FEA, MENA, WCA");
  }
  if (kind == cert::OrgKind::kCustoms &&
      (info.country.empty() || info.region.empty())) {
    return absl::InvalidArgumentError(
        "a customs administration needs a country and a region");
  }
  return absl::OkStatus();
}

}  // namespace cordon::client
