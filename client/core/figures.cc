#include "client/core/figures.h"

#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "client/core/cases.h"
#include "client/core/codelists/goods.h"
#include "client/core/model/alert.h"
#include "client/core/model/codes.h"

namespace cordon::client {
namespace {

constexpr absl::string_view kPiece = "H87";

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

  // `stands`: the last version that says what the case is.
  void Count(const CaseRecord& stands, bool cancelled) {
    if (stands.alert->case_type != CaseType::kSeizure) return;
    if (cancelled) {
      ++figures_.cases_cancelled;
    } else if (stands.status != RecordStatus::kActual) {
      ++figures_.cases_not_actual;
    } else if (const absl::CivilDay day =
                   absl::ToCivilDay(stands.alert->when, options_.zone);
               day < options_.first_day || day > options_.last_day) {
      ++figures_.cases_outside_days;
    } else {
      CountAccepted(stands, day);
    }
  }

  Figures Finish() {
    figures_.reporting_members = members_.size();
    return std::move(figures_);
  }

 private:
  void CountAccepted(const CaseRecord& one, absl::CivilDay day) {
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
  for (const Case& one : ResolveCases(records)) {
    counter.Count(records[one.alert], one.cancelled);
  }
  return counter.Finish();
}

uint64_t SharePermille(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : (part * 1000 + whole / 2) / whole;
}

}  // namespace cordon::client
