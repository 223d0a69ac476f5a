#include "crypto/cert/pem.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::cert {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestDevice;
using ::cordon::testing::TestPki;
using ::testing::ElementsAre;

class PemTest : public ::testing::Test {
 protected:
  TestPki pki_;
  const TestDevice& alice_ = pki_.Device("fr.customs/alice/laptop");
  std::string one_ = CertificatesToPem({ByteSpan(alice_.transport.der())});
};

TEST_F(PemTest, ChainsReadBackInOrder) {
  const std::string pem = CertificatesToPem(alice_.TransportChain());

  EXPECT_THAT(
      CertificatesFromPem(pem),
      IsOkAndHolds(ElementsAre(alice_.transport.der(), alice_.issuing.der())));
}

TEST_F(PemTest, TextAroundTheBlocksIsPassedOver) {
  EXPECT_THAT(CertificatesFromPem(absl::StrCat("subject: x\n", one_, "\n\n")),
              IsOkAndHolds(ElementsAre(alice_.transport.der())));
}

TEST_F(PemTest, NothingAndTooMuchAreRefused) {
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);

  EXPECT_THAT(CertificatesFromPem(""), refused);
  EXPECT_THAT(CertificatesFromPem("no pem"), refused);
  EXPECT_THAT(CertificatesFromPem(one_.substr(0, one_.size() - 10)), refused);
  EXPECT_OK(CertificatesFromPem(absl::StrCat(one_, one_, one_)));
  EXPECT_THAT(CertificatesFromPem(absl::StrCat(one_, one_, one_, one_)),
              refused);
  EXPECT_THAT(CertificatesFromPem(std::string(kPemBytesMax + 1, 'x')), refused);
}

TEST_F(PemTest, AKeyAmongCertificatesIsRefused) {
  const SecretBytes key = KeyToPem(alice_.transport_key);

  EXPECT_THAT(
      CertificatesFromPem(absl::StrCat(one_, ToString(key.ExposeSecret()))),
      StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(PemTest, APeersChainIsPutTogetherWithOrWithoutItsLeafRepeated) {
  const std::string issuing =
      CertificatesToPem({ByteSpan(alice_.issuing.der())});
  const std::string both = CertificatesToPem(alice_.TransportChain());
  const auto whole =
      IsOkAndHolds(ElementsAre(alice_.transport.der(), alice_.issuing.der()));

  EXPECT_THAT(PeerChainFromPem(one_, issuing), whole);
  EXPECT_THAT(PeerChainFromPem(one_, both), whole);
  EXPECT_THAT(PeerChainFromPem(one_, ""),
              IsOkAndHolds(ElementsAre(alice_.transport.der())));
  EXPECT_THAT(PeerChainFromPem("", both),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(PeerChainFromPem(one_, "garbage"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

// RFC 8410, section 10.3: the example key.
TEST_F(PemTest, AKeyIsWrittenAsTheRfcShows) {
  const Bytes seed = *FromHex(
      "d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842");
  const Ed25519PrivateKey key =
      Ed25519PrivateKey::FromSeed(*Ed25519Seed::Copy(seed));

  const SecretBytes pem = KeyToPem(key);

  EXPECT_EQ(AsText(pem.ExposeSecret()),
            "-----BEGIN PRIVATE KEY-----\n"
            "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
            "-----END PRIVATE KEY-----\n");
}

}  // namespace
}  // namespace cordon::cert
