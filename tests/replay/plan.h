#ifndef CORDON_TESTS_REPLAY_PLAN_H_
#define CORDON_TESTS_REPLAY_PLAN_H_

// The plan that the generator deals cases from: how many lines and pieces of
// which goods, in how many cases, by e-commerce or not. Chosen so that what is
// published comes out; the test of the generator sees that it does.
// Threads: constants.

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "client/core/codelists/goods.h"
#include "tests/replay/published.h"

namespace cordon::replay {

// One kind of goods over the whole operation; a line is one seizure.
struct GoodsPlan {
  absl::string_view category;
  absl::string_view subcategory;
  uint32_t ecommerce_lines = 0;
  uint32_t other_lines = 0;
  uint64_t pieces = 0;  // over all its lines
};

// The cases of one kind of pieces: a case holds goods of one kind, each at most
// once, so that as many cases as lines name them.
struct CasePlan {
  client::PieceKind kind = client::PieceKind::kOther;
  bool ecommerce = false;
  uint32_t cases = 0;
};

struct Plan {
  const Published& published;
  absl::Span<const GoodsPlan> goods;
  absl::Span<const CasePlan> cases;
};

const Plan& WholePlan();
const Plan& SmallPlan();

}  // namespace cordon::replay

#endif  // CORDON_TESTS_REPLAY_PLAN_H_
