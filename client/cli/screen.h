#ifndef CORDON_CLIENT_CLI_SCREEN_H_
#define CORDON_CLIENT_CLI_SCREEN_H_

// How things look to a person: aligned columns, colour only on a terminal,
// times in the reader's zone. Text comes from other people's machines: control
// characters in it are shown as "?", so that nobody draws on a reader's screen.
// Threads: values and pure functions.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace cordon::cli {

enum class Ink : uint8_t {
  kPlain = 0,
  kBold = 1,
  kFaint = 2,
  kRed = 3,
  kGreen = 4,
  kYellow = 5
};

// What is known of where the text goes.
struct Screen {
  bool colour = false;
  absl::TimeZone zone = absl::UTCTimeZone();

  std::string Paint(Ink ink, absl::string_view text) const;
  // "2023-12-04 09:30 CET", or "" for a time that is not known.
  std::string Time(absl::Time time) const;
};

// Clean makes foreign text fit to be shown; lines stay lines.
std::string Clean(absl::string_view text);
// OneLine is Clean with spaces for line ends.
std::string OneLine(absl::string_view text);
// Shortened keeps the first `columns` of a text, with "…" for what is cut.
std::string Shortened(absl::string_view text, size_t columns);
// Columns that a text takes up, UTF-8 read as one column a character.
size_t Columns(absl::string_view text);

// "4.2 MiB".
std::string SizeText(uint64_t bytes);
// "634 of 894 (70.9 %)": every percentage names its denominator.
std::string ShareText(uint64_t part, uint64_t whole);
// The first digits of an id, enough for a person to name it.
std::string ShortId(absl::Span<const uint8_t> id);

// Rows of cells, each column as wide as its widest cell.
class Table {
 public:
  enum class Align : uint8_t { kLeft = 0, kRight = 1 };

  // Heads are painted faint. An empty list: no heads.
  explicit Table(std::vector<std::string> heads) : heads_(std::move(heads)) {}
  // AlignRight is for columns of numbers.
  Table& AlignRight(size_t column);

  void Add(std::vector<std::string> cells) {
    rows_.push_back(std::move(cells));
  }
  bool empty() const { return rows_.empty(); }
  std::string Text(const Screen& screen) const;

 private:
  const std::vector<std::string> heads_;
  std::vector<size_t> right_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_SCREEN_H_
