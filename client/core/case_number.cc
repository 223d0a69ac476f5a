#include "client/core/case_number.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace cordon::client {

std::string SeriesPrefix(const CaseNumberSeries& series) {
  return absl::StrFormat("%s-%s-%04d-", absl::AsciiStrToUpper(series.operation),
                         absl::AsciiStrToUpper(series.body), series.year);
}

std::string CaseNumber(absl::string_view prefix, uint32_t count) {
  return absl::StrFormat("%s%05d", prefix, count);
}

std::optional<uint32_t> CountIn(absl::string_view prefix,
                                absl::string_view ref_no) {
  uint32_t count = 0;
  if (!absl::ConsumePrefix(&ref_no, prefix)) return std::nullopt;
  if (!absl::SimpleAtoi(ref_no, &count)) return std::nullopt;
  return count;
}

}  // namespace cordon::client
