#ifndef CORDON_TESTS_HOUSE_SOURCE_H_
#define CORDON_TESTS_HOUSE_SOURCE_H_

// One file of the tree as the house rules see it: its lines, and for C++ the
// same lines with comments and the insides of literals blanked, so that a rule
// about code is not tripped by a sentence about code.

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cordon::house {

struct Include {
  int line = 0;  // from 1
  std::string target;
  bool angled = false;
};

class Source {
 public:
  Source(std::string path, std::string text);

  const std::string& path() const { return path_; }
  // The path without its last part; empty at the top.
  std::string folder() const;
  bool IsHeader() const;
  bool IsCpp() const;

  // Lines as written and, for C++, with only the code or only the comments
  // left; the same number of each. Line n of a message is [n - 1] here.
  const std::vector<std::string>& lines() const { return lines_; }
  const std::vector<std::string>& code() const { return code_; }
  const std::vector<std::string>& comments() const { return comments_; }
  const std::vector<Include>& includes() const { return includes_; }

  // Lines with code, and lines with nothing but a comment. Blank lines are
  // neither.
  int code_lines() const { return code_lines_; }
  int comment_lines() const { return comment_lines_; }

 private:
  void Blank(const std::string& text);
  void FindIncludes();

  std::string path_;
  std::vector<std::string> lines_;
  std::vector<std::string> code_;
  std::vector<std::string> comments_;
  std::vector<Include> includes_;
  int code_lines_ = 0;
  int comment_lines_ = 0;
};

}  // namespace cordon::house

#endif  // CORDON_TESTS_HOUSE_SOURCE_H_
