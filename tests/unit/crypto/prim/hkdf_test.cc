#include "crypto/prim/hkdf.h"

#include <cstdint>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "tests/support/status_matchers.h"

namespace cordon {
namespace {

std::string ExpandHex(ByteSpan prk, ByteSpan info, size_t size) {
  Bytes out(size);
  HkdfExpand(prk, info, absl::MakeSpan(out));
  return ToHex(out);
}

// Bytes `first`, `first` + 1, … as the RFC's test vectors use them.
Bytes Counting(uint8_t first, size_t size) {
  Bytes bytes(size);
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<uint8_t>(first + i);
  return bytes;
}

// RFC 5869, A.1.
TEST(HkdfTest, BasicCaseGivesThePublishedKeys) {
  const auto prk = HkdfExtract(Counting(0x00, 13), Bytes(22, 0x0b));

  EXPECT_EQ(ToHex(prk.ExposeSecret()),
            "077709362c2e32df0ddc3f0dc47bba63"
            "90b6c73bb50f9c3122ec844ad7c2b3e5");
  EXPECT_EQ(ExpandHex(prk.ExposeSecret(), Counting(0xf0, 10), 42),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db0"
            "2d56ecc4c5bf34007208d5b887185865");
}

// RFC 5869, A.2: longer inputs, an output of three blocks.
TEST(HkdfTest, LongCaseGivesThePublishedKeys) {
  const auto prk = HkdfExtract(Counting(0x60, 80), Counting(0x00, 80));

  EXPECT_EQ(ToHex(prk.ExposeSecret()),
            "06a6b88c5853361a06104c9ceb35b45c"
            "ef760014904671014a193f40c15fc244");
  EXPECT_EQ(ExpandHex(prk.ExposeSecret(), Counting(0xb0, 80), 82),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
            "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
            "cc30c58179ec3e87c14c01d5c1f3434f1d87");
}

// RFC 5869, A.3.
TEST(HkdfTest, WithoutSaltAndInfoGivesThePublishedKeys) {
  const auto prk = HkdfExtract({}, Bytes(22, 0x0b));

  EXPECT_EQ(ToHex(prk.ExposeSecret()),
            "19ef24a32c717b167f33a91d6f648bdf"
            "96596776afdb6377ac434c1c293ccb04");
  EXPECT_EQ(ExpandHex(prk.ExposeSecret(), {}, 42),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec345"
            "4e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(HkdfTest, ShorterOutputIsABeginningOfTheLonger) {
  const Bytes prk(32, 7);
  const std::string longest =
      ExpandHex(prk, AsBytes("info"), kHkdfOutputBytesMax);

  EXPECT_EQ(ExpandHex(prk, AsBytes("info"), 33), longest.substr(0, 66));
  EXPECT_EQ(ExpandHex(prk, AsBytes("info"), 32), longest.substr(0, 64));
  EXPECT_EQ(ExpandHex(prk, AsBytes("info"), 0), "");
}

TEST(HkdfTest, OtherInfoGivesOtherKeys) {
  const Bytes prk(32, 7);

  EXPECT_NE(ExpandHex(prk, AsBytes("a"), 32), ExpandHex(prk, AsBytes("b"), 32));
}

TEST(HkdfDeathTest, OutputBeyondTheLimitStopsTheProgram) {
  Bytes out(kHkdfOutputBytesMax + 1);

  EXPECT_DEATH(HkdfExpand(Bytes(32, 7), {}, absl::MakeSpan(out)),
               "kHkdfOutputBytesMax");
}

}  // namespace
}  // namespace cordon
