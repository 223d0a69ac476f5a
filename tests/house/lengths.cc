#include "tests/house/lengths.h"

#include <map>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

#include "tests/house/finding.h"
#include "tests/house/functions.h"
#include "tests/house/source.h"
#include "tests/house/tree.h"

namespace cordon::house {
namespace {

void Measure(const std::string& rule, const std::string& path, int lines,
             int lines_max, Findings& findings) {
  if (lines <= lines_max) return;
  findings.push_back({.rule = rule,
                      .subject = path,
                      .message = absl::StrCat(lines, " lines, at most ",
                                              lines_max, ": split it"),
                      .measured = lines});
}

int Percent(int part, int whole) {
  return whole == 0 ? 0 : part * 100 / whole;
}

struct Sum {
  int code = 0;
  int comment = 0;
};

bool IsCryptoTest(absl::string_view path) {
  return absl::StartsWith(path, "tests/unit/crypto/") ||
         absl::StartsWith(path, "tests/interop/");
}

Sum SumOf(const Tree& tree, bool (*in)(absl::string_view)) {
  Sum sum;
  for (const auto& [path, source] : tree.files()) {
    if (!source.IsCpp() || !in(path)) continue;
    sum.code += source.code_lines();
    sum.comment += source.comment_lines();
  }
  return sum;
}

bool IsCrypto(absl::string_view path) {
  return absl::StartsWith(path, "crypto/");
}

}  // namespace

Findings CheckLengths(const Tree& tree) {
  Findings findings;
  for (const auto& [path, source] : tree.files()) {
    const int lines = static_cast<int>(source.lines().size());
    if (absl::EndsWith(path, ".md")) {
      Measure("readme-lines", path, lines, kReadmeLinesMax, findings);
    }
    if (!source.IsCpp()) continue;
    if (source.IsHeader()) {
      Measure("header-lines", path, lines, kHeaderLinesMax, findings);
    } else {
      Measure("source-lines", path, lines, kSourceLinesMax, findings);
    }
    for (const Function& function : FindFunctions(source)) {
      Measure("function-lines", absl::StrCat(path, ":", function.name),
              function.lines, kFunctionLinesMax, findings);
    }
  }
  return findings;
}

Findings CheckHeaderComments(const Tree& tree) {
  std::map<std::string, Sum> folders;
  for (const auto& [path, source] : tree.files()) {
    if (!source.IsHeader() || !IsProduct(path)) continue;
    folders[source.folder()].code += source.code_lines();
    folders[source.folder()].comment += source.comment_lines();
  }
  Findings findings;
  for (const auto& [folder, sum] : folders) {
    const int percent = Percent(sum.comment, sum.code + sum.comment);
    if (percent >= kHeaderCommentPercentMin) continue;
    findings.push_back(
        {.rule = "header-comments",
         .subject = folder,
         .message = absl::StrCat(percent,
                                 " % of the headers' lines are comment,"
                                 " at least ",
                                 kHeaderCommentPercentMin,
                                 ": say what, threads, ownership, errors")});
  }
  return findings;
}

Findings CheckCryptoTests(const Tree& tree) {
  const Sum product = SumOf(tree, IsCrypto);
  const Sum tests = SumOf(tree, IsCryptoTest);
  const int percent = Percent(tests.code, product.code);
  if (product.code == 0 || percent >= kCryptoTestPercentMin) return {};
  return {{.rule = "crypto-tests",
           .subject = "crypto",
           .message = absl::StrCat(tests.code, " lines of test for ",
                                   product.code, " of product, at least ",
                                   kCryptoTestPercentMin, " %"),
           .measured = kCryptoTestPercentMin - percent}};
}

std::string Numbers(const Tree& tree) {
  std::map<std::string, Sum> tops;
  for (const auto& [path, source] : tree.files()) {
    if (!source.IsCpp()) continue;
    Sum& sum = tops[path.substr(0, path.find('/'))];
    sum.code += source.code_lines();
    sum.comment += source.comment_lines();
  }
  std::string text;
  for (const auto& [top, sum] : tops) {
    absl::StrAppendFormat(&text, "%-8s %6d code %6d comment (%d %%)\n", top,
                          sum.code, sum.comment,
                          Percent(sum.comment, sum.code + sum.comment));
  }
  absl::StrAppendFormat(
      &text, "crypto   %6d lines of test for 100 of product\n",
      Percent(SumOf(tree, IsCryptoTest).code, SumOf(tree, IsCrypto).code));
  return text;
}

}  // namespace cordon::house
