#ifndef CORDON_TESTS_REPLAY_WARES_H_
#define CORDON_TESTS_REPLAY_WARES_H_

// What a line of a generated alert says of its goods, for every category and
// subcategory of the plans: words, customs code, unit, substance. Invented.
// Threads: constant data.

#include "absl/strings/string_view.h"

namespace cordon::replay {

struct Ware {
  absl::string_view category;
  absl::string_view subcategory;
  absl::string_view description;
  absl::string_view hs;
  absl::string_view unit;       // converts one to one into the canonical one
  absl::string_view substance;  // medicines only
  absl::string_view form;       // medicines only: dosage form
};

// WareOf knows every row of the plans.
const Ware& WareOf(absl::string_view category, absl::string_view subcategory);

}  // namespace cordon::replay

#endif  // CORDON_TESTS_REPLAY_WARES_H_
