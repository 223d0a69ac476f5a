#include "tests/house/source.h"

#include <cctype>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace cordon::house {
namespace {

bool IsWord(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// What each character of a C++ text belongs to.
enum class Kind : uint8_t { kCode = 1, kComment = 2, kLiteral = 3 };

class Classifier {
 public:
  explicit Classifier(absl::string_view text)
      : text_(text), kinds_(text.size(), Kind::kCode) {}

  std::vector<Kind> Run() {
    while (at_ < text_.size()) Step();
    return std::move(kinds_);
  }

 private:
  void Step() {
    const absl::string_view rest = text_.substr(at_);
    if (absl::StartsWith(rest, "//")) {
      MarkTo(text_.find('\n', at_), 0, Kind::kComment);
    } else if (absl::StartsWith(rest, "/*")) {
      MarkTo(text_.find("*/", at_ + 2), 2, Kind::kComment);
    } else if (rest[0] == '"' && RawPrefix()) {
      const size_t open = text_.find('(', at_);
      const std::string close =
          absl::StrCat(")", text_.substr(at_ + 1, open - at_ - 1), "\"");
      ++at_;
      MarkTo(text_.find(close, open), close.size() - 1, Kind::kLiteral);
      ++at_;
    } else if (rest[0] == '"' || (rest[0] == '\'' && !DigitSeparator())) {
      Quoted(rest[0]);
    } else {
      ++at_;
    }
  }

  // Marks up to `end` and `more` characters, or to the end of the text.
  void MarkTo(size_t end, size_t more, Kind kind) {
    end = end == absl::string_view::npos ? text_.size() : end + more;
    for (; at_ < end; ++at_) kinds_[at_] = kind;
  }

  // Marks the inside of a literal; the quotes stay code.
  void Quoted(char quote) {
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\n') return;  // an apostrophe, not a literal
      kinds_[at_] = Kind::kLiteral;
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        kinds_[++at_] = Kind::kLiteral;
      }
    }
    ++at_;
  }

  absl::string_view WordBefore() const {
    size_t start = at_;
    while (start > 0 && (IsWord(text_[start - 1]) ||
                         (text_[start - 1] == '\'' && start < at_))) {
      --start;
    }
    return text_.substr(start, at_ - start);
  }
  bool RawPrefix() const {
    const absl::string_view word = WordBefore();
    return word == "R" || word == "u8R" || word == "uR" || word == "LR";
  }
  bool DigitSeparator() const {
    const absl::string_view word = WordBefore();
    return !word.empty() && std::isdigit(static_cast<unsigned char>(word[0]));
  }

  absl::string_view text_;
  std::vector<Kind> kinds_;
  size_t at_ = 0;
};

std::vector<std::string> SplitLines(const std::string& text) {
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace

Source::Source(std::string path, std::string text)
    : path_(std::move(path)), lines_(SplitLines(text)) {
  if (!IsCpp()) return;
  Blank(text);
  FindIncludes();
}

std::string Source::folder() const {
  const size_t slash = path_.rfind('/');
  return slash == std::string::npos ? "" : path_.substr(0, slash);
}

bool Source::IsHeader() const {
  return absl::EndsWith(path_, ".h");
}

bool Source::IsCpp() const {
  return IsHeader() || absl::EndsWith(path_, ".cc");
}

void Source::Blank(const std::string& text) {
  const std::vector<Kind> kinds = Classifier(text).Run();
  size_t at = 0;
  for (const std::string& line : lines_) {
    std::string code(line.size(), ' ');
    std::string comment(line.size(), ' ');
    bool has_code = false;
    bool has_comment = false;
    for (size_t i = 0; i < line.size(); ++i) {
      const Kind kind = kinds[at++];
      if (kind == Kind::kCode) code[i] = line[i];
      if (kind == Kind::kComment) comment[i] = line[i];
      if (absl::ascii_isspace(static_cast<unsigned char>(line[i]))) continue;
      has_code = has_code || kind != Kind::kComment;
      has_comment = has_comment || kind == Kind::kComment;
    }
    ++at;  // the line's end
    if (has_code) {
      ++code_lines_;
    } else if (has_comment) {
      ++comment_lines_;
    }
    code_.push_back(std::move(code));
    comments_.push_back(std::move(comment));
  }
}

void Source::FindIncludes() {
  for (size_t i = 0; i < lines_.size(); ++i) {
    const absl::string_view code = absl::StripLeadingAsciiWhitespace(code_[i]);
    if (!absl::StartsWith(code, "#include")) continue;
    const std::string& raw = lines_[i];
    const size_t open = raw.find_first_of("<\"");
    if (open == std::string::npos) continue;
    const size_t close = raw.find_first_of(">\"", open + 1);
    if (close == std::string::npos) continue;
    includes_.push_back({.line = static_cast<int>(i) + 1,
                         .target = raw.substr(open + 1, close - open - 1),
                         .angled = raw[open] == '<'});
  }
}

}  // namespace cordon::house
