#include "crypto/cert/certificate.h"

#include <openssl/obj_mac.h>

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"
#include "tests/unit/crypto/cert/raw_certificate.h"

namespace cordon::cert {
namespace {

using ::cordon::testing::RawCertificate;
using ::cordon::testing::RawDevice;
using ::cordon::testing::RawIssuing;
using ::cordon::testing::Sign;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestDevice;
using ::cordon::testing::TestPki;

class CertificateTest : public ::testing::Test {
 protected:
  Bytes Signed(const RawCertificate& raw) {
    return Sign(raw, key_.public_key(), pki_.root().key());
  }
  RawCertificate Device() {
    return RawDevice("URI:cordon://fr.customs/alice/laptop",
                     pki_.clock().Now());
  }
  // Bends one extension of a good device certificate.
  absl::Status BentBy(int nid, const std::string& value) {
    RawCertificate raw = Device();
    raw.extensions[nid] = value;
    return Certificate::Parse(Signed(raw)).status();
  }

  TestPki pki_;
  Ed25519PrivateKey key_ = Ed25519PrivateKey::Generate(pki_.random());
};

TEST_F(CertificateTest, ADevicesSaysWhoseItIs) {
  const TestDevice& alice =
      pki_.Device("fr.customs/alice/laptop", {Role::kOfficer});

  ASSERT_OK_AND_ASSIGN(const Certificate parsed,
                       Certificate::Parse(alice.transport.der()));

  EXPECT_EQ(parsed.usage(), Usage::kTransport);
  EXPECT_EQ(parsed.device(), alice.name);
  EXPECT_EQ(parsed.org(), alice.name.org());
  EXPECT_EQ(parsed.roles(), RoleSet({Role::kOfficer}));
  EXPECT_EQ(parsed.public_key(), alice.transport_key.public_key());
  EXPECT_EQ(parsed.der(), alice.transport.der());
  EXPECT_EQ(parsed.fingerprint(), Fingerprint(Sha256(alice.transport.der())));
  EXPECT_EQ(parsed, alice.transport);
}

TEST_F(CertificateTest, AnIssuingOneSaysWhichOrganisationItIsFor) {
  const Certificate& issuing = pki_.Org("fr.customs").certificate();

  EXPECT_EQ(issuing.usage(), Usage::kIssuing);
  EXPECT_EQ(issuing.org()->text(), "fr.customs");
  EXPECT_FALSE(issuing.device().has_value());
  EXPECT_TRUE(issuing.roles().empty());
}

TEST_F(CertificateTest, ARootIsForNobody) {
  const Certificate& root = pki_.root().certificate();

  EXPECT_EQ(root.usage(), Usage::kRoot);
  EXPECT_FALSE(root.org().has_value());
  EXPECT_FALSE(root.device().has_value());
}

TEST_F(CertificateTest, IsSmallEnoughForAThousandInACommit) {
  const TestDevice& alice =
      pki_.Device("fr.customs/alice/laptop", {Role::kOfficer});

  EXPECT_LT(alice.identity.der().size() + alice.issuing.der().size(), 1024);
}

TEST_F(CertificateTest, NoPrefixParsesAndNothingMayFollow) {
  Bytes der = pki_.Device("fr.customs/alice/laptop").identity.der();
  for (size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(Certificate::Parse(ByteSpan(der).first(size)).ok()) << size;
  }

  der.push_back(0);
  EXPECT_THAT(Certificate::Parse(der),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

// The outer SEQUENCE's length, written in one byte more than it needs: OpenSSL
// reads it, and the signature inside still matches.
TEST_F(CertificateTest, ALongerEncodingOfTheSameCertificateIsRefused) {
  const Bytes& der = pki_.Device("fr.customs/alice/laptop").identity.der();
  ASSERT_EQ(der[1], 0x82);
  Bytes longer = {0x30, 0x83, 0x00};
  Append(longer, ByteSpan(der).subspan(2));

  EXPECT_THAT(Certificate::Parse(longer),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(CertificateTest, OneBeyondTheSizeLimitIsRefused) {
  RawCertificate raw = Device();
  raw.extensions[NID_netscape_comment] = std::string(kCertificateBytesMax, 'x');

  EXPECT_THAT(Certificate::Parse(Signed(raw)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(CertificateTest, AnUnknownExtensionIsPassedOverUnlessCritical) {
  EXPECT_OK(BentBy(NID_netscape_comment, "hello"));
  EXPECT_THAT(BentBy(NID_netscape_comment, "critical,hello"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(CertificateTest, AnyOtherUsageIsRefused) {
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);
  EXPECT_OK(BentBy(NID_ext_key_usage, "critical,clientAuth"));

  EXPECT_THAT(BentBy(NID_ext_key_usage, "clientAuth"), refused);
  EXPECT_THAT(BentBy(NID_ext_key_usage, "critical,serverAuth"), refused);
  EXPECT_THAT(BentBy(NID_ext_key_usage, "critical,clientAuth,serverAuth"),
              refused);
  EXPECT_THAT(BentBy(NID_ext_key_usage, "critical,anyExtendedKeyUsage"),
              refused);
  EXPECT_THAT(BentBy(NID_key_usage, "critical,digitalSignature,keyAgreement"),
              refused);
  EXPECT_THAT(BentBy(NID_key_usage, "critical,keyCertSign"), refused);
  EXPECT_THAT(BentBy(NID_key_usage, "digitalSignature"), refused);
}

TEST_F(CertificateTest, ADevicesWithAnIssuersExtensionsIsRefused) {
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);

  EXPECT_THAT(BentBy(NID_basic_constraints, "critical,CA:TRUE,pathlen:0"),
              refused);
  EXPECT_THAT(BentBy(NID_basic_constraints, "critical,CA:FALSE,pathlen:0"),
              refused);
  EXPECT_THAT(BentBy(NID_basic_constraints, "CA:FALSE"), refused);
  EXPECT_THAT(BentBy(NID_name_constraints, "critical,permitted;URI:fr.customs"),
              refused);
}

TEST_F(CertificateTest, AMissingExtensionIsRefused) {
  for (const int nid : {NID_basic_constraints, NID_key_usage, NID_ext_key_usage,
                        NID_subject_alt_name}) {
    RawCertificate raw = Device();
    raw.extensions.erase(nid);
    EXPECT_THAT(Certificate::Parse(Signed(raw)),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << nid;
  }
}

TEST_F(CertificateTest, RolesMustBeThereAndWellFormed) {
  RawCertificate raw = Device();
  raw.roles.clear();
  EXPECT_THAT(Certificate::Parse(Signed(raw)),
              StatusIs(absl::StatusCode::kInvalidArgument));

  raw.roles = {0x30, 0x03, 0x02, 0x01, 0x00};
  EXPECT_THAT(Certificate::Parse(Signed(raw)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(CertificateTest, AnIssuersWithADevicesExtensionsIsRefused) {
  const absl::Time now = pki_.clock().Now();
  RawCertificate raw = RawIssuing("permitted;URI:fr.customs", now);
  EXPECT_OK(Certificate::Parse(Signed(raw)));

  raw.extensions[NID_ext_key_usage] = "critical,clientAuth";
  EXPECT_FALSE(Certificate::Parse(Signed(raw)).ok());

  raw = RawIssuing("permitted;URI:fr.customs", now);
  raw.extensions[NID_subject_alt_name] =
      "critical,URI:cordon://fr.customs/alice/laptop";
  EXPECT_FALSE(Certificate::Parse(Signed(raw)).ok());
}

TEST_F(CertificateTest, OneThatEndsBeforeItStartsIsRefused) {
  RawCertificate raw = Device();
  raw.validity.not_after = raw.validity.not_before - absl::Seconds(1);

  EXPECT_THAT(Certificate::Parse(Signed(raw)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(CertificateTest, AnotherIssuerNameIsRefused) {
  RawCertificate raw = Device();
  raw.issuer = "someone";

  EXPECT_THAT(Certificate::Parse(Signed(raw)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ValidityTest, BothEndsAreInside) {
  const Validity validity{absl::FromUnixSeconds(10), absl::FromUnixSeconds(20)};

  EXPECT_FALSE(validity.Contains(absl::FromUnixSeconds(9)));
  EXPECT_TRUE(validity.Contains(absl::FromUnixSeconds(10)));
  EXPECT_TRUE(validity.Contains(absl::FromUnixSeconds(20)));
  EXPECT_FALSE(validity.Contains(absl::FromUnixSeconds(21)));
}

TEST(IssuerIdTest, BelongsToTheKeyAndSurvivesRenewal) {
  TestPki pki;
  const Certificate first = pki.Org("fr.customs").certificate();

  EXPECT_EQ(IssuerIdOf(first.public_key()),
            IssuerIdOf(pki.Org("fr.customs").key().public_key()));
  EXPECT_NE(IssuerIdOf(first.public_key()),
            IssuerIdOf(pki.Org("de.customs").key().public_key()));
}

}  // namespace
}  // namespace cordon::cert
