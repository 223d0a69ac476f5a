#include "client/cli/face.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "client/core/client.h"
#include "client/core/command.h"
#include "client/core/event.h"
#include "client/core_thread.h"
#include "crypto/base/check.h"
#include "crypto/base/clock.h"

namespace cordon::cli {
namespace {

struct KindsOf {
  EventKinds operator()(const client::Answered&) const { return 0; }
  EventKinds operator()(const client::Progress&) const {
    return BitOf(EventKind::kProgress);
  }
  EventKinds operator()(const client::RecordArrived&) const {
    return BitOf(EventKind::kArrival) | BitOf(EventKind::kRecord);
  }
  EventKinds operator()(const client::RoomFinding&) const {
    return BitOf(EventKind::kFinding);
  }
  EventKinds operator()(const client::RoomJoined&) const {
    return BitOf(EventKind::kRoomJoined);
  }
  EventKinds operator()(const client::RoomLeft&) const {
    return BitOf(EventKind::kRoomLeft);
  }
  EventKinds operator()(const client::JoinRequested&) const {
    return BitOf(EventKind::kJoinRequest);
  }
  EventKinds operator()(const client::LinkChanged&) const {
    return BitOf(EventKind::kLink);
  }
  EventKinds operator()(const client::RecordRefused&) const {
    return BitOf(EventKind::kRefused);
  }
};

}  // namespace

Face::Face(client::CoreThread* core, const Clock* clock)
    : core_(core),
      clock_(clock),
      file_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      // One more for the answer to what ends the program.
      answers_(kCommandsUnderWayMax + 1),
      events_(kEventsQueuedMax) {
  CORDON_CHECK(file_ >= 0);
}

Face::~Face() {
  close(file_);
}

uint64_t Face::Post(client::CommandBody body) {
  const uint64_t id = ++last_id_;
  core_->Post([client = client_, id, posted = std::move(body)]() mutable {
    client->Handle({.id = id, .body = std::move(posted)});
  });
  return id;
}

void Face::Want(EventKinds kinds) {
  core_->Post([this, kinds] { wanted_ = kinds; });
}

void Face::Emit(client::Event event) {
  const absl::Time now = clock_->Now();
  if (std::holds_alternative<client::Answered>(event)) {
    const absl::Status posted =
        answers_.Post({.event = std::move(event), .at = now});
    CORDON_CHECK(posted.ok());  // As many as were posted; see the header.
    Ring();
    return;
  }
  if ((std::visit(KindsOf(), event) & wanted_) == 0) return;
  const absl::Status posted =
      events_.Post({.event = std::move(event), .at = now, .dropped = dropped_});
  if (posted.ok()) {
    dropped_ = 0;
    Ring();
  } else {
    ++dropped_;
  }
}

void Face::Ring() {
  const uint64_t one = 1;
  // A full counter is as readable as any.
  (void)!write(file_, &one, sizeof(one));
}

std::vector<FaceItem> Face::Take() {
  uint64_t rings = 0;
  (void)!read(file_, &rings, sizeof(rings));
  // What happened before an answer is told before it.
  std::vector<FaceItem> answers = answers_.TakeAll(absl::InfinitePast());
  std::vector<FaceItem> taken = events_.TakeAll(absl::InfinitePast());
  taken.insert(taken.end(), std::make_move_iterator(answers.begin()),
               std::make_move_iterator(answers.end()));
  return taken;
}

void Face::WaitUntil(absl::Time deadline) {
  constexpr int64_t kWaitMsMax = 60'000;
  const int64_t left =
      std::clamp<int64_t>(absl::ToInt64Milliseconds(deadline - clock_->Now() +
                                                    absl::Microseconds(999)),
                          0, kWaitMsMax);
  pollfd waiting = {.fd = file_, .events = POLLIN, .revents = 0};
  (void)poll(&waiting, 1, static_cast<int>(left));
}

}  // namespace cordon::cli
