#include "tests/e2e/answer.h"

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include <nlohmann/json.hpp>

#include "tests/e2e/programs.h"

namespace cordon::testing {
namespace {

std::string OfError(const Ended& ended, const char* field) {
  const Json json = Parsed(ended.err);
  return json.is_object() && json.contains("error")
             ? json["error"].value(field, "")
             : ended.err;
}

}  // namespace

Json Parsed(const std::string& text) {
  Json json = Json::parse(text.substr(0, text.find('\n')), nullptr,
                          /*allow_exceptions=*/false);
  return json.is_discarded() ? Json() : json;
}

Json ParsedLines(const std::string& text) {
  Json lines = Json::array();
  for (const absl::string_view line :
       absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    lines.push_back(Parsed(std::string(line)));
  }
  return lines;
}

std::vector<std::string> Column(const Json& rows, const std::string& field) {
  std::vector<std::string> values;
  values.reserve(rows.size());
  for (const Json& row : rows) values.push_back(row.value(field, ""));
  return values;
}

std::string CodeOf(const Ended& ended) {
  return OfError(ended, "code");
}

std::string SentenceOf(const Ended& ended) {
  return OfError(ended, "message");
}

}  // namespace cordon::testing
