// Records, files, guides and the outbox, for people; see show.h.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <nlohmann/json.hpp>

#include "client/cli/json_out.h"
#include "client/cli/json_text.h"
#include "client/cli/number_text.h"
#include "client/cli/screen.h"
#include "client/cli/show.h"
#include "client/core/alert_rules.h"
#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/common.h"
#include "client/core/model/guide.h"
#include "client/core/model/instruction.h"
#include "client/core/model/record.h"
#include "client/core/view/record.h"
#include "crypto/base/bytes.h"

namespace cordon::cli {
namespace {

std::string AlertText(const client::Alert& alert) {
  // The whole is what `alert show` is for.
  constexpr size_t kLinesShown = 2;
  constexpr size_t kDescriptionColumns = 40;
  std::vector<std::string> lines;
  const size_t shown = std::min(alert.lines.size(), kLinesShown);
  for (size_t i = 0; i < shown; ++i) {
    const client::SeizureLine& line = alert.lines[i];
    lines.push_back(OneLine(absl::StrCat(
        QuantityText(line.quantity.value_milli, line.quantity.unit), ", ",
        line.category, line.subcategory.empty() ? "" : " ", line.subcategory,
        ": ", Shortened(line.description, kDescriptionColumns))));
  }
  if (shown < alert.lines.size()) {
    lines.push_back(absl::StrCat(alert.lines.size() - shown, " more"));
  }
  return OneLine(absl::StrCat(
      client::CodeName(alert.case_type), " in ", alert.where.country, " (",
      client::CodeName(alert.where.kind), "): ", absl::StrJoin(lines, "; ")));
}

struct Summary {
  std::string operator()(const client::Text& text) const {
    return Clean(text.body);
  }
  std::string operator()(const client::Alert& alert) const {
    return AlertText(alert);
  }
  std::string operator()(const client::Instruction& one) const {
    return absl::StrCat("instruction ", one.number, ": ", OneLine(one.title),
                        "\n", Clean(one.body));
  }
  std::string operator()(const client::Ack& ack) const {
    return absl::StrCat(client::CodeName(ack.level),
                        ack.note.empty() ? "" : ": ", OneLine(ack.note));
  }
  std::string operator()(const client::Guide& guide) const {
    return absl::StrCat("guide: ", OneLine(guide.title), " (",
                        OneLine(guide.product.brand), " ",
                        OneLine(guide.product.name), ")");
  }
  std::string operator()(const client::Approval& approval) const {
    return absl::StrCat("guide published", approval.note.empty() ? "" : ": ",
                        OneLine(approval.note));
  }
  std::string operator()(const client::Rejection& rejection) const {
    return absl::StrCat("guide sent back: ", OneLine(rejection.reason));
  }
  std::string operator()(const client::OperationProfile& profile) const {
    return absl::StrCat("operation: ", OneLine(profile.title));
  }
  std::string operator()(const client::Participants& list) const {
    return absl::StrCat(list.participants.size(), " participants");
  }
  std::string operator()(const client::RoomProfile& profile) const {
    return absl::StrCat("room: ", OneLine(profile.title));
  }
  std::string operator()(const client::Cancel& cancel) const {
    return absl::StrCat("withdrawn: ", OneLine(cancel.reason));
  }
  std::string operator()(const client::PinNotice&) const {
    return "the relay's key will change";
  }
  std::string operator()(const client::NeedsNewerClient&) const {
    return "needs a newer client";
  }
};

absl::string_view RefersText(const client::RecordView& view) {
  switch (view.msg_type) {
    case client::MsgType::kUpdate:
      return "updates";
    case client::MsgType::kCancel:
      return "withdraws";
    case client::MsgType::kAck:
      return "acknowledges";
    case client::MsgType::kNone:
    case client::MsgType::kAlert:
    case client::MsgType::kError:
      break;
  }
  return "answers";
}

std::string AuthorText(const client::AuthorView& author) {
  return OneLine(absl::StrCat(author.organisation, "/", author.user));
}

std::string Indented(absl::string_view text) {
  return absl::StrCat("  ", absl::StrReplaceAll(text, {{"\n", "\n  "}}), "\n");
}

std::string FileText(const client::AttachmentView& file) {
  return absl::StrCat(OneLine(file.name), "  ", SizeText(file.size_bytes), "  ",
                      ShortId(file.blob.span()), "  ", OneLine(file.caption));
}

// A time as all others on the screen.
std::string FieldText(const Screen& screen, const Json& value) {
  if (!value.is_string()) return OneLine(JsonLine(value));
  const auto text = value.get<std::string>();
  const std::optional<absl::Time> time = ParseTime(text);
  return time.has_value() ? screen.Time(*time) : OneLine(text);
}

// What forms hold where nothing was said.
bool IsAbsent(const Json& value) {
  return value.is_null() || value == 0 ||
         (value.is_string() && value.get_ref<const std::string&>().empty());
}

// The fields of a form, a line each, as JSON names them.
void AddFields(const Screen& screen, const Json& value, const std::string& path,
               Table& table) {
  if (value.is_object()) {
    for (const auto& [key, inside] : value.items()) {
      AddFields(screen, inside,
                path.empty() ? key : absl::StrCat(path, ".", key), table);
    }
  } else if (value.is_array()) {
    for (size_t i = 0; i < value.size(); ++i) {
      AddFields(screen, value[i], absl::StrCat(path, "[", i, "]"), table);
    }
  } else if (!IsAbsent(value)) {
    table.Add({path, FieldText(screen, value)});
  }
}

// What was found stands between two characters that no text may hold.
std::string Marked(const Screen& screen, absl::string_view text) {
  std::string marked;
  bool found = false;
  std::string part;
  for (const char c : absl::StrCat(text, "\x03")) {
    if (c != '\x02' && c != '\x03') {
      part.push_back(c);
      continue;
    }
    marked += screen.Paint(found ? Ink::kBold : Ink::kPlain, OneLine(part));
    part.clear();
    found = c == '\x02';
  }
  return marked;
}

absl::string_view StateWords(client::GuideState state) {
  switch (state) {
    case client::GuideState::kSubmitted:
      return "waits";
    case client::GuideState::kPublished:
      return "published";
    case client::GuideState::kRejected:
      return "sent back";
  }
  return "unknown";
}

}  // namespace

std::string Show(const Screen& screen, const client::Composed& view) {
  std::string text;
  for (const client::Composed::One& one : view.records) {
    absl::StrAppend(&text, ToHex(one.id.span()), "  ", OneLine(one.room),
                    view.ref_no.empty() ? "" : "  ", OneLine(view.ref_no),
                    "\n");
  }
  for (const client::Finding& warning : view.warnings) {
    absl::StrAppend(&text, screen.Paint(Ink::kYellow, "note"), "  ",
                    warning.field, " ", warning.what, "\n");
  }
  return text;
}

std::string Show(const Screen& /*screen*/, const client::ContentRefused& view) {
  std::string text;
  for (const client::Finding& fault : view.faults) {
    absl::StrAppend(&text, fault.field, " ", fault.what, "\n");
  }
  return text;
}

std::string Show(const Screen& screen, const client::RecordView& view) {
  const bool in_log = view.seq.value != 0;
  std::string head = absl::StrCat(
      screen.Paint(Ink::kFaint,
                   screen.Time(in_log ? view.received : view.sent)),
      "  ", screen.Paint(Ink::kBold, AuthorText(view.author)), "  ",
      view.ref_no.empty() ? ShortId(view.id.span()) : OneLine(view.ref_no),
      in_log ? "" : screen.Paint(Ink::kYellow, "  not sent yet"),
      view.status == client::RecordStatus::kActual
          ? ""
          : screen.Paint(Ink::kYellow,
                         absl::StrCat("  ", client::CodeName(view.status))),
      "\n");
  absl::StrAppend(&head, Indented(std::visit(Summary(), view.content)));
  for (const client::Reference& one : view.refs) {
    absl::StrAppend(&head, "  ", RefersText(view), "  ",
                    ShortId(one.record.span()), "\n");
  }
  for (const client::AttachmentView& file : view.attachments) {
    absl::StrAppend(&head, "  file  ", FileText(file), "\n");
  }
  for (const std::string& warning : view.warnings) {
    absl::StrAppend(&head, "  ", screen.Paint(Ink::kYellow, "warning"), "  ",
                    OneLine(warning), "\n");
  }
  return head;
}

std::string ShowWhole(const Screen& screen, const client::RecordView& view) {
  Table table({});
  table.Add({"id", ToHex(view.id.span())});
  table.Add(
      {"room", absl::StrCat(OneLine(view.room), ", entry ", view.seq.value)});
  table.Add({"sent", screen.Time(view.sent)});
  table.Add({"received", screen.Time(view.received)});
  AddFields(screen, ContentJson(view.content), "", table);
  return absl::StrCat(Show(screen, view), "\n", table.Text(screen));
}

std::string Show(const Screen& screen, const client::RecordsView& view) {
  if (view.records.empty()) return "No records.\n";
  std::string text;
  for (const client::RecordView& record : view.records) {
    absl::StrAppend(&text, Show(screen, record));
  }
  return text;
}

std::string Show(const Screen& screen, const client::AcksView& view) {
  const size_t told = view.acknowledged.size();
  const size_t silent = view.missing.size();
  std::string text = absl::StrCat(
      "Acknowledged by ", told, told == 1 ? " user" : " users", "; ", silent,
      silent == 1 ? " organisation" : " organisations", " missing.\n");
  if (told > 0) {
    Table table({"ORGANISATION", "USER", "LEVEL", "RECEIVED", "NOTE"});
    for (const client::AckView& ack : view.acknowledged) {
      table.Add({OneLine(ack.organisation), OneLine(ack.user),
                 std::string(client::CodeName(ack.level)),
                 screen.Time(ack.received), OneLine(ack.note)});
    }
    absl::StrAppend(&text, "\n", table.Text(screen));
  }
  if (!view.missing.empty()) absl::StrAppend(&text, "\n");
  for (const std::string& missing : view.missing) {
    absl::StrAppend(&text, screen.Paint(Ink::kRed, "missing"), "  ",
                    OneLine(missing), "\n");
  }
  return text;
}

std::string Show(const Screen& screen, const client::GuideView& view) {
  Table table({});
  table.Add({"id", ToHex(view.record.span())});
  table.Add({"state", std::string(StateWords(view.state))});
  if (!view.decision.empty()) {
    table.Add({"decision", OneLine(view.decision)});
  }
  table.Add({"owner", OneLine(view.owner)});
  table.Add({"room", OneLine(view.room)});
  table.Add({"received", screen.Time(view.received)});
  AddFields(screen, ToJson(view.guide), "", table);
  for (const client::AttachmentView& file : view.files) {
    table.Add({"file", FileText(file)});
  }
  return table.Text(screen);
}

std::string Show(const Screen& screen, const client::GuidesView& view) {
  if (view.guides.empty()) return "No guides.\n";
  Table table({"ID", "STATE", "OWNER", "BRAND", "TITLE", "FILES", ""});
  table.AlignRight(5);
  for (const client::GuideView& one : view.guides) {
    table.Add({ShortId(one.record.span()), std::string(StateWords(one.state)),
               OneLine(one.owner), OneLine(one.guide.product.brand),
               OneLine(one.guide.title), absl::StrCat(one.files.size()),
               OneLine(one.decision)});
  }
  return table.Text(screen);
}

std::string Show(const Screen& screen, const client::FilesView& view) {
  if (view.files.empty()) return "No files.\n";
  Table table({"FILE", "NAME", "SIZE", "BY", "RECEIVED", ""});
  table.AlignRight(2);
  for (const client::FileView& one : view.files) {
    table.Add({ShortId(one.file.blob.span()), OneLine(one.file.name),
               SizeText(one.file.size_bytes), OneLine(one.author),
               screen.Time(one.received), one.here ? "here" : ""});
  }
  return table.Text(screen);
}

std::string Show(const Screen& /*screen*/, const client::FilesWritten& view) {
  std::string text;
  for (const client::FilesWritten::One& one : view.files) {
    absl::StrAppend(&text, OneLine(one.path), "  ", SizeText(one.size_bytes),
                    "  sha256 ", ToHex(one.digest), "\n");
  }
  return text;
}

std::string Show(const Screen& screen, const client::SearchView& view) {
  if (view.hits.empty()) return "Nothing found.\n";
  std::string text;
  for (const client::SearchHitView& hit : view.hits) {
    absl::StrAppend(&text, screen.Paint(Ink::kFaint, screen.Time(hit.received)),
                    "  ", OneLine(hit.room), "  ", OneLine(hit.kind), "  ",
                    ShortId(hit.record.span()), "  ", Marked(screen, hit.title),
                    "\n  ", Marked(screen, hit.snippet), "\n");
  }
  return text;
}

std::string Show(const Screen& screen, const client::SyncView& view) {
  std::string text =
      view.online
          ? absl::StrCat("Up to date: ", view.received, " new, ", view.unsent,
                         " unsent, ", view.refused, " refused.\n")
          : absl::StrCat(screen.Paint(Ink::kYellow, "Offline"), " (",
                         OneLine(view.trouble), "): ", view.unsent,
                         " unsent.\n");
  for (const std::string& finding : view.findings) {
    absl::StrAppend(&text, screen.Paint(Ink::kYellow, "finding"), "  ",
                    OneLine(finding), "\n");
  }
  return text;
}

std::string Show(const Screen& screen, const client::OutboxView& view) {
  if (view.rows.empty()) return "Everything is sent.\n";
  Table table({"ID", "ROOM", "KIND", "MADE", "STATE", "TRIES", "WHY"});
  table.AlignRight(5);
  for (const client::OutboxRowView& row : view.rows) {
    table.Add({ShortId(row.record.span()), OneLine(row.room), OneLine(row.kind),
               screen.Time(row.made),
               screen.Paint(row.state == "refused" ? Ink::kRed : Ink::kYellow,
                            OneLine(row.state)),
               absl::StrCat(row.attempts), OneLine(row.reason)});
  }
  return table.Text(screen);
}

}  // namespace cordon::cli
