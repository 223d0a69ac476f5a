#ifndef CORDON_CLIENT_CLI_NUMBER_TEXT_H_
#define CORDON_CLIENT_CLI_NUMBER_TEXT_H_

// Decimals, dates, times and durations, between what people and JSON write and
// what the core counts in. No floating point anywhere.
// Threads: pure functions.
// Errors: nullopt for a text that is not exactly of the form.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace cordon::cli {

// ParseDecimal reads "-12.5" as -12500 when `places` is 3. More decimals than
// that, an exponent, a sign + or a number beyond int64 are refused.
std::optional<int64_t> ParseDecimal(absl::string_view text, int places);
// DecimalText writes 12500 as "12.5": no zeros at the end, no point at a whole
// number.
std::string DecimalText(int64_t value, int places);

// GroupedText writes 43500000 as "43 500 000", for people.
std::string GroupedText(uint64_t value);
// SumText writes a number of thousandths: a whole one grouped, "12.5" as it is.
std::string SumText(int64_t milli);

// QuantityText writes 1 250 000 thousandths of "tablet" as "1 250 tablets", for
// people: a code of UN/ECE Recommendation 20 by its symbol, C62 and H87 as
// pieces, a unit that is a word in its number. `unit` must be fit to be shown.
std::string QuantityText(int64_t milli, absl::string_view unit);

// RFC 3339 with an offset; seconds and fractions as given.
std::optional<absl::Time> ParseTime(absl::string_view text);
// In UTC, "2023-12-04T09:30:00+00:00".
std::string TimeText(absl::Time time);

// "2023-12-04".
std::optional<absl::CivilDay> ParseDay(absl::string_view text);
std::string DayText(absl::CivilDay day);

// "90s", "1h30m", "7d"; more than zero.
std::optional<absl::Duration> ParseDuration(absl::string_view text);

// Since when: a time, a day (from its midnight in `zone`), or so long before
// `now`.
std::optional<absl::Time> ParseSince(absl::string_view text, absl::Time now,
                                     absl::TimeZone zone);
// Until when: a time, or so long after `now`.
std::optional<absl::Time> ParseUntil(absl::string_view text, absl::Time now);

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_NUMBER_TEXT_H_
