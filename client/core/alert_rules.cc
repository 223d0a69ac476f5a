#include "client/core/alert_rules.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "client/core/codelists/goods.h"
#include "client/core/codelists/identifiers.h"
#include "client/core/codelists/places.h"
#include "client/core/findings.h"
#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/common.h"

namespace cordon::client {
namespace {

constexpr uint32_t kConveyanceModeLast = 9;
constexpr uint32_t kConveyanceModeMail = 5;
constexpr int32_t kLatitudeE6Max = 90'000'000;
constexpr int32_t kLongitudeE6Max = 180'000'000;

using Findings = ContentFindings;

void CheckPoint(const std::string& field, const GeoPoint& point,
                Findings& found) {
  if (point.latitude_e6 < -kLatitudeE6Max ||
      point.latitude_e6 > kLatitudeE6Max ||
      point.longitude_e6 < -kLongitudeE6Max ||
      point.longitude_e6 > kLongitudeE6Max) {
    found.Fault(absl::StrCat(field, ".lat"), "is not a place on earth");
  }
}

// `exact`: a locode, an office or coordinates must say where.
void CheckLocation(const std::string& field, const Location& place, bool exact,
                   Findings& found) {
  if (place.country.empty()) {
    found.Missing(absl::StrCat(field, ".country"));
  } else if (!IsCountry(place.country)) {
    found.Fault(absl::StrCat(field, ".country"),
                "is not an ISO 3166-1 code of two capital letters");
  }
  if (!place.subdivision.empty() &&
      !IsSubdivision(place.subdivision, place.country)) {
    found.Fault(absl::StrCat(field, ".subdivision"),
                "is not an ISO 3166-2 code of that country");
  }
  if (!place.locode.empty() && !IsLocode(place.locode)) {
    found.Fault(absl::StrCat(field, ".locode"), "is not a UN/LOCODE");
  } else if (!place.locode.empty() &&
             place.locode.substr(0, 2) != place.country) {
    found.Fault(absl::StrCat(field, ".locode"), "is of another country");
  }
  found.Length(absl::StrCat(field, ".office"), place.office, kOfficeBytesMax);
  if (place.point.has_value()) CheckPoint(field, *place.point, found);
  if (exact && place.locode.empty() && place.office.empty() &&
      !place.point.has_value()) {
    found.Fault(field, "needs a locode, an office or coordinates");
  }
}

void CheckWhen(const Alert& alert, const AlertRulesOptions& options,
               Findings& found) {
  if (alert.when == absl::InfinitePast()) {
    found.Missing("when");
    return;
  }
  found.Code("when_precision", alert.when_precision, /*needed=*/true);
  if (alert.when > options.sent + kClockSlack) {
    found.Fault("when", "is later than the time of sending");
  }
  if (!options.zone || !options.first_day || !options.last_day) return;
  const absl::CivilDay day = absl::ToCivilDay(alert.when, *options.zone);
  if (day < *options.first_day || day > *options.last_day) {
    found.Warn("when", "is outside the days of the operation");
  }
}

bool HoldsItsCheck(const Identifier& identifier) {
  switch (identifier.kind) {
    case IdentifierKind::kContainer:
      return ContainerNumberHolds(identifier.value);
    case IdentifierKind::kImo:
      return ImoNumberHolds(identifier.value);
    case IdentifierKind::kPostItem:
      return PostItemHolds(identifier.value);
    case IdentifierKind::kAirWaybill:
      return AirWaybillHolds(identifier.value);
    case IdentifierKind::kNone:
    case IdentifierKind::kBillOfLading:
    case IdentifierKind::kCourier:
    case IdentifierKind::kFlight:
    case IdentifierKind::kPlate:
    case IdentifierKind::kSeal:
    case IdentifierKind::kDeclaration:
      return true;  // No arithmetic in these.
  }
  return true;
}

void CheckIdentifiers(const Conveyance& conveyance, Findings& found) {
  if (conveyance.identifiers.size() > kIdentifiersMax) {
    found.Fault("conveyance.identifiers",
                absl::StrCat("has more than ", kIdentifiersMax, " entries"));
    return;
  }
  for (size_t i = 0; i < conveyance.identifiers.size(); ++i) {
    const Identifier& identifier = conveyance.identifiers[i];
    const std::string field = absl::StrCat("conveyance.identifiers[", i, "]");
    found.Code(absl::StrCat(field, ".kind"), identifier.kind, /*needed=*/true);
    if (identifier.value.empty()) {
      found.Missing(absl::StrCat(field, ".value"));
    } else if (!HoldsItsCheck(identifier)) {
      if (identifier.check_reason.empty()) {
        found.Fault(absl::StrCat(field, ".value"),
                    "fails its check digit; correct it, or give check_reason");
      } else {
        found.Warn(absl::StrCat(field, ".value"), "fails its check digit");
      }
    }
    found.Length(absl::StrCat(field, ".value"), identifier.value,
                 kShortTextBytesMax);
  }
}

bool NeedsIdentifier(Channel channel) {
  return channel == Channel::kSeaCargo || channel == Channel::kAirCargo ||
         channel == Channel::kExpressCourier || channel == Channel::kPost;
}

void CheckConveyance(const Alert& alert, Findings& found) {
  const Conveyance& conveyance = alert.conveyance;
  if (!conveyance.mode.has_value()) {
    found.Missing("conveyance.mode");
  } else if (*conveyance.mode > kConveyanceModeLast) {
    found.Fault("conveyance.mode", "is not a Recommendation 19 code, 0 to 9");
  } else if (*conveyance.mode == kConveyanceModeMail &&
             alert.channel != Channel::kNone &&
             alert.channel != Channel::kPost) {
    found.Fault("channel", "must be post when conveyance.mode is 5 (mail)");
  }
  CheckIdentifiers(conveyance, found);
  if (alert.full && NeedsIdentifier(alert.channel) &&
      conveyance.identifiers.empty() &&
      conveyance.no_identifier_reason.empty()) {
    found.Fault("conveyance.identifiers",
                "is missing; give one, or no_identifier_reason");
  }
}

void CheckRoute(const Alert& alert, Findings& found) {
  if (alert.route.size() > kRoutePointsMax) {
    found.Fault("route",
                absl::StrCat("has more than ", kRoutePointsMax, " points"));
    return;
  }
  bool departure = false;
  bool destination = false;
  for (size_t i = 0; i < alert.route.size(); ++i) {
    const RoutePoint& point = alert.route[i];
    const std::string field = absl::StrCat("route[", i, "]");
    found.Code(absl::StrCat(field, ".role"), point.role, /*needed=*/true);
    CheckLocation(absl::StrCat(field, ".location"), point.location,
                  /*exact=*/false, found);
    departure |= point.role == RouteRole::kDeparture;
    destination |= point.role == RouteRole::kDestination;
  }
  if (!alert.full) return;
  if (!departure) found.Fault("route", "needs a point of role departure");
  if (!destination) found.Fault("route", "needs a point of role destination");
}

void CheckEcommerce(const Alert& alert, Findings& found) {
  found.Code("ecommerce", alert.ecommerce, alert.full);
  found.Length("ecommerce_platform", alert.ecommerce_platform,
               kShortTextBytesMax);
  if (!alert.ecommerce_platform.empty() && alert.ecommerce != Ecommerce::kYes) {
    found.Fault("ecommerce_platform", "is given although ecommerce is not yes");
  }
}

using IsInList = bool (*)(absl::string_view);

void CheckCodes(const std::string& field, const std::vector<std::string>& codes,
                IsInList in_list, Findings& found) {
  if (codes.size() > kCodesMax) {
    found.Fault(field, absl::StrCat("has more than ", kCodesMax, " entries"));
    return;
  }
  for (size_t i = 0; i < codes.size(); ++i) {
    if (in_list(codes[i])) continue;
    found.Fault(absl::StrCat(field, "[", i, "]"), "is not in the code list");
  }
}

void CheckCode(const std::string& field, absl::string_view code, bool needed,
               IsInList in_list, Findings& found) {
  if (code.empty()) {
    if (needed) found.Missing(field);
  } else if (!in_list(code)) {
    found.Fault(field, "is not in the code list");
  }
}

void CheckMoney(const std::string& field, const Money& money, Findings& found) {
  if (money.value_cents <= 0) {
    found.Fault(absl::StrCat(field, ".value"), "must be more than zero");
  }
  if (!IsCurrency(money.currency)) {
    found.Fault(absl::StrCat(field, ".currency"), "is not an ISO 4217 code");
  }
  found.Code(absl::StrCat(field, ".basis"), money.basis, /*needed=*/true);
}

void CheckCase(const Alert& alert, Findings& found) {
  found.Code("flow", alert.flow, alert.full);
  found.Code("channel", alert.channel, alert.full);
  found.Code("detection_method", alert.detection_method, alert.full);
  CheckCodes("detection_means", alert.detection_means, IsDetectionMeans, found);
  CheckCodes("risk_indicators", alert.risk_indicators, IsRiskIndicator, found);
  CheckCode("concealment", alert.concealment, alert.full, IsConcealment, found);
  found.Length("concealment_text", alert.concealment_text,
               kConcealmentTextBytesMax);
  if (alert.concealment == "other" && alert.concealment_text.empty()) {
    found.Fault("concealment_text", "is missing; concealment is other");
  }
  CheckCode("offence", alert.offence, alert.full, IsOffence, found);
  found.Code("outcome", alert.outcome, alert.full);
  if (!alert.declared_hs.empty() && !IsHsCode(alert.declared_hs)) {
    found.Fault("declared_hs", "is not an HS code of 2, 4 or 6 digits");
  }
  if (alert.declared_value.has_value()) {
    CheckMoney("declared_value", *alert.declared_value, found);
  }
  found.Length("declared_description", alert.declared_description,
               kDescriptionBytesMax);
  found.Length("narrative", alert.narrative, kNarrativeBytesMax);
}

void CheckQuantity(const std::string& field, const Quantity& quantity,
                   const Category* category, Findings& found) {
  if (quantity.value_milli <= 0) {
    found.Fault(absl::StrCat(field, ".value"), "must be more than zero");
  } else if (quantity.value_milli > kQuantityMilliMax) {
    found.Fault(absl::StrCat(field, ".value"), "has more than 18 digits");
  }
  if (quantity.unit.empty()) {
    found.Missing(absl::StrCat(field, ".unit"));
  } else if (category != nullptr &&
             AllowedIn(*category, quantity.unit) == nullptr) {
    std::vector<absl::string_view> names;
    for (const AllowedUnit& unit : category->units) names.push_back(unit.unit);
    found.Fault(absl::StrCat(field, ".unit"),
                absl::StrCat("is not a unit of ", category->code,
                             "; use one of ", absl::StrJoin(names, ", ")));
  }
}

void CheckHs(const std::string& field, const SeizureLine& line,
             const Category* category, bool full, Findings& found) {
  if (line.hs.empty()) {
    if (full) found.Missing(field);
    return;
  }
  if (!IsHsCode(line.hs) || (full && line.hs.size() == 2)) {
    found.Fault(field, full ? "is not an HS code of 4 or 6 digits"
                            : "is not an HS code of 2, 4 or 6 digits");
    return;
  }
  if (category == nullptr || category->hs_chapters.empty()) return;
  const absl::string_view chapter = absl::string_view(line.hs).substr(0, 2);
  const auto& expected = category->hs_chapters;
  if (std::find(expected.begin(), expected.end(), chapter) == expected.end()) {
    found.Warn(field, absl::StrCat("is of chapter ", chapter, ", unusual for ",
                                   category->code));
  }
}

void CheckBrand(const std::string& field, const SeizureLine& line,
                const Alert& alert, Findings& found) {
  if (!line.ipr_type.empty() && !IsIprType(line.ipr_type)) {
    found.Fault(absl::StrCat(field, ".ipr_type"), "is not in the code list");
  }
  if (!alert.full || alert.offence != "counterfeit") return;
  if (line.brand.empty()) found.Missing(absl::StrCat(field, ".brand"));
  if (line.ipr_type.empty()) found.Missing(absl::StrCat(field, ".ipr_type"));
}

void CheckMedicine(const std::string& field, const SeizureLine& line, bool full,
                   Findings& found) {
  if (line.category != "medicines") {
    if (line.medicine.has_value()) {
      found.Fault(absl::StrCat(field, ".medicine"),
                  "is given although category is not medicines");
    }
    return;
  }
  if (!full || line.subcategory == "medical_device") return;
  if (!line.medicine.has_value() || line.medicine->substance.empty()) {
    found.Fault(absl::StrCat(field, ".medicine.substance"),
                "is missing; give the INN, or unknown");
  }
  if (!line.medicine.has_value() || line.medicine->lot.empty()) {
    found.Fault(absl::StrCat(field, ".medicine.lot"),
                "is missing; give the lot, or none");
  }
}

void CheckLineTexts(const std::string& field, const SeizureLine& line,
                    Findings& found) {
  if (line.description.empty()) {
    found.Missing(absl::StrCat(field, ".description"));
  }
  found.Length(absl::StrCat(field, ".description"), line.description,
               kDescriptionBytesMax);
  for (const auto& [name, text] :
       {std::pair<absl::string_view, absl::string_view>{"brand", line.brand},
        {"rights_holder", line.rights_holder},
        {"serial", line.serial},
        {"made_in", line.made_in},
        {"no_photo_reason", line.no_photo_reason}}) {
    found.Length(absl::StrCat(field, ".", name), text, kShortTextBytesMax);
  }
  if (!line.gtin.empty() && !GtinHolds(line.gtin)) {
    found.Warn(absl::StrCat(field, ".gtin"), "fails its check digit");
  }
}

void CheckCategory(const std::string& field, const SeizureLine& line,
                   const Category* category, Findings& found) {
  if (line.category.empty()) {
    found.Missing(absl::StrCat(field, ".category"));
  } else if (category == nullptr) {
    found.Fault(absl::StrCat(field, ".category"), "is not in the code list");
  } else if (!line.subcategory.empty() && !category->subcategories.empty() &&
             std::find(category->subcategories.begin(),
                       category->subcategories.end(),
                       line.subcategory) == category->subcategories.end()) {
    found.Fault(absl::StrCat(field, ".subcategory"),
                absl::StrCat("is not one of ", category->code));
  }
}

void CheckLine(const std::string& field, const SeizureLine& line,
               const Alert& alert, bool has_goods_photo, Findings& found) {
  const Category* category = FindCategory(line.category);
  CheckCategory(field, line, category, found);
  CheckLineTexts(field, line, found);
  CheckQuantity(absl::StrCat(field, ".quantity"), line.quantity, category,
                found);
  found.Code(absl::StrCat(field, ".status"), line.status, /*needed=*/true);
  CheckHs(absl::StrCat(field, ".hs"), line, category, alert.full, found);
  CheckBrand(field, line, alert, found);
  CheckMedicine(field, line, alert.full, found);
  if (line.value.has_value()) {
    CheckMoney(absl::StrCat(field, ".value"), *line.value, found);
  }
  if (alert.full && !has_goods_photo && line.no_photo_reason.empty()) {
    found.Fault(absl::StrCat(field, ".no_photo_reason"),
                "is missing; attach a photo of the goods, or say why not");
  }
}

void CheckLines(const Alert& alert, bool has_goods_photo, Findings& found) {
  if (alert.lines.empty()) found.Fault("lines", "needs at least one line");
  if (alert.lines.size() > kAlertLinesMax) {
    found.Fault("lines",
                absl::StrCat("has more than ", kAlertLinesMax, " lines"));
    return;
  }
  for (size_t i = 0; i < alert.lines.size(); ++i) {
    const std::string field = absl::StrCat("lines[", i, "]");
    const uint32_t number = alert.lines[i].number;
    if (number == 0) found.Missing(absl::StrCat(field, ".number"));
    for (size_t before = 0; before < i; ++before) {
      if (number != 0 && alert.lines[before].number == number) {
        found.Fault(absl::StrCat(field, ".number"), "stands twice");
      }
    }
    CheckLine(field, alert.lines[i], alert, has_goods_photo, found);
  }
}

}  // namespace

AlertFindings CheckAlert(const Alert& alert, const AlertRulesOptions& options) {
  AlertFindings found;
  found.Code("case_type", alert.case_type, /*needed=*/true);
  CheckWhen(alert, options, found);
  found.Code("where.kind", alert.where.kind, /*needed=*/true);
  CheckLocation("where", alert.where, /*exact=*/alert.full, found);
  CheckConveyance(alert, found);
  CheckRoute(alert, found);
  CheckEcommerce(alert, found);
  CheckCase(alert, found);
  CheckLines(alert, options.has_goods_photo, found);
  return found;
}

}  // namespace cordon::client
