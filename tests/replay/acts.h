#ifndef CORDON_TESTS_REPLAY_ACTS_H_
#define CORDON_TESTS_REPLAY_ACTS_H_

// The acts of a replay, in their order. Each leaves the world as the next one
// needs it, or says what went wrong.
// Threads: one.

#include <cstddef>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "tests/replay/world.h"

namespace cordon::replay {

// Vaults open with Argon2id, which takes memory on purpose.
inline constexpr size_t kOpeningsMax = 8;
inline constexpr absl::Duration kAlertEvery = absl::Milliseconds(100);

// The authority is created, everybody invited, joined and approved.
absl::Status Enrol(World& world);

// The operation with its rooms; every device is in those meant for it.
absl::Status OpenOperation(World& world);

// Three instructions to everybody, rights holders too; all acknowledged, as the
// board of acknowledgements says.
absl::Status Instruct(World& world);

// Every rights holder submits a guide, the curator approves it, a Member
// fetches and opens it: the same bytes.
absl::Status ShareGuides(World& world);

// The cases, ten a second, while all follow.
absl::Status SendAlerts(World& world);

// Every device of the alerts room computes the figures: the published ones. A
// rights holder's is refused.
absl::Status CompareFigures(World& world);

}  // namespace cordon::replay

#endif  // CORDON_TESTS_REPLAY_ACTS_H_
