#include "crypto/cert/tls_certificate.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/cert/openssl.h"
#include "crypto/cert/pem.h"
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

X509Ptr ReadCertificate(const std::string& pem) {
  const BioPtr in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return X509Ptr(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
}

EvpPkeyPtr ReadKey(ByteSpan pem) {
  const BioPtr in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return EvpPkeyPtr(
      PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
}

class TlsCertificateTest : public ::testing::Test {
 protected:
  TestPki pki_;
  Ed25519PrivateKey key_ = Ed25519PrivateKey::Generate(pki_.random());
};

TEST_F(TlsCertificateTest, TheRelaysIsForItsHostsAndSignedByItself) {
  ASSERT_OK_AND_ASSIGN(
      const TlsIdentity identity,
      ServerIdentity(key_, {"relay.example", "192.0.2.1", "2001:db8::1"},
                     pki_.Now()));
  const X509Ptr x509 = ReadCertificate(identity.certificates_pem);
  ASSERT_NE(x509, nullptr);

  EXPECT_EQ(X509_check_host(x509.get(), "relay.example", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_ip_asc(x509.get(), "192.0.2.1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(x509.get(), "2001:db8::1", 0), 1);
  EXPECT_EQ(X509_check_host(x509.get(), "other.example", 0, 0, nullptr), 0);
  EXPECT_EQ(X509_verify(x509.get(), X509_get0_pubkey(x509.get())), 1);
  EXPECT_THAT(FromAsn1(X509_get0_notAfter(x509.get())),
              IsOkAndHolds(pki_.clock().Now() + kServerCertificateLifetime));
}

TEST_F(TlsCertificateTest, TheKeyBelongsToTheCertificate) {
  ASSERT_OK_AND_ASSIGN(const TlsIdentity identity,
                       ServerIdentity(key_, {"localhost"}, pki_.Now()));
  const X509Ptr x509 = ReadCertificate(identity.certificates_pem);
  const EvpPkeyPtr key = ReadKey(identity.key_pem.ExposeSecret());
  ASSERT_NE(x509, nullptr);
  ASSERT_NE(key, nullptr);

  EXPECT_EQ(X509_check_private_key(x509.get(), key.get()), 1);
}

TEST_F(TlsCertificateTest, OtherHostsAreRefused) {
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);

  EXPECT_THAT(ServerIdentity(key_, {}, pki_.Now()), refused);
  EXPECT_THAT(ServerIdentity(key_, {""}, pki_.Now()), refused);
  EXPECT_THAT(ServerIdentity(key_, {"re lay"}, pki_.Now()), refused);
  EXPECT_THAT(ServerIdentity(key_, {"relay:7443"}, pki_.Now()), refused);
  EXPECT_THAT(ServerIdentity(key_, {std::string(254, 'a')}, pki_.Now()),
              refused);
  EXPECT_THAT(
      ServerIdentity(key_, std::vector<std::string>(kServerHostsMax + 1, "a"),
                     pki_.Now()),
      refused);
}

TEST_F(TlsCertificateTest, ADevicePresentsItsTransportChain) {
  const TestDevice& alice = pki_.Device("fr.customs/alice/laptop");

  const TlsIdentity identity =
      ClientIdentity(alice.transport, alice.issuing, alice.transport_key);

  EXPECT_THAT(
      CertificatesFromPem(identity.certificates_pem),
      IsOkAndHolds(ElementsAre(alice.transport.der(), alice.issuing.der())));
  const EvpPkeyPtr key = ReadKey(identity.key_pem.ExposeSecret());
  EXPECT_THAT(FromOpenssl(key.get()),
              IsOkAndHolds(alice.transport_key.public_key()));
}

}  // namespace
}  // namespace cordon::cert
