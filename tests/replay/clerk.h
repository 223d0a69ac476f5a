#ifndef CORDON_TESTS_REPLAY_CLERK_H_
#define CORDON_TESTS_REPLAY_CLERK_H_

// Writes a dealt case down as a complete alert: place, transport, route, how it
// was found, and every line. What is said beside goods and pieces is chance.
// Threads: pure functions of their arguments.

#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"

#include "client/core/codelists/goods.h"
#include "client/core/model/alert.h"
#include "tests/replay/cast.h"
#include "tests/replay/dice.h"
#include "tests/replay/plan.h"

namespace cordon::replay {

struct DraftLine {
  const GoodsPlan* goods = nullptr;
  uint64_t pieces = 0;
};

struct Draft {
  client::PieceKind kind = client::PieceKind::kOther;
  bool ecommerce = false;
  absl::Time when;
  std::vector<DraftLine> lines;
};

// WriteAlert makes a full alert without faults or warnings.
client::Alert WriteAlert(const Draft& draft, const Organisation& reporter,
                         absl::Span<const Organisation> cast, Dice& dice);

}  // namespace cordon::replay

#endif  // CORDON_TESTS_REPLAY_CLERK_H_
