#include "tests/e2e/answer.h"

#include <string>

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

std::string CodeOf(const Ended& ended) {
  return OfError(ended, "code");
}

std::string SentenceOf(const Ended& ended) {
  return OfError(ended, "message");
}

}  // namespace cordon::testing
