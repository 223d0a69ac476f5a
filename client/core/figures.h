#ifndef CORDON_CLIENT_CORE_FIGURES_H_
#define CORDON_CLIENT_CORE_FIGURES_H_

// The picture of an operation, computed on the device from the records it has
// opened.
//
// A case is an alert of type seizure that is Actual and not cancelled, in the
// version that stands (cases.h); a seizure is one line of it; a reporting
// Member has at least one case. A seizure counts as e-commerce if its case
// does. A case dated outside the operation's days is counted apart. Quantities
// are summed in a category's canonical unit; units that do not convert are
// summed apart.
// Threads: pure functions.

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "client/core/cases.h"  // IWYU pragma: export

namespace cordon::client {

struct FiguresOptions {
  absl::TimeZone zone;  // the operation's: days are its days
  absl::CivilDay first_day;
  absl::CivilDay last_day;                       // included
  std::map<std::string, std::string> region_of;  // organisation -> region code
};

struct Tally {
  uint64_t cases = 0;
  uint64_t seizures = 0;
  uint64_t ecommerce_cases = 0;
  uint64_t ecommerce_seizures = 0;

  friend bool operator==(const Tally&, const Tally&) = default;
};

// Sums in thousandths of a unit, by unit: canonical units first of all.
using Sums = std::map<std::string, int64_t>;

struct Group {
  Tally tally;  // cases: those with a line in this group
  Sums sums;

  friend bool operator==(const Group&, const Group&) = default;
};

struct Figures {
  Tally total;
  uint64_t reporting_members = 0;
  // Pieces (H87, in thousandths) of the three published kinds.
  int64_t medical_pieces_milli = 0;
  int64_t ipr_pieces_milli = 0;
  int64_t other_pieces_milli = 0;
  Sums unconverted;  // by "category unit", what is in no sum of pieces
  uint64_t cases_outside_days = 0;
  uint64_t cases_not_actual = 0;  // exercise, test, draft
  uint64_t cases_cancelled = 0;

  std::map<absl::CivilDay, Group> by_day;
  std::map<std::string, Group> by_region;  // "": of a body without a region
  std::map<std::string, Group> by_category;
  std::map<std::pair<std::string, std::string>, Group> by_subcategory;

  friend bool operator==(const Figures&, const Figures&) = default;
};

// ComputeFigures takes the records in the order of the room's log.
Figures ComputeFigures(absl::Span<const CaseRecord> records,
                       const FiguresOptions& options);

// SharePermille is part of whole in thousandths, rounded half up; 0 of 0 is 0.
uint64_t SharePermille(uint64_t part, uint64_t whole);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_FIGURES_H_
