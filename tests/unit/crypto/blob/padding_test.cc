#include "crypto/blob/padding.h"

#include <cstdint>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/limits.h"

namespace cordon::blob {
namespace {

TEST(PaddingTest, SmallFilesAllLookAlike) {
  EXPECT_EQ(PaddedBytes(1), kPaddedBytesMin);
  EXPECT_EQ(PaddedBytes(kPaddedBytesMin - 1), kPaddedBytesMin);
  EXPECT_EQ(PaddedBytes(kPaddedBytesMin), kPaddedBytesMin);
}

// Worked by hand: 4097 has exponent 12, four bits in use, buckets of 256.
TEST(PaddingTest, BucketsAreThoseOfTheRule) {
  EXPECT_EQ(PaddedBytes(4097), 4096 + 256);
  EXPECT_EQ(PaddedBytes(4096 + 256), 4096 + 256);
  EXPECT_EQ(PaddedBytes(4096 + 257), 4096 + 512);
  EXPECT_EQ(PaddedBytes(65536), 65536);
  EXPECT_EQ(PaddedBytes(65537), 65536 + 2048);
  EXPECT_EQ(PaddedBytes(1000000), 1015808);
}

TEST(PaddingTest, LargestFileIsPaddedToItself) {
  EXPECT_EQ(PaddedBytes(kFileBytesMax), kFileBytesMax);
  EXPECT_EQ(PaddedBytes(kFileBytesMax - 1), kFileBytesMax);
}

// Every border of every power of two, and what lies between.
TEST(PaddingTest, PaddingCoversTheFileAndStaysBelowItsPromise) {
  for (uint64_t power = kPaddedBytesMin; power < kFileBytesMax; power *= 2) {
    for (const uint64_t more : {uint64_t{0}, uint64_t{1}, power / 3, power / 2,
                                power / 2 + 1, power - 1}) {
      const uint64_t size = power + more;
      SCOPED_TRACE(size);
      EXPECT_GE(PaddedBytes(size), size);
      const uint64_t permille_max = size < 65536 ? 63 : 32;
      EXPECT_LE((PaddedBytes(size) - size) * 1000, size * permille_max);
    }
  }
}

TEST(PaddingTest, PaddedLengthIsItsOwnBucketAndNeverShrinks) {
  uint64_t last = 0;
  for (uint64_t size = 1; size < 300000; size += 37) {
    SCOPED_TRACE(size);
    const uint64_t padded = PaddedBytes(size);
    EXPECT_EQ(PaddedBytes(padded), padded);
    EXPECT_GE(padded, last);
    last = padded;
  }
}

TEST(PaddingDeathTest, LengthBeyondTheLimitStopsTheProgram) {
  EXPECT_DEATH(PaddedBytes(kFileBytesMax + 1), "kFileBytesMax");
}

}  // namespace
}  // namespace cordon::blob
