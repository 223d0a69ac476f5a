#include "crypto/cert/x509_credential.h"

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/limits.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/csr.h"
#include "crypto/cert/role.h"
#include "crypto/mls/credential.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::cert {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestDevice;
using ::cordon::testing::TestPki;
using Standing = mls::CheckAt::Standing;

class X509CredentialTest : public ::testing::Test {
 protected:
  absl::Time now() { return pki_.clock().Now(); }
  mls::CheckAt Entering() { return {.instant = now()}; }
  static mls::Credential Of(const TestDevice& device) {
    return X509CredentialOf(device.identity, device.issuing);
  }

  TestPki pki_;
  const TestDevice& alice_ =
      pki_.Device("fr.customs/alice/laptop", {Role::kOfficer});
  std::unique_ptr<ChainVerifier> verifier_ = pki_.Verifier();
  X509CredentialChecker checker_{verifier_.get()};
};

TEST_F(X509CredentialTest, SaysWhichDeviceALeafIs) {
  EXPECT_THAT(checker_.Identify(Of(alice_), alice_.identity_key.public_key(),
                                Entering()),
              IsOkAndHolds(alice_.name.id()));
}

TEST_F(X509CredentialTest, AnotherSignatureKeyIsUnproven) {
  EXPECT_THAT(checker_.Identify(Of(alice_), alice_.transport_key.public_key(),
                                Entering()),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(checker_.Identify(Of(alice_), ByteSpan(), Entering()),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(X509CredentialTest, ATransportCertificateIsNoIdentity) {
  EXPECT_THAT(
      checker_.Identify(X509CredentialOf(alice_.transport, alice_.issuing),
                        alice_.transport_key.public_key(), Entering()),
      StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(X509CredentialTest, ABasicCredentialIsNobody) {
  EXPECT_THAT(
      checker_.Identify(mls::Credential::Basic(AsBytes(alice_.name.uri())),
                        alice_.identity_key.public_key(), Entering()),
      StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(X509CredentialTest, NamesARevokedDeviceButNoIssuer) {
  pki_.Revoke(alice_);

  EXPECT_THAT(NameIn(Of(alice_)), IsOkAndHolds(alice_.name));
  EXPECT_THAT(NameIn(X509CredentialOf(alice_.issuing, alice_.issuing)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(NameIn(mls::Credential::Basic(AsBytes(alice_.name.uri()))),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(X509CredentialTest, AnotherRootsDeviceIsNobody) {
  TestPki other(2);
  const TestDevice& stranger = other.Device("fr.customs/alice/laptop");

  EXPECT_THAT(checker_.Identify(Of(stranger),
                                stranger.identity_key.public_key(), Entering()),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(X509CredentialTest, ExpiryIsForgivenToTheStandingOnly) {
  const absl::Time later = now() + kCertificateLifetime + absl::Hours(1);
  const Ed25519PublicKey& key = alice_.identity_key.public_key();

  EXPECT_THAT(checker_.Identify(Of(alice_), key, {.instant = later}),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_OK(checker_.Identify(
      Of(alice_), key, {.instant = later, .standing = Standing::kStanding}));
}

TEST_F(X509CredentialTest, ARevocationIsForgivenToNobody) {
  pki_.Revoke(alice_);
  verifier_ = pki_.Verifier();
  const X509CredentialChecker checker(verifier_.get());
  const Ed25519PublicKey& key = alice_.identity_key.public_key();
  const auto refused = StatusIs(absl::StatusCode::kPermissionDenied);

  EXPECT_THAT(checker.Identify(Of(alice_), key, Entering()), refused);
  EXPECT_THAT(
      checker.Identify(Of(alice_), key,
                       {.instant = now(), .standing = Standing::kStanding}),
      refused);
  EXPECT_OK(
      checker.Identify(Of(alice_), key, {.instant = now() - absl::Seconds(1)}));
}

TEST_F(X509CredentialTest, ADeviceIsFollowedByItselfOnly) {
  const Ed25519PrivateKey renewed = Ed25519PrivateKey::Generate(pki_.random());
  ASSERT_OK_AND_ASSIGN(
      const Certificate next,
      pki_.Org("fr.customs")
          .IssueDevice(Csr::ForDevice(Usage::kIdentity, alice_.name, renewed),
                       {Role::kAnalyst}, pki_.Now()));
  const TestDevice& phone = pki_.Device("fr.customs/alice/phone");

  EXPECT_OK(checker_.CheckSuccessor(Of(alice_),
                                    X509CredentialOf(next, alice_.issuing)));
  EXPECT_THAT(checker_.CheckSuccessor(Of(alice_), Of(phone)),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(
      checker_.CheckSuccessor(Of(alice_), mls::Credential::Basic(AsBytes("a"))),
      StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(checker_.CheckSuccessor(
                  Of(alice_), mls::Credential::X509({alice_.issuing.der()})),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(X509CredentialTest, AKeyPackageLivesNinetyDays) {
  const auto start = static_cast<uint64_t>(absl::ToUnixSeconds(now()));
  const auto span =
      static_cast<uint64_t>(absl::ToInt64Seconds(kKeyPackageLifetime));
  const auto day =
      static_cast<uint64_t>(absl::ToInt64Seconds(kCertificateBackdate));

  EXPECT_OK(checker_.CheckLifetime({start - day, start + span}, Entering()));
  EXPECT_THAT(
      checker_.CheckLifetime({start - day, start + span + 1}, Entering()),
      StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(checker_.CheckLifetime({start + 1, start + span}, Entering()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(X509CredentialTest, RolesComeWithTheVerifiedChain) {
  ASSERT_OK_AND_ASSIGN(
      const VerifiedChain chain,
      VerifyCredential(*verifier_, Of(alice_),
                       {.usage = Usage::kIdentity, .at = now()}));

  EXPECT_EQ(chain.roles(), RoleSet({Role::kOfficer}));
}

}  // namespace
}  // namespace cordon::cert
