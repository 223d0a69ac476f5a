#include "client/cli/screen.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "client/cli/number_text.h"
#include "client/core/figures.h"
#include "crypto/base/bytes.h"

namespace cordon::cli {
namespace {

constexpr absl::string_view kGap = "  ";
constexpr absl::string_view kPlain = "\x1b[0m";

absl::string_view CodeOf(Ink ink) {
  switch (ink) {
    case Ink::kPlain:
      return "";
    case Ink::kBold:
      return "\x1b[1m";
    case Ink::kFaint:
      return "\x1b[2m";
    case Ink::kRed:
      return "\x1b[31m";
    case Ink::kGreen:
      return "\x1b[32m";
    case Ink::kYellow:
      return "\x1b[33m";
  }
  return "";
}

// Bytes 2 and up of a character of UTF-8.
bool Continues(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

// U+0080 to U+009F are control characters too: C2 80 to C2 9F.
bool IsLateControl(absl::string_view text, size_t at) {
  return static_cast<unsigned char>(text[at]) == 0xc2U &&
         at + 1 < text.size() &&
         static_cast<unsigned char>(text[at + 1]) >= 0x80U &&
         static_cast<unsigned char>(text[at + 1]) < 0xa0U;
}

// Length of a painted cell without its escape sequences, which only we write.
size_t Shown(absl::string_view cell) {
  size_t columns = 0;
  for (size_t i = 0; i < cell.size(); ++i) {
    if (cell[i] == '\x1b') {
      while (i < cell.size() && cell[i] != 'm') ++i;
    } else if (!Continues(cell[i])) {
      ++columns;
    }
  }
  return columns;
}

}  // namespace

std::string Screen::Paint(Ink ink, absl::string_view text) const {
  if (!colour || ink == Ink::kPlain || text.empty()) return std::string(text);
  return absl::StrCat(CodeOf(ink), text, kPlain);
}

std::string Screen::Time(absl::Time time) const {
  if (time <= absl::UnixEpoch() || time == absl::InfiniteFuture()) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M %Z", time, zone);
}

std::string Clean(absl::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (IsLateControl(text, i)) {
      clean.push_back('?');
      ++i;
    } else if (c == '\n' ||
               !absl::ascii_iscntrl(static_cast<unsigned char>(c))) {
      clean.push_back(c);
    } else {
      clean.push_back(c == '\t' ? ' ' : '?');
    }
  }
  return clean;
}

std::string OneLine(absl::string_view text) {
  std::string line = Clean(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

std::string Shortened(absl::string_view text, size_t columns) {
  size_t column = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (Continues(text[i])) continue;
    if (++column > columns) return absl::StrCat(text.substr(0, i), "…");
  }
  return std::string(text);
}

size_t Columns(absl::string_view text) {
  return Shown(text);
}

std::string SizeText(uint64_t bytes) {
  constexpr uint64_t kStep = 1024;
  constexpr uint64_t kTenths = 10;
  constexpr std::array<absl::string_view, 4> kUnits = {"KiB", "MiB", "GiB",
                                                       "TiB"};
  if (bytes < kStep) return absl::StrCat(bytes, " B");
  size_t unit = 0;
  uint64_t size = bytes;
  while (size >= kStep * kStep && unit + 1 < kUnits.size()) {
    size /= kStep;
    ++unit;
  }
  return absl::StrCat(size / kStep, ".", size % kStep * kTenths / kStep, " ",
                      kUnits[unit]);
}

std::string ShareText(uint64_t part, uint64_t whole) {
  constexpr uint64_t kTenths = 10;
  const uint64_t permille = client::SharePermille(part, whole);
  return absl::StrCat(GroupedText(part), " of ", GroupedText(whole), " (",
                      permille / kTenths, ".", permille % kTenths, " %)");
}

std::string ShortId(absl::Span<const uint8_t> id) {
  // Ids are time-ordered: the first bytes alone are shared by a whole minute.
  constexpr size_t kShownBytes = 8;
  return ToHex(id.subspan(0, kShownBytes));
}

Table& Table::AlignRight(size_t column) {
  right_.push_back(column);
  return *this;
}

std::string Table::Text(const Screen& screen) const {
  std::vector<std::vector<std::string>> rows;
  if (!heads_.empty()) {
    std::vector<std::string> painted;
    painted.reserve(heads_.size());
    for (const std::string& head : heads_) {
      painted.push_back(screen.Paint(Ink::kFaint, head));
    }
    rows.push_back(std::move(painted));
  }
  rows.insert(rows.end(), rows_.begin(), rows_.end());
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], Shown(row[i]));
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string pad(widths[i] - Shown(row[i]), ' ');
      const bool right =
          std::find(right_.begin(), right_.end(), i) != right_.end();
      if (i > 0) absl::StrAppend(&line, kGap);
      absl::StrAppend(&line, right ? pad : "", row[i], right ? "" : pad);
    }
    absl::StripTrailingAsciiWhitespace(&line);
    absl::StrAppend(&text, line, "\n");
  }
  return text;
}

}  // namespace cordon::cli
