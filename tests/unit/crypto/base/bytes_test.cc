#include "crypto/base/bytes.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace cordon {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(BytesTest, HexOfBytesReadsBackAsTheSameBytes) {
  const Bytes bytes = {0x00, 0x0f, 0xf0, 0xff};

  EXPECT_EQ(ToHex(bytes), "000ff0ff");
  EXPECT_THAT(FromHex("000FF0ff"), IsOkAndHolds(bytes));
  EXPECT_THAT(FromHex(""), IsOkAndHolds(IsEmpty()));
}

TEST(BytesTest, HexWithOddDigitsOrStrangersIsRefused) {
  EXPECT_THAT(FromHex("abc"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(FromHex("0g"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(FromHex("0 "), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(BytesTest, EqualAndLessLookAtContentAndLength) {
  EXPECT_TRUE(Equal(AsBytes("ab"), AsBytes("ab")));
  EXPECT_FALSE(Equal(AsBytes("ab"), AsBytes("abc")));
  EXPECT_TRUE(Less(AsBytes("ab"), AsBytes("abc")));
  EXPECT_TRUE(Less(AsBytes("ab"), AsBytes("b")));
  EXPECT_FALSE(Less(AsBytes("b"), AsBytes("ab")));
}

TEST(BytesTest, ConcatKeepsOrder) {
  EXPECT_THAT(Concat(Bytes{1, 2}, Bytes{3}), ElementsAre(1, 2, 3));
}

}  // namespace
}  // namespace cordon
