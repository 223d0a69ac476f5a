#ifndef CORDON_CLIENT_CORE_COMMAND_OPERATION_H_
#define CORDON_CLIENT_CORE_COMMAND_OPERATION_H_

// Commands about operations and their rooms. An operation is named by what
// people type ("stop3"), a room by operation and name ("stop3/general").
// Threads: values.
// Errors: kNotFound for an operation or room that this device does not know;
// kPermissionDenied where the room's policy does not let us; kUnavailable when
// the relay cannot be reached, and the command can be given again.

#include <string>
#include <vector>

#include "absl/time/civil_time.h"

namespace cordon::client {

// Makes an operation with the rooms instructions, alerts, library and general
// for every organisation known to the relay that is not a rights holder or a
// platform, and one intake room for each of those; each room's devices come in
// one commit. Starting it again after an unknown answer goes on.
struct CreateOperation {
  std::string operation;  // short name: a-z 0-9 and dashes
  std::string title;
  absl::CivilDay first_day;
  absl::CivilDay last_day;  // included
  std::string zone;         // IANA name
};

// Brings organisations in that were not known when the operation was created.
struct AddToOperation {
  std::string operation;
  std::vector<std::string> organisations;
};

// Takes organisations out of all the operation's rooms.
struct RemoveFromOperation {
  std::string operation;
  std::vector<std::string> organisations;
};

// Those that this device is, or was, in a room of.
struct ListOperations {};
struct ShowOperation {
  std::string operation;
};

// Makes one more room of an operation and brings its devices in.
struct CreateRoom {
  std::string operation;
  std::string name;
  std::string kind;   // channel, broadcast, alerts, library, intake, direct
  std::string title;  // empty: the name
  // Whose devices are in it beside the caller's organisation; empty: every
  // organisation of the operation that the kind lets in (a direct or intake
  // room must name somebody).
  std::vector<std::string> with;
};

// What the vault knows, without asking the relay.
struct ListRooms {
  std::string operation;  // empty: all
};
struct ShowRoom {
  std::string room;
};
// Organisations, users or devices, as they are named elsewhere.
struct AddToRoom {
  std::string room;
  std::vector<std::string> names;
};
struct RemoveFromRoom {
  std::string room;
  std::vector<std::string> names;
};
// Proposes to take this device out; it is out when a member has committed it.
struct LeaveRoom {
  std::string room;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_COMMAND_OPERATION_H_
