// What coordinators tell everybody, and who has understood: instruct, ack,
// acks.

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

client::CommandBody MakeInstruct(VerbInput& input) {
  client::SendInstruction body;
  body.target = input.in.Text("target", Need::kYes);
  body.to_rightsholders = input.in.Flag("to_rightsholders");
  body.instruction = ReadInstruction(input.in);
  body.instruction.ack_deadline = Until(input, "ack_deadline");
  return body;
}

client::CommandBody MakeAck(VerbInput& input) {
  Fields& in = input.in;
  client::Acknowledge body;
  body.record = in.Text("record", Need::kYes);
  body.ack.level = in.Code<client::AckLevel>("level");
  if (body.ack.level == client::AckLevel::kNone) {
    body.ack.level = client::AckLevel::kUnderstood;
  }
  body.ack.note = in.Text("note");
  return body;
}

client::CommandBody MakeAcks(VerbInput& input) {
  return client::ShowAcks{.record = input.in.Text("record", Need::kYes)};
}

constexpr Verb kVerbs[] = {
    {"instruct", Manner::kWrites, MakeInstruct},
    {"ack", Manner::kWrites, MakeAck},
    {"acks", Manner::kReads, MakeAcks},
};

}  // namespace

absl::Span<const Verb> InstructionVerbs() {
  return kVerbs;
}

void AddInstruction(Menu& menu) {
  menu.Verb("instruct", "Tell everybody what to do, and ask who has understood",
            "cordon instruct stop3 --title \"Target list for today\" --file "
            "today.txt")
      .Word("TARGET", "target",
            "A broadcast room, or an operation: then its instructions room")
      .Text("--title", "title", "At most one line", Need::kYes)
      .TextFile("--file", "text", "The text; - reads it from standard input")
      .Text("--text", "text", "The text, in place of --file")
      .Text("--type", "type",
            "instruction, daily_briefing, change_of_plan, security_notice, "
            "administrative, stand_down")
      .Text("--priority", "priority", "routine, important or flash")
      .Text("--ack", "ack", "none, received, understood or actioned")
      .Text("--ack-deadline", "ack_deadline",
            "Until when: 4h, 7d or a time in RFC 3339 (24h)")
      .Count("--supersedes", "supersedes", "Number of the one it replaces")
      .FlagNamed("--to", "rightsholders", "to_rightsholders",
                 "rightsholders: also into every intake room");
  menu.Verb("ack", "Acknowledge an instruction",
            "cordon ack 018c3f --level understood --note \"team briefed\"")
      .Word("RECORD", "record", "A unique prefix of the instruction's id")
      .Text("--level", "level", "received, understood (default) or actioned")
      .Text("--note", "note", "A word with it");
  menu.Verb("acks", "Who has acknowledged an instruction, and who has not",
            "cordon acks 018c3f")
      .Word("RECORD", "record", "A unique prefix of the instruction's id");
}

}  // namespace cordon::cli
