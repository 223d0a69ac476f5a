#include "crypto/base/id.h"

#include "absl/container/flat_hash_set.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

TEST(IdTest, ParseTakesExactlyItsLength) {
  SeededRandom random(1);
  const RoomId id = RoomId::Random(random);

  EXPECT_THAT(RoomId::Parse(id.span()), IsOkAndHolds(id));
  EXPECT_THAT(RoomId::Parse(id.span().first(15)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(RoomId::Parse(Bytes(17)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(IdTest, DifferentIdsDifferInHashAndOrder) {
  SeededRandom random(1);
  const RoomId a = RoomId::Random(random);
  const RoomId b = RoomId::Random(random);

  EXPECT_NE(a, b);
  EXPECT_NE(a < b, b < a);
  EXPECT_EQ((absl::flat_hash_set<RoomId>{a, b, a}).size(), 2U);
  EXPECT_TRUE(RoomId().is_zero());
  EXPECT_FALSE(a.is_zero());
}

TEST(NumberTest, NextIsOneMore) {
  EXPECT_EQ(Epoch{3}.Next(), Epoch{4});
  EXPECT_LT(Epoch{3}, Epoch{4});
}

}  // namespace
}  // namespace cordon
