#ifndef CORDON_TESTS_REPLAY_CAST_H_
#define CORDON_TESTS_REPLAY_CAST_H_

// Who takes part in the replay. Members are customs administrations of real
// countries in their WCO regions; which of them report, and everybody else's
// name and brand, is invented.
// Threads: constant data.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "tests/replay/published.h"

namespace cordon::replay {

enum class Part : uint8_t {
  kUnit = 1,
  kMember = 2,
  kOffice = 3,
  kPartner = 4,
  kRightsHolder = 5
};

// What a rights holder makes: the goods its brand stands on.
struct Brand {
  absl::string_view name;
  absl::string_view owner;  // first label of the organisation's name
  Goods goods;
  absl::string_view product;
};

struct Organisation {
  Part part = Part::kMember;
  std::string name;     // fr.customs
  std::string title;    // Customs of France
  std::string country;  // empty for bodies without one
  std::string region;   // empty for bodies without one
  bool reports = false;
  const Brand* brand = nullptr;  // of a rights holder

  // Everybody's first user and device are called alike.
  std::string user() const { return "desk"; }
  std::string device() const { return "laptop"; }
  bool IsInAlerts() const { return part != Part::kRightsHolder; }
};

// MakeCast is the coordinating unit first, then Members, offices, partners and
// rights holders, in numbers as published.
std::vector<Organisation> MakeCast(const Published& published);

// All brands, also those whose owner is not in a small cast.
absl::Span<const Brand> Brands();

}  // namespace cordon::replay

#endif  // CORDON_TESTS_REPLAY_CAST_H_
