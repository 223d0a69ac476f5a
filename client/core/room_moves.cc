#include "client/core/room_moves.h"

#include <optional>

#include "crypto/base/id.h"

namespace cordon::client {

void RoomMoves::NoteUnfinished(RoomId room) {
  unfinished_.insert(room);
  unfinished_bell_.Ring();
}

std::optional<RoomId> RoomMoves::TakeUnfinished() {
  if (unfinished_.empty()) return std::nullopt;
  const RoomId room = *unfinished_.begin();
  unfinished_.erase(unfinished_.begin());
  return room;
}

}  // namespace cordon::client
