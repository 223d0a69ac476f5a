#include "crypto/record/record_id.h"

#include <cstdint>
#include <set>
#include <string>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"

namespace cordon::record {
namespace {

using ::cordon::testing::FakeClock;
using ::cordon::testing::SeededRandom;

class RecordIdTest : public ::testing::Test {
 protected:
  FakeClock clock_;
  SeededRandom random_{1};
  RecordIdMaker maker_{&clock_, &random_};
};

TEST_F(RecordIdTest, BeginsWithTheTimeInMilliseconds) {
  clock_.Set(absl::FromUnixMillis(0x0123456789ab));

  EXPECT_EQ(ToHex(maker_.Next().span().first(6)), "0123456789ab");
}

TEST_F(RecordIdTest, LaterIdIsGreater) {
  const RecordId first = maker_.Next();
  clock_.Advance(absl::Milliseconds(1));

  EXPECT_LT(first, maker_.Next());
}

TEST_F(RecordIdTest, IdsOfOneMillisecondRise) {
  RecordId last = maker_.Next();
  for (int i = 0; i < 1000; ++i) {
    const RecordId next = maker_.Next();
    ASSERT_LT(last, next);
    last = next;
  }
}

TEST_F(RecordIdTest, IdsRiseWhileTheClockGoesBack) {
  const RecordId first = maker_.Next();
  clock_.Advance(-absl::Hours(1));
  const RecordId second = maker_.Next();
  clock_.Advance(absl::Hours(2));

  EXPECT_LT(first, second);
  EXPECT_LT(second, maker_.Next());
}

// What lists show of an id is its first half.
TEST_F(RecordIdTest, IdsOfOneMillisecondDifferAtTheirBeginning) {
  std::set<std::string> begun;
  for (int i = 0; i < 100; ++i) {
    begun.insert(ToHex(maker_.Next().span().first(6)));
  }

  EXPECT_EQ(begun.size(), 100U);
}

TEST_F(RecordIdTest, MakersOfTheSameMillisecondDiffer) {
  std::set<RecordId> ids;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    SeededRandom random(seed);
    ids.insert(RecordIdMaker(&clock_, &random).Next());
  }

  EXPECT_EQ(ids.size(), 100U);
}

TEST_F(RecordIdTest, ClockBeyondAllSenseIsClamped) {
  clock_.Set(absl::InfinitePast());
  EXPECT_EQ(ToHex(maker_.Next().span().first(6)), "000000000000");

  clock_.Set(absl::InfiniteFuture());
  EXPECT_EQ(ToHex(maker_.Next().span().first(6)), "ffffffffffff");
}

}  // namespace
}  // namespace cordon::record
