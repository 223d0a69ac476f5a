#ifndef CORDON_CLIENT_CORE_COMMITS_H_
#define CORDON_CLIENT_CORE_COMMITS_H_

// Changing a room: flow D. A commit is made beside the group, stored, sent, and
// adopted where it lies in the log, by whoever reads that (handshakes.h): there
// is one place where a room's epoch moves, and it is in the log's order.
//
// | the relay answers | we then know       | and do                          |
// | OK                | our commit is next | wait for it in the log: adopted |
// | kAborted          | someone was first  | wait for theirs, make it anew   |
// | a refusal         | it will never pass | drop, say why                   |
// | anything else     | nothing            | ask again with the same bytes   |
//
// A crash at any moment leaves the group, or the group and a pending commit;
// the log decides which of the two holds, by envelope id. When it says neither,
// Resume sends again.
// Needs: somebody who follows the rooms and hands their entries to
// Handshakes::Take; nothing here reads the log.
// Threads: none; the core's thread. Changes of one room wait for each other.
// Errors: kUnavailable when the relay is away or the log does not come: the
// change is kept and will be settled later. kAborted after kCommitTries lost
// races; kPermissionDenied and kInvalidArgument as refused: nothing has
// changed. kFailedPrecondition for a room that was left or is stopped.

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/group_shelf.h"
#include "client/core/parts.h"
#include "client/core/room_moves.h"
#include "client/core/task.h"
#include "client/core/timers.h"
#include "client/core/trust.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/mls/key_package.h"

namespace cordon::client {

inline constexpr int kCommitTries = 8;
// Sending one commit, while the relay does not answer.
inline constexpr int kCommitSendings = 3;
inline constexpr absl::Duration kCommitSendPause = absl::Seconds(2);
// Until an entry that is in the log has been read.
inline constexpr absl::Duration kCommitWaitMax = absl::Seconds(30);

enum class CommitOutcome : uint8_t {
  kAccepted = 1,
  kLostRace = 2,
  kRefused = 3,
  kUnknown = 4
};
CommitOutcome Classify(const absl::Status& answer);

struct Joiner {
  DeviceId device;
  mls::KeyPackage key_package;
};

// What is wanted of a room. Each try asks for what is still missing, so that
// somebody else's commit may have done part of it.
struct RoomChange {
  std::vector<Joiner> adds = {};  // at most kAddsPerCommitMax
  std::vector<DeviceId> removes = {};
  bool renew_keys = false;  // a path of our own, also if nothing else changes
};

// How the room stands to what was wanted.
struct RoomChanged {
  Epoch epoch;
  std::vector<DeviceId> added;
  std::vector<DeviceId> removed;
};

// Borrowed for the object's life.
struct RoomTools {
  Timers* timers = nullptr;
  Trust* trust = nullptr;
  GroupShelf* shelf = nullptr;
  RoomMoves* moves = nullptr;
};

class Commits {
 public:
  Commits(const Parts& parts, const RoomTools& tools)
      : parts_(parts), tools_(tools) {}

  // Change commits `wanted`, and the proposals of others that wait in the
  // room, if the room's policy allows them.
  Task<absl::StatusOr<RoomChanged>> Change(RoomId room, RoomChange wanted);

  // CheckStays is kFailedPrecondition where this device is being taken out and
  // somebody else is there to commit that: nobody commits their own removal,
  // and a commit without it would undo it.
  absl::Status CheckStays(RoomId room);

  // Resume settles what was pending when the program ended, or the relay went
  // away. Run it when the logs were read as far as they went.
  Task<absl::Status> Resume();

 private:
  // What became of the pending commit of a room.
  Task<absl::StatusOr<CommitOutcome>> Settle(RoomId room);
  // Sends until there is an answer or the room has moved.
  Task<absl::StatusOr<CommitOutcome>> Send(RoomId room, EnvelopeId envelope);
  Task<absl::StatusOr<RoomChanged>> ChangeInTurn(RoomId room,
                                                 const RoomChange& wanted);
  Task<absl::Status> TakeTurn(RoomId room);
  void EndTurn(RoomId room);

  // Makes a commit and has it on disk; false if nothing is to be done.
  absl::StatusOr<bool> Make(RoomId room, const RoomChange& wanted);
  absl::StatusOr<RoomChanged> Compare(RoomId room, const RoomChange& wanted);
  absl::Status Drop(RoomId room, EnvelopeId envelope);

  const Parts parts_;
  const RoomTools tools_;
  absl::flat_hash_set<RoomId> busy_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_COMMITS_H_
