#include "client/core/trust.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/delivery_types.h"
#include "client/core/parts.h"
#include "crypto/base/id.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/role.h"
#include "crypto/record/record_header.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_vault.h"
#include "tests/support/test_pki.h"
#include "tests/support/vault_device.h"

namespace cordon::client {
namespace {

using ::cordon::testing::BecomeDevice;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempVault;
using ::cordon::testing::TestDevice;
using ::cordon::testing::TestPki;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class TrustTest : public ::testing::Test {
 protected:
  Parts MakeParts() {
    return {.vault = &*vault_,
            .relay = nullptr,
            .root_key = nullptr,
            .files = nullptr,
            .clock = &pki_.clock(),
            .random = &pki_.random(),
            .events = nullptr};
  }
  void Become() {
    BecomeDevice(*vault_, pki_, "de.customs/bob/phone", {cert::Role::kOfficer});
    Alice();  // So that her organisation has a list.
  }
  const TestDevice& Alice() {
    return pki_.Device("fr.customs/alice/laptop", {cert::Role::kOfficer});
  }
  // The newest list of fr.customs.
  CrlItem FrenchList() {
    for (const TestPki::SignedList& list : pki_.Lists()) {
      if (list.issuer == Alice().issuing) {
        return {.crl = list.crl.der(),
                .issuing_certificate = list.issuer.der()};
      }
    }
    return {};
  }
  absl::Status CheckAlice(const Trust& trust) {
    return trust.verifier()
        .Verify(Alice().IdentityChain(),
                {.usage = cert::Usage::kIdentity, .at = pki_.clock().Now()})
        .status();
  }

  TestPki pki_;
  TempVault vault_;
};

TEST_F(TrustTest, BeforeJoiningThereIsNothingToLoad) {
  Trust trust(MakeParts());

  EXPECT_THAT(trust.Load(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_FALSE(trust.loaded());
}

TEST_F(TrustTest, RevocationHoldsAfterARestartToo) {
  Become();
  Trust trust(MakeParts());
  ASSERT_OK(trust.Load());
  ASSERT_OK(CheckAlice(trust));
  pki_.Revoke(Alice());

  ASSERT_OK(trust.TakeCrl(FrenchList()));
  EXPECT_THAT(CheckAlice(trust), StatusIs(absl::StatusCode::kPermissionDenied));

  vault_.Reopen();
  Trust again(MakeParts());
  ASSERT_OK(again.Load());
  EXPECT_THAT(CheckAlice(again), StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(TrustTest, OlderListIsNamedAsWithheldAndChangesNothing) {
  Become();
  Trust trust(MakeParts());
  ASSERT_OK(trust.Load());
  const CrlItem first = FrenchList();
  pki_.Revoke(Alice());
  ASSERT_OK(trust.TakeCrl(FrenchList()));

  EXPECT_THAT(trust.TakeCrl(first),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_THAT(CheckAlice(trust), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_OK(trust.TakeCrl(FrenchList()));
}

TEST_F(TrustTest, ListOfAnotherRootIsRefusedAndNotStored) {
  Become();
  Trust trust(MakeParts());
  ASSERT_OK(trust.Load());
  TestPki other(/*seed=*/9);
  other.Device("fr.customs/eve/laptop");
  const TestPki::SignedList foreign = other.Lists().back();

  EXPECT_THAT(trust.TakeCrl({.crl = foreign.crl.der(),
                             .issuing_certificate = foreign.issuer.der()}),
              StatusIs(absl::StatusCode::kUnauthenticated));

  EXPECT_THAT(trust.Held(), IsEmpty());
}

TEST_F(TrustTest, HeadersNameListsThatCanRevokeAndTheRelayHearsOfAll) {
  Become();
  Trust trust(MakeParts());
  ASSERT_OK(trust.Load());
  ASSERT_OK(trust.TakeCrl(FrenchList()));
  EXPECT_THAT(trust.Held(), SizeIs(1));
  EXPECT_THAT(trust.KnownCrls(), IsEmpty());
  pki_.Revoke(Alice());
  ASSERT_OK(trust.TakeCrl(FrenchList()));

  const IssuerId french = cert::IssuerIdOf(Alice().issuing.public_key());
  EXPECT_THAT(trust.KnownCrls(),
              ElementsAre(record::KnownCrl{french, CrlNumber{2}}));
  ASSERT_THAT(trust.Held(), SizeIs(1));
  EXPECT_TRUE(Equal(trust.Held()[0].issuer.span(), french.span()));
  EXPECT_EQ(trust.Held()[0].number, 2U);
}

TEST_F(TrustTest, ClaimOfANewerListStopsAdmissionsAndNothingElse) {
  Become();
  Trust trust(MakeParts());
  ASSERT_OK(trust.Load());
  for (const TestPki::SignedList& list : pki_.Lists()) {
    ASSERT_OK(trust.TakeCrl(
        {.crl = list.crl.der(),
         .issuing_certificate = list.issuer == pki_.root().certificate()
                                    ? Bytes()
                                    : list.issuer.der()}));
  }
  ASSERT_OK(trust.TakeCrl(FrenchList()));
  ASSERT_OK_AND_ASSIGN(const cert::VerifiedChain alice,
                       trust.verifier().Verify(Alice().IdentityChain(),
                                               {.usage = cert::Usage::kIdentity,
                                                .at = pki_.clock().Now()}));
  ASSERT_OK(trust.verifier().CheckAdmissible(alice, pki_.clock().Now()));

  ASSERT_OK(trust.NoteClaims(
      {{.issuer = alice.leaf().issuer, .number = CrlNumber{7}}}));

  EXPECT_THAT(trust.verifier().CheckAdmissible(alice, pki_.clock().Now()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_OK(CheckAlice(trust));
  EXPECT_THAT(trust.verifier().WithheldCrls(), SizeIs(1));
}

TEST_F(TrustTest, ClaimOfAListOfAnIssuerNotMetIsPassedOver) {
  Become();
  Trust trust(MakeParts());
  ASSERT_OK(trust.Load());
  const record::KnownCrl invented{
      .issuer = *IssuerId::Parse(Bytes(IssuerId::kBytes, 7)),
      .number = CrlNumber{2}};

  EXPECT_THAT(trust.NoteClaims({invented}), IsOkAndHolds(false));

  EXPECT_THAT(trust.verifier().WithheldCrls(), IsEmpty());
}

}  // namespace
}  // namespace cordon::client
