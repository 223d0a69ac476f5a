// Records, their content and files; see json_out.h.

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <nlohmann/json.hpp>

#include "client/cli/json_out.h"
#include "client/cli/json_text.h"
#include "client/cli/number_text.h"
#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/common.h"
#include "client/core/model/guide.h"
#include "client/core/model/instruction.h"
#include "client/core/model/operation.h"
#include "client/core/model/record.h"
#include "crypto/base/bytes.h"

namespace cordon::cli {
namespace {

constexpr int kQuantityPlaces = 3;
constexpr int kMoneyPlaces = 2;
constexpr int kDegreePlaces = 6;

// Fields that say nothing are left out of an alert or a guide.
void PutText(Json& out, const char* key, const std::string& text) {
  if (!text.empty()) out[key] = text;
}
void PutTexts(Json& out, const char* key,
              const std::vector<std::string>& texts) {
  if (!texts.empty()) out[key] = texts;
}
void PutCount(Json& out, const char* key, uint32_t count) {
  if (count != 0) out[key] = count;
}
void PutFlag(Json& out, const char* key, bool flag) {
  if (flag) out[key] = true;
}
template <typename Enum>
void PutCode(Json& out, const char* key, Enum code) {
  if (code != Enum::kNone) out[key] = client::CodeName(code);
}
template <typename Element, typename Write>
void PutObjects(Json& out, const char* key, const std::vector<Element>& list,
                Write write) {
  if (list.empty()) return;
  Json objects = Json::array();
  for (const Element& element : list) objects.push_back(write(element));
  out[key] = std::move(objects);
}

Json LocationJson(const client::Location& place) {
  Json out = Json::object();
  PutCode(out, "kind", place.kind);
  PutText(out, "country", place.country);
  PutText(out, "subdivision", place.subdivision);
  PutText(out, "locode", place.locode);
  PutText(out, "office", place.office);
  if (place.point.has_value()) {
    out["lat"] = DecimalText(place.point->latitude_e6, kDegreePlaces);
    out["lon"] = DecimalText(place.point->longitude_e6, kDegreePlaces);
  }
  return out;
}

Json MoneyJson(const client::Money& money) {
  Json out = {{"value", DecimalText(money.value_cents, kMoneyPlaces)}};
  PutText(out, "currency", money.currency);
  PutCode(out, "basis", money.basis);
  PutText(out, "rate_date", money.rate_date);
  return out;
}

Json ConveyanceJson(const client::Conveyance& conveyance) {
  Json out = Json::object();
  if (conveyance.mode.has_value()) out["mode"] = *conveyance.mode;
  PutText(out, "means", conveyance.means);
  PutObjects(out, "identifiers", conveyance.identifiers,
             [](const client::Identifier& identifier) {
               Json one = Json::object();
               PutCode(one, "kind", identifier.kind);
               PutText(one, "value", identifier.value);
               PutText(one, "check_reason", identifier.check_reason);
               return one;
             });
  PutText(out, "no_identifier_reason", conveyance.no_identifier_reason);
  return out;
}

Json MedicineJson(const client::Medicine& medicine) {
  Json out = Json::object();
  PutText(out, "substance", medicine.substance);
  PutText(out, "dosage_form", medicine.dosage_form);
  PutText(out, "strength", medicine.strength);
  PutText(out, "manufacturer", medicine.manufacturer);
  PutText(out, "lot", medicine.lot);
  PutText(out, "expiry", medicine.expiry);
  PutText(out, "registration", medicine.registration);
  PutText(out, "therapeutic_group", medicine.therapeutic_group);
  return out;
}

Json QuantityJson(const client::Quantity& quantity) {
  Json out = {{"value", DecimalText(quantity.value_milli, kQuantityPlaces)}};
  PutText(out, "unit", quantity.unit);
  PutFlag(out, "estimate", quantity.estimate);
  PutCount(out, "packages", quantity.packages);
  PutText(out, "package_kind", quantity.package_kind);
  return out;
}

Json LineJson(const client::SeizureLine& line) {
  Json out = {{"number", line.number}};
  PutText(out, "category", line.category);
  PutText(out, "subcategory", line.subcategory);
  PutText(out, "description", line.description);
  out["quantity"] = QuantityJson(line.quantity);
  PutCode(out, "status", line.status);
  PutText(out, "hs", line.hs);
  PutText(out, "brand", line.brand);
  PutText(out, "rights_holder", line.rights_holder);
  PutText(out, "ipr_type", line.ipr_type);
  if (line.medicine.has_value()) out["medicine"] = MedicineJson(*line.medicine);
  PutText(out, "gtin", line.gtin);
  PutText(out, "serial", line.serial);
  PutText(out, "made_in", line.made_in);
  if (line.value.has_value()) out["value"] = MoneyJson(*line.value);
  PutText(out, "no_photo_reason", line.no_photo_reason);
  return out;
}

void PutCase(Json& out, const client::Alert& alert) {
  PutCode(out, "ecommerce", alert.ecommerce);
  PutText(out, "ecommerce_platform", alert.ecommerce_platform);
  PutCode(out, "detection_method", alert.detection_method);
  PutTexts(out, "detection_means", alert.detection_means);
  PutTexts(out, "risk_indicators", alert.risk_indicators);
  PutText(out, "concealment", alert.concealment);
  PutText(out, "concealment_text", alert.concealment_text);
  PutText(out, "declared_description", alert.declared_description);
  PutText(out, "declared_hs", alert.declared_hs);
  if (alert.declared_value.has_value()) {
    out["declared_value"] = MoneyJson(*alert.declared_value);
  }
  PutText(out, "offence", alert.offence);
  PutCount(out, "persons", alert.persons);
  PutCount(out, "companies", alert.companies);
  PutCode(out, "outcome", alert.outcome);
  PutText(out, "narrative", alert.narrative);
}

Json ProductJson(const client::Product& product) {
  Json out = Json::object();
  PutText(out, "brand", product.brand);
  PutText(out, "name", product.name);
  PutText(out, "category", product.category);
  PutTexts(out, "hs", product.hs);
  PutText(out, "description", product.description);
  PutTexts(out, "gtins", product.gtins);
  PutTexts(out, "models", product.models);
  return out;
}

Json ContactJson(const client::GuideContact& contact) {
  Json out = Json::object();
  PutText(out, "role", contact.role);
  PutText(out, "name", contact.name);
  PutText(out, "phone", contact.phone);
  PutText(out, "mail", contact.mail);
  PutText(out, "hours", contact.hours);
  PutText(out, "zone", contact.zone);
  PutTexts(out, "languages", contact.languages);
  return out;
}

Json RightJson(const client::Right& right) {
  Json out = Json::object();
  PutText(out, "type", right.type);
  PutText(out, "number", right.number);
  PutText(out, "office", right.office);
  PutText(out, "valid_until", right.valid_until);
  return out;
}

Json FeatureJson(const client::Feature& feature) {
  Json out = Json::object();
  PutText(out, "where", feature.where);
  PutCode(out, "layer", feature.layer);
  PutText(out, "how", feature.how);
  PutText(out, "tool", feature.tool);
  PutCode(out, "weight", feature.weight);
  PutText(out, "genuine_picture", feature.genuine_picture);
  PutText(out, "fake_picture", feature.fake_picture);
  return out;
}

struct KindNamer {
  absl::string_view operator()(const client::Text&) { return "text"; }
  absl::string_view operator()(const client::Alert&) { return "alert"; }
  absl::string_view operator()(const client::Instruction&) {
    return "instruction";
  }
  absl::string_view operator()(const client::Ack&) { return "ack"; }
  absl::string_view operator()(const client::Guide&) { return "guide"; }
  absl::string_view operator()(const client::Approval&) { return "approval"; }
  absl::string_view operator()(const client::Rejection&) { return "rejection"; }
  absl::string_view operator()(const client::OperationProfile&) {
    return "operation_profile";
  }
  absl::string_view operator()(const client::Participants&) {
    return "participants";
  }
  absl::string_view operator()(const client::RoomProfile&) {
    return "room_profile";
  }
  absl::string_view operator()(const client::Cancel&) { return "cancel"; }
  absl::string_view operator()(const client::PinNotice&) {
    return "pin_notice";
  }
  absl::string_view operator()(const client::NeedsNewerClient&) {
    return "needs_newer_client";
  }
};

struct ContentWriter {
  Json operator()(const client::Text& text) { return {{"text", text.body}}; }
  Json operator()(const client::Alert& alert) { return ToJson(alert); }
  Json operator()(const client::Instruction& instruction) {
    return {{"number", instruction.number},
            {"type", client::CodeName(instruction.type)},
            {"title", instruction.title},
            {"text", instruction.body},
            {"priority", client::CodeName(instruction.priority)},
            {"ack", client::CodeName(instruction.ack)},
            {"ack_deadline",
             TimeOrNull(instruction.ack_deadline.value_or(absl::Time()))},
            {"supersedes", instruction.supersedes}};
  }
  Json operator()(const client::Ack& ack) {
    return {{"level", client::CodeName(ack.level)}, {"note", ack.note}};
  }
  Json operator()(const client::Guide& guide) { return ToJson(guide); }
  Json operator()(const client::Approval& approval) {
    return {{"note", approval.note}};
  }
  Json operator()(const client::Rejection& rejection) {
    return {{"reason", rejection.reason}};
  }
  Json operator()(const client::OperationProfile& profile) {
    return ToJson(profile);
  }
  Json operator()(const client::Participants& list) {
    Json participants = Json::array();
    for (const client::Participant& one : list.participants) {
      participants.push_back(ToJson(one));
    }
    return {{"participants", std::move(participants)}};
  }
  Json operator()(const client::RoomProfile& profile) {
    return {{"name", profile.name},
            {"title", profile.title},
            {"operation", ToJson(profile.operation)}};
  }
  Json operator()(const client::Cancel& cancel) {
    return {{"reason", cancel.reason}};
  }
  Json operator()(const client::PinNotice& notice) {
    return {{"next_pin", ToHex(notice.next_pin)},
            {"from", TimeOrNull(notice.from)}};
  }
  Json operator()(const client::NeedsNewerClient&) { return Json::object(); }
};

}  // namespace

Json ToJson(const client::Alert& alert) {
  Json out = Json::object();
  PutFlag(out, "full", alert.full);
  PutFlag(out, "final", alert.final);
  PutCode(out, "case_type", alert.case_type);
  if (alert.when != absl::InfinitePast()) out["when"] = TimeText(alert.when);
  PutCode(out, "when_precision", alert.when_precision);
  out["where"] = LocationJson(alert.where);
  PutCode(out, "flow", alert.flow);
  PutCode(out, "channel", alert.channel);
  out["conveyance"] = ConveyanceJson(alert.conveyance);
  PutObjects(out, "route", alert.route, [](const client::RoutePoint& point) {
    Json one = Json::object();
    PutCode(one, "role", point.role);
    one["location"] = LocationJson(point.location);
    if (point.date.has_value()) one["date"] = TimeText(*point.date);
    return one;
  });
  PutCase(out, alert);
  PutObjects(out, "lines", alert.lines, LineJson);
  return out;
}

Json ToJson(const client::Guide& guide) {
  Json out = Json::object();
  PutText(out, "owner_organisation", guide.owner_organisation);
  PutText(out, "title", guide.title);
  PutObjects(out, "contacts", guide.contacts, ContactJson);
  PutObjects(out, "rights", guide.rights, RightJson);
  out["product"] = ProductJson(guide.product);
  PutTexts(out, "clues", guide.clues);
  PutObjects(out, "features", guide.features, FeatureJson);
  PutText(out, "packaging", guide.packaging);
  PutTexts(out, "shot_list", guide.shot_list);
  PutCount(out, "answer_hours", guide.answer_hours);
  PutTexts(out, "answer_languages", guide.answer_languages);
  PutText(out, "disclaimer", guide.disclaimer);
  PutCount(out, "version", guide.version);
  PutText(out, "change_note", guide.change_note);
  if (guide.review_by.has_value()) {
    out["review_by"] = TimeText(*guide.review_by);
  }
  return out;
}

Json ToJson(const client::OperationProfile& profile) {
  return {{"operation", profile.name},
          {"title", profile.title},
          {"from", DayText(profile.first_day)},
          {"to", DayText(profile.last_day)},
          {"zone", profile.zone}};
}

Json ToJson(const client::Participant& participant) {
  return {{"organisation", participant.organisation},
          {"title", participant.title},
          {"country", participant.country},
          {"region", participant.region}};
}

Json ToJson(const client::AttachmentView& file) {
  return {
      {"blob", ToHex(file.blob.span())}, {"name", file.name},
      {"media_type", file.media_type},   {"size_bytes", file.size_bytes},
      {"sha256", ToHex(file.digest)},    {"role", client::CodeName(file.role)},
      {"caption", file.caption}};
}

absl::string_view KindName(const client::Content& content) {
  return std::visit(KindNamer(), content);
}

Json ContentJson(const client::Content& content) {
  return std::visit(ContentWriter(), content);
}

Json ToJson(const client::RecordView& view) {
  Json refs = Json::array();
  for (const client::Reference& ref : view.refs) {
    refs.push_back({{"record", ToHex(ref.record.span())},
                    {"revision", ref.revision},
                    {"hash", ToHex(ref.hash)}});
  }
  Json files = Json::array();
  for (const client::AttachmentView& file : view.attachments) {
    files.push_back(ToJson(file));
  }
  return {{"id", ToHex(view.id.span())},
          {"kind", KindName(view.content)},
          {"room", view.room},
          {"room_id", ToHex(view.room_id.span())},
          {"seq", view.seq.value},
          {"author",
           {{"organisation", view.author.organisation},
            {"user", view.author.user},
            {"device", view.author.device},
            {"roles", view.author.roles}}},
          {"sent", TimeOrNull(view.sent)},
          {"received", TimeOrNull(view.received)},
          {"ref_no", view.ref_no},
          {"status", client::CodeName(view.status)},
          {"msg_type", client::CodeName(view.msg_type)},
          {"refs", std::move(refs)},
          {"content", ContentJson(view.content)},
          {"files", std::move(files)},
          {"warnings", view.warnings}};
}

}  // namespace cordon::cli
