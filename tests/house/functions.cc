#include "tests/house/functions.h"

#include <cstddef>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "tests/house/source.h"

namespace cordon::house {
namespace {

// The text since the last `;`, `{` or `}` outside of functions.
class Head {
 public:
  void Add(char c, int line) {
    if (text_.empty() && absl::ascii_isspace(static_cast<unsigned char>(c))) {
      return;
    }
    if (text_.empty()) line_ = line;
    text_.push_back(c);
    if (c == '(') ++parens_;
    if (c == ')') --parens_;
    if (c == ':' && IsAccessLabel()) Clear();
  }
  void Clear() {
    text_.clear();
    parens_ = 0;
  }

  int line() const { return line_; }
  bool InParens() const { return parens_ > 0; }

  // namespace, class, struct, union, enum or extern "C": braces to look into.
  bool OpensScope() const {
    static const std::regex scope(
        "^(template\\s*<[^{]*>\\s*)?(inline\\s+|typedef\\s+)?"
        "(namespace|class|struct|union|enum|extern\\s*\")");
    return std::regex_search(text_, scope);
  }
  // A body follows; not `= {…}`, nor `member{…}` of a constructor's list.
  bool OpensFunction() const {
    if (!absl::StrContains(text_, "(")) return false;
    static const std::regex list("\\)\\s*(noexcept\\s*)?:[^:]");
    const absl::string_view text = absl::StripTrailingAsciiWhitespace(text_);
    const bool in_list = std::regex_search(text_, list);
    return !in_list || absl::EndsWith(text, ")") || absl::EndsWith(text, "}");
  }

  std::string Name() const {
    static const std::regex test(
        "^(TEST|TEST_F|TEST_P|TYPED_TEST)\\(\\s*(\\w+)\\s*,\\s*(\\w+)");
    std::smatch match;
    if (std::regex_search(text_, match, test)) {
      return absl::StrCat(match[2].str(), ".", match[3].str());
    }
    static const std::regex named("([~\\w:]+)\\s*\\(");
    if (std::regex_search(text_, match, named)) return match[1].str();
    return "?";
  }

 private:
  bool IsAccessLabel() const {
    return text_ == "public:" || text_ == "private:" || text_ == "protected:";
  }

  std::string text_;
  int line_ = 0;
  int parens_ = 0;
};

class Finder {
 public:
  void Char(char c, int line) {
    if (depth_in_body_ > 0) {
      InBody(c, line);
    } else if (head_.InParens()) {
      head_.Add(c, line);
    } else if (c == '{') {
      Open(c, line);
    } else if (c == ';' || c == '}') {
      head_.Clear();
    } else {
      head_.Add(c, line);
    }
  }

  std::vector<Function> Take() { return std::move(functions_); }

 private:
  void Open(char c, int line) {
    if (head_.OpensScope()) {
      head_.Clear();
      return;
    }
    depth_in_body_ = 1;
    is_function_ = head_.OpensFunction();
    if (!is_function_) head_.Add(c, line);
  }

  void InBody(char c, int line) {
    if (c == '{') ++depth_in_body_;
    if (c != '}' || --depth_in_body_ > 0) return;
    if (!is_function_) {
      head_.Add(c, line);
      return;
    }
    functions_.push_back({.name = head_.Name(),
                          .line = head_.line(),
                          .lines = line - head_.line() + 1});
    head_.Clear();
  }

  std::vector<Function> functions_;
  Head head_;
  int depth_in_body_ = 0;
  bool is_function_ = false;
};

}  // namespace

std::vector<Function> FindFunctions(const Source& source) {
  Finder finder;
  bool directive = false;
  int number = 0;
  for (const std::string& line : source.code()) {
    ++number;
    const absl::string_view code = absl::StripAsciiWhitespace(line);
    directive = directive || absl::StartsWith(code, "#");
    if (!directive) {
      for (const char c : line) finder.Char(c, number);
      finder.Char('\n', number);
    }
    directive = directive && absl::EndsWith(code, "\\");
  }
  return finder.Take();
}

}  // namespace cordon::house
