#ifndef CORDON_CLIENT_CORE_EVENT_H_
#define CORDON_CLIENT_CORE_EVENT_H_

// Everything a face can be told: the answer to a command, its progress, and
// what happens by itself. Events carry data, not sentences; the one exception
// is the message of an error, which is a sentence for a person and says what to
// do. Threads: values; handed over through the face's mailbox.

#include <cstdint>
#include <string>
#include <variant>

#include "absl/status/statusor.h"

#include "client/core/model/record.h"    // IWYU pragma: export
#include "client/core/view/enrolment.h"  // IWYU pragma: export
#include "client/core/view/operation.h"  // IWYU pragma: export
#include "client/core/view/record.h"     // IWYU pragma: export
#include "crypto/base/id.h"

namespace cordon::client {

// The command did what it says; there is nothing to show.
struct Nothing {};

using AnswerBody = std::variant<
    Nothing,
    // view/enrolment.h
    InvitationMade, InvitationsView, Approved, NewcomersView, IdentityView,
    DevicesView, OrganisationsView, UsersView, RevokedView,
    // view/operation.h
    RoomsView, RoomDetail, OperationsView, OperationDetail, MembershipChange,
    // view/record.h
    Composed, ContentRefused, RecordView, RecordsView, AcksView, GuideView,
    GuidesView, FilesView, FilesWritten, SearchView, FiguresView, SyncView,
    OutboxView>;

struct Answered {
  uint64_t command = 0;
  absl::StatusOr<AnswerBody> answer;
};

enum class Stage : uint8_t {
  kMakingKeys = 1,
  kWaitingForApproval = 2,
  kAskingRelay = 3,
  kClaimingKeys = 4,  // key packages of those to be admitted
  kCommitting = 5,    // rooms
  kSealingFile = 6,   // bytes
  kSendingFile = 7,   // bytes
  kFetchingFile = 8,  // bytes
  kOpeningFile = 9,   // bytes
  kCatchingUp = 10,   // entries of rooms' logs
  kSendingRecords = 11,
  kWaitingForNewcomers = 12
};

// For whatever takes over a second. total 0: unknown.
struct Progress {
  uint64_t command = 0;
  Stage stage = Stage::kMakingKeys;
  uint64_t done = 0;
  uint64_t total = 0;
};

// What happens without being asked for.

// A record was opened and stored, or one of our own is now in the log.
struct RecordArrived {
  RecordView record;
};
// Something about a room that its reader must know: a gap, a fork, a rollback,
// a withheld revocation list, an entry that was refused and by whom it was.
struct RoomFinding {
  RoomId room_id;
  std::string room;
  std::string what;
};
struct RoomJoined {
  RoomId room_id;
  std::string room;
};
struct RoomLeft {
  RoomId room_id;
  std::string room;
};
// An invitation of ours was redeemed and waits for Approve.
struct JoinRequested {
  InvitationId invitation;
  std::string offered;
};
enum class Link : uint8_t { kOffline = 1, kConnecting = 2, kCaughtUp = 3 };
struct LinkChanged {
  Link link = Link::kOffline;
  std::string reason;
};
// A record of ours was refused, and waits in the outbox for a person; or it is
// in the log, and everybody puts it aside: what it changes had been changed by
// others before.
struct RecordRefused {
  RecordId record;
  std::string room;
  std::string reason;
  bool in_outbox = true;
};

using Event =
    std::variant<Answered, Progress, RecordArrived, RoomFinding, RoomJoined,
                 RoomLeft, JoinRequested, LinkChanged, RecordRefused>;

class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void Emit(Event event) = 0;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_EVENT_H_
