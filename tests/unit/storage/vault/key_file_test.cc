#include "storage/vault/key_file.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/pwhash.h"
#include "storage/sqlite/db.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_vault.h"

namespace cordon::vault {
namespace {

using ::cordon::testing::kCheapCost;
using ::cordon::testing::Passphrase;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

constexpr size_t kPassesAt = 8 + 2;

class KeyFileTest : public ::testing::Test {
 protected:
  Bytes Wrapped(const PwhashCost& cost = kCheapCost) {
    auto file = WrapKey(key_, Passphrase("correct"), cost, random_);
    EXPECT_OK(file);
    return file.ok() ? *file : Bytes(kKeyFileBytes);
  }

  // Writes a digest that fits, as somebody who meddles on purpose would.
  static void FixDigest(Bytes& file) {
    const Digest digest =
        Sha256(ByteSpan(file).first(file.size() - kDigestBytes));
    std::copy(digest.begin(), digest.end(), file.end() - kDigestBytes);
  }

  SeededRandom random_{7};
  sqlite::Key key_ = sqlite::Key::Random(random_);
};

TEST_F(KeyFileTest, UnwrapsWhatWasWrapped) {
  const Bytes file = Wrapped();

  ASSERT_OK_AND_ASSIGN(const sqlite::Key key,
                       UnwrapKey(file, Passphrase("correct")));

  EXPECT_EQ(file.size(), kKeyFileBytes);
  EXPECT_TRUE(key.EqualsConstantTime(key_));
}

TEST_F(KeyFileTest, AnotherPassphraseIsUnauthenticated) {
  const Bytes file = Wrapped();

  for (const char* wrong : {"Correct", "correct ", "", "correc"}) {
    SCOPED_TRACE(wrong);
    EXPECT_THAT(UnwrapKey(file, Passphrase(wrong)),
                StatusIs(absl::StatusCode::kUnauthenticated));
  }
}

TEST_F(KeyFileTest, EveryFlippedBitIsDataLoss) {
  Bytes file = Wrapped();

  for (size_t bit = 0; bit < 8 * file.size(); ++bit) {
    SCOPED_TRACE(bit);
    const auto mask = static_cast<uint8_t>(1U << (bit % 8));
    file[bit / 8] ^= mask;
    EXPECT_THAT(UnwrapKey(file, Passphrase("correct")),
                StatusIs(absl::StatusCode::kDataLoss));
    file[bit / 8] ^= mask;
  }
}

TEST_F(KeyFileTest, EveryShorterFileAndALongerOneIsDataLoss) {
  const Bytes file = Wrapped();

  for (size_t size = 0; size < file.size(); ++size) {
    SCOPED_TRACE(size);
    EXPECT_THAT(UnwrapKey(ByteSpan(file).first(size), Passphrase("correct")),
                StatusIs(absl::StatusCode::kDataLoss));
  }
  EXPECT_THAT(UnwrapKey(Concat(file, Bytes(1)), Passphrase("correct")),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(KeyFileTest, ACostOutOfBoundsIsDataLossAndNotPaid) {
  Bytes file = Wrapped();
  file[kPassesAt] = 0xff;
  FixDigest(file);

  EXPECT_THAT(UnwrapKey(file, Passphrase("correct")),
              StatusIs(absl::StatusCode::kDataLoss));
}

// The cost is authenticated: a cheaper one does not give the key.
TEST_F(KeyFileTest, AChangedCostDoesNotUnwrap) {
  Bytes file = Wrapped();
  file[kPassesAt + 3] = 2;
  FixDigest(file);

  EXPECT_THAT(UnwrapKey(file, Passphrase("correct")),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(KeyFileTest, AnEmptyPassphraseIsRefused) {
  EXPECT_THAT(WrapKey(key_, SecretBytes(), kCheapCost, random_),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(KeyFileTest, ACostOutOfBoundsIsRefused) {
  EXPECT_THAT(WrapKey(key_, Passphrase("p"), {.passes = 0}, random_),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(KeyFileTest, WrappingTwiceSharesNoSaltNonceOrCiphertext) {
  const Bytes one = Wrapped();
  const Bytes other = Wrapped();

  constexpr size_t kSaltAt = 8 + 2 + 4 + 8;
  EXPECT_FALSE(Equal(ByteSpan(one).subspan(kSaltAt, 16),
                     ByteSpan(other).subspan(kSaltAt, 16)));
  EXPECT_FALSE(Equal(ByteSpan(one).subspan(kSaltAt + 16, 12),
                     ByteSpan(other).subspan(kSaltAt + 16, 12)));
  EXPECT_FALSE(Equal(ByteSpan(one).subspan(kSaltAt + 28, 48),
                     ByteSpan(other).subspan(kSaltAt + 28, 48)));
}

}  // namespace
}  // namespace cordon::vault
