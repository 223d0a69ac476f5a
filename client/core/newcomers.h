#ifndef CORDON_CLIENT_CORE_NEWCOMERS_H_
#define CORDON_CLIENT_CORE_NEWCOMERS_H_

// Bringing in who has enrolled, without anybody asking for it: devices of our
// own organisation come into the operation's own rooms and its intake room,
// those that an operation waits for (operations.h) into theirs. Who left a room
// or was taken out does not come back by this (departures.h).
//
// Only a device that may admit somebody does anything here.
// Threads: none; the core's thread.
// Errors: those of the relay, the vault and admitting.h.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "client/core/admitting.h"
#include "client/core/command.h"
#include "client/core/commits.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "client/core/view/enrolment.h"
#include "crypto/base/id.h"
#include "crypto/cert/chain.h"

namespace cordon::client {

// How often BringIn looks whether they have come.
inline constexpr absl::Duration kNewcomerInterval = absl::Seconds(1);

class Newcomers {
 public:
  // `caught_up` says whether the logs were read as far as they go.
  Newcomers(const Parts& parts, const RoomTools& tools, Admitting* admitting,
            absl::AnyInvocable<bool()> caught_up)
      : parts_(parts),
        tools_(tools),
        admitting_(admitting),
        caught_up_(std::move(caught_up)) {}

  // Admit is one round: all rooms, and the first error.
  Task<absl::Status> Admit();

  // BringIn goes on with rounds until the users it is told are in all rooms
  // that take them, or patience ends; the answer names those who are not. Where
  // no room takes them there is nothing to wait for.
  Task<absl::StatusOr<NewcomersView>> BringIn(client::BringIn wanted,
                                              uint64_t command);

 private:
  using Chains = std::vector<cert::VerifiedChain>;

  Task<absl::StatusOr<Chains>> ReadNewcomers();
  absl::StatusOr<std::vector<RoomId>> Rooms();
  // Those of `devices` who belong into the room and are not in it.
  absl::StatusOr<Chains> Missing(RoomId room, const Chains& devices);
  Task<absl::Status> AdmitInto(RoomId room, Chains devices);
  // Whether a room takes devices of the user's organisation; none may be there.
  absl::StatusOr<bool> IsExpected(const std::string& user);
  absl::StatusOr<std::vector<std::string>> Outside(
      const std::vector<std::string>& users, const Chains& devices);

  const Parts parts_;
  const RoomTools tools_;
  Admitting* const admitting_;
  absl::AnyInvocable<bool()> caught_up_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_NEWCOMERS_H_
