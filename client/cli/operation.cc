// Operations: create, add, list, show, remove.

#include "absl/time/civil_time.h"
#include "absl/types/span.h"

#include "client/cli/fields.h"
#include "client/cli/menu.h"
#include "client/cli/verb.h"
#include "client/core/command.h"

namespace cordon::cli {
namespace {

client::CommandBody MakeCreate(VerbInput& input) {
  Fields& in = input.in;
  client::CreateOperation body;
  body.operation = in.Text("operation", Need::kYes);
  body.title = in.Text("title", Need::kYes);
  body.first_day = in.Day("from", Need::kYes).value_or(absl::CivilDay());
  body.last_day = in.Day("to", Need::kYes).value_or(absl::CivilDay());
  body.zone = in.Text("zone", Need::kYes);
  return body;
}

client::CommandBody MakeAdd(VerbInput& input) {
  client::AddToOperation body;
  body.operation = input.in.Text("operation", Need::kYes);
  body.organisations = input.in.Texts("orgs", Need::kYes);
  return body;
}

client::CommandBody MakeRemove(VerbInput& input) {
  client::RemoveFromOperation body;
  body.operation = input.in.Text("operation", Need::kYes);
  body.organisations = input.in.Texts("orgs", Need::kYes);
  return body;
}

client::CommandBody MakeList(VerbInput& /*input*/) {
  return client::ListOperations{};
}

client::CommandBody MakeShow(VerbInput& input) {
  return client::ShowOperation{.operation =
                                   input.in.Text("operation", Need::kYes)};
}

constexpr Verb kVerbs[] = {
    {"operation create", Manner::kChanges, MakeCreate},
    {"operation add", Manner::kChanges, MakeAdd},
    {"operation remove", Manner::kChanges, MakeRemove},
    {"operation list", Manner::kReads, MakeList},
    {"operation show", Manner::kReads, MakeShow},
};

}  // namespace

absl::Span<const Verb> OperationVerbs() {
  return kVerbs;
}

void AddOperation(Menu& menu) {
  Menu operation = menu.Noun("operation", "Operations");
  operation
      .Verb("create", "Make an operation with its rooms",
            "cordon operation create stop3 --title \"Operation STOP III\" "
            "--from 2023-12-04 \\\n    --to 2023-12-15 --zone Europe/Brussels")
      .Word("ID", "operation", "Short name: a-z 0-9 and dashes")
      .Text("--title", "title", "What it is called", Need::kYes)
      .Text("--from", "from", "First day", Need::kYes)
      .Text("--to", "to", "Last day, included", Need::kYes)
      .Text("--zone", "zone", "Its time zone, as Europe/Brussels", Need::kYes);
  operation
      .Verb("add", "Bring in organisations that came later",
            "cordon operation add stop3 es.customs pt.customs")
      .Word("OPERATION", "operation", "Which operation")
      .Words("ORG", "orgs", "Organisations");
  operation
      .Verb("remove", "Take organisations out of all its rooms",
            "cordon operation remove stop3 es.customs")
      .Word("OPERATION", "operation", "Which operation")
      .Words("ORG", "orgs", "Organisations");
  operation.Verb("list", "Operations of this device", "cordon operation list");
  operation
      .Verb("show", "Participants and rooms of one",
            "cordon operation show stop3")
      .Word("OPERATION", "operation", "Which operation");
}

}  // namespace cordon::cli
