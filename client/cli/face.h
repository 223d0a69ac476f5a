#ifndef CORDON_CLIENT_CLI_FACE_H_
#define CORDON_CLIENT_CLI_FACE_H_

// The way between this program's one thread and the core's: commands go in
// through the runner's mailbox, answers and events come back through two
// mailboxes of this one, announced on a file that poll() can wait for beside
// standard input and signals.
//
//   const uint64_t id = face.Post(WhoAmI{});
//   while (…) { face.WaitUntil(deadline); for (FaceItem& item : face.Take()) …
//   }
//
// Answers are never lost: whoever posts keeps at most kCommandsUnderWayMax
// under way. Events that nobody asked for cost one comparison; when the reader
// is too slow, events are dropped and counted.
// Threads: Emit on the core's; all else on the face's.
// Lifetime: core and client outlive it, but for the client's last event.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/time/time.h"

#include "client/core/client.h"
#include "client/core/command.h"
#include "client/core/event.h"
#include "client/core_thread.h"
#include "crypto/base/clock.h"
#include "crypto/base/mailbox.h"

namespace cordon::cli {

inline constexpr size_t kCommandsUnderWayMax = 1000;
inline constexpr size_t kEventsQueuedMax = 10'000;

// What a face may want to be told beside answers.
enum class EventKind : uint8_t {
  kArrival = 0,  // the short form of kRecord
  kRecord = 1,
  kFinding = 2,
  kRoomJoined = 3,
  kRoomLeft = 4,
  kJoinRequest = 5,
  kLink = 6,
  kRefused = 7,
  kProgress = 8
};
using EventKinds = uint32_t;  // a bit for each
constexpr EventKinds BitOf(EventKind kind) {
  return EventKinds{1} << static_cast<uint8_t>(kind);
}
inline constexpr EventKinds kAllEvents = (BitOf(EventKind::kProgress) << 1) - 1;

struct FaceItem {
  client::Event event;
  absl::Time at;         // when the core said so
  uint64_t dropped = 0;  // events lost before this one
};

class Face final : public client::EventSink {
 public:
  Face(client::CoreThread* core, const Clock* clock);
  Face(const Face&) = delete;
  Face& operator=(const Face&) = delete;
  ~Face() override;

  // Attach says who answers; before the first Post.
  void Attach(client::Client* client) { client_ = client; }

  uint64_t Post(client::CommandBody body);
  // Want replaces which events are kept from now on.
  void Want(EventKinds kinds);

  // Readable while something waits to be taken.
  int file() const { return file_; }
  std::vector<FaceItem> Take();
  // Wait returns when something waits or the deadline has passed.
  void WaitUntil(absl::Time deadline);

  void Emit(client::Event event) override;

 private:
  void Ring();

  client::CoreThread* const core_;
  const Clock* const clock_;
  const int file_;  // eventfd
  client::Client* client_ = nullptr;
  uint64_t last_id_ = 0;

  // The core's thread only.
  EventKinds wanted_ = 0;
  uint64_t dropped_ = 0;

  Mailbox<FaceItem> answers_;
  Mailbox<FaceItem> events_;
};

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_FACE_H_
