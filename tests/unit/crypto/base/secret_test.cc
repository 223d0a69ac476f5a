#include "crypto/base/secret.h"

#include <string>
#include <type_traits>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon {
namespace {

using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::testing::Each;

static_assert(!std::is_copy_constructible_v<SecretArray<32>>);
static_assert(!std::is_copy_assignable_v<SecretArray<32>>);
static_assert(!std::is_copy_constructible_v<SecretBytes>);
static_assert(!std::is_copy_assignable_v<SecretBytes>);

TEST(SecretArrayTest, MovingTakesTheValueAndWipesTheSource) {
  SeededRandom random(7);
  auto source = SecretArray<32>::Random(random);
  const auto twin = source.CloneSecret();

  const SecretArray<32> target = std::move(source);

  EXPECT_TRUE(target.EqualsConstantTime(twin));
  // NOLINTNEXTLINE(bugprone-use-after-move): looks on purpose
  EXPECT_THAT(source.ExposeSecret(), Each(0));
}

TEST(SecretArrayTest, CopyOfAnotherLengthIsRefused) {
  EXPECT_THAT(SecretArray<32>::Copy(Bytes(31)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_OK(SecretArray<32>::Copy(Bytes(32)));
}

TEST(SecretBytesTest, MovingLeavesTheSourceEmpty) {
  SecretBytes source = SecretBytes::Copy(AsBytes("secret"));

  SecretBytes target;
  target = std::move(source);

  EXPECT_TRUE(Equal(target.ExposeSecret(), AsBytes("secret")));
  // NOLINTNEXTLINE(bugprone-use-after-move): looks on purpose
  EXPECT_TRUE(source.empty());
}

TEST(SecretBytesTest, EqualsLooksAtEveryByteAndAtTheLength) {
  const SecretBytes secret = SecretBytes::Copy(AsBytes("secret"));

  EXPECT_TRUE(secret.EqualsConstantTime(secret.CloneSecret()));
  EXPECT_FALSE(secret.EqualsConstantTime(SecretBytes::Copy(AsBytes("secreT"))));
  EXPECT_FALSE(secret.EqualsConstantTime(SecretBytes::Copy(AsBytes("secre"))));
  EXPECT_TRUE(SecretBytes().EqualsConstantTime(SecretBytes()));
}

TEST(SecretBytesTest, CloneInTheOtherTypeKeepsTheValue) {
  SeededRandom random(3);
  const auto secret = SecretArray<32>::Random(random);

  ASSERT_OK_AND_ASSIGN(const SecretArray<32> again,
                       CloneAsArray<32>(CloneAsBytes(secret)));
  EXPECT_TRUE(again.EqualsConstantTime(secret));
  EXPECT_THAT(CloneAsArray<31>(CloneAsBytes(secret)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(WipeOnExitTest, ForeignBufferIsZeroAfterTheScope) {
  std::string buffer = "secret";
  {
    const WipeOnExit<std::string> wipe(buffer);
  }

  EXPECT_THAT(buffer, Each('\0'));
}

}  // namespace
}  // namespace cordon
