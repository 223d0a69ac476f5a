#ifndef CORDON_CLIENT_CORE_CASE_NUMBER_H_
#define CORDON_CLIENT_CORE_CASE_NUMBER_H_

// Reference numbers of cases: OPERATION-CC-YYYY-NNNNN, as in
// STOP3-FR-2023-00017. CC is the Member's country, or the short name of a body
// without one. A number is what its author says; nothing is found or changed on
// its word alone.
// Threads: pure functions.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace cordon::client {

// The highest count of a series: nine digits.
inline constexpr uint32_t kCaseCountMax = 999'999'999;

struct CaseNumberSeries {
  std::string operation;  // as typed: stop3
  std::string body;       // FR, or ocu
  int64_t year = 0;
};

// NumberBody is whose numbers they are: "FR" of fr.customs, whose country is
// FR; "ocu" of ocu.authority, which has none.
std::string NumberBody(absl::string_view country,
                       absl::string_view organisation);

// SeriesPrefix is all of a number but its count: "STOP3-FR-2023-".
std::string SeriesPrefix(const CaseNumberSeries& series);
std::string CaseNumber(absl::string_view prefix, uint32_t count);
// CountIn gives the count of a number of the series, written as CaseNumber
// writes it, or nothing.
std::optional<uint32_t> CountIn(absl::string_view prefix,
                                absl::string_view ref_no);
// IsNumberOf says whether `ref_no` is of one of `body`'s series, of any year.
bool IsNumberOf(absl::string_view operation, absl::string_view body,
                absl::string_view ref_no);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_CASE_NUMBER_H_
