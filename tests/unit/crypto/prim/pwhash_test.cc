#include "crypto/prim/pwhash.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "tests/support/status_matchers.h"

namespace cordon {
namespace {

using ::cordon::testing::StatusIs;

// Far below what a product may use, so that tests are quick.
constexpr PwhashCost kCheap = {.passes = 2, .memory_bytes = 64 * 1024};

SecretBytes Passphrase(absl::string_view text) {
  return SecretBytes::Copy(AsBytes(text));
}

PwhashSalt Salt(absl::string_view text) {
  PwhashSalt salt{};
  EXPECT_EQ(text.size(), salt.size());
  std::copy_n(text.begin(), salt.size(), salt.begin());
  return salt;
}

// RFC 9106's own vectors use four lanes and a secret, which libsodium does not
// offer; this one comes from the authors' reference program, Argon2id 1.3:
//   printf 'correct horse battery staple' |
//     argon2 0123456789abcdef -id -t 2 -k 64 -p 1 -l 32 -r
TEST(PwhashTest, GivesTheReferenceProgramsKey) {
  ASSERT_OK_AND_ASSIGN(
      const auto key,
      DeriveFromPassphrase(Passphrase("correct horse battery staple"),
                           Salt("0123456789abcdef"), kCheap));

  EXPECT_EQ(ToHex(key.ExposeSecret()),
            "800c095b9bf1e62b67d95f4a1e51148f"
            "2502ae90d880ac907f480c6871b1d61e");
}

TEST(PwhashTest, EveryInputChangesTheKey) {
  const SecretBytes passphrase = Passphrase("passphrase");
  const PwhashSalt salt = Salt("0123456789abcdef");
  ASSERT_OK_AND_ASSIGN(const auto key,
                       DeriveFromPassphrase(passphrase, salt, kCheap));
  ASSERT_OK_AND_ASSIGN(
      const auto other_passphrase,
      DeriveFromPassphrase(Passphrase("passphrasf"), salt, kCheap));
  ASSERT_OK_AND_ASSIGN(
      const auto other_salt,
      DeriveFromPassphrase(passphrase, Salt("0123456789abcdeg"), kCheap));
  ASSERT_OK_AND_ASSIGN(
      const auto more_passes,
      DeriveFromPassphrase(passphrase, salt,
                           {.passes = 3, .memory_bytes = 64 * 1024}));
  ASSERT_OK_AND_ASSIGN(
      const auto more_memory,
      DeriveFromPassphrase(passphrase, salt,
                           {.passes = 2, .memory_bytes = 128 * 1024}));

  EXPECT_FALSE(key.EqualsConstantTime(other_passphrase));
  EXPECT_FALSE(key.EqualsConstantTime(other_salt));
  EXPECT_FALSE(key.EqualsConstantTime(more_passes));
  EXPECT_FALSE(key.EqualsConstantTime(more_memory));
}

TEST(PwhashTest, EmptyPassphraseIsOneLikeAnyOther) {
  EXPECT_OK(
      DeriveFromPassphrase(SecretBytes(), Salt("0123456789abcdef"), kCheap));
}

// A cost read from a damaged file must neither weaken the key nor take the
// machine's memory.
TEST(PwhashTest, CostOutOfBoundsIsRefused) {
  const SecretBytes passphrase = Passphrase("passphrase");
  const PwhashSalt salt{};
  const PwhashCost costs[] = {
      {.passes = 0, .memory_bytes = 64 * 1024},
      {.passes = kPwhashPassesMax + 1, .memory_bytes = 64 * 1024},
      {.passes = 2, .memory_bytes = 8191},
      {.passes = 2, .memory_bytes = kPwhashMemoryBytesMax + 1},
      {.passes = 2, .memory_bytes = UINT64_MAX}};
  for (const PwhashCost& cost : costs) {
    SCOPED_TRACE(cost.passes);
    EXPECT_THAT(DeriveFromPassphrase(passphrase, salt, cost),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

}  // namespace
}  // namespace cordon
