#include "tests/replay/alert_json.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include <nlohmann/json.hpp>

#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/common.h"
#include "crypto/base/check.h"

namespace cordon::replay {
namespace {

using nlohmann::json;

constexpr int64_t kMilli = 1000;

void Put(json& out, const char* name, const std::string& value) {
  if (!value.empty()) out[name] = value;
}

template <typename Enum>
void PutCode(json& out, const char* name, Enum value) {
  Put(out, name, std::string(client::CodeName(value)));
}

json PlaceJson(const client::Location& place) {
  json out = json::object();
  PutCode(out, "kind", place.kind);
  Put(out, "country", place.country);
  Put(out, "office", place.office);
  return out;
}

json ConveyanceJson(const client::Conveyance& conveyance) {
  json out = json::object();
  if (conveyance.mode.has_value()) out["mode"] = *conveyance.mode;
  Put(out, "means", conveyance.means);
  for (const client::Identifier& identifier : conveyance.identifiers) {
    json one = {{"value", identifier.value}};
    PutCode(one, "kind", identifier.kind);
    out["identifiers"].push_back(std::move(one));
  }
  return out;
}

json MedicineJson(const client::Medicine& medicine) {
  json out = {{"substance", medicine.substance}};
  Put(out, "dosage_form", medicine.dosage_form);
  Put(out, "lot", medicine.lot);
  return out;
}

json LineJson(const client::SeizureLine& line) {
  // The generator deals whole pieces.
  CORDON_CHECK(line.quantity.value_milli % kMilli == 0);
  json out = {{"number", line.number},
              {"category", line.category},
              {"description", line.description},
              {"quantity",
               {{"value", absl::StrCat(line.quantity.value_milli / kMilli)},
                {"unit", line.quantity.unit}}}};
  Put(out, "subcategory", line.subcategory);
  PutCode(out, "status", line.status);
  Put(out, "hs", line.hs);
  Put(out, "brand", line.brand);
  Put(out, "rights_holder", line.rights_holder);
  Put(out, "ipr_type", line.ipr_type);
  Put(out, "no_photo_reason", line.no_photo_reason);
  if (line.medicine.has_value()) out["medicine"] = MedicineJson(*line.medicine);
  return out;
}

}  // namespace

json AlertJson(const client::Alert& alert, absl::TimeZone zone) {
  json out = {{"full", alert.full},
              {"when", absl::FormatTime(absl::RFC3339_sec, alert.when, zone)},
              {"where", PlaceJson(alert.where)},
              {"conveyance", ConveyanceJson(alert.conveyance)},
              {"detection_means", alert.detection_means},
              {"risk_indicators", alert.risk_indicators}};
  PutCode(out, "case_type", alert.case_type);
  PutCode(out, "when_precision", alert.when_precision);
  PutCode(out, "flow", alert.flow);
  PutCode(out, "channel", alert.channel);
  PutCode(out, "ecommerce", alert.ecommerce);
  Put(out, "ecommerce_platform", alert.ecommerce_platform);
  PutCode(out, "detection_method", alert.detection_method);
  Put(out, "concealment", alert.concealment);
  Put(out, "offence", alert.offence);
  PutCode(out, "outcome", alert.outcome);
  for (const client::RoutePoint& point : alert.route) {
    json one = {{"location", PlaceJson(point.location)}};
    PutCode(one, "role", point.role);
    out["route"].push_back(std::move(one));
  }
  for (const client::SeizureLine& line : alert.lines) {
    out["lines"].push_back(LineJson(line));
  }
  return out;
}

}  // namespace cordon::replay
