#include "crypto/record/crl_track.h"

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/record/record_header.h"

namespace cordon::record {
namespace {

constexpr uint16_t kVersion = 1;

struct Stored {
  CrlNumber held;
  CrlNumber named;
  DeviceId named_by;
};

absl::StatusOr<Stored> ReadStored(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const uint16_t version, in.U16());
  if (version != kVersion) {
    return absl::InvalidArgumentError("unknown version");
  }
  Stored stored;
  CORDON_ASSIGN_OR_RETURN(stored.held.value, in.U64());
  CORDON_ASSIGN_OR_RETURN(stored.named.value, in.U64());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan by, in.Fixed(DeviceId::kBytes));
  CORDON_ASSIGN_OR_RETURN(stored.named_by, DeviceId::Parse(by));
  return stored;
}

}  // namespace

absl::StatusOr<CrlTrack> CrlTrack::Parse(ByteSpan bytes) {
  const auto stored = codec::ParseWhole<Stored>(bytes, ReadStored);
  if (!stored.ok()) {
    return absl::DataLossError("crl track: does not parse");
  }
  CrlTrack track;
  track.held_ = stored->held;
  track.named_ = stored->named;
  track.named_by_ = stored->named_by;
  return track;
}

Bytes CrlTrack::Serialize() const {
  codec::Writer out;
  out.U16(kVersion);
  out.U64(held_.value);
  out.U64(named_.value);
  out.Fixed(named_by_.span());
  return out.Take();
}

absl::Status CrlTrack::Hold(CrlNumber number) {
  if (number < held_) {
    return absl::FailedPreconditionError("crl: older than the one held");
  }
  held_ = number;
  return absl::OkStatus();
}

void CrlTrack::Named(CrlNumber number, const DeviceId& author) {
  if (number <= named_) return;
  named_ = number;
  named_by_ = author;
}

std::optional<CrlWithheld> CrlTrack::Withheld() const {
  if (named_ <= held_) return std::nullopt;
  return CrlWithheld{.held = held_, .named = named_, .by = named_by_};
}

}  // namespace cordon::record
