#include "crypto/policy/marking.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cordon::policy {
namespace {

constexpr Tlp kAllTlp[] = {Tlp::kRed, Tlp::kAmberStrict, Tlp::kAmber,
                           Tlp::kGreen, Tlp::kClear};

bool PapLoosens(const Marking& before, const Marking& after) {
  if (!before.pap.has_value()) return false;
  return !after.pap.has_value() || *after.pap > *before.pap;
}

bool HandlingLoosens(const Marking& before, const Marking& after) {
  if (!after.handling.HasAllOf(before.handling)) return true;
  return before.handling.Has(HandlingCode::kH3) &&
         after.handling_text != before.handling_text;
}

}  // namespace

absl::StatusOr<Tlp> TlpOf(uint64_t number) {
  if (number < static_cast<uint64_t>(Tlp::kRed) ||
      number > static_cast<uint64_t>(Tlp::kClear)) {
    return absl::InvalidArgumentError("marking: no such TLP");
  }
  return static_cast<Tlp>(number);
}

absl::StatusOr<Pap> PapOf(uint64_t number) {
  if (number < static_cast<uint64_t>(Pap::kRed) ||
      number > static_cast<uint64_t>(Pap::kClear)) {
    return absl::InvalidArgumentError("marking: no such PAP");
  }
  return static_cast<Pap>(number);
}

absl::string_view TlpName(Tlp tlp) {
  switch (tlp) {
    case Tlp::kRed:
      return "RED";
    case Tlp::kAmberStrict:
      return "AMBER+STRICT";
    case Tlp::kAmber:
      return "AMBER";
    case Tlp::kGreen:
      return "GREEN";
    case Tlp::kClear:
      return "CLEAR";
  }
  return "unknown";
}

absl::string_view PapName(Pap pap) {
  switch (pap) {
    case Pap::kRed:
      return "RED";
    case Pap::kAmber:
      return "AMBER";
    case Pap::kGreen:
      return "GREEN";
    case Pap::kClear:
      return "CLEAR";
  }
  return "unknown";
}

absl::string_view HandlingCodeName(HandlingCode code) {
  switch (code) {
    case HandlingCode::kH0:
      return "H0";
    case HandlingCode::kH1:
      return "H1";
    case HandlingCode::kH2:
      return "H2";
    case HandlingCode::kH3:
      return "H3";
  }
  return "unknown";
}

absl::StatusOr<Tlp> ParseTlp(absl::string_view name) {
  for (const Tlp tlp : kAllTlp) {
    if (name == TlpName(tlp)) return tlp;
  }
  return absl::InvalidArgumentError("marking: no such TLP");
}

absl::Status Validate(const Marking& marking) {
  const bool has_text = !marking.handling_text.empty();
  if (marking.handling.Has(HandlingCode::kH3) != has_text) {
    return absl::InvalidArgumentError(
        "marking: H3 needs a text and a text needs H3");
  }
  if (marking.handling_text.size() > kHandlingTextBytesMax) {
    return absl::InvalidArgumentError(
        "marking: text is longer than kHandlingTextBytesMax");
  }
  return absl::OkStatus();
}

bool Loosens(const Marking& before, const Marking& after) {
  return after.tlp > before.tlp || PapLoosens(before, after) ||
         HandlingLoosens(before, after);
}

absl::Status CheckRemark(const Marking& before, const Marking& after,
                         bool by_originator) {
  if (!by_originator && Loosens(before, after)) {
    return absl::PermissionDeniedError(
        "marking: only the originator may loosen it");
  }
  return absl::OkStatus();
}

}  // namespace cordon::policy
