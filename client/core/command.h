#ifndef CORDON_CLIENT_CORE_COMMAND_H_
#define CORDON_CLIENT_CORE_COMMAND_H_

// Everything a face can ask of the client. A face fills a struct, posts it with
// an id of its own, and gets one Answered event (event.h) with that id.
//
// Names are as people type them: organisation "fr.customs", user "alice",
// device "laptop". They are checked in the core, which refuses with
// kInvalidArgument and a sentence; a face checks nothing.
// Threads: values; handed over through the runner's mailbox.

#include <cstdint>
#include <variant>

#include "client/core/command/enrolment.h"  // IWYU pragma: export
#include "client/core/command/operation.h"  // IWYU pragma: export
#include "client/core/command/record.h"     // IWYU pragma: export

namespace cordon::client {

using CommandBody = std::variant<
    // enrolment.h
    CreateAuthority, InviteOrganisation, InviteUser, ListInvitations,
    RevokeInvitation, Join, Approve, BringIn, WhoAmI, ListDevices,
    ListOrganisations, ListUsers, Revoke, ChangePassphrase,
    // operation.h
    CreateOperation, AddToOperation, RemoveFromOperation, ListOperations,
    ShowOperation, CreateRoom, ListRooms, ShowRoom, AddToRoom, RemoveFromRoom,
    LeaveRoom,
    // record.h
    SendText, ReadRoom, SendInstruction, Acknowledge, ShowAcks, SendAlert,
    CancelAlert, ListAlerts, ShowRecord, SubmitGuide, ReviewGuides,
    ApproveGuide, RejectGuide, ListGuides, ShowGuide, ListFiles, GetFiles,
    Search, ShowFigures, Sync, ListOutbox, RetryOutbox, DiscardOutbox>;

struct Command {
  uint64_t id = 0;  // the face's own
  CommandBody body;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_COMMAND_H_
