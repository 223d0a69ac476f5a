// Talk: send, read, show, search, watch.

#include <cstdint>

#include "absl/types/span.h"

#include "client/cli/arguments.h"
#include "client/cli/fields.h"
#include "client/cli/menu.h"
#include "client/cli/verb.h"
#include "client/core/command.h"
#include "client/core/model/codes.h"

namespace cordon::cli {
namespace {

client::CommandBody MakeSend(VerbInput& input) {
  Fields& in = input.in;
  client::SendText body;
  body.room = in.Text("room", Need::kYes);
  body.body = in.Text("text", Need::kYes);
  body.in_reply_to = in.Text("in_reply_to");
  AddFiles(in, "attach", client::AttachmentRole::kNone, body.files);
  return body;
}

client::CommandBody MakeRead(VerbInput& input) {
  Fields& in = input.in;
  client::ReadRoom body;
  body.room = in.Text("room", Need::kYes);
  body.since = Since(input);
  body.records_max =
      in.Count("max").value_or(static_cast<uint32_t>(body.records_max));
  body.mark_read = in.Flag("mark_read", body.mark_read);
  return body;
}

client::CommandBody MakeShow(VerbInput& input) {
  return client::ShowRecord{.record = input.in.Text("record", Need::kYes)};
}

client::CommandBody MakeSearch(VerbInput& input) {
  Fields& in = input.in;
  client::Search body;
  body.words = in.Text("words", Need::kYes);
  body.room = in.Text("room");
  body.hits_max =
      in.Count("max").value_or(static_cast<uint32_t>(body.hits_max));
  return body;
}

constexpr Verb kVerbs[] = {
    {"send", Manner::kWrites, MakeSend},
    {"read", Manner::kReads, MakeRead},
    {"show", Manner::kReads, MakeShow},
    {"search", Manner::kReads, MakeSearch},
};

}  // namespace

absl::Span<const Verb> MessageVerbs() {
  return kVerbs;
}

void AddMessage(Menu& menu) {
  menu.Verb("send", "Say something in a room",
            "cordon send stop3/general \"Container opened\" --attach "
            "report.pdf")
      .Word("ROOM", "room", "operation/name")
      .Word("TEXT", "text", "What to say; - reads it from standard input")
      .Text("--in-reply-to", "in_reply_to", "The record this answers")
      .Texts("--attach", "attach", "A file to go with it");
  menu.Verb("read", "Read a room",
            "cordon read stop3/general --since 2h --follow")
      .Word("ROOM", "room", "operation/name")
      .Text("--since", "since", "A time, a date, or so long ago: 2h, 7d")
      .Count("--max", "max", "At most so many of the newest (1000)")
      .Follows("--follow", "Go on with what arrives, until interrupted");
  menu.Verb("show", "One record, with everything that is known of it",
            "cordon show STOP3-FR-2023-00007")
      .Word("RECORD", "record",
            "A reference number or a unique prefix of an id");
  menu.Verb("search", "Find records by words",
            "cordon search diazepam tablets --room stop3/library")
      .Sentence("WORDS", "words", "Words to find")
      .Text("--room", "room", "In this room only")
      .Count("--max", "max", "At most so many hits (50)");
  menu.Verb("watch", "Print records as they arrive, until interrupted",
            "cordon watch stop3 --json")
      .Word("OPERATION", "operation", "Of this operation only", Need::kNo)
      .Watches();
}

}  // namespace cordon::cli
