#include "crypto/cert/pin.h"

#include <algorithm>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/cert/tls_certificate.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::cert {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestPki;

TEST(PinTest, TextReadsBack) {
  TestPki pki;
  const Pin pin = Pin::Random(pki.random());

  EXPECT_EQ(PinText(pin).size(), 64U);
  EXPECT_THAT(ParsePin(PinText(pin)), IsOkAndHolds(pin));
}

TEST(PinTest, OtherTextIsRefused) {
  for (const std::string& text :
       {std::string(), std::string("abc"), std::string(63, 'a'),
        std::string(62, 'a'), std::string(66, 'a'), std::string(64, 'g')}) {
    EXPECT_THAT(ParsePin(text), StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

// RFC 8410, section 10.1: the example SubjectPublicKeyInfo.
TEST(PinTest, IsTheHashOfTheKeyAsX509WritesIt) {
  const Bytes spki = *FromHex(
      "302a300506032b657003210019bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb"
      "0c5c38ad703166e1");
  Ed25519PublicKey key{};
  std::copy(spki.end() - 32, spki.end(), key.begin());

  EXPECT_EQ(PinOf(key), Pin(Sha256(spki)));
}

TEST(PinTest, OfACertificateIsThatOfItsKeyWhateverElseItSays) {
  TestPki pki;
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate(pki.random());
  ASSERT_OK_AND_ASSIGN(const TlsIdentity first,
                       ServerIdentity(key, {"relay.example"}, pki.Now()));
  ASSERT_OK_AND_ASSIGN(const TlsIdentity renewed,
                       ServerIdentity(key, {"192.0.2.1"}, pki.Now()));

  EXPECT_NE(first.certificates_pem, renewed.certificates_pem);
  EXPECT_THAT(PinOfPem(first.certificates_pem),
              IsOkAndHolds(PinOf(key.public_key())));
  EXPECT_THAT(PinOfPem(renewed.certificates_pem),
              IsOkAndHolds(PinOf(key.public_key())));
}

TEST(PinTest, OfNoCertificateIsRefused) {
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);

  EXPECT_THAT(PinOfPem(""), refused);
  EXPECT_THAT(PinOfPem("-----BEGIN CERTIFICATE-----\nAAAA\n"
                       "-----END CERTIFICATE-----\n"),
              refused);
}

}  // namespace
}  // namespace cordon::cert
