#include "client/cli/json_in.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

#include "client/cli/fields.h"
#include "client/core/alert_rules.h"
#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/common.h"
#include "client/core/model/guide.h"
#include "client/core/model/instruction.h"

namespace cordon::cli {
namespace {

constexpr int kQuantityPlaces = 3;
constexpr int kMoneyPlaces = 2;
constexpr int kDegreePlaces = 6;

std::optional<int32_t> Degrees(Fields& in, absl::string_view key) {
  const std::optional<int64_t> value = in.Decimal(key, kDegreePlaces);
  if (!value.has_value()) return std::nullopt;
  if (*value < std::numeric_limits<int32_t>::min() ||
      *value > std::numeric_limits<int32_t>::max()) {
    in.Fault(key, "is not a place on earth");
    return std::nullopt;
  }
  return static_cast<int32_t>(*value);
}

client::Location ReadLocation(Fields& in) {
  client::Location place;
  place.kind = in.Code<client::PlaceKind>("kind");
  place.country = in.Text("country");
  place.subdivision = in.Text("subdivision");
  place.locode = in.Text("locode");
  place.office = in.Text("office");
  const std::optional<int32_t> latitude = Degrees(in, "lat");
  const std::optional<int32_t> longitude = Degrees(in, "lon");
  if (latitude.has_value() && longitude.has_value()) {
    place.point =
        client::GeoPoint{.latitude_e6 = *latitude, .longitude_e6 = *longitude};
  } else if (in.Has("lat") != in.Has("lon")) {
    in.Fault(in.Has("lat") ? "lon" : "lat", "is missing beside the other");
  }
  return place;
}

std::optional<client::Money> ReadMoney(Fields& in, absl::string_view key) {
  client::Money money;
  const bool given = in.Object(key, Need::kNo, [&](Fields& inside) {
    money.value_cents =
        inside.Decimal("value", kMoneyPlaces, Need::kYes).value_or(0);
    money.currency = inside.Text("currency");
    money.basis = inside.Code<client::MoneyBasis>("basis");
    money.rate_date = inside.Text("rate_date");
  });
  if (!given) return std::nullopt;
  return money;
}

client::Conveyance ReadConveyance(Fields& in) {
  client::Conveyance conveyance;
  conveyance.mode = in.Count("mode");
  conveyance.means = in.Text("means");
  in.Objects("identifiers", Need::kNo, [&](Fields& inside, size_t) {
    client::Identifier identifier;
    identifier.kind = inside.Code<client::IdentifierKind>("kind");
    identifier.value = inside.Text("value");
    identifier.check_reason = inside.Text("check_reason");
    conveyance.identifiers.push_back(std::move(identifier));
  });
  conveyance.no_identifier_reason = in.Text("no_identifier_reason");
  return conveyance;
}

client::RoutePoint ReadRoutePoint(Fields& in) {
  client::RoutePoint point;
  point.role = in.Code<client::RouteRole>("role");
  in.Object("location", Need::kYes,
            [&](Fields& inside) { point.location = ReadLocation(inside); });
  point.date = in.Time("date");
  return point;
}

client::Medicine ReadMedicine(Fields& in) {
  client::Medicine medicine;
  medicine.substance = in.Text("substance");
  medicine.dosage_form = in.Text("dosage_form");
  medicine.strength = in.Text("strength");
  medicine.manufacturer = in.Text("manufacturer");
  medicine.lot = in.Text("lot");
  medicine.expiry = in.Text("expiry");
  medicine.registration = in.Text("registration");
  medicine.therapeutic_group = in.Text("therapeutic_group");
  return medicine;
}

client::Quantity ReadQuantity(Fields& in) {
  client::Quantity quantity;
  quantity.value_milli =
      in.Decimal("value", kQuantityPlaces, Need::kYes).value_or(0);
  quantity.unit = in.Text("unit");
  quantity.estimate = in.Flag("estimate");
  quantity.packages = in.Count("packages").value_or(0);
  quantity.package_kind = in.Text("package_kind");
  return quantity;
}

client::SeizureLine ReadLine(Fields& in, size_t place) {
  client::SeizureLine line;
  line.number = in.Count("number").value_or(static_cast<uint32_t>(place + 1));
  line.category = in.Text("category");
  line.subcategory = in.Text("subcategory");
  line.description = in.Text("description");
  in.Object("quantity", Need::kYes,
            [&](Fields& inside) { line.quantity = ReadQuantity(inside); });
  line.status = in.Code<client::LineStatus>("status");
  line.hs = in.Text("hs");
  line.brand = in.Text("brand");
  line.rights_holder = in.Text("rights_holder");
  line.ipr_type = in.Text("ipr_type");
  in.Object("medicine", Need::kNo,
            [&](Fields& inside) { line.medicine = ReadMedicine(inside); });
  line.gtin = in.Text("gtin");
  line.serial = in.Text("serial");
  line.made_in = in.Text("made_in");
  line.value = ReadMoney(in, "value");
  line.no_photo_reason = in.Text("no_photo_reason");
  return line;
}

void ReadCase(Fields& in, client::Alert& alert) {
  alert.ecommerce = in.Code<client::Ecommerce>("ecommerce");
  alert.ecommerce_platform = in.Text("ecommerce_platform");
  alert.detection_method = in.Code<client::DetectionMethod>("detection_method");
  alert.detection_means = in.Texts("detection_means");
  alert.risk_indicators = in.Texts("risk_indicators");
  alert.concealment = in.Text("concealment");
  alert.concealment_text = in.Text("concealment_text");
  alert.declared_description = in.Text("declared_description");
  alert.declared_hs = in.Text("declared_hs");
  alert.declared_value = ReadMoney(in, "declared_value");
  alert.offence = in.Text("offence");
  alert.persons = in.Count("persons").value_or(0);
  alert.companies = in.Count("companies").value_or(0);
  alert.outcome = in.Code<client::Outcome>("outcome");
  alert.narrative = in.Text("narrative");
}

client::GuideContact ReadContact(Fields& in) {
  client::GuideContact contact;
  contact.role = in.Text("role");
  contact.name = in.Text("name");
  contact.phone = in.Text("phone");
  contact.mail = in.Text("mail");
  contact.hours = in.Text("hours");
  contact.zone = in.Text("zone");
  contact.languages = in.Texts("languages");
  return contact;
}

client::Right ReadRight(Fields& in) {
  client::Right right;
  right.type = in.Text("type", Need::kYes);
  right.number = in.Text("number");
  right.office = in.Text("office");
  right.valid_until = in.Text("valid_until");
  return right;
}

client::Product ReadProduct(Fields& in) {
  client::Product product;
  product.brand = in.Text("brand", Need::kYes);
  product.name = in.Text("name", Need::kYes);
  product.category = in.Text("category");
  product.hs = in.Texts("hs");
  product.description = in.Text("description");
  product.gtins = in.Texts("gtins");
  product.models = in.Texts("models");
  return product;
}

client::Feature ReadFeature(Fields& in) {
  client::Feature feature;
  feature.where = in.Text("where", Need::kYes);
  feature.layer = in.Code<client::FeatureLayer>("layer");
  feature.how = in.Text("how");
  feature.tool = in.Text("tool");
  feature.weight = in.Code<client::FeatureWeight>("weight");
  feature.genuine_picture = in.Text("genuine_picture");
  feature.fake_picture = in.Text("fake_picture");
  return feature;
}

template <typename Enum>
Enum CodeOr(Fields& in, absl::string_view key, Enum fallback) {
  const Enum value = in.Code<Enum>(key);
  return in.Has(key) ? value : fallback;
}

// True if `field` is `fault`, or stands inside it, or holds it.
bool Overlap(absl::string_view field, absl::string_view fault) {
  if (field.size() < fault.size()) std::swap(field, fault);
  if (!absl::StartsWith(field, fault)) return false;
  return field.size() == fault.size() || field[fault.size()] == '.' ||
         field[fault.size()] == '[';
}

}  // namespace

client::Alert ReadAlert(Fields& in) {
  client::Alert alert;
  alert.case_type = in.Code<client::CaseType>("case_type");
  alert.when = in.Time("when").value_or(alert.when);
  alert.when_precision = in.Code<client::WhenPrecision>("when_precision");
  in.Object("where", Need::kNo,
            [&](Fields& inside) { alert.where = ReadLocation(inside); });
  alert.flow = in.Code<client::Flow>("flow");
  alert.channel = in.Code<client::Channel>("channel");
  in.Object("conveyance", Need::kNo,
            [&](Fields& inside) { alert.conveyance = ReadConveyance(inside); });
  in.Objects("route", Need::kNo, [&](Fields& inside, size_t) {
    alert.route.push_back(ReadRoutePoint(inside));
  });
  ReadCase(in, alert);
  in.Objects("lines", Need::kNo, [&](Fields& inside, size_t place) {
    alert.lines.push_back(ReadLine(inside, place));
  });
  alert.full = in.Flag("full");
  alert.final = in.Flag("final");
  return alert;
}

client::Guide ReadGuide(Fields& in) {
  client::Guide guide;
  guide.owner_organisation = in.Text("owner_organisation");
  guide.title = in.Text("title", Need::kYes);
  in.Objects("contacts", Need::kNo, [&](Fields& inside, size_t) {
    guide.contacts.push_back(ReadContact(inside));
  });
  in.Objects("rights", Need::kNo, [&](Fields& inside, size_t) {
    guide.rights.push_back(ReadRight(inside));
  });
  in.Object("product", Need::kYes,
            [&](Fields& inside) { guide.product = ReadProduct(inside); });
  guide.clues = in.Texts("clues");
  in.Objects("features", Need::kNo, [&](Fields& inside, size_t) {
    guide.features.push_back(ReadFeature(inside));
  });
  guide.packaging = in.Text("packaging");
  guide.shot_list = in.Texts("shot_list");
  guide.answer_hours = in.Count("answer_hours").value_or(0);
  guide.answer_languages = in.Texts("answer_languages");
  guide.disclaimer = in.Text("disclaimer");
  guide.version = in.Count("version").value_or(0);
  guide.change_note = in.Text("change_note");
  guide.review_by = in.Time("review_by");
  return guide;
}

client::Instruction ReadInstruction(Fields& in) {
  client::Instruction instruction;
  instruction.title = in.Text("title", Need::kYes);
  instruction.body = in.Text("text", Need::kYes);
  instruction.type = CodeOr(in, "type", client::InstructionType::kInstruction);
  instruction.priority = CodeOr(in, "priority", client::Priority::kRoutine);
  instruction.ack = client::AckLevel::kUnderstood;
  if (const std::string ack = in.Text("ack"); ack == "none") {
    instruction.ack = client::AckLevel::kNone;
  } else if (!ack.empty()) {
    instruction.ack = in.Code<client::AckLevel>("ack");
  }
  instruction.supersedes = in.Count("supersedes").value_or(0);
  return instruction;
}

void AddRuleFaults(const client::Alert& alert,
                   const client::AlertRulesOptions& options,
                   std::vector<client::Finding>& faults) {
  const std::vector<client::Finding> form = faults;
  for (client::Finding& found : CheckAlert(alert, options).faults) {
    const bool told = std::any_of(
        form.begin(), form.end(),
        [&](const auto& fault) { return Overlap(found.field, fault.field); });
    if (!told) faults.push_back(std::move(found));
  }
}

}  // namespace cordon::cli
