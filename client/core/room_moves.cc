#include "client/core/room_moves.h"

#include <algorithm>
#include <optional>

#include "absl/time/time.h"

#include "crypto/base/id.h"

namespace cordon::client {

void RoomMoves::NoteUnfinished(RoomId room, absl::Time since) {
  const bool waits =
      std::any_of(unfinished_.begin(), unfinished_.end(),
                  [room](const Unfinished& one) { return one.room == room; });
  if (!waits) unfinished_.push_back({.room = room, .since = since});
  unfinished_bell_.Ring();
}

std::optional<RoomMoves::Unfinished> RoomMoves::TakeUnfinished() {
  if (unfinished_.empty()) return std::nullopt;
  const Unfinished first = unfinished_.front();
  unfinished_.pop_front();
  return first;
}

}  // namespace cordon::client
