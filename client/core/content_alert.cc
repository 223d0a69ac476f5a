// Alerts.

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/alert_rules.h"
#include "client/core/content_parts.h"
#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/common.h"
#include "cordon/sealed/v1/alert.pb.h"
#include "crypto/base/status.h"

namespace cordon::client::content {
namespace {

void Fill(const Conveyance& from, sealed::Conveyance& to) {
  to.set_mode(from.mode.value_or(0));
  to.set_mode_given(from.mode.has_value());
  to.set_means(from.means);
  for (const Identifier& identifier : from.identifiers) {
    sealed::Identifier& one = *to.add_identifiers();
    one.set_kind(WireCode<sealed::IdentifierKind>(identifier.kind));
    one.set_value(identifier.value);
    one.set_check_reason(identifier.check_reason);
  }
  to.set_no_identifier_reason(from.no_identifier_reason);
}

absl::StatusOr<Conveyance> Take(const sealed::Conveyance& from) {
  if (from.identifiers_size() > static_cast<int>(kIdentifiersMax)) {
    return TooMany("identifiers");
  }
  Conveyance to;
  if (from.mode_given()) to.mode = from.mode();
  to.means = from.means();
  for (const sealed::Identifier& one : from.identifiers()) {
    to.identifiers.push_back({.kind = CodeOf<IdentifierKind>(one.kind()),
                              .value = one.value(),
                              .check_reason = one.check_reason()});
  }
  to.no_identifier_reason = from.no_identifier_reason();
  return to;
}

void Fill(const Medicine& from, sealed::Medicine& to) {
  to.set_substance(from.substance);
  to.set_dosage_form(from.dosage_form);
  to.set_strength(from.strength);
  to.set_manufacturer(from.manufacturer);
  to.set_lot(from.lot);
  to.set_expiry(from.expiry);
  to.set_registration(from.registration);
  to.set_therapeutic_group(from.therapeutic_group);
}

Medicine Take(const sealed::Medicine& from) {
  return {.substance = from.substance(),
          .dosage_form = from.dosage_form(),
          .strength = from.strength(),
          .manufacturer = from.manufacturer(),
          .lot = from.lot(),
          .expiry = from.expiry(),
          .registration = from.registration(),
          .therapeutic_group = from.therapeutic_group()};
}

void Fill(const SeizureLine& from, sealed::SeizureLine& to) {
  to.set_number(from.number);
  to.set_category(from.category);
  to.set_subcategory(from.subcategory);
  to.set_description(from.description);
  content::Fill(from.quantity, *to.mutable_quantity());
  to.set_status(WireCode<sealed::LineStatus>(from.status));
  to.set_hs(from.hs);
  to.set_brand(from.brand);
  to.set_rights_holder(from.rights_holder);
  to.set_ipr_type(from.ipr_type);
  if (from.medicine.has_value()) Fill(*from.medicine, *to.mutable_medicine());
  to.set_gtin(from.gtin);
  to.set_serial(from.serial);
  to.set_made_in(from.made_in);
  if (from.value.has_value()) content::Fill(*from.value, *to.mutable_value());
  to.set_no_photo_reason(from.no_photo_reason);
}

SeizureLine Take(const sealed::SeizureLine& from) {
  SeizureLine to;
  to.number = from.number();
  to.category = from.category();
  to.subcategory = from.subcategory();
  to.description = from.description();
  to.quantity = content::Take(from.quantity());
  to.status = CodeOf<LineStatus>(from.status());
  to.hs = from.hs();
  to.brand = from.brand();
  to.rights_holder = from.rights_holder();
  to.ipr_type = from.ipr_type();
  if (from.has_medicine()) to.medicine = Take(from.medicine());
  to.gtin = from.gtin();
  to.serial = from.serial();
  to.made_in = from.made_in();
  if (from.has_value()) to.value = content::Take(from.value());
  to.no_photo_reason = from.no_photo_reason();
  return to;
}

absl::Status CheckCounts(const sealed::Alert& from) {
  if (from.lines_size() > static_cast<int>(kAlertLinesMax)) {
    return TooMany("lines");
  }
  if (from.route_size() > static_cast<int>(kRoutePointsMax)) {
    return TooMany("route");
  }
  if (from.detection_means_size() > static_cast<int>(kCodesMax)) {
    return TooMany("detection_means");
  }
  if (from.risk_indicators_size() > static_cast<int>(kCodesMax)) {
    return TooMany("risk_indicators");
  }
  return CheckText("narrative", from.narrative(), kNarrativeBytesMax);
}

absl::Status TakeRoute(const sealed::Alert& from, Alert& to) {
  for (const sealed::RoutePoint& point : from.route()) {
    CORDON_ASSIGN_OR_RETURN(Location location, content::Take(point.location()));
    to.route.push_back({.role = CodeOf<RouteRole>(point.role()),
                        .location = std::move(location),
                        .date = TimeOf(point.date_ms())});
  }
  return absl::OkStatus();
}

// What describes the case apart from place, route and lines.
void TakeCase(const sealed::Alert& from, Alert& to) {
  to.case_type = CodeOf<CaseType>(from.case_type());
  to.when = TimeOf(from.when_ms()).value_or(absl::InfinitePast());
  to.when_precision = CodeOf<WhenPrecision>(from.when_precision());
  to.flow = CodeOf<Flow>(from.flow());
  to.channel = CodeOf<Channel>(from.channel());
  to.ecommerce = CodeOf<Ecommerce>(from.ecommerce());
  to.ecommerce_platform = from.ecommerce_platform();
  to.detection_method = CodeOf<DetectionMethod>(from.detection_method());
  to.detection_means.assign(from.detection_means().begin(),
                            from.detection_means().end());
  to.risk_indicators.assign(from.risk_indicators().begin(),
                            from.risk_indicators().end());
  to.concealment = from.concealment();
  to.concealment_text = from.concealment_text();
  to.declared_description = from.declared_description();
  to.declared_hs = from.declared_hs();
  if (from.has_declared_value()) {
    to.declared_value = content::Take(from.declared_value());
  }
  to.offence = from.offence();
  to.persons = from.persons();
  to.companies = from.companies();
  to.outcome = CodeOf<Outcome>(from.outcome());
  to.narrative = from.narrative();
  to.full = from.full();
  to.final = from.final();
}

void FillCase(const Alert& from, sealed::Alert& to) {
  to.set_case_type(WireCode<sealed::CaseType>(from.case_type));
  if (from.when != absl::InfinitePast()) to.set_when_ms(MillisOf(from.when));
  to.set_when_precision(WireCode<sealed::WhenPrecision>(from.when_precision));
  to.set_flow(WireCode<sealed::Flow>(from.flow));
  to.set_channel(WireCode<sealed::Channel>(from.channel));
  to.set_ecommerce(WireCode<sealed::Ecommerce>(from.ecommerce));
  to.set_ecommerce_platform(from.ecommerce_platform);
  to.set_detection_method(
      WireCode<sealed::DetectionMethod>(from.detection_method));
  for (const std::string& code : from.detection_means) {
    to.add_detection_means(code);
  }
  for (const std::string& code : from.risk_indicators) {
    to.add_risk_indicators(code);
  }
  to.set_concealment(from.concealment);
  to.set_concealment_text(from.concealment_text);
  to.set_declared_description(from.declared_description);
  to.set_declared_hs(from.declared_hs);
  if (from.declared_value.has_value()) {
    content::Fill(*from.declared_value, *to.mutable_declared_value());
  }
  to.set_offence(from.offence);
  to.set_persons(from.persons);
  to.set_companies(from.companies);
  to.set_outcome(WireCode<sealed::Outcome>(from.outcome));
  to.set_narrative(from.narrative);
  to.set_full(from.full);
  to.set_final(from.final);
}

}  // namespace

void Fill(const Alert& from, sealed::Alert& to) {
  FillCase(from, to);
  Fill(from.where, *to.mutable_where());
  Fill(from.conveyance, *to.mutable_conveyance());
  for (const RoutePoint& point : from.route) {
    sealed::RoutePoint& one = *to.add_route();
    one.set_role(WireCode<sealed::RouteRole>(point.role));
    Fill(point.location, *one.mutable_location());
    one.set_date_ms(MillisOf(point.date));
  }
  for (const SeizureLine& line : from.lines) Fill(line, *to.add_lines());
}

absl::StatusOr<Alert> Take(const sealed::Alert& from) {
  CORDON_RETURN_IF_ERROR(CheckCounts(from));
  Alert to;
  TakeCase(from, to);
  CORDON_ASSIGN_OR_RETURN(to.where, Take(from.where()));
  CORDON_ASSIGN_OR_RETURN(to.conveyance, Take(from.conveyance()));
  CORDON_RETURN_IF_ERROR(TakeRoute(from, to));
  for (const sealed::SeizureLine& line : from.lines()) {
    to.lines.push_back(Take(line));
  }
  return to;
}

}  // namespace cordon::client::content
