#include "client/core/case_number.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace cordon::client {

std::string NumberBody(absl::string_view country,
                       absl::string_view organisation) {
  return std::string(country.empty()
                         ? organisation.substr(0, organisation.find('.'))
                         : country);
}

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
  absl::string_view digits = ref_no;
  if (!absl::ConsumePrefix(&digits, prefix)) return std::nullopt;
  if (!absl::SimpleAtoi(digits, &count)) return std::nullopt;
  // What is no number of ours, if only by a sign, a space or a nought.
  if (count > kCaseCountMax || CaseNumber(prefix, count) != ref_no) {
    return std::nullopt;
  }
  return count;
}

bool IsNumberOf(absl::string_view operation, absl::string_view body,
                absl::string_view ref_no) {
  constexpr size_t kYearDigits = 4;
  const std::string before = absl::StrCat(absl::AsciiStrToUpper(operation), "-",
                                          absl::AsciiStrToUpper(body), "-");
  int64_t year = 0;
  return absl::StartsWith(ref_no, before) &&
         absl::SimpleAtoi(ref_no.substr(before.size(), kYearDigits), &year) &&
         CountIn(SeriesPrefix({.operation = std::string(operation),
                               .body = std::string(body),
                               .year = year}),
                 ref_no)
             .has_value();
}

}  // namespace cordon::client
