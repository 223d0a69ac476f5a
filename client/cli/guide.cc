// Guides of rights holders: submit, review, approve, reject, list, show, get.

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

client::CommandBody MakeSubmit(VerbInput& input) {
  Fields& in = input.in;
  client::SubmitGuide body;
  body.operation = in.Text("operation", Need::kYes);
  body.document = in.Text("document", Need::kYes);
  AddFiles(in, "photos", client::AttachmentRole::kGoods, body.photos);
  in.Content("guide",
             [&](Fields& content) { body.guide = ReadGuide(content); });
  return body;
}

client::CommandBody MakeReview(VerbInput& input) {
  return client::ReviewGuides{.operation = input.in.Text("operation")};
}

client::CommandBody MakeApprove(VerbInput& input) {
  client::ApproveGuide body;
  body.record = input.in.Text("record", Need::kYes);
  body.note = input.in.Text("note");
  return body;
}

client::CommandBody MakeReject(VerbInput& input) {
  client::RejectGuide body;
  body.record = input.in.Text("record", Need::kYes);
  body.reason = input.in.Text("reason", Need::kYes);
  return body;
}

client::CommandBody MakeList(VerbInput& input) {
  return client::ListGuides{.operation = input.in.Text("operation")};
}

client::CommandBody MakeShow(VerbInput& input) {
  return client::ShowGuide{.record = input.in.Text("record", Need::kYes)};
}

client::CommandBody MakeGet(VerbInput& input) {
  client::GetFiles body;
  body.record = input.in.Text("record", Need::kYes);
  body.folder = input.in.Text("out", Need::kYes);
  body.name = input.in.Text("name");
  return body;
}

constexpr Verb kVerbs[] = {
    {"guide submit", Manner::kWrites, MakeSubmit},
    {"guide review", Manner::kReads, MakeReview},
    {"guide approve", Manner::kWrites, MakeApprove},
    {"guide reject", Manner::kWrites, MakeReject},
    {"guide list", Manner::kReads, MakeList},
    {"guide show", Manner::kReads, MakeShow},
    {"guide get", Manner::kReads, MakeGet},
};

void AddCuration(Menu& guide) {
  guide
      .Verb("review", "Guides that wait for a decision",
            "cordon guide review stop3")
      .Word("OPERATION", "operation", "Of this operation only", Need::kNo);
  guide
      .Verb("approve", "Publish a guide in the library",
            "cordon guide approve 018c3f --note \"checked with the owner\"")
      .Word("RECORD", "record", "A unique prefix of the submission's id")
      .Text("--note", "note", "A word with it");
  guide
      .Verb("reject", "Send a guide back to its owner",
            "cordon guide reject 018c3f --reason \"pictures are missing\"")
      .Word("RECORD", "record", "A unique prefix of the submission's id")
      .Text("--reason", "reason", "Why", Need::kYes);
}

}  // namespace

absl::Span<const Verb> GuideVerbs() {
  return kVerbs;
}

void AddGuide(Menu& menu) {
  Menu guide = menu.Noun("guide", "Guides to telling genuine from fake");
  guide
      .Verb("submit", "Hand a guide to the curators",
            "cordon guide submit stop3 --file guide.json --document guide.pdf")
      .Word("OPERATION", "operation", "Which operation")
      .JsonFile("--file", "guide", "The guide: docs/examples/guide.json")
      .Text("--document", "document", "The document itself", Need::kYes)
      .Texts("--photo", "photos", "A picture");
  AddCuration(guide);
  guide.Verb("list", "Guides this device may read", "cordon guide list stop3")
      .Word("OPERATION", "operation", "Of this operation only", Need::kNo);
  guide.Verb("show", "One guide", "cordon guide show 018c3f")
      .Word("RECORD", "record", "A unique prefix of its id");
  guide
      .Verb("get", "Fetch a guide's files",
            "cordon guide get 018c3f --out guides")
      .Word("RECORD", "record", "A unique prefix of its id")
      .Text("--out", "out", "Folder to write into", Need::kYes)
      .Text("--name", "name", "Only the file of that name");
}

}  // namespace cordon::cli
