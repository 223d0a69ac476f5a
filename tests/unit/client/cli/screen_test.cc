#include "client/cli/screen.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

#include "absl/time/time.h"

namespace cordon::cli {
namespace {

TEST(ScreenTest, ColoursOnATerminalOnly) {
  EXPECT_EQ(Screen{.colour = true}.Paint(Ink::kRed, "x"), "\x1b[31mx\x1b[0m");
  EXPECT_EQ(Screen{}.Paint(Ink::kRed, "x"), "x");
}

TEST(ScreenTest, TimesAreInTheReadersZone) {
  const Screen screen{.zone = absl::FixedTimeZone(2 * 3600)};

  EXPECT_EQ(screen.Time(absl::FromUnixSeconds(1'701'682'200)),
            "2023-12-04 11:30 +02");
  EXPECT_EQ(screen.Time(absl::Time()), "");
}

TEST(ScreenTest, LongTextIsShortenedBetweenCharacters) {
  EXPECT_EQ(Shortened("déjà vu", 4), "déjà…");
  EXPECT_EQ(Shortened("déjà vu", 7), "déjà vu");
  EXPECT_EQ(Shortened("", 0), "");
}

TEST(ScreenTest, ForeignTextCannotDrawOnTheScreen) {
  EXPECT_EQ(Clean("a\x1b[2Jb\r\nc\td"), "a?[2Jb?\nc d");
  // U+009B is an escape sequence's beginning in one character.
  EXPECT_EQ(Clean("a\xc2\x9b"
                  "2Jb"),
            "a?2Jb");
  EXPECT_EQ(Clean("caf\xc3\xa9"), "caf\xc3\xa9");
  EXPECT_EQ(OneLine("a\nb"), "a b");
}

TEST(ScreenTest, SharesNameTheirDenominator) {
  EXPECT_EQ(ShareText(634, 894), "634 of 894 (70.9 %)");
  EXPECT_EQ(ShareText(0, 0), "0 of 0 (0.0 %)");
}

TEST(ScreenTest, SizesHaveOneDecimal) {
  EXPECT_EQ(SizeText(1023), "1023 B");
  EXPECT_EQ(SizeText(1536), "1.5 KiB");
  EXPECT_EQ(SizeText(uint64_t{2} * 1024 * 1024 * 1024), "2.0 GiB");
}

TEST(TableTest, ColumnsAreAlignedByWhatIsSeen) {
  Table table({"NAME", "N"});
  table.AlignRight(1);
  table.Add({"caf\xc3\xa9", "1"});
  table.Add({"b", "100"});

  EXPECT_EQ(table.Text(Screen{}),
            "NAME    N\n"
            "caf\xc3\xa9    1\n"
            "b     100\n");
}

TEST(TableTest, ColourDoesNotMoveColumns) {
  const Screen screen{.colour = true};
  Table table({});
  table.Add({screen.Paint(Ink::kRed, "ab"), "x"});
  table.Add({"abcd", "y"});

  EXPECT_EQ(table.Text(screen), "\x1b[31mab\x1b[0m    x\nabcd  y\n");
}

}  // namespace
}  // namespace cordon::cli
