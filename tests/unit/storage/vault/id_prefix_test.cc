#include "storage/vault/id_prefix.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "tests/support/status_matchers.h"

namespace cordon::vault {
namespace {

using ::cordon::testing::StatusIs;

TEST(IdPrefixTest, APrefixIsARangeOfIds) {
  ASSERT_OK_AND_ASSIGN(const IdRange range, RangeOfPrefix("aBc"));

  EXPECT_EQ(ToHex(range.first), "abc" + std::string(29, '0'));
  EXPECT_EQ(ToHex(range.last), "abc" + std::string(29, 'f'));
}

TEST(IdPrefixTest, AWholeIdIsARangeOfOne) {
  const std::string whole = "00112233445566778899aabbccddeeff";

  ASSERT_OK_AND_ASSIGN(const IdRange range, RangeOfPrefix(whole));

  EXPECT_EQ(ToHex(range.first), whole);
  EXPECT_EQ(range.first, range.last);
}

TEST(IdPrefixTest, WhatIsNoPrefixIsRefused) {
  for (const std::string& digits :
       {std::string(), std::string("g"), std::string(33, '0'),
        std::string("a b"), std::string("0x1")}) {
    SCOPED_TRACE(digits);
    EXPECT_THAT(RangeOfPrefix(digits),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

}  // namespace
}  // namespace cordon::vault
