#ifndef CORDON_TESTS_SUPPORT_FAKE_ROOMS_H_
#define CORDON_TESTS_SUPPORT_FAKE_ROOMS_H_

// The rooms of a relay in memory: logs in one order, followed with the public
// half of MLS as the real relay does, inboxes, Welcomes cut in parts.
//
// It takes what the real one takes as far as order, membership and MLS go:
// envelopes are idempotent, another epoch is kAborted, a commit must hold and
// be its caller's own. It asks no policy: who may admit is tested elsewhere.

#include <cstdint>
#include <map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/delivery_types.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/public_group.h"

namespace cordon::testing {

// Who calls, as of when, and who verifies MLS credentials.
struct FakeCall {
  DeviceId caller;
  absl::Time now;
  const mls::CredentialChecker* checker;

  mls::PublicChecks checks() const { return {*checker, now}; }
};

class FakeRooms {
 public:
  struct Room {
    DeviceId creator;
    Bytes first_group_info;
    mls::PublicGroup group;
    // Entry i stands at seq i + 1; places[i] is the room after i entries.
    std::vector<client::LogEntry> log;
    std::vector<client::RoomHeadItem> places;
    // Since when (the commit that brought it in) each device is in.
    std::map<DeviceId, LogSeq> members;
    std::vector<Bytes> group_infos;  // of the current epoch
  };

  absl::Status Create(const FakeCall& call, const RoomId& room,
                      const Bytes& group_info);
  absl::StatusOr<LogSeq> Append(const FakeCall& call,
                                const client::AppendCall& input);
  // ProposeAsRelay puts a proposal of the relay's own into a log.
  absl::StatusOr<LogSeq> ProposeAsRelay(const FakeCall& call,
                                        const RoomId& room, Bytes sealed);
  // Misplace puts an application entry at a log's end whatever epoch it names,
  // as a relay does that has kept it back.
  LogSeq Misplace(const FakeCall& call, const client::AppendCall& input);
  absl::Status PutGroupInfo(const FakeCall& call, const RoomId& room,
                            const Bytes& group_info);
  absl::StatusOr<client::GroupInfos> FetchGroupInfo(const DeviceId& caller,
                                                    const RoomId& room) const;

  // Find is kNotFound for no such room, kPermissionDenied for who is not in it.
  absl::StatusOr<const Room*> Find(const DeviceId& caller,
                                   const RoomId& room) const;
  bool Contains(const RoomId& room, const DeviceId& device) const;
  // RoomsOf lists the rooms that a device is in, by id.
  std::vector<RoomId> RoomsOf(const DeviceId& device) const;
  const std::map<RoomId, Room>& rooms() const { return rooms_; }

  // What waits for a device, in order.
  const std::vector<client::InboxItem>& InboxOf(const DeviceId& device) {
    return inboxes_[device];
  }
  void AckInbox(const DeviceId& device, uint64_t through);
  absl::StatusOr<client::SharedWelcome> FetchWelcome(const DeviceId& caller,
                                                     uint64_t welcome_id);

 private:
  absl::StatusOr<Room*> FindAt(const DeviceId& caller, const RoomId& room,
                               Epoch epoch);
  absl::Status TakeProposal(const FakeCall& call, const Bytes& sealed,
                            Room& room);
  absl::Status TakeCommit(const FakeCall& call, const client::AppendCall& input,
                          Room& room);
  LogSeq Place(const FakeCall& call, const client::AppendCall& input,
               Room& room);
  void Welcome(const client::AppendCall& input, const Room& room);

  std::map<RoomId, Room> rooms_;
  std::map<DeviceId, std::vector<client::InboxItem>> inboxes_;
  std::map<uint64_t, client::SharedWelcome> welcomes_;
  uint64_t last_inbox_id_ = 0;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_FAKE_ROOMS_H_
