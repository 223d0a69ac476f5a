#include "crypto/mls/key_index.h"

#include <cstddef>
#include <cstdint>
#include <optional>

#include "gtest/gtest.h"

#include "crypto/base/bytes.h"

namespace cordon::mls {
namespace {

Bytes Key(uint32_t number) {
  Bytes key(KeyIndex::kKeyBytes, 0);
  for (size_t i = 0; i < 4; ++i) key[i] = static_cast<uint8_t>(number >> 8 * i);
  return key;
}

TEST(KeyIndexTest, FindsWhatWasInsertedAndNothingElse) {
  KeyIndex index;

  EXPECT_TRUE(index.Insert(Key(1), 10));

  EXPECT_EQ(index.Find(Key(1)), 10U);
  EXPECT_EQ(index.Find(Key(2)), std::nullopt);
}

TEST(KeyIndexTest, KeyOfAnotherSizeIsNeverThere) {
  KeyIndex index;
  EXPECT_TRUE(index.Insert(Key(0), 1));

  EXPECT_EQ(index.Find(Bytes(31, 0)), std::nullopt);
  EXPECT_EQ(index.Find({}), std::nullopt);
}

TEST(KeyIndexTest, SecondInsertOfAKeyChangesNothing) {
  KeyIndex index;
  EXPECT_TRUE(index.Insert(Key(1), 10));

  EXPECT_FALSE(index.Insert(Key(1), 11));

  EXPECT_EQ(index.Find(Key(1)), 10U);
}

TEST(KeyIndexTest, ErasedKeyMayComeBack) {
  KeyIndex index;
  EXPECT_TRUE(index.Insert(Key(1), 10));

  index.Erase(Key(1));
  index.Erase(Key(2));

  EXPECT_EQ(index.Find(Key(1)), std::nullopt);
  EXPECT_TRUE(index.Insert(Key(1), 12));
  EXPECT_EQ(index.Find(Key(1)), 12U);
}

TEST(KeyIndexTest, HoldsBeyondManyFoldings) {
  constexpr uint32_t kMany = 5 * KeyIndex::kChangesMax;
  KeyIndex index;
  for (uint32_t i = 0; i < kMany; ++i) EXPECT_TRUE(index.Insert(Key(i), i));
  for (uint32_t i = 0; i < kMany; i += 3) index.Erase(Key(i));

  for (uint32_t i = 0; i < kMany; ++i) {
    SCOPED_TRACE(i);
    const auto expected = i % 3 == 0 ? std::nullopt : std::optional(i);
    ASSERT_EQ(index.Find(Key(i)), expected);
  }
}

TEST(KeyIndexTest, CopiesDoNotSeeEachOthersChanges) {
  KeyIndex index;
  EXPECT_TRUE(index.Insert(Key(1), 10));
  KeyIndex copy = index;

  copy.Erase(Key(1));
  EXPECT_TRUE(copy.Insert(Key(2), 20));

  EXPECT_EQ(index.Find(Key(1)), 10U);
  EXPECT_EQ(index.Find(Key(2)), std::nullopt);
  EXPECT_EQ(copy.Find(Key(1)), std::nullopt);
}

}  // namespace
}  // namespace cordon::mls
