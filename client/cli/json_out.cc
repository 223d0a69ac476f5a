#include "client/cli/json_out.h"

#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <nlohmann/json.hpp>

#include "client/cli/json_text.h"
#include "client/cli/number_text.h"
#include "client/cli/secret_text.h"
#include "client/core/alert_rules.h"
#include "client/core/event.h"
#include "client/core/figures.h"
#include "client/core/model/codes.h"
#include "client/core/view/enrolment.h"
#include "client/core/view/operation.h"
#include "client/core/view/record.h"
#include "crypto/base/bytes.h"

namespace cordon::cli {
namespace {

constexpr int kQuantityPlaces = 3;

absl::string_view StageText(client::InvitationStage stage) {
  switch (stage) {
    case client::InvitationStage::kOpen:
      return "open";
    case client::InvitationStage::kRequested:
      return "requested";
    case client::InvitationStage::kApproved:
      return "approved";
    case client::InvitationStage::kClosed:
      return "closed";
    case client::InvitationStage::kExpired:
      return "expired";
  }
  return "unknown";
}

absl::string_view StateText(client::GuideState state) {
  switch (state) {
    case client::GuideState::kSubmitted:
      return "submitted";
    case client::GuideState::kPublished:
      return "published";
    case client::GuideState::kRejected:
      return "rejected";
  }
  return "unknown";
}

// {"name": [element, …]}
template <typename Element>
Json ListOf(const char* name, const std::vector<Element>& elements) {
  Json list = Json::array();
  for (const Element& element : elements) list.push_back(ToJson(element));
  return {{name, std::move(list)}};
}

Json TallyJson(const client::Tally& tally) {
  return {{"cases", tally.cases},
          {"seizures", tally.seizures},
          {"ecommerce_cases", tally.ecommerce_cases},
          {"ecommerce_seizures", tally.ecommerce_seizures}};
}

// A row of a table of figures: what it is of, then its numbers.
Json RowJson(Json row, const client::Group& group) {
  row.update(TallyJson(group.tally));
  Json sums = Json::object();
  for (const auto& [unit, sum] : group.sums) {
    sums[unit] = DecimalText(sum, kQuantityPlaces);
  }
  row["sums"] = std::move(sums);
  return row;
}

void AddTables(const client::Figures& figures, Json& out) {
  Json days = Json::array();
  for (const auto& [day, group] : figures.by_day) {
    days.push_back(RowJson({{"day", DayText(day)}}, group));
  }
  Json regions = Json::array();
  for (const auto& [region, group] : figures.by_region) {
    regions.push_back(RowJson({{"region", region}}, group));
  }
  Json categories = Json::array();
  for (const auto& [category, group] : figures.by_category) {
    categories.push_back(RowJson({{"category", category}}, group));
  }
  Json subcategories = Json::array();
  for (const auto& [names, group] : figures.by_subcategory) {
    subcategories.push_back(RowJson(
        {{"category", names.first}, {"subcategory", names.second}}, group));
  }
  out["by_day"] = std::move(days);
  out["by_region"] = std::move(regions);
  out["by_category"] = std::move(categories);
  out["by_subcategory"] = std::move(subcategories);
}

}  // namespace

Json TimeOrNull(absl::Time time) {
  if (time <= absl::UnixEpoch() || time == absl::InfiniteFuture()) return {};
  return TimeText(time);
}

Json FindingsJson(const std::vector<client::Finding>& findings) {
  Json list = Json::array();
  for (const client::Finding& finding : findings) {
    list.push_back({{"field", finding.field}, {"what", finding.what}});
  }
  return list;
}

Json ToJson(const client::InvitationView& view) {
  return {{"id", ToHex(view.id.span())},
          {"offered", view.offered},
          {"roles", view.roles},
          {"for_organisation", view.for_organisation},
          {"stage", StageText(view.stage)},
          {"expires", TimeOrNull(view.expires)}};
}
Json ToJson(const client::DeviceView& view) {
  return {{"name", view.name},
          {"roles", view.roles},
          {"since", TimeOrNull(view.since)},
          {"trouble", view.trouble}};
}
Json ToJson(const client::OrganisationView& view) {
  return {{"name", view.name},
          {"title", view.title},
          {"country", view.country},
          {"region", view.region},
          {"devices", view.devices}};
}
Json ToJson(const client::UserView& view) {
  return {
      {"name", view.name}, {"roles", view.roles}, {"devices", view.devices}};
}
Json ToJson(const client::MemberView& view) {
  return {
      {"device", view.device}, {"title", view.title}, {"roles", view.roles}};
}
Json ToJson(const client::AckView& view) {
  return {{"organisation", view.organisation},
          {"user", view.user},
          {"level", client::CodeName(view.level)},
          {"note", view.note},
          {"received", TimeOrNull(view.received)}};
}
Json ToJson(const client::FileView& view) {
  return {{"record", ToHex(view.record.span())},
          {"file", ToJson(view.file)},
          {"author", view.author},
          {"received", TimeOrNull(view.received)},
          {"here", view.here}};
}
Json ToJson(const client::FilesWritten::One& view) {
  return {{"path", view.path},
          {"size_bytes", view.size_bytes},
          {"sha256", ToHex(view.digest)}};
}
Json ToJson(const client::SearchHitView& view) {
  return {{"record", ToHex(view.record.span())},
          {"room", view.room},
          {"kind", view.kind},
          {"title", view.title},
          {"snippet", view.snippet},
          {"received", TimeOrNull(view.received)}};
}
Json ToJson(const client::OutboxRowView& view) {
  return {{"record", ToHex(view.record.span())},
          {"room", view.room},
          {"kind", view.kind},
          {"state", view.state},
          {"reason", view.reason},
          {"made", TimeOrNull(view.made)},
          {"attempts", view.attempts}};
}
Json ToJson(const client::Composed::One& view) {
  return {{"id", ToHex(view.id.span())}, {"room", view.room}};
}

Json ToJson(const client::Nothing& /*view*/) {
  return Json::object();
}

Json ToJson(const client::InvitationMade& view) {
  return {{"id", ToHex(view.id.span())},
          {"invitation", ShownSecret(view.text)},
          {"offered", view.offered},
          {"expires", TimeOrNull(view.expires)}};
}

Json ToJson(const client::InvitationsView& view) {
  return ListOf("invitations", view.invitations);
}

Json ToJson(const client::Approved& view) {
  return {{"names", view.names}, {"refusals", view.refusals}};
}

Json ToJson(const client::NewcomersView& view) {
  return {{"outside", view.outside}};
}

Json ToJson(const client::IdentityView& view) {
  return {{"device", view.device},
          {"roles", view.roles},
          {"relay", view.relay_address},
          {"pin", view.pin},
          {"root", view.root_fingerprint},
          {"certificate_until", TimeOrNull(view.certificate_until)},
          {"holds_root", view.holds_root},
          {"issues", view.issues},
          {"joining", view.joining}};
}

Json ToJson(const client::DevicesView& view) {
  return ListOf("devices", view.devices);
}
Json ToJson(const client::OrganisationsView& view) {
  return ListOf("organisations", view.organisations);
}
Json ToJson(const client::UsersView& view) {
  return ListOf("users", view.users);
}
Json ToJson(const client::RevokedView& view) {
  return {{"names", view.names}};
}

Json ToJson(const client::RoomView& view) {
  return {{"id", ToHex(view.id.span())}, {"room", view.room},
          {"title", view.title},         {"kind", view.kind},
          {"state", view.state},         {"state_reason", view.state_reason},
          {"epoch", view.epoch.value},   {"seq", view.seq.value},
          {"members", view.members},     {"unread", view.unread},
          {"unsent", view.unsent},       {"findings", view.findings}};
}
Json ToJson(const client::RoomsView& view) {
  return ListOf("rooms", view.rooms);
}
Json ToJson(const client::RoomDetail& view) {
  Json out = {{"room", ToJson(view.room)}};
  out.update(ListOf("members", view.members));
  out["rules"] = view.rules;
  out["findings"] = view.findings;
  return out;
}

Json ToJson(const client::OperationView& view) {
  Json out = {{"id", ToHex(view.id.span())}};
  out.update(ToJson(view.profile));
  out["participants"] = view.participants;
  out["rooms"] = view.rooms;
  out["unread"] = view.unread;
  return out;
}
Json ToJson(const client::OperationsView& view) {
  return ListOf("operations", view.operations);
}
Json ToJson(const client::OperationDetail& view) {
  Json out = {{"operation", ToJson(view.operation)}};
  out.update(ListOf("participants", view.participants));
  out.update(ListOf("rooms", view.rooms));
  return out;
}
Json ToJson(const client::MembershipChange& view) {
  return {{"rooms", view.rooms},
          {"devices", view.devices},
          {"left_out", view.left_out}};
}

Json ToJson(const client::Composed& view) {
  Json out = ListOf("records", view.records);
  out["ref_no"] = view.ref_no;
  out["warnings"] = FindingsJson(view.warnings);
  return out;
}
Json ToJson(const client::ContentRefused& view) {
  return {{"faults", FindingsJson(view.faults)}};
}
Json ToJson(const client::RecordsView& view) {
  return ListOf("records", view.records);
}
Json ToJson(const client::AcksView& view) {
  Json out = {{"record", ToHex(view.record.span())}};
  out.update(ListOf("acknowledged", view.acknowledged));
  out["missing"] = view.missing;
  return out;
}
Json ToJson(const client::GuideView& view) {
  Json out = {{"record", ToHex(view.record.span())},
              {"room", view.room},
              {"state", StateText(view.state)},
              {"owner", view.owner},
              {"guide", ToJson(view.guide)}};
  out.update(ListOf("files", view.files));
  out["decision"] = view.decision;
  out["received"] = TimeOrNull(view.received);
  return out;
}
Json ToJson(const client::GuidesView& view) {
  return ListOf("guides", view.guides);
}
Json ToJson(const client::FilesView& view) {
  return ListOf("files", view.files);
}
Json ToJson(const client::FilesWritten& view) {
  return ListOf("files", view.files);
}
Json ToJson(const client::SearchView& view) {
  return ListOf("hits", view.hits);
}

Json ToJson(const client::FiguresView& view) {
  const client::Figures& figures = view.figures;
  const client::Tally& total = figures.total;
  Json unconverted = Json::array();
  for (const auto& [what, sum] : figures.unconverted) {
    unconverted.push_back(
        {{"what", what}, {"sum", DecimalText(sum, kQuantityPlaces)}});
  }
  const auto pieces = [](int64_t milli) {
    return DecimalText(milli, kQuantityPlaces);
  };
  Json out = {
      {"operation", ToJson(view.operation)},
      {"room", view.room},
      {"seq", view.head.seq.value},
      {"head", ToHex(view.head.hash.span())},
      {"missed", view.missed},
      {"computed", TimeOrNull(view.computed)},
      {"unsent", view.unsent},
      {"total", TallyJson(total)},
      {"ecommerce_share",
       {{"permille_of_cases",
         client::SharePermille(total.ecommerce_cases, total.cases)},
        {"permille_of_seizures",
         client::SharePermille(total.ecommerce_seizures, total.seizures)}}},
      {"reporting_members", figures.reporting_members},
      {"pieces",
       {{"medical", pieces(figures.medical_pieces_milli)},
        {"ipr", pieces(figures.ipr_pieces_milli)},
        {"other", pieces(figures.other_pieces_milli)}}},
      {"unconverted", std::move(unconverted)},
      {"cases_outside_days", figures.cases_outside_days},
      {"cases_not_actual", figures.cases_not_actual},
      {"cases_cancelled", figures.cases_cancelled}};
  AddTables(figures, out);
  return out;
}

Json ToJson(const client::SyncView& view) {
  return {{"online", view.online},     {"trouble", view.trouble},
          {"received", view.received}, {"unsent", view.unsent},
          {"refused", view.refused},   {"findings", view.findings}};
}
Json ToJson(const client::OutboxView& view) {
  return ListOf("rows", view.rows);
}

Json AnswerJson(const client::AnswerBody& answer) {
  return std::visit([](const auto& view) { return ToJson(view); }, answer);
}

}  // namespace cordon::cli
