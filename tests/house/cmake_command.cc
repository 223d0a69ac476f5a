#include "tests/house/cmake_command.h"

#include <cctype>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

#include "tests/house/source.h"

namespace cordon::house {
namespace {

// Reads one file line by line; a command may span several.
class CmakeReader {
 public:
  void Line(absl::string_view line, int number) {
    for (size_t i = 0; i < line.size(); ++i) {
      const char c = line[i];
      if (c == '"' && (i == 0 || line[i - 1] != '\\')) {
        quoted_ = !quoted_;
      } else if (quoted_) {
        word_.push_back(c);
      } else if (c == '#') {
        break;
      } else if (c == '(') {
        Open(number);
      } else if (c == ')') {
        Close();
      } else if (std::isspace(static_cast<unsigned char>(c)) != 0) {
        EndWord();
      } else {
        word_.push_back(c);
      }
    }
    if (!quoted_) EndWord();
  }

  std::vector<CmakeCommand> Take() { return std::move(commands_); }

 private:
  void Open(int number) {
    if (depth_++ > 0) return;
    current_ = {.name = word_.empty() ? last_ : word_, .line = number};
    word_.clear();
  }

  void Close() {
    EndWord();
    if (depth_ > 0 && --depth_ == 0) commands_.push_back(std::move(current_));
  }

  void EndWord() {
    if (word_.empty()) return;
    if (depth_ > 0) {
      current_.arguments.push_back(word_);
    } else {
      last_ = word_;
    }
    word_.clear();
  }

  std::vector<CmakeCommand> commands_;
  CmakeCommand current_;
  std::string word_;
  std::string last_;  // for `name (` with a space
  int depth_ = 0;
  bool quoted_ = false;
};

}  // namespace

std::vector<CmakeCommand> ReadCmake(const Source& source) {
  CmakeReader reader;
  int number = 0;
  for (const std::string& line : source.lines()) reader.Line(line, ++number);
  return reader.Take();
}

}  // namespace cordon::house
