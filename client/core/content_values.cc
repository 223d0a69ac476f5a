// Values that several messages share.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "client/core/alert_rules.h"
#include "client/core/content_parts.h"
#include "client/core/model/codes.h"
#include "client/core/model/common.h"
#include "cordon/sealed/v1/common.pb.h"
#include "crypto/base/status.h"

namespace cordon::client::content {

absl::Status TooLong(absl::string_view field) {
  return absl::InvalidArgumentError(
      absl::StrCat("record: ", field, " is too long"));
}

absl::Status TooMany(absl::string_view field) {
  return absl::InvalidArgumentError(
      absl::StrCat("record: ", field, " has too many entries"));
}

absl::Status Malformed(absl::string_view field) {
  return absl::InvalidArgumentError(
      absl::StrCat("record: ", field, " is malformed"));
}

absl::Status CheckText(absl::string_view field, const std::string& text,
                       size_t bytes_max) {
  // proto3 has refused text that is not UTF-8 when it parsed the message.
  return text.size() > bytes_max ? TooLong(field) : absl::OkStatus();
}

int64_t MillisOf(const std::optional<absl::Time>& time) {
  return time.has_value() ? absl::ToUnixMillis(*time) : 0;
}

std::optional<absl::Time> TimeOf(int64_t millis) {
  if (millis == 0) return std::nullopt;
  return absl::FromUnixMillis(millis);
}

std::string DayText(absl::CivilDay day) {
  return absl::FormatCivilTime(day);
}

absl::StatusOr<absl::CivilDay> DayOf(absl::string_view field,
                                     const std::string& text) {
  absl::CivilDay day;
  if (!absl::ParseCivilTime(text, &day) || DayText(day) != text) {
    return Malformed(field);
  }
  return day;
}

void Fill(const Location& from, sealed::Location& to) {
  to.set_kind(WireCode<sealed::PlaceKind>(from.kind));
  to.set_country(from.country);
  to.set_subdivision(from.subdivision);
  to.set_locode(from.locode);
  to.set_office(from.office);
  if (!from.point.has_value()) return;
  to.mutable_point()->set_latitude_e6(from.point->latitude_e6);
  to.mutable_point()->set_longitude_e6(from.point->longitude_e6);
}

absl::StatusOr<Location> Take(const sealed::Location& from) {
  CORDON_RETURN_IF_ERROR(CheckText("office", from.office(), kOfficeBytesMax));
  Location to{.kind = CodeOf<PlaceKind>(from.kind()),
              .country = from.country(),
              .subdivision = from.subdivision(),
              .locode = from.locode(),
              .office = from.office()};
  if (from.has_point()) {
    to.point = GeoPoint{.latitude_e6 = from.point().latitude_e6(),
                        .longitude_e6 = from.point().longitude_e6()};
  }
  return to;
}

void Fill(const Quantity& from, sealed::Quantity& to) {
  to.set_value_milli(from.value_milli);
  to.set_unit(from.unit);
  to.set_estimate(from.estimate);
  to.set_packages(from.packages);
  to.set_package_kind(from.package_kind);
}

Quantity Take(const sealed::Quantity& from) {
  return {.value_milli = from.value_milli(),
          .unit = from.unit(),
          .estimate = from.estimate(),
          .packages = from.packages(),
          .package_kind = from.package_kind()};
}

void Fill(const Money& from, sealed::Money& to) {
  to.set_value_cents(from.value_cents);
  to.set_currency(from.currency);
  to.set_basis(WireCode<sealed::MoneyBasis>(from.basis));
  to.set_rate_date(from.rate_date);
}

Money Take(const sealed::Money& from) {
  return {.value_cents = from.value_cents(),
          .currency = from.currency(),
          .basis = CodeOf<MoneyBasis>(from.basis()),
          .rate_date = from.rate_date()};
}

}  // namespace cordon::client::content
