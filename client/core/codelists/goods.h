#ifndef CORDON_CLIENT_CORE_CODELISTS_GOODS_H_
#define CORDON_CLIENT_CORE_CODELISTS_GOODS_H_

// Categories of goods, units of quantity and the chapters of the Harmonized
// System (HS 2022).
//
// A category names the unit its totals are counted in and the units a line may
// use; a unit of the same dimension converts by a whole number, every other
// unit is counted apart: totals never add unlike units.
// Threads: constant data.

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace cordon::client {

// The three sums an operation publishes.
enum class PieceKind : uint8_t { kMedical = 1, kIpr = 2, kOther = 3 };

struct AllowedUnit {
  absl::string_view unit;
  // One of these is so many canonical units; 0: it does not convert.
  uint32_t canonical_factor = 0;
};

struct Category {
  absl::string_view code;
  absl::string_view title;
  PieceKind kind = PieceKind::kOther;
  absl::string_view canonical_unit;
  absl::Span<const AllowedUnit> units;
  absl::Span<const absl::string_view> subcategories;  // empty: free text
  absl::Span<const absl::string_view> hs_chapters;    // empty: any
};

absl::Span<const Category> Categories();
const Category* FindCategory(absl::string_view code);

// AllowedIn returns the unit's row in a category, or nullptr.
const AllowedUnit* AllowedIn(const Category& category, absl::string_view unit);

// IsHsCode: 2, 4 or 6 digits whose chapter exists (01 to 97 without 77).
bool IsHsCode(absl::string_view code);

// IsOffence, IsConcealment, …: the open code lists of alerts.
bool IsOffence(absl::string_view code);
bool IsConcealment(absl::string_view code);
bool IsDetectionMeans(absl::string_view code);
bool IsRiskIndicator(absl::string_view code);
bool IsIprType(absl::string_view code);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_CODELISTS_GOODS_H_
