#ifndef CORDON_TESTS_SUPPORT_FAKE_FOLLOW_H_
#define CORDON_TESTS_SUPPORT_FAKE_FOLLOW_H_

// What one stream of a relay in memory has still to say: computed from the
// world each time somebody asks, so that nothing needs to be told when
// something happens. And how that relay lies about a room.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "absl/status/statusor.h"

#include "client/core/delivery_types.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "tests/support/fake_rooms.h"
#include "tests/support/fake_world.h"

namespace cordon::testing {

// What one client is told wrongly about one room. All of it may change at any
// time; it is asked when something is given.
struct RoomLie {
  std::set<LogSeq> lost;           // not in streams; Backfill has them
  std::set<LogSeq> withheld;       // nowhere
  std::set<LogSeq> repeated;       // twice
  bool reversed = false;           // each batch from its end
  std::map<LogSeq, Bytes> forged;  // other bytes in their place
  std::map<LogSeq, client::LogEntry> replaced;  // another entry there
  std::optional<LogSeq> ends_at;  // rolled back: nothing after it, head too
};
using RoomLies = std::map<RoomId, RoomLie>;

// Entries of a room after a place and up to another, as the lie has them.
std::vector<client::LogEntry> EntriesAfter(const FakeRooms::Room& room,
                                           const RoomLie& lie, LogSeq after,
                                           LogSeq until);
client::RoomHeadItem HeadOf(const FakeRooms::Room& room, const RoomLie& lie);

// One stream's place in all that there is for its device.
class FollowPlace {
 public:
  FollowPlace(RelayWorld* world, const DeviceId& device,
              const client::FollowCall& call);

  // Next is empty when there is nothing new.
  std::vector<client::FollowItem> Next(const RoomLies& lies);

 private:
  using Items = std::vector<client::FollowItem>;

  void AddHeads(const RoomLies& lies, Items& items);
  void AddCrls(Items& items);
  void AddRequests(Items& items);
  void AddInbox(Items& items);
  void AddLeft(Items& items);
  // False if there is more than one batch takes.
  bool AddEntries(const RoomLies& lies, Items& items);

  RelayWorld* const world_;
  const DeviceId device_;
  bool begun_ = false;
  bool caught_up_ = false;
  uint64_t inbox_after_;
  std::map<RoomId, LogSeq> given_;
  std::set<RoomId> rooms_;
  std::map<Fingerprint, uint64_t> crls_;
  std::set<InvitationId> requests_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_FAKE_FOLLOW_H_
