#include "crypto/mls/credential.h"

#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/limits.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "tests/support/status_matchers.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::Eq;

constexpr auto kEntering = CheckAt::Standing::kEntering;
constexpr auto kStanding = CheckAt::Standing::kStanding;

absl::StatusOr<Credential> Parse(const Bytes& bytes) {
  return codec::ParseWhole<Credential>(bytes, ReadCredential);
}

TEST(CredentialTest, BasicIsItsIdentityAndSurvivesTheCodec) {
  const Credential alice = Credential::Basic(AsBytes("alice"));
  const Bytes bytes = codec::Serialize(alice);

  EXPECT_EQ(ToHex(bytes), "000105616c696365");
  EXPECT_THAT(Parse(bytes), IsOkAndHolds(Eq(alice)));
  EXPECT_EQ(alice.content(), AsBytes("alice"));
}

TEST(CredentialTest, ChainComesBackInItsOrder) {
  const Credential device =
      Credential::X509({ToBytes("leaf"), ToBytes("issuer")});

  ASSERT_OK_AND_ASSIGN(const Credential read, Parse(codec::Serialize(device)));

  EXPECT_EQ(read, device);
  EXPECT_THAT(read.Chain(),
              IsOkAndHolds(ElementsAre(AsBytes("leaf"), AsBytes("issuer"))));
}

TEST(CredentialTest, ChainOfABasicCredentialIsRefused) {
  EXPECT_THAT(Credential::Basic(AsBytes("a")).Chain(),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(CredentialTest, EmptyChainIsRefused) {
  EXPECT_THAT(Parse({0, 2, 0}), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(CredentialTest, ChainThatIsTooLongIsRefused) {
  const std::vector<Bytes> chain(kChainCertificatesMax + 1, ToBytes("c"));

  EXPECT_THAT(Parse(codec::Serialize(Credential::X509(chain))),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(CredentialTest, CertificateThatIsTooLargeIsRefused) {
  const Credential largest = Credential::X509({Bytes(kCertificateBytesMax)});
  const Credential larger = Credential::X509({Bytes(kCertificateBytesMax + 1)});

  EXPECT_OK(Parse(codec::Serialize(largest)));
  EXPECT_THAT(Parse(codec::Serialize(larger)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(CredentialTest, UnknownTypeIsKeptVerbatim) {
  const Bytes bytes = {0xf0, 0x01, 2, 0xaa, 0xbb};

  ASSERT_OK_AND_ASSIGN(const Credential read, Parse(bytes));

  EXPECT_EQ(read.type(), CredentialType{0xf001});
  EXPECT_EQ(codec::Serialize(read), bytes);
}

TEST(CredentialTest, TruncatedCredentialIsRefused) {
  EXPECT_THAT(Parse({0, 1, 5, 'a'}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

class LifetimeTest : public ::testing::Test {
 protected:
  static CheckAt At(int64_t seconds, CheckAt::Standing standing = kEntering) {
    return {.instant = absl::FromUnixSeconds(seconds), .standing = standing};
  }

  const Lifetime lifetime_{.not_before_s = 1000, .not_after_s = 2000};
  const absl::Duration longest_ = absl::Seconds(1000);
};

TEST_F(LifetimeTest, HoldsFromItsFirstToItsLastSecond) {
  EXPECT_OK(CheckLifetimeWithin(lifetime_, At(1000), longest_));
  EXPECT_OK(CheckLifetimeWithin(lifetime_, At(2000), longest_));
}

TEST_F(LifetimeTest, IsRefusedBeforeAndAfter) {
  EXPECT_THAT(CheckLifetimeWithin(lifetime_, At(999), longest_),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(CheckLifetimeWithin(lifetime_, At(2001), longest_),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(CheckLifetimeWithin(lifetime_, At(-1), longest_),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(LifetimeTest, OfAStandingLeafMayBeOver) {
  EXPECT_OK(CheckLifetimeWithin(lifetime_, At(5000, kStanding), longest_));
}

TEST_F(LifetimeTest, LongerThanAllowedIsRefusedAlsoForAStandingLeaf) {
  const Lifetime forever{.not_before_s = 0,
                         .not_after_s = std::numeric_limits<uint64_t>::max()};

  EXPECT_THAT(CheckLifetimeWithin(forever, At(1500), longest_),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(CheckLifetimeWithin(forever, At(1500, kStanding), longest_),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(LifetimeTest, ThatEndsBeforeItStartsIsRefused) {
  const Lifetime backwards{.not_before_s = 2000, .not_after_s = 1000};

  EXPECT_THAT(CheckLifetimeWithin(backwards, At(1500), longest_),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cordon::mls
