#ifndef CORDON_TESTS_REPLAY_CASES_H_
#define CORDON_TESTS_REPLAY_CASES_H_

// The generated cases: complete alerts of reporting Members, in the order in
// which they happened. The same plan and seed give the same cases everywhere.
// Threads: pure functions.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"

#include "client/core/figures.h"
#include "client/core/model/alert.h"
#include "tests/replay/cast.h"
#include "tests/replay/plan.h"

namespace cordon::replay {

inline constexpr uint64_t kSeed = 20231204;

struct Case {
  size_t organisation = 0;  // index in the cast: who reports
  client::Alert alert;
};

// The operation's zone; the program ends if the machine does not know it.
absl::TimeZone OperationZone();

std::vector<Case> MakeCases(const Plan& plan,
                            absl::Span<const Organisation> cast, uint64_t seed);

// FiguresOf is what every device must come to.
client::Figures FiguresOf(absl::Span<const Case> cases,
                          absl::Span<const Organisation> cast);

}  // namespace cordon::replay

#endif  // CORDON_TESTS_REPLAY_CASES_H_
