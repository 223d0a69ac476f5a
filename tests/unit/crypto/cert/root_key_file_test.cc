#include "crypto/cert/root_key_file.h"

#include <algorithm>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/cert/issuer.h"
#include "crypto/prim/pwhash.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::cert {
namespace {

using ::cordon::testing::StatusIs;
using ::cordon::testing::TestPki;

// As cheap as Argon2id gets; the cost is not what is tested.
constexpr PwhashCost kCheap{.passes = 1, .memory_bytes = 8 * 1024};

class RootKeyFileTest : public ::testing::Test {
 protected:
  static SecretBytes Passphrase(absl::string_view text) {
    return SecretBytes::Copy(AsBytes(text));
  }
  Bytes Sealed() {
    return *SealRootKeyFile(pki_.root(), Passphrase("correct"), pki_.random(),
                            kCheap);
  }

  TestPki pki_;
};

TEST_F(RootKeyFileTest, OpensWithItsPassphrase) {
  ASSERT_OK_AND_ASSIGN(const RootIssuer opened,
                       OpenRootKeyFile(Sealed(), Passphrase("correct")));

  EXPECT_EQ(opened.certificate(), pki_.root().certificate());
  EXPECT_EQ(opened.key().public_key(), pki_.root().key().public_key());
}

TEST_F(RootKeyFileTest, AnotherPassphraseDoesNotOpenIt) {
  for (const char* wrong : {"", "Correct", "correct "}) {
    EXPECT_THAT(OpenRootKeyFile(Sealed(), Passphrase(wrong)),
                StatusIs(absl::StatusCode::kPermissionDenied));
  }
}

TEST_F(RootKeyFileTest, NeitherTheKeyNorThePassphraseStandsInIt) {
  const Bytes file = Sealed();
  const Ed25519Seed seed = pki_.root().key().CloneSeed();
  const ByteSpan secret = seed.ExposeSecret();

  EXPECT_EQ(std::search(file.begin(), file.end(), secret.begin(), secret.end()),
            file.end());
  EXPECT_NE(Sealed(), file) << "salt and nonce are fresh each time";
}

// The cost's bytes are left out: a bent cost may be an expensive one.
TEST_F(RootKeyFileTest, NoChangedByteOpens) {
  const Bytes file = Sealed();
  constexpr size_t kCostStart = 9;
  constexpr size_t kCostEnd = 21;

  for (size_t i = 0; i < file.size(); i += 3) {
    if (i >= kCostStart && i < kCostEnd) continue;
    Bytes bent = file;
    bent[i] ^= 1;
    EXPECT_FALSE(OpenRootKeyFile(bent, Passphrase("correct")).ok()) << i;
  }
}

TEST_F(RootKeyFileTest, ACutOrForeignFileIsDamaged) {
  const auto damaged = StatusIs(absl::StatusCode::kDataLoss);
  Bytes file = Sealed();
  for (size_t size = 0; size < file.size(); size += 5) {
    EXPECT_THAT(
        OpenRootKeyFile(ByteSpan(file).first(size), Passphrase("correct")),
        damaged);
  }
  EXPECT_THAT(OpenRootKeyFile(Bytes(200), Passphrase("correct")), damaged);

  file.push_back(0);
  EXPECT_THAT(OpenRootKeyFile(file, Passphrase("correct")), damaged);
}

TEST_F(RootKeyFileTest, ACostOutOfBoundsIsNotTried) {
  Bytes file = Sealed();
  file[9] = 0xff;  // passes beyond kPwhashPassesMax

  EXPECT_THAT(OpenRootKeyFile(file, Passphrase("correct")),
              StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace cordon::cert
