#include "crypto/cert/openssl.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/crl.h"
#include "crypto/cert/csr.h"
#include "crypto/cert/pem.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::cert {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestPki;

TEST(OpensslTest, KeysAreTheSameOnBothSides) {
  SeededRandom random(1);
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate(random);

  EXPECT_THAT(FromOpenssl(ToOpenssl(key).get()),
              IsOkAndHolds(key.public_key()));
  EXPECT_THAT(FromOpenssl(ToOpenssl(key.public_key()).get()),
              IsOkAndHolds(key.public_key()));
}

TEST(OpensslTest, AnotherKindOfKeyIsRefused) {
  const EvpPkeyPtr other(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"));
  ASSERT_NE(other, nullptr);

  EXPECT_THAT(FromOpenssl(other.get()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(FromOpenssl(nullptr),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

// X.509 writes years to 2049 in one form and later ones in another.
TEST(OpensslTest, TimesReadBackInWholeSeconds) {
  for (const int year : {1970, 2023, 2049, 2050, 9999}) {
    const absl::Time time = absl::FromCivil(
        absl::CivilSecond(year, 12, 4, 8, 0, 1), absl::UTCTimeZone());
    EXPECT_THAT(FromAsn1(ToAsn1(time).get()), IsOkAndHolds(time));
    EXPECT_THAT(FromAsn1(ToAsn1(time + absl::Milliseconds(900)).get()),
                IsOkAndHolds(time));
  }
}

TEST(OpensslTest, DerIsReadInOneEncodingOnly) {
  TestPki pki;
  Bytes der = pki.root().certificate().der();
  EXPECT_NE(FromDer<X509Ptr>(der, d2i_X509, i2d_X509), nullptr);

  der.push_back(0);
  EXPECT_EQ(FromDer<X509Ptr>(der, d2i_X509, i2d_X509), nullptr);
  EXPECT_EQ(FromDer<X509Ptr>(ByteSpan(), d2i_X509, i2d_X509), nullptr);
}

// TLS on the same thread would take a leftover for a failure of its own.
TEST(OpensslTest, FailuresLeaveNothingInTheThreadsErrorQueue) {
  TestPki pki;
  const Bytes garbage(100, 0x30);
  ERR_clear_error();

  EXPECT_FALSE(Certificate::Parse(garbage).ok());
  EXPECT_FALSE(Csr::Parse(garbage).ok());
  EXPECT_FALSE(Crl::Parse(garbage, pki.root().certificate()).ok());
  EXPECT_FALSE(CertificatesFromPem("garbage").ok());

  EXPECT_EQ(ERR_peek_error(), 0U);
}

}  // namespace
}  // namespace cordon::cert
