#include "crypto/cert/revocation.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/crl.h"
#include "crypto/cert/csr.h"
#include "crypto/cert/issuer.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"

namespace cordon::cert {
namespace {

using ::cordon::testing::StatusIs;
using ::cordon::testing::TestDevice;
using ::cordon::testing::TestPki;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const auto kRevoked = StatusIs(absl::StatusCode::kPermissionDenied);

class RevocationTest : public ::testing::Test {
 protected:
  absl::Time now() { return pki_.clock().Now(); }
  VerifiedChain Chain(const TestDevice& device) {
    return *VerifiedChain::Prove(root(), device.IdentityChain());
  }
  const Certificate& root() { return pki_.root().certificate(); }
  const OrgIssuer& france() { return pki_.Org("fr.customs"); }

  Crl FrenchList(uint64_t number, std::vector<Revocation> revocations = {}) {
    return *france().SignCrl({.number = CrlNumber{number},
                              .this_update = now(),
                              .next_update = now() + absl::Hours(24),
                              .revocations = std::move(revocations)});
  }
  absl::Status AdoptFrench(const Crl& crl) {
    return lists_.Adopt(crl.der(), france().certificate());
  }
  void AdoptAll() {
    for (const TestPki::SignedList& list : pki_.Lists()) {
      ASSERT_OK(lists_.Adopt(list.crl.der(), list.issuer));
    }
  }

