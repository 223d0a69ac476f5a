#include "client/core/figures.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "client/core/codelists/goods.h"
#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "crypto/base/id.h"

namespace cordon::client {
namespace {

constexpr absl::string_view kPiece = "H87";

// The last version of one case.
struct Case {
  std::string organisation;
  RecordStatus status = RecordStatus::kNone;
  const Alert* alert = nullptr;
  bool cancelled = false;
};

// Follows updates and cancellations to what stands now, in order of first
// appearance.
std::vector<Case> Resolve(absl::Span<const CaseRecord> records) {
  std::vector<Case> cases;
  absl::flat_hash_map<RecordId, size_t> case_of;  // any version -> its case
  for (const CaseRecord& record : records) {
    if (case_of.contains(record.id)) continue;
    if (!record.replaces.has_value()) {
      if (!record.alert.has_value()) continue;
      case_of[record.id] = cases.size();
      cases.push_back({.organisation = record.organisation,
                       .status = record.status,
                       .alert = &*record.alert});
      continue;
    }
    const auto found = case_of.find(*record.replaces);
    if (found == case_of.end()) continue;
    const size_t index = found->second;
    Case& current = cases[index];
    if (current.organisation != record.organisation) continue;
    case_of[record.id] = index;
    if (record.alert.has_value()) {
      current.alert = &*record.alert;
      current.status = record.status;
    } else {
      current.cancelled = true;
    }
  }
  return cases;
}

// Sums of what others claim must not overflow: the top of the range stands for
// everything beyond it.
int64_t SaturatingAdd(int64_t a, int64_t b) {
  int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum)
             ? std::numeric_limits<int64_t>::max()
             : sum;
}

int64_t SaturatingMultiply(int64_t a, int64_t b) {
  int64_t product = 0;
  return __builtin_mul_overflow(a, b, &product)
             ? std::numeric_limits<int64_t>::max()
             : product;
}

void AddTo(int64_t& sum, int64_t value) {
  sum = SaturatingAdd(sum, value);
}

// A line's quantity in its category's canonical unit, or as it is.
struct Amount {
  std::string unit;
  int64_t value_milli = 0;
  bool converted = false;
};

Amount AmountOf(const SeizureLine& line, const Category* category) {
  const AllowedUnit* unit =
      category == nullptr ? nullptr : AllowedIn(*category, line.quantity.unit);
  if (unit == nullptr || unit->canonical_factor == 0) {
    return {.unit = line.quantity.unit,
            .value_milli = line.quantity.value_milli};
  }
  return {.unit = std::string(category->canonical_unit),
          .value_milli = SaturatingMultiply(line.quantity.value_milli,
                                            unit->canonical_factor),
          .converted = true};
}

void AddSeizure(Group& group, const Amount& amount, bool ecommerce) {
  ++group.tally.seizures;
  if (ecommerce) ++group.tally.ecommerce_seizures;
  AddTo(group.sums[amount.unit], amount.value_milli);
}

void AddCase(Group& group, bool ecommerce) {
  ++group.tally.cases;
  if (ecommerce) ++group.tally.ecommerce_cases;
}

void AddPieces(Figures& figures, const SeizureLine& line,
               const Category* category, const Amount& amount) {
  if (!amount.converted || amount.unit != kPiece) {
    AddTo(figures.unconverted[absl::StrCat(line.category, " ", amount.unit)],
          amount.value_milli);
    return;
  }
  switch (category->kind) {
    case PieceKind::kMedical:
      AddTo(figures.medical_pieces_milli, amount.value_milli);
      return;
    case PieceKind::kIpr:
      AddTo(figures.ipr_pieces_milli, amount.value_milli);
      return;
    case PieceKind::kOther:
      AddTo(figures.other_pieces_milli, amount.value_milli);
      return;
  }
}

class Counter {
 public:
  explicit Counter(const FiguresOptions& options) : options_(options) {}

  void Count(const Case& one) {
    if (one.alert->case_type != CaseType::kSeizure) return;
    if (one.cancelled) {
      ++figures_.cases_cancelled;
    } else if (one.status != RecordStatus::kActual) {
      ++figures_.cases_not_actual;
    } else if (const absl::CivilDay day =
                   absl::ToCivilDay(one.alert->when, options_.zone);
               day < options_.first_day || day > options_.last_day) {
      ++figures_.cases_outside_days;
    } else {
      CountAccepted(one, day);
    }
  }

  Figures Finish() {
    figures_.reporting_members = members_.size();
    return std::move(figures_);
  }

 private:
  void CountAccepted(const Case& one, absl::CivilDay day) {
    const bool ecommerce = one.alert->ecommerce == Ecommerce::kYes;
    members_.insert(one.organisation);
    ++figures_.total.cases;
    if (ecommerce) ++figures_.total.ecommerce_cases;

    const auto region = options_.region_of.find(one.organisation);
    // A case counts once in each group that one of its lines is in.
    std::set<Group*> groups = {
        &figures_.by_day[day],
        &figures_
             .by_region[region == options_.region_of.end() ? std::string()
                                                           : region->second]};
    const std::set<Group*> of_every_line = groups;
    for (const SeizureLine& line : one.alert->lines) {
      groups.merge(CountLine(line, ecommerce, of_every_line));
    }
    for (Group* group : groups) AddCase(*group, ecommerce);
  }

  std::set<Group*> CountLine(const SeizureLine& line, bool ecommerce,
                             const std::set<Group*>& of_every_line) {
    const Category* category = FindCategory(line.category);
    const Amount amount = AmountOf(line, category);
    ++figures_.total.seizures;
    if (ecommerce) ++figures_.total.ecommerce_seizures;
    AddPieces(figures_, line, category, amount);

    std::set<Group*> own = {
        &figures_.by_category[line.category],
        &figures_.by_subcategory[{line.category, line.subcategory}]};
    for (Group* group : of_every_line) AddSeizure(*group, amount, ecommerce);
    for (Group* group : own) AddSeizure(*group, amount, ecommerce);
    return own;
  }

  const FiguresOptions& options_;
  Figures figures_;
  std::set<std::string> members_;
};

}  // namespace

Figures ComputeFigures(absl::Span<const CaseRecord> records,
                       const FiguresOptions& options) {
  Counter counter(options);
  for (const Case& one : Resolve(records)) counter.Count(one);
  return counter.Finish();
}

uint64_t SharePermille(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : (part * 1000 + whole / 2) / whole;
}

}  // namespace cordon::client
