#ifndef CORDON_CLIENT_CORE_CLIENT_H_
#define CORDON_CLIENT_CORE_CLIENT_H_

// START HERE. The client under any face: commands go in, answers and events
// come out. It opens no file and no socket, starts no thread and asks no clock
// but the one it was given; a runner, a test or the simulator steps it by hand.
//
//   client.Handle({.id = 1, .body = WhoAmI{}});
//   while (…) client.Tick();          // answers of the relay arrive in between
//
// What a command means stands in command.h, how it goes in the file of its
// noun: authority, joining, invitations, directory.
// Threads: none; one thread at a time, which also calls back the relay's
// answers. Nothing calls the client from inside an event.
// Ownership: everything in `parts` outlives the client. Destroying the client
// drops what is under way; what was to survive is in the vault.

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/admitting.h"
#include "client/core/alerts.h"
#include "client/core/authority.h"
#include "client/core/command.h"
#include "client/core/commits.h"
#include "client/core/composer.h"
#include "client/core/directory.h"
#include "client/core/event.h"
#include "client/core/follower.h"
#include "client/core/group_shelf.h"
#include "client/core/guides.h"
#include "client/core/handshakes.h"
#include "client/core/instructions.h"
#include "client/core/invitations.h"
#include "client/core/joining.h"
#include "client/core/key_packages.h"
#include "client/core/log_reader.h"
#include "client/core/newcomers.h"
#include "client/core/operations.h"
#include "client/core/outbox_pump.h"
#include "client/core/parts.h"
#include "client/core/picture.h"
#include "client/core/revocations.h"
#include "client/core/room_moves.h"
#include "client/core/rooms.h"
#include "client/core/searching.h"
#include "client/core/syncing.h"
#include "client/core/task.h"
#include "client/core/texts.h"
#include "client/core/timers.h"
#include "client/core/transfers.h"
#include "client/core/trust.h"
#include "client/core/upkeep.h"
#include "client/core/view/enrolment.h"
#include "client/core/view/record.h"

namespace cordon::client {

class Client {
 public:
  explicit Client(const Parts& parts);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Start connects with the device's identity, if it has joined, and follows
  // the relay from then on.
  absl::Status Start();

  // Handle begins a command; its Answered may come at once or much later.
  void Handle(Command command);

  // Tick resumes what was waiting for time to pass, and cleans up.
  void Tick();
  // When Tick is next worth calling.
  absl::Time next_tick() const { return timers_.next(); }

 private:
  // Those that Handle passes on: of command/operation.h, of command/record.h,
  // and of that what makes instructions, alerts and guides.
  void HandleRoom(Command& command);
  void HandleRecord(Command& command);
  void HandleContent(Command& command);
  absl::StatusOr<IdentityView> WhoAmI() const;
  RoomTools Tools() { return {&timers_, &trust_, &shelf_, &moves_}; }
  // Follow starts what goes on by itself once the device has joined.
  void Follow();
  // Settle ends `joining`, and when that went well what makes the device one
  // that others can admit.
  Task<absl::Status> Settle(Task<absl::Status> joining);
  Task<absl::StatusOr<SyncView>> SyncAndSettle(client::Sync wanted,
                                               uint64_t command);

  const Parts parts_;
  Timers timers_;
  Authority authority_;
  Joining joining_;
  Invitations invitations_;
  Directory directory_;
  Trust trust_;
  GroupShelf shelf_;
  RoomMoves moves_;
  Handshakes handshakes_;
  Composer composer_;
  Transfers transfers_;
  LogReader reader_;
  Follower follower_;
  OutboxPump pump_;
  Texts texts_;
  Alerts alerts_;
  Instructions instructions_;
  Guides guides_;
  Picture picture_;
  Searching searching_;
  Syncing syncing_;
  Commits commits_;
  Admitting admitting_;
  KeyPackages key_packages_;
  Revocations revocations_;
  Rooms rooms_;
  Operations operations_;
  Newcomers newcomers_;
  Upkeep upkeep_;
  bool following_ = false;
  // Last, so that flows end before what they use.
  TaskSet tasks_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_CLIENT_H_
