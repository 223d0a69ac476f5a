#include "crypto/mls/hpke_ciphertext.h"

#include <cstddef>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;

absl::StatusOr<HpkeCiphertext> Parse(ByteSpan bytes) {
  return codec::ParseWhole<HpkeCiphertext>(bytes, ReadHpkeCiphertext);
}

TEST(HpkeCiphertextTest, IsTwoVectors) {
  const HpkeCiphertext sealed{.kem_output = {1, 2}, .ciphertext = {3}};

  EXPECT_EQ(ToHex(codec::Serialize(sealed)), "0201020103");
  EXPECT_THAT(Parse(codec::Serialize(sealed)), IsOkAndHolds(sealed));
}

TEST(HpkeCiphertextTest, EveryTruncationIsRefused) {
  const Bytes bytes = codec::Serialize(HpkeCiphertext{{1, 2}, {3}});

  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(Parse(ByteSpan(bytes).first(size)),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

}  // namespace
}  // namespace cordon::mls
