#ifndef CORDON_CLIENT_CLI_JSON_TEXT_H_
#define CORDON_CLIENT_CLI_JSON_TEXT_H_

// JSON as this program reads and writes it.
//
// Numbers with a point keep the digits that were written: they stand in the
// tree as binary values, which no JSON text can hold otherwise, and are read
// with DecimalLiteral. Nothing is ever rounded through a double.
// Threads: pure functions.
// Errors: kInvalidArgument, with the place, for text that is no JSON, nests
// deeper than kJsonDepthMax, or has a key twice in one object.

#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <nlohmann/json_fwd.hpp>

namespace cordon::cli {

// Keeps the order in which fields were added, so that output is stable.
using Json = nlohmann::ordered_json;

inline constexpr size_t kJsonDepthMax = 32;
inline constexpr size_t kJsonBytesMax = size_t{1024} * 1024;

absl::StatusOr<Json> ParseJson(absl::string_view text);

// The digits of a number that was written with a point or an exponent.
std::optional<std::string> DecimalLiteral(const Json& value);

// JsonLine is the value on one line, without its end. Bytes that are not UTF-8
// become U+FFFD.
std::string JsonLine(const Json& value);

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_JSON_TEXT_H_
