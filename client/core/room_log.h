#ifndef CORDON_CLIENT_CORE_ROOM_LOG_H_
#define CORDON_CLIENT_CORE_ROOM_LOG_H_

// What following a room's log needs at hand for each entry, so that one entry
// costs the same whatever the room's size: how far it was read, the hashes of
// the newest places, the policy and the authenticators of its epochs.
//
// A copy of the vault's word plus what the vault does not keep; whoever fails
// to store what it has done forgets the room here, and it is read again.
// Threads: none; the core's thread.
// Errors: kNotFound for a room that is not known; kDataLoss for a group without
// a policy.

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/parts.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/group.h"
#include "crypto/policy/room_policy.h"
#include "crypto/record/record_header.h"
#include "storage/vault/room_store.h"

namespace cordon::client {

// Hashes kept for comparing with what others say they have seen. A fork stays
// one, so whoever claims an older place is found out by its next record.
inline constexpr size_t kHashesKept = 4096;
// Authenticators kept for the same; records are made before they are sent.
inline constexpr size_t kAuthenticatorsKept = 16;

class RoomLog {
 public:
  RoomLog(vault::Room room, std::string text, absl::Time received);

  const vault::Room& room() const { return room_; }
  RoomId id() const { return room_.id; }
  // "stop3/general".
  const std::string& text() const { return text_; }
  bool joined() const { return room_.state == vault::RoomState::kJoined; }
  RoomHead head() const {
    return {.seq = room_.cursor.seq, .hash = room_.cursor.hash};
  }
  // When the relay says it received the newest entry; never goes back.
  absl::Time received() const { return received_; }

  // Advance takes the next place.
  void Advance(const RoomHead& after, absl::Time received);
  // Replace takes the vault's row anew and keeps the hashes.
  void Replace(vault::Room room, std::string text);

  // The hash at `seq`, if it is kept.
  std::optional<ChainHash> HashAt(LogSeq seq) const;

  // The policy of the group's epoch; parsed once an epoch.
  absl::StatusOr<const policy::RoomPolicy*> PolicyOf(const mls::Group& group);
  // NoteEpoch remembers the group's authenticator; AuthenticatorOf gives it.
  absl::Status NoteEpoch(const mls::Group& group);
  std::optional<record::EpochAuthenticator> AuthenticatorOf(Epoch epoch) const;

 private:
  vault::Room room_;
  std::string text_;
  absl::Time received_;
  std::deque<ChainHash> hashes_;  // the last is that of the head
  std::optional<policy::RoomPolicy> policy_;
  Epoch policy_epoch_;
  std::map<Epoch, record::EpochAuthenticator> authenticators_;
};

class RoomLogs {
 public:
  explicit RoomLogs(const Parts& parts) : parts_(parts) {}

  // Find's pointer holds until Forget of that room. Not inside a transaction.
  absl::StatusOr<RoomLog*> Find(RoomId room);
  // Refresh is for when somebody else has changed the vault's row.
  absl::Status Refresh(RoomId room);
  void Forget(RoomId room) { logs_.erase(room); }

 private:
  const Parts parts_;
  absl::node_hash_map<RoomId, RoomLog> logs_;
};

// Stop keeps a room from going on, in the vault, with a sentence that says why.
absl::Status StopRoom(const Parts& parts, RoomId room,
                      const std::string& reason);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_ROOM_LOG_H_
