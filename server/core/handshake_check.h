#ifndef CORDON_SERVER_CORE_HANDSHAKE_CHECK_H_
#define CORDON_SERVER_CORE_HANDSHAKE_CHECK_H_

// Whether a proposal or a commit may go into a room's log: what MLS says of it
// (mls/public_group.h), that its author is the caller, what the room's policy
// says (policy/room_change.h), and that what comes with a commit (a GroupInfo
// for those who come back, a Welcome for those it adds) fits what it makes of
// the room.
//
// It costs too much for the lane, so it works on immutable values alone and may
// run on any thread; handshakes.h has the turns before and after.
// Threads: pure functions.
// Errors: kAborted for another epoch; kPermissionDenied and kInvalidArgument
// for what will never pass; kResourceExhausted beyond a limit of MLS. Each in
// one sentence for people.

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/mls/framing.h"
#include "server/core/append_input.h"
#include "server/core/room_groups.h"

namespace cordon::server {

struct HandshakeTask {
  // Set for an envelope that is in the log already: there is nothing to check.
  std::optional<LogSeq> placed{};
  AppendInput input{};
  DeviceId caller{};
  SharedGroup base{};
  const cert::ChainVerifier* verifier = nullptr;  // lives as long as the relay
  absl::Time now{};
};

struct PlacedMember {
  DeviceId device{};
  uint32_t leaf = 0;
};

struct CheckedHandshake {
  std::optional<LogSeq> placed{};
  AppendInput input{};
  SharedGroup base{};
  // The state that a proposal or a commit leads to from `base`.
  GroupImage next{};
  // A proposal: it is heard again if another one came in between.
  std::optional<mls::PublicMessage> proposal{};
  // A commit: leaves before, and leaves after.
  std::vector<PlacedMember> left{};
  std::vector<PlacedMember> joined{};
  // An external commit put the caller here, which `left` has at its old leaf.
  std::optional<PlacedMember> returned{};
  Bytes shared_welcome{};  // inbox_payload.h; empty: nobody was added
};

absl::StatusOr<CheckedHandshake> CheckHandshake(HandshakeTask task);

// RefusalOf turns an error of MLS or cert into what a caller is told about its
// `what` ("commit"): who they are is not in question, so nothing is
// kUnauthenticated, and nothing of it passes later.
absl::Status RefusalOf(const absl::Status& status, absl::string_view what);

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_HANDSHAKE_CHECK_H_
