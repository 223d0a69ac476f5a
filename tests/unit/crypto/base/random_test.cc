#include "crypto/base/random.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"

namespace cordon {
namespace {

// Says how often it was asked, and for how much.
class CountingRandom final : public RandomSource {
 public:
  void Fill(MutableByteSpan out) override {
    ++asked_;
    std::fill(out.begin(), out.end(), uint8_t{7});
  }
  int asked() const { return asked_; }

 private:
  int asked_ = 0;
};

TEST(RandomTest, BytesComeFromTheSourceThatIsGiven) {
  CountingRandom random;

  EXPECT_EQ(RandomBytes(random, 3), Bytes({7, 7, 7}));
  EXPECT_EQ(RandomBytes(random, 0), Bytes());
  EXPECT_EQ(random.asked(), 2);
}

// By chance it would fail once in 2^128 runs.
TEST(RandomTest, TheSystemsSourceDoesNotRepeatItself) {
  EXPECT_EQ(&SystemRandom(), &SystemRandom());
  EXPECT_NE(RandomBytes(SystemRandom(), 16), RandomBytes(SystemRandom(), 16));
}

TEST(RandomTest, TheSystemsSourceFillsAllThatItIsGivenAndNoMore) {
  std::array<uint8_t, 258> bytes{};

  // 256 zeros in a row do not come by chance, nor does a chunk left out.
  SystemRandom().Fill(absl::MakeSpan(bytes).subspan(1, 256));

  EXPECT_EQ(bytes.front(), 0);
  EXPECT_EQ(bytes.back(), 0);
  for (size_t i = 1; i < 257; i += 32) {
    EXPECT_TRUE(std::any_of(&bytes[i], &bytes[i] + 32, [](uint8_t byte) {
      return byte != 0;
    })) << i;
  }
}

}  // namespace
}  // namespace cordon
