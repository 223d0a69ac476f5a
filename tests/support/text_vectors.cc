#include "tests/support/text_vectors.h"

#include <cstdint>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"

namespace cordon::testing {
namespace {

using Attributes = std::map<std::string, std::string>;

absl::Status AddAttribute(absl::string_view text, int line, Attributes& to) {
  const std::vector<std::string> halves =
      absl::StrSplit(text, absl::MaxSplits('=', 1));
  if (halves.size() != 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("line ", line, ": neither attribute nor comment"));
  }
  std::string name(absl::StripAsciiWhitespace(halves[0]));
  std::string value(absl::StripAsciiWhitespace(halves[1]));
  if (!to.emplace(name, value).second) {
    return absl::InvalidArgumentError(
        absl::StrCat("line ", line, ": ", name, " a second time"));
  }
  return absl::OkStatus();
}

}  // namespace

bool TextCase::Has(absl::string_view name) const {
  return attributes_.count(std::string(name)) != 0;
}

std::string TextCase::Text(absl::string_view name) {
  const auto found = attributes_.find(std::string(name));
  if (found == attributes_.end()) {
    ADD_FAILURE() << "no attribute " << name;
    return "";
  }
  read_.insert(found->first);
  return found->second;
}

Bytes TextCase::Hex(absl::string_view name) {
  absl::StatusOr<Bytes> bytes = FromHex(Text(name));
  if (!bytes.ok()) {
    ADD_FAILURE() << name << " is no hex";
    return {};
  }
  return *std::move(bytes);
}

uint64_t TextCase::Uint(absl::string_view name) {
  uint64_t value = 0;
  if (!absl::SimpleAtoi(Text(name), &value)) {
    ADD_FAILURE() << name << " is no number";
  }
  return value;
}

std::vector<std::string> TextCase::Unread() const {
  std::vector<std::string> unread;
  for (const auto& [name, value] : attributes_) {
    if (read_.count(name) == 0) unread.push_back(name);
  }
  return unread;
}

absl::StatusOr<std::vector<TextCase>> ParseTextVectors(absl::string_view text) {
  std::vector<TextCase> cases;
  Attributes section;
  Attributes current;
  int start = 0;
  int number = 0;
  const auto close = [&] {
    if (current.empty()) return;
    Attributes all = section;
    all.insert(current.begin(), current.end());
    cases.emplace_back(start, std::move(all));
    current.clear();
  };
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty()) {
      close();
    } else if (absl::ConsumePrefix(&line, "[")) {
      close();
      absl::ConsumeSuffix(&line, "]");
      CORDON_RETURN_IF_ERROR(AddAttribute(line, number, section));
    } else if (line[0] != '#') {
      if (current.empty()) start = number;
      CORDON_RETURN_IF_ERROR(AddAttribute(line, number, current));
    }
  }
  close();
  if (cases.empty()) return absl::InvalidArgumentError("no cases");
  return cases;
}

void RunTextVectors(absl::string_view file,
                    const std::function<void(TextCase&)>& check) {
  const std::string path = absl::StrCat(CORDON_VECTORS_DIR, "/", file);
  std::ifstream in(path);
  ASSERT_TRUE(in.good()) << path;
  std::stringstream text;
  text << in.rdbuf();
  absl::StatusOr<std::vector<TextCase>> cases = ParseTextVectors(text.str());
  ASSERT_TRUE(cases.ok()) << path << ": " << cases.status().message();
  for (TextCase& each : *cases) {
    SCOPED_TRACE(absl::StrCat(file, ":", each.line()));
    check(each);
    for (const std::string& name : each.Unread()) {
      ADD_FAILURE() << "nobody read " << name;
    }
  }
}

}  // namespace cordon::testing
