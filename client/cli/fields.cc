#include "client/cli/fields.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include <nlohmann/json.hpp>

#include "client/cli/json_text.h"
#include "client/cli/number_text.h"
#include "client/core/alert_rules.h"

namespace cordon::cli {
namespace {

const Json& EmptyObject() {
  static const Json& empty = *new Json(Json::object());
  return empty;
}

}  // namespace

Fields::Fields(const Json& object, std::string path,
               std::vector<client::Finding>* faults)
    : object_(object.is_object() ? object : EmptyObject()),
      path_(std::move(path)),
      faults_(*faults) {
  if (!object.is_object()) {
    faults_.push_back({path_, "is not a JSON object"});
  }
}

std::string Fields::PathOf(absl::string_view key) const {
  return path_.empty() ? std::string(key) : absl::StrCat(path_, ".", key);
}

void Fields::Fault(absl::string_view key, std::string what) {
  faults_.push_back({PathOf(key), std::move(what)});
}

bool Fields::Has(absl::string_view key) const {
  const auto found = object_.find(std::string(key));
  return found != object_.end() && !found->is_null();
}

const Json* Fields::Take(absl::string_view key, Need need) {
  known_.emplace_back(key);
  const auto found = object_.find(known_.back());
  if (found != object_.end() && !found->is_null()) return &*found;
  if (need == Need::kYes) Fault(key, "is missing");
  return nullptr;
}

std::string Fields::Text(absl::string_view key, Need need) {
  const Json* const value = Take(key, need);
  if (value == nullptr) return "";
  if (!value->is_string()) {
    Fault(key, "is not a text");
    return "";
  }
  auto text = value->get<std::string>();
  if (text.empty() && need == Need::kYes) Fault(key, "is missing");
  return text;
}

std::vector<std::string> Fields::Texts(absl::string_view key, Need need) {
  std::vector<std::string> texts;
  const Json* const value = Take(key, need);
  if (value == nullptr) return texts;
  if (!value->is_array()) {
    Fault(key, "is not a list");
    return texts;
  }
  for (size_t i = 0; i < value->size(); ++i) {
    const Json& one = (*value)[i];
    if (one.is_string()) {
      texts.push_back(one.get<std::string>());
    } else {
      Fault(absl::StrCat(key, "[", i, "]"), "is not a text");
    }
  }
  if (value->empty() && need == Need::kYes) Fault(key, "is missing");
  return texts;
}

bool Fields::Flag(absl::string_view key, bool fallback) {
  const Json* const value = Take(key, Need::kNo);
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) {
    Fault(key, "is not true or false");
    return fallback;
  }
  return value->get<bool>();
}

std::optional<uint32_t> Fields::Count(absl::string_view key) {
  const Json* const value = Take(key, Need::kNo);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number_unsigned() ||
      value->get<uint64_t>() > std::numeric_limits<uint32_t>::max()) {
    Fault(key, "is not a whole number from 0 to 4294967295");
    return std::nullopt;
  }
  return static_cast<uint32_t>(value->get<uint64_t>());
}

std::optional<int64_t> Fields::Decimal(absl::string_view key, int places,
                                       Need need) {
  const Json* const value = Take(key, need);
  if (value == nullptr) return std::nullopt;
  std::string digits;
  if (value->is_string()) {
    digits = value->get<std::string>();
  } else if (value->is_number_unsigned()) {
    digits = absl::StrCat(value->get<uint64_t>());
  } else if (value->is_number_integer()) {
    digits = absl::StrCat(value->get<int64_t>());
  } else {
    digits = DecimalLiteral(*value).value_or("");
  }
  const std::optional<int64_t> parsed = ParseDecimal(digits, places);
  if (!parsed.has_value()) {
    Fault(key,
          absl::StrCat("is not a decimal with at most ", places, " places"));
  }
  return parsed;
}

std::optional<absl::Time> Fields::Time(absl::string_view key, Need need) {
  const std::string text = Text(key, need);
  if (text.empty()) return std::nullopt;
  const std::optional<absl::Time> time = ParseTime(text);
  if (!time.has_value()) {
    Fault(key, "is not a time with an offset, as 2023-12-04T09:30:00+01:00");
  }
  return time;
}

std::optional<absl::CivilDay> Fields::Day(absl::string_view key, Need need) {
  const std::string text = Text(key, need);
  if (text.empty()) return std::nullopt;
  const std::optional<absl::CivilDay> day = ParseDay(text);
  if (!day.has_value()) Fault(key, "is not a date, as 2023-12-04");
  return day;
}

std::optional<absl::Duration> Fields::Duration(absl::string_view key) {
  const std::string text = Text(key);
  if (text.empty()) return std::nullopt;
  const std::optional<absl::Duration> duration = ParseDuration(text);
  if (!duration.has_value()) {
    Fault(key, "is not a duration, as 90s, 72h or 7d");
  }
  return duration;
}

bool Fields::Inside(const Json* value, std::string path,
                    absl::FunctionRef<void(Fields&)> read) {
  if (value == nullptr) return false;
  Fields inside(*value, std::move(path), &faults_);
  if (!value->is_object()) return false;
  read(inside);
  inside.Finish();
  return true;
}

bool Fields::Object(absl::string_view key, Need need,
                    absl::FunctionRef<void(Fields&)> read) {
  return Inside(Take(key, need), PathOf(key), read);
}

bool Fields::Content(absl::string_view key,
                     absl::FunctionRef<void(Fields&)> read) {
  return Inside(Take(key, Need::kYes), "", read);
}

void Fields::Objects(absl::string_view key, Need need,
                     absl::FunctionRef<void(Fields&, size_t)> read) {
  const Json* const value = Take(key, need);
  if (value == nullptr) return;
  if (!value->is_array()) {
    Fault(key, "is not a list");
    return;
  }
  for (size_t i = 0; i < value->size(); ++i) {
    Fields inside((*value)[i], absl::StrCat(PathOf(key), "[", i, "]"),
                  &faults_);
    read(inside, i);
    inside.Finish();
  }
}

void Fields::Finish() {
  for (const auto& [key, value] : object_.items()) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
      Fault(key, "is not a field that this client knows");
    }
  }
}

}  // namespace cordon::cli
