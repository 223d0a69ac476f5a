#include "crypto/policy/record_kind.h"

#include <cstdint>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cordon::policy {
namespace {

constexpr auto kNewer = static_cast<RecordKind>(60);

TEST(RecordKindTest, EveryKnownKindHasItsOwnName) {
  std::set<std::string> names;
  for (uint16_t number = 1; number <= 17; ++number) {
    SCOPED_TRACE(number);
    const auto kind = static_cast<RecordKind>(number);
    EXPECT_TRUE(IsKnown(kind));
    EXPECT_TRUE(names.emplace(RecordKindName(kind)).second);
  }
}

// Signed and stored: whoever renumbers breaks every vault.
TEST(RecordKindTest, NumbersAreTheOnesThatWereOncePublished) {
  EXPECT_EQ(static_cast<uint16_t>(RecordKind::kText), 1);
  EXPECT_EQ(static_cast<uint16_t>(RecordKind::kAlert), 2);
  EXPECT_EQ(static_cast<uint16_t>(RecordKind::kAck), 6);
  EXPECT_EQ(static_cast<uint16_t>(RecordKind::kGuide), 7);
  EXPECT_EQ(static_cast<uint16_t>(RecordKind::kForward), 10);
  EXPECT_EQ(static_cast<uint16_t>(RecordKind::kLifeCycle), 17);
}

TEST(RecordKindTest, NumberOfANewerClientIsKeptAndCalledUnknown) {
  EXPECT_FALSE(IsKnown(kNewer));
  EXPECT_FALSE(IsKnown(static_cast<RecordKind>(0)));
  EXPECT_EQ(RecordKindName(kNewer), "unknown");
  EXPECT_EQ(static_cast<uint16_t>(kNewer), 60);
}

TEST(RecordKindSetTest, HoldsWhatWasPutInAndNothingElse) {
  const RecordKindSet set = {RecordKind::kText, kNewer};

  EXPECT_TRUE(set.Has(RecordKind::kText));
  EXPECT_TRUE(set.Has(kNewer));
  EXPECT_FALSE(set.Has(RecordKind::kAlert));
  EXPECT_FALSE(RecordKindSet().Has(RecordKind::kText));
}

TEST(RecordKindSetTest, BitsReadBack) {
  const RecordKindSet set = {RecordKind::kText, RecordKind::kWarning};

  EXPECT_EQ(set.bits(), 0b1010U);
  EXPECT_EQ(RecordKindSet::FromBits(set.bits()), set);
}

TEST(RecordKindSetTest, UnionHasBoth) {
  const RecordKindSet both =
      RecordKindSet{RecordKind::kText} | RecordKindSet{RecordKind::kAck};

  EXPECT_EQ(both, (RecordKindSet{RecordKind::kAck, RecordKind::kText}));
}

// Zero and whatever does not fit are in no set, whatever its bits say.
TEST(RecordKindSetTest, NumbersBeyondTheSetAreInNone) {
  const RecordKindSet all = RecordKindSet::FromBits(~uint64_t{0});

  EXPECT_TRUE(all.Has(static_cast<RecordKind>(63)));
  EXPECT_FALSE(all.Has(static_cast<RecordKind>(64)));
  EXPECT_FALSE(all.Has(static_cast<RecordKind>(65)));
  EXPECT_FALSE(all.Has(static_cast<RecordKind>(0)));
}

}  // namespace
}  // namespace cordon::policy
