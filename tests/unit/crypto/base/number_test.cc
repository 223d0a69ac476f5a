#include "crypto/base/number.h"

#include <cstdint>
#include <type_traits>

#include "absl/container/flat_hash_set.h"
#include "gtest/gtest.h"

namespace cordon {
namespace {

using Apples = Number<struct ApplesTag, uint8_t>;

TEST(NumberTest, CountsUpAndCompares) {
  EXPECT_EQ(Epoch{4}.Next(), Epoch{5});
  EXPECT_LT(Epoch{4}, Epoch{5});
  EXPECT_NE(Epoch{4}, Epoch{5});
  EXPECT_EQ(Epoch{}.value, 0U);
}

TEST(NumberTest, NextWrapsAtTheEnd) {
  EXPECT_EQ(Apples{255}.Next(), Apples{0});
}

TEST(NumberTest, IsAKeyOfSets) {
  const absl::flat_hash_set<Epoch> epochs = {Epoch{1}, Epoch{2}, Epoch{1}};

  EXPECT_EQ(epochs.size(), 2U);
  EXPECT_TRUE(epochs.contains(Epoch{2}));
  EXPECT_FALSE(epochs.contains(Epoch{3}));
}

// What the type is for: none of these is written by mistake.
TEST(NumberTest, OneKindIsNoOtherAndNoBareNumber) {
  EXPECT_FALSE((std::is_convertible_v<Epoch, LogSeq>));
  EXPECT_FALSE((std::is_convertible_v<Epoch, uint64_t>));
  EXPECT_FALSE((std::is_convertible_v<uint64_t, Epoch>));
  EXPECT_FALSE((std::is_assignable_v<Epoch&, LogSeq>));
}

}  // namespace
}  // namespace cordon
