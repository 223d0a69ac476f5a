// Rooms: create, list, show, add, remove, leave.

#include "absl/types/span.h"

#include "client/cli/fields.h"
#include "client/cli/menu.h"
#include "client/cli/verb.h"
#include "client/core/command.h"

namespace cordon::cli {
namespace {

client::CommandBody MakeCreate(VerbInput& input) {
  Fields& in = input.in;
  client::CreateRoom body;
  body.operation = in.Text("operation", Need::kYes);
  body.name = in.Text("name", Need::kYes);
  body.kind = in.Text("kind", Need::kYes);
  body.title = in.Text("title");
  body.with = in.Texts("with");
  return body;
}

client::CommandBody MakeList(VerbInput& input) {
  return client::ListRooms{.operation = input.in.Text("operation")};
}

client::CommandBody MakeShow(VerbInput& input) {
  return client::ShowRoom{.room = input.in.Text("room", Need::kYes)};
}

client::CommandBody MakeAdd(VerbInput& input) {
  client::AddToRoom body;
  body.room = input.in.Text("room", Need::kYes);
  body.names = input.in.Texts("names", Need::kYes);
  return body;
}

client::CommandBody MakeRemove(VerbInput& input) {
  client::RemoveFromRoom body;
  body.room = input.in.Text("room", Need::kYes);
  body.names = input.in.Texts("names", Need::kYes);
  return body;
}

client::CommandBody MakeLeave(VerbInput& input) {
  return client::LeaveRoom{.room = input.in.Text("room", Need::kYes)};
}

constexpr Verb kVerbs[] = {
    {"room create", Manner::kChanges, MakeCreate},
    {"room list", Manner::kReads, MakeList},
    {"room show", Manner::kReads, MakeShow},
    {"room add", Manner::kChanges, MakeAdd},
    {"room remove", Manner::kChanges, MakeRemove},
    {"room leave", Manner::kChanges, MakeLeave},
};

}  // namespace

absl::Span<const Verb> RoomVerbs() {
  return kVerbs;
}

void AddRoom(Menu& menu) {
  Menu room = menu.Noun("room", "Rooms of an operation");
  room.Verb("create", "Make a room",
            "cordon room create stop3 iberia --kind channel --with es.customs "
            "--with pt.customs")
      .Word("OPERATION", "operation", "Which operation")
      .Word("NAME", "name", "Short name: a-z 0-9 and dashes")
      .Text("--kind", "kind",
            "channel, broadcast, alerts, library, intake or direct", Need::kYes)
      .Text("--title", "title", "What it is called")
      .Texts("--with", "with", "An organisation that is in it");
  room.Verb("list", "Rooms of this device, with what is unread",
            "cordon room list stop3")
      .Word("OPERATION", "operation", "Of this operation only", Need::kNo);
  room.Verb("show", "Who is in a room and who may post what",
            "cordon room show stop3/general")
      .Word("ROOM", "room", "operation/name");
  room.Verb("add", "Bring organisations, users or devices in",
            "cordon room add stop3/general fr.customs/bob")
      .Word("ROOM", "room", "operation/name")
      .Words("NAME", "names", "Organisations, users or devices");
  room.Verb("remove", "Take organisations, users or devices out",
            "cordon room remove stop3/general fr.customs/bob")
      .Word("ROOM", "room", "operation/name")
      .Words("NAME", "names", "Organisations, users or devices");
  room.Verb("leave", "Ask to be taken out", "cordon room leave stop3/iberia")
      .Word("ROOM", "room", "operation/name");
}

}  // namespace cordon::cli
