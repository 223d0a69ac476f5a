#include "crypto/cert/issuer.h"

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/limits.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/csr.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::cert {
namespace {

using ::cordon::testing::StatusIs;
using ::cordon::testing::TestPki;

class IssuerTest : public ::testing::Test {
 protected:
  absl::Time now() { return pki_.clock().Now(); }
  Csr ForDevice(const char* name) {
    return Csr::ForDevice(Usage::kIdentity, *DeviceName::Parse(name), key_);
  }

  TestPki pki_;
  Ed25519PrivateKey key_ = Ed25519PrivateKey::Generate(pki_.random());
};

TEST_F(IssuerTest, CertificatesStartADayBackAndLiveAYear) {
  ASSERT_OK_AND_ASSIGN(
      const Certificate device,
      pki_.Org("fr.customs")
          .IssueDevice(ForDevice("fr.customs/alice/laptop"), {}, pki_.Now()));

  EXPECT_EQ(device.validity().not_before, now() - kCertificateBackdate);
  EXPECT_EQ(device.validity().not_after, now() + kCertificateLifetime);
}

TEST_F(IssuerTest, ADevicesNeverOutlivesItsIssuers) {
  const OrgIssuer& france = pki_.Org("fr.customs");
  pki_.clock().Advance(kCertificateLifetime - absl::Hours(24 * 10));

  ASSERT_OK_AND_ASSIGN(
      const Certificate device,
      france.IssueDevice(ForDevice("fr.customs/alice/laptop"), {}, pki_.Now()));

  EXPECT_EQ(device.validity().not_after,
            france.certificate().validity().not_after);
}

TEST_F(IssuerTest, AnExpiredIssuerIssuesNothing) {
  const OrgIssuer& france = pki_.Org("fr.customs");
  pki_.clock().Advance(kCertificateLifetime + absl::Seconds(1));

  EXPECT_THAT(
      france.IssueDevice(ForDevice("fr.customs/alice/laptop"), {}, pki_.Now()),
      StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(IssuerTest, AnExpiredRootIssuesNothing) {
  const Csr request = Csr::ForIssuing(*OrgName::Parse("fr.customs"), key_);
  pki_.clock().Advance(kRootLifetime);
  EXPECT_OK(pki_.root().IssueIssuing(request, pki_.Now()));

  pki_.clock().Advance(absl::Seconds(1));
  EXPECT_THAT(pki_.root().IssueIssuing(request, pki_.Now()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(IssuerTest, SerialsDiffer) {
  const OrgIssuer& france = pki_.Org("fr.customs");
  const Csr request = ForDevice("fr.customs/alice/laptop");

  ASSERT_OK_AND_ASSIGN(const Certificate a,
                       france.IssueDevice(request, {}, pki_.Now()));
  ASSERT_OK_AND_ASSIGN(const Certificate b,
                       france.IssueDevice(request, {}, pki_.Now()));

  EXPECT_NE(a.serial(), b.serial());
  EXPECT_NE(a.fingerprint(), b.fingerprint());
}

TEST_F(IssuerTest, AnOrganisationCertifiesItsOwnDevicesOnly) {
  EXPECT_THAT(
      pki_.Org("fr.customs")
          .IssueDevice(ForDevice("de.customs/dieter/laptop"), {}, pki_.Now()),
      StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(IssuerTest, AnOrganisationCertifiesNoIssuers) {
  EXPECT_THAT(
      pki_.Org("fr.customs")
          .IssueDevice(Csr::ForIssuing(*OrgName::Parse("fr.customs"), key_), {},
                       pki_.Now()),
      StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(IssuerTest, AnOrganisationMintsNoCoordinator) {
  EXPECT_THAT(pki_.Org("fr.customs")
                  .IssueDevice(ForDevice("fr.customs/alice/laptop"),
                               {Role::kCoordinator}, pki_.Now()),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(IssuerTest, TheRootCertifiesNoDevices) {
  EXPECT_THAT(pki_.root().IssueIssuing(ForDevice("fr.customs/a/b"), pki_.Now()),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(IssuerTest, LoadsOnlyTheKeyOfTheCertificate) {
  const OrgIssuer& france = pki_.Org("fr.customs");
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);

  EXPECT_OK(OrgIssuer::Load(france.certificate(), france.key().CloneSecret()));
  EXPECT_THAT(OrgIssuer::Load(france.certificate(), key_.CloneSecret()),
              refused);
  EXPECT_THAT(OrgIssuer::Load(pki_.root().certificate(),
                              pki_.root().key().CloneSecret()),
              refused);
  EXPECT_OK(RootIssuer::Load(pki_.root().certificate(),
                             pki_.root().key().CloneSecret()));
  EXPECT_THAT(RootIssuer::Load(pki_.root().certificate(), key_.CloneSecret()),
              refused);
  EXPECT_THAT(
      RootIssuer::Load(france.certificate(), france.key().CloneSecret()),
      refused);
}

TEST_F(IssuerTest, ARootLivesTenYears) {
  EXPECT_EQ(pki_.root().certificate().validity().not_before,
            now() - kCertificateBackdate);
  EXPECT_EQ(pki_.root().certificate().validity().not_after,
            now() + kRootLifetime);
}

TEST_F(IssuerTest, FractionsOfASecondAreDropped) {
  pki_.clock().Advance(absl::Milliseconds(750));

  ASSERT_OK_AND_ASSIGN(
      const Certificate device,
      pki_.Org("fr.customs")
          .IssueDevice(ForDevice("fr.customs/alice/laptop"), {}, pki_.Now()));

  EXPECT_EQ(device.validity().not_before,
            now() - kCertificateBackdate - absl::Milliseconds(750));
}

}  // namespace
}  // namespace cordon::cert