  TestPki pki_;
  const TestDevice& alice_ = pki_.Device("fr.customs/alice/laptop");
  IssuerId french_ = IssuerIdOf(france().key().public_key());
  RevocationLists lists_{root()};
};

TEST_F(RevocationTest, ARevocationCountsFromItsInstantOnly) {
  pki_.Revoke(alice_);
  AdoptAll();
  const VerifiedChain chain = Chain(alice_);

  EXPECT_OK(lists_.CheckChain(chain, now() - absl::Seconds(1)));
  EXPECT_THAT(lists_.CheckChain(chain, now()), kRevoked);
  EXPECT_THAT(lists_.CheckChain(chain, now() + absl::Hours(1)), kRevoked);
}

// "As of Friday evening": announced before it counts.
TEST_F(RevocationTest, APostdatedRevocationWaitsForItsInstant) {
  const absl::Time friday = now() + absl::Hours(48);
  ASSERT_OK(AdoptFrench(FrenchList(1, {{alice_.identity.serial(), friday}})));

  EXPECT_OK(lists_.CheckChain(Chain(alice_), now()));
  EXPECT_OK(lists_.CheckChain(Chain(alice_), friday - absl::Seconds(1)));
  EXPECT_THAT(lists_.CheckChain(Chain(alice_), friday), kRevoked);
}

// What a list no longer names is good again: each list is whole.
TEST_F(RevocationTest, ANewerListMayTakeARevocationBack) {
  ASSERT_OK(AdoptFrench(FrenchList(1, {{alice_.identity.serial(), now()}})));
  ASSERT_THAT(lists_.CheckChain(Chain(alice_), now()), kRevoked);

  ASSERT_OK(AdoptFrench(FrenchList(2)));

  EXPECT_OK(lists_.CheckChain(Chain(alice_), now()));
}

TEST_F(RevocationTest, IdentityAndTransportAreRevokedEachByItsOwnSerial) {
  ASSERT_OK(AdoptFrench(FrenchList(1, {{alice_.transport.serial(), now()}})));
  ASSERT_OK_AND_ASSIGN(const VerifiedChain transport,
                       VerifiedChain::Prove(root(), alice_.TransportChain()));

  EXPECT_OK(lists_.CheckChain(Chain(alice_), now()));
  EXPECT_THAT(lists_.CheckChain(transport, now()), kRevoked);
}

TEST_F(RevocationTest, NumbersMaySkip) {
  ASSERT_OK(AdoptFrench(FrenchList(1)));

  EXPECT_OK(AdoptFrench(FrenchList(40)));
  EXPECT_EQ(lists_.Find(french_)->number(), CrlNumber{40});
}

TEST_F(RevocationTest, ARenewedIssuersListReplacesTheOneBefore) {
  ASSERT_OK(AdoptFrench(FrenchList(1)));
  ASSERT_OK_AND_ASSIGN(
      const Certificate renewed,
      pki_.root().IssueIssuing(
          Csr::ForIssuing(alice_.name.org(), france().key()), pki_.Now()));
  const Crl second = FrenchList(2, {{alice_.identity.serial(), now()}});

  ASSERT_OK(lists_.Adopt(second.der(), renewed));

  EXPECT_THAT(lists_.Held(), SizeIs(1));
  EXPECT_THAT(lists_.CheckChain(Chain(alice_), now()), kRevoked);
}

TEST_F(RevocationTest, OthersOfTheOrganisationStay) {
  const TestDevice& bob = pki_.Device("fr.customs/bob/laptop");
  pki_.Revoke(alice_);
  AdoptAll();

  EXPECT_OK(lists_.CheckChain(Chain(bob), now()));
}

TEST_F(RevocationTest, WithAnOrganisationAllItsDevicesGo) {
  const TestDevice& dieter = pki_.Device("de.customs/dieter/laptop");
  pki_.clock().Advance(absl::Hours(1));
  pki_.RevokeOrg("fr.customs");
  AdoptAll();

  EXPECT_OK(lists_.CheckChain(Chain(alice_), now() - absl::Seconds(1)));
  EXPECT_THAT(lists_.CheckChain(Chain(alice_), now()), kRevoked);
  EXPECT_OK(lists_.CheckChain(Chain(dieter), now()));
}

// One organisation's list says nothing about the same number of another's.
TEST_F(RevocationTest, AListCountsForItsIssuerOnly) {
  ASSERT_OK(AdoptFrench(FrenchList(1, {{alice_.identity.serial(), now()}})));
  const IssuedAs german{IssuerIdOf(pki_.Org("de.customs").key().public_key()),
                        alice_.identity.serial()};

  EXPECT_THAT(lists_.CheckLink({french_, alice_.identity.serial()}, now()),
              kRevoked);
  EXPECT_OK(lists_.CheckLink(german, now()));
}

TEST_F(RevocationTest, ANewerListReplacesTheOneBefore) {
  ASSERT_OK(AdoptFrench(FrenchList(1)));
  const Crl second = FrenchList(2, {{alice_.identity.serial(), now()}});

  ASSERT_OK(AdoptFrench(second));

  EXPECT_THAT(lists_.CheckChain(Chain(alice_), now()), kRevoked);
  EXPECT_EQ(lists_.Find(french_)->number(), CrlNumber{2});
  EXPECT_OK(AdoptFrench(second)) << "the same list again is no error";
}

TEST_F(RevocationTest, AnOlderListIsWithholdingAndChangesNothing) {
  const Crl first = FrenchList(1);
  ASSERT_OK(AdoptFrench(FrenchList(2, {{alice_.identity.serial(), now()}})));

  EXPECT_THAT(AdoptFrench(first),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_EQ(lists_.Find(french_)->number(), CrlNumber{2});
  EXPECT_THAT(lists_.CheckChain(Chain(alice_), now()), kRevoked);
}

TEST_F(RevocationTest, TwoListsUnderOneNumberAreRefused) {
  ASSERT_OK(AdoptFrench(FrenchList(2, {{alice_.identity.serial(), now()}})));

  EXPECT_THAT(AdoptFrench(FrenchList(2)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(lists_.CheckChain(Chain(alice_), now()), kRevoked);
}

TEST_F(RevocationTest, AForeignIssuersListIsRefused) {
  TestPki other(2);
  const OrgIssuer& stranger = other.Org("fr.customs");
  const Crl crl = *stranger.SignCrl({.number = CrlNumber{1},
                                     .this_update = now(),
                                     .next_update = now() + absl::Hours(1),
                                     .revocations = {}});

  EXPECT_THAT(lists_.Adopt(crl.der(), stranger.certificate()),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(lists_.Adopt(crl.der(), france().certificate()),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(lists_.Held(), IsEmpty());
}

TEST_F(RevocationTest, ATamperedListChangesNothing) {
  Bytes bent = FrenchList(1).der();
  bent.back() ^= 1;

  EXPECT_THAT(lists_.Adopt(bent, france().certificate()),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_EQ(lists_.StateOf(french_, now()), CrlState::kMissing);
}

TEST_F(RevocationTest, ARevokedIssuerTakesNothingBack) {
  ASSERT_OK(AdoptFrench(FrenchList(1, {{alice_.identity.serial(), now()}})));
  pki_.clock().Advance(absl::Hours(1));
  pki_.RevokeOrg("fr.customs");
  const TestPki::SignedList root_list = pki_.Lists().front();
  ASSERT_OK(lists_.Adopt(root_list.crl.der(), root_list.issuer));
  pki_.clock().Advance(absl::Hours(1));

  EXPECT_THAT(AdoptFrench(FrenchList(2)), kRevoked);
  EXPECT_EQ(lists_.Find(french_)->number(), CrlNumber{1});
}

TEST_F(RevocationTest, StatesAreToldApart) {
  EXPECT_EQ(lists_.StateOf(french_, now()), CrlState::kMissing);

  ASSERT_OK(AdoptFrench(FrenchList(1)));

  EXPECT_EQ(lists_.StateOf(french_, now()), CrlState::kCurrent);
  EXPECT_EQ(lists_.StateOf(french_, now() + absl::Hours(24)),
            CrlState::kCurrent);
  EXPECT_EQ(lists_.StateOf(french_, now() + absl::Hours(25)),
            CrlState::kOutdated);
}

TEST_F(RevocationTest, AMissingListStopsAdmissionsButNotReading) {
  const VerifiedChain chain = Chain(alice_);
  const auto stopped = StatusIs(absl::StatusCode::kFailedPrecondition);

  EXPECT_OK(lists_.CheckChain(chain, now()));
  EXPECT_THAT(lists_.CheckAdmissible(chain, now()), stopped);

  ASSERT_OK(AdoptFrench(FrenchList(1)));
  EXPECT_THAT(lists_.CheckAdmissible(chain, now()), stopped)
      << "the root's list is missing still";

  const TestPki::SignedList root_list = pki_.Lists().front();
  ASSERT_OK(lists_.Adopt(root_list.crl.der(), root_list.issuer));
  EXPECT_OK(lists_.CheckAdmissible(chain, now()));
}

TEST_F(RevocationTest, AnOutdatedListStopsAdmissions) {
  AdoptAll();

  EXPECT_THAT(
      lists_.CheckAdmissible(Chain(alice_), now() + absl::Hours(24 * 91)),
      StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(RevocationTest, ARevokedDeviceIsNotAdmissible) {
  pki_.Revoke(alice_);
  AdoptAll();

  EXPECT_THAT(lists_.CheckAdmissible(Chain(alice_), now()), kRevoked);
}

TEST_F(RevocationTest, AHigherClaimIsNamedAsWithheldAndStopsAdmissions) {
  AdoptAll();
  ASSERT_OK(lists_.NoteClaim({french_, CrlNumber{1}}));
  EXPECT_THAT(lists_.Withheld(), IsEmpty());

  ASSERT_OK(lists_.NoteClaim({french_, CrlNumber{3}}));
  ASSERT_OK(lists_.NoteClaim({french_, CrlNumber{2}}));

  EXPECT_THAT(lists_.Withheld(),
              ElementsAre(CrlReference{french_, CrlNumber{3}}));
  EXPECT_OK(lists_.CheckChain(Chain(alice_), now()));
  EXPECT_THAT(lists_.CheckAdmissible(Chain(alice_), now()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

// A member that claims a number which does not exist keeps nothing away.
TEST_F(RevocationTest, AClaimKeepsNoListFromBeingAdopted) {
  lists_.NoteIssuer(Chain(alice_));
  ASSERT_OK(lists_.NoteClaim({french_, CrlNumber{1'000'000}}));

  EXPECT_OK(AdoptFrench(FrenchList(1)));
  EXPECT_OK(AdoptFrench(FrenchList(2)));
  EXPECT_THAT(lists_.Withheld(), SizeIs(1));
}

TEST_F(RevocationTest, AClaimOfAnIssuerNeverSeenIsNotTaken) {
  const auto unknown = StatusIs(absl::StatusCode::kNotFound);
  EXPECT_THAT(lists_.NoteClaim({IssuerId::Random(pki_.random()), CrlNumber{1}}),
              unknown);
  EXPECT_THAT(lists_.NoteClaim({french_, CrlNumber{1}}), unknown);
  EXPECT_THAT(lists_.Withheld(), IsEmpty());

  lists_.NoteIssuer(Chain(alice_));
  EXPECT_OK(lists_.NoteClaim({french_, CrlNumber{1}}));
  EXPECT_OK(lists_.NoteClaim(
      {IssuerIdOf(pki_.root().certificate().public_key()), CrlNumber{9}}));
  EXPECT_THAT(lists_.Withheld(), SizeIs(2));
}

// What a false claim can do, and what ends it.
TEST_F(RevocationTest, AClaimStopsAdmissionsUntilTheListHasCome) {
  AdoptAll();
  ASSERT_OK(lists_.NoteClaim({french_, CrlNumber{2}}));
  ASSERT_THAT(lists_.CheckAdmissible(Chain(alice_), now()),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  ASSERT_OK(AdoptFrench(FrenchList(2)));

  EXPECT_OK(lists_.CheckAdmissible(Chain(alice_), now()));
  EXPECT_THAT(lists_.Withheld(), IsEmpty());
}

TEST_F(RevocationTest, HeldListsComeInTheOrderOfTheirIssuers) {
  pki_.Org("de.customs");
  pki_.Org("it.customs");
  AdoptAll();

  const std::vector<CrlReference> held = lists_.Held();
  ASSERT_THAT(held, SizeIs(4));
  for (size_t i = 1; i < held.size(); ++i) {
    EXPECT_LT(held[i - 1].issuer, held[i].issuer);
  }
}

}  // namespace
}  // namespace cordon::cert
