#ifndef CORDON_SERVER_CORE_PUBLICATIONS_H_
#define CORDON_SERVER_CORE_PUBLICATIONS_H_

// What followers must be told once the transaction at hand is committed. The
// core leaves it here while it writes; the lane takes it after the commit and
// forgets it when the writing is taken back.
//
// Threads: the lane's.

#include <cstddef>
#include <utility>
#include <variant>
#include <vector>

#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "server/core/follow_item.h"

namespace cordon::server {

// A room's log has grown.
struct EntryAppended {
  LogEntry entry{};
};
// One device is to hear of something, whatever room it is about.
struct ToDevice {
  DeviceId device{};
  FollowItem item{};
};
// Everybody is.
struct ToAll {
  FollowItem item{};
};
// A device is in a room now and gets its entries after `since`.
struct DeviceJoined {
  DeviceId device{};
  RoomId room{};
  LogSeq since{};
};
// A device is in a room no longer and gets nothing more of it.
struct DeviceLeft {
  DeviceId device{};
  RoomId room{};
};
// A device is refused from now on.
struct DeviceRefused {
  DeviceId device{};
};

using Publication = std::variant<EntryAppended, ToDevice, ToAll, DeviceJoined,
                                 DeviceLeft, DeviceRefused>;

class Publications {
 public:
  void Add(Publication publication) {
    waiting_.push_back(std::move(publication));
  }
  size_t size() const { return waiting_.size(); }
  void TruncateTo(size_t size) {
    while (waiting_.size() > size) waiting_.pop_back();
  }
  std::vector<Publication> TakeAll() { return std::exchange(waiting_, {}); }

 private:
  std::vector<Publication> waiting_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_PUBLICATIONS_H_
