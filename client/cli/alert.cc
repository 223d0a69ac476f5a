// Seizure alerts and the figures they add up to: alert, figures.

#include <cstdint>

#include "absl/types/span.h"

#include "client/cli/arguments.h"
#include "client/cli/fields.h"
#include "client/cli/json_in.h"
#include "client/cli/menu.h"
#include "client/cli/verb.h"
#include "client/core/command.h"
#include "client/core/model/codes.h"

namespace cordon::cli {
namespace {

client::CommandBody MakeSend(VerbInput& input) {
  Fields& in = input.in;
  client::SendAlert body;
  body.operation = in.Text("operation", Need::kYes);
  if (in.Has("status")) {
    body.status = in.Code<client::RecordStatus>("status");
  }
  body.ref_no = in.Text("ref_no");
  body.updates = in.Text("updates");
  AddFiles(in, "photos", client::AttachmentRole::kGoods, body.files);
  const bool has_photo = !body.files.empty();
  AddFiles(in, "attach", client::AttachmentRole::kOther, body.files);
  in.Content("alert",
             [&](Fields& content) { body.alert = ReadAlert(content); });
  // Who has to correct the form anyway is told about the rest too.
  if (!in.faults().empty()) {
    AddRuleFaults(body.alert, {.sent = input.now, .has_goods_photo = has_photo},
                  in.faults());
  }
  return body;
}

client::CommandBody MakeCancel(VerbInput& input) {
  client::CancelAlert body;
  body.record = input.in.Text("record", Need::kYes);
  body.reason = input.in.Text("reason", Need::kYes);
  return body;
}

client::CommandBody MakeList(VerbInput& input) {
  client::ListAlerts body;
  body.operation = input.in.Text("operation", Need::kYes);
  body.since = Since(input);
  body.records_max =
      input.in.Count("max").value_or(static_cast<uint32_t>(body.records_max));
  return body;
}

client::CommandBody MakeShow(VerbInput& input) {
  return client::ShowRecord{.record = input.in.Text("record", Need::kYes)};
}

client::CommandBody MakeFigures(VerbInput& input) {
  return client::ShowFigures{.operation =
                                 input.in.Text("operation", Need::kYes)};
}

constexpr Verb kVerbs[] = {
    {"alert send", Manner::kWrites, MakeSend},
    {"alert cancel", Manner::kWrites, MakeCancel},
    {"alert list", Manner::kReads, MakeList},
    {"alert show", Manner::kReads, MakeShow},
    {"figures", Manner::kReads, MakeFigures},
};

void AddSend(Menu& alert) {
  alert
      .Verb("send", "Send a seizure alert to everybody",
            "cordon alert send stop3 --file alert.json --photo blister.jpg")
      .Word("OPERATION", "operation", "Which operation")
      .JsonFile("--file", "alert", "The alert: docs/examples/alert.json")
      .Texts("--photo", "photos", "A picture of the goods")
      .Texts("--attach", "attach", "Any other file")
      .Text("--updates", "updates", "The record that this one replaces")
      .Text("--ref-no", "ref_no", "Its reference number, if not the next one")
      .Text("--status", "status", "actual (default), exercise, test or draft");
}

}  // namespace

absl::Span<const Verb> AlertVerbs() {
  return kVerbs;
}

void AddAlert(Menu& menu) {
  Menu alert = menu.Noun("alert", "Seizure alerts");
  AddSend(alert);
  alert
      .Verb("cancel", "Withdraw an alert of your own organisation",
            "cordon alert cancel STOP3-FR-2023-00007 --reason \"sent twice\"")
      .Word("RECORD", "record", "Reference number or prefix of the id")
      .Text("--reason", "reason", "Why", Need::kYes);
  alert
      .Verb("list", "Alerts of an operation, newest first",
            "cordon alert list stop3 --since 24h")
      .Word("OPERATION", "operation", "Which operation")
      .Text("--since", "since", "A time, a date, or so long ago: 2h, 7d")
      .Count("--max", "max", "At most so many of the newest (1000)");
  alert
      .Verb("show", "One alert",
            "cordon alert show STOP3-FR-2023-00007 --photos .")
      .Word("RECORD", "record", "Reference number or prefix of the id")
      .FetchesPhotos("--photos", "Fetch its files into this folder");
  menu.Verb("figures", "The picture of an operation, computed on this device",
            "cordon figures stop3")
      .Word("OPERATION", "operation", "Which operation");
}

}  // namespace cordon::cli
