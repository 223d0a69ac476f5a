#ifndef CORDON_SERVER_CORE_FOLLOW_H_
#define CORDON_SERVER_CORE_FOLLOW_H_

// The backlog of one device, in portions: what it has not read when its stream
// begins, until nothing is left and the fanout can take over.
//
// The first portion begins with the head of each of its rooms and the
// revocation lists it does not know. Then come its inbox, then the entries of
// its rooms after its cursors. The last portion brings what has no place in a
// log: lists that are newer still, which rooms of its cursors it is in no
// longer, the join requests that wait for it. It ends with CaughtUpItem and
// says how far each room was given: those places go into Fanout::Add in the
// same turn of the herald, so nothing falls between. Threads: the lane's.
// Errors: those of the stores; nothing has changed and the same call may be
// repeated.

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/cert/certificate.h"
#include "server/core/fanout.h"
#include "server/core/follow_item.h"
#include "server/core/trust.h"
#include "storage/relay/stores.h"

namespace cordon::server {

// Cursors that one stream may bring.
inline constexpr size_t kFollowCursorsMax = 10'000;

// FollowSession is one stream's place in its backlog.
struct FollowSession {
  DeviceId device{};
  // Last entry read of each room; rooms not named: none.
  absl::flat_hash_map<RoomId, LogSeq> cursors{};
  uint64_t inbox_after = 0;
  absl::flat_hash_map<cert::IssuerId, uint64_t> crls{};  // to number
  bool begun = false;
};

struct FollowPortion {
  std::vector<FollowItem> items{};
  bool last = false;
  std::vector<Fanout::Place> places{};  // of the last portion
};

class Follow {
 public:
  // Borrows both.
  Follow(relay::Stores* stores, const Trust* trust)
      : stores_(stores), trust_(trust) {}

  // Next reads the session's next portion and moves it on.
  absl::StatusOr<FollowPortion> Next(FollowSession& session);

 private:
  absl::Status Begin(FollowSession& session, FollowPortion& portion);
  absl::Status ReadInbox(FollowSession& session, FollowPortion& portion);
  absl::Status ReadRooms(FollowSession& session, FollowPortion& portion);
  absl::Status ReadRest(FollowSession& session, FollowPortion& portion);

  relay::Stores* const stores_;
  const Trust* const trust_;
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_FOLLOW_H_
