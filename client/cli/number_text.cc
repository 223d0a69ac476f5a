#include "client/cli/number_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace cordon::cli {
namespace {

bool AllDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
}

// A year beyond this does not survive the wire.
constexpr int64_t kYearMax = 9999;
constexpr absl::string_view kTimeForm = "%Y-%m-%dT%H:%M:%E*S%Ez";
constexpr size_t kDayChars = 10;

constexpr int64_t kMilli = 1000;
constexpr int kMilliPlaces = 3;

struct Symbol {
  absl::string_view code;
  absl::string_view symbol;
};
constexpr Symbol kSymbols[] = {
    {"KGM", "kg"}, {"GRM", "g"}, {"LTR", "l"}, {"MLT", "ml"}};

// What a unit of this name is called in a text; words of the code lists are
// lower case, codes are not.
std::string UnitText(int64_t milli, absl::string_view unit) {
  for (const Symbol& known : kSymbols) {
    if (unit == known.code) return std::string(known.symbol);
  }
  const absl::string_view word =
      unit == "H87" || unit == "C62" ? absl::string_view("piece") : unit;
  const bool is_word = std::all_of(word.begin(), word.end(), [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c));
  });
  return absl::StrCat(word, is_word && milli != kMilli ? "s" : "");
}

}  // namespace

std::optional<int64_t> ParseDecimal(absl::string_view text, int places) {
  const bool negative = absl::ConsumePrefix(&text, "-");
  const size_t point = text.find('.');
  const absl::string_view whole = text.substr(0, point);
  const absl::string_view rest =
      point == absl::string_view::npos ? "" : text.substr(point + 1);
  if (!AllDigits(whole)) return std::nullopt;
  if (point != absl::string_view::npos && !AllDigits(rest)) return std::nullopt;
  if (rest.size() > static_cast<size_t>(places)) return std::nullopt;
  std::string digits = absl::StrCat(negative ? "-" : "", whole, rest);
  digits.append(static_cast<size_t>(places) - rest.size(), '0');
  int64_t value = 0;
  if (!absl::SimpleAtoi(digits, &value)) return std::nullopt;
  return value;
}

std::string DecimalText(int64_t value, int places) {
  const bool negative = value < 0;
  // The smallest number has no positive twin in int64.
  const uint64_t magnitude = negative ? ~static_cast<uint64_t>(value) + 1
                                      : static_cast<uint64_t>(value);
  std::string digits = absl::StrCat(magnitude);
  const size_t decimals = static_cast<size_t>(places);
  if (digits.size() <= decimals) {
    digits.insert(0, decimals + 1 - digits.size(), '0');
  }
  const std::string whole = digits.substr(0, digits.size() - decimals);
  std::string rest = digits.substr(digits.size() - decimals);
  while (!rest.empty() && rest.back() == '0') rest.pop_back();
  return absl::StrCat(negative ? "-" : "", whole, rest.empty() ? "" : ".",
                      rest);
}

std::string GroupedText(uint64_t value) {
  constexpr size_t kGroup = 3;
  const std::string digits = absl::StrCat(value);
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % kGroup == 0) text.push_back(' ');
    text.push_back(digits[i]);
  }
  return text;
}

std::string SumText(int64_t milli) {
  if (milli >= 0 && milli % kMilli == 0) {
    return GroupedText(static_cast<uint64_t>(milli / kMilli));
  }
  return DecimalText(milli, kMilliPlaces);
}

std::string QuantityText(int64_t milli, absl::string_view unit) {
  return absl::StrCat(SumText(milli), " ", UnitText(milli, unit));
}

std::optional<absl::Time> ParseTime(absl::string_view text) {
  // RFC 3339 wants an offset; "Z" is one.
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(kTimeForm, text, &time, &error)) return std::nullopt;
  const int64_t year = absl::ToCivilYear(time, absl::UTCTimeZone()).year();
  if (year < 1 || year > kYearMax) return std::nullopt;
  return time;
}

std::string TimeText(absl::Time time) {
  return absl::FormatTime(kTimeForm, time, absl::UTCTimeZone());
}

std::optional<absl::CivilDay> ParseDay(absl::string_view text) {
  absl::CivilDay day;
  if (text.size() != kDayChars || !absl::ParseCivilTime(text, &day)) {
    return std::nullopt;
  }
  return day;
}

std::string DayText(absl::CivilDay day) {
  return absl::FormatCivilTime(day);
}

std::optional<absl::Duration> ParseDuration(absl::string_view text) {
  constexpr int64_t kHoursPerDay = 24;
  absl::Duration duration;
  absl::string_view days = text;
  if (absl::ConsumeSuffix(&days, "d")) {
    int64_t count = 0;
    if (!AllDigits(days) || !absl::SimpleAtoi(days, &count) ||
        count > std::numeric_limits<int32_t>::max()) {
      return std::nullopt;
    }
    duration = absl::Hours(kHoursPerDay * count);
  } else if (!absl::ParseDuration(text, &duration)) {
    return std::nullopt;
  }
  if (duration <= absl::ZeroDuration() ||
      duration == absl::InfiniteDuration()) {
    return std::nullopt;
  }
  return duration;
}

std::optional<absl::Time> ParseSince(absl::string_view text, absl::Time now,
                                     absl::TimeZone zone) {
  if (const auto time = ParseTime(text)) return time;
  if (const auto day = ParseDay(text)) return absl::FromCivil(*day, zone);
  if (const auto duration = ParseDuration(text)) return now - *duration;
  return std::nullopt;
}

std::optional<absl::Time> ParseUntil(absl::string_view text, absl::Time now) {
  if (const auto time = ParseTime(text)) return time;
  if (const auto duration = ParseDuration(text)) return now + *duration;
  return std::nullopt;
}

}  // namespace cordon::cli
