#ifndef CORDON_CLIENT_CORE_CASE_NUMBER_H_
#define CORDON_CLIENT_CORE_CASE_NUMBER_H_

// Reference numbers of cases: OPERATION-CC-YYYY-NNNNN, as in
// STOP3-FR-2023-00017. CC is the Member's country, or the short name of a body
// without one.
// Threads: pure functions.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace cordon::client {

struct CaseNumberSeries {
  std::string operation;  // as typed: stop3
  std::string body;       // FR, or ocu
  int64_t year = 0;
};

// SeriesPrefix is all of a number but its count: "STOP3-FR-2023-".
std::string SeriesPrefix(const CaseNumberSeries& series);
std::string CaseNumber(absl::string_view prefix, uint32_t count);
// CountIn gives the count of a number of the series, or nothing.
std::optional<uint32_t> CountIn(absl::string_view prefix,
                                absl::string_view ref_no);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_CASE_NUMBER_H_
