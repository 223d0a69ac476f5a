#include "crypto/cert/chain.h"

#include <openssl/obj_mac.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/csr.h"
#include "crypto/cert/issuer.h"
#include "crypto/cert/name.h"
#include "crypto/cert/oid.h"
#include "crypto/cert/role.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pki.h"
#include "tests/unit/crypto/cert/raw_certificate.h"

namespace cordon::cert {
namespace {

using ::cordon::testing::IsOk;
using ::cordon::testing::OpensslAccepts;
using ::cordon::testing::PathCheck;
using ::cordon::testing::RawCertificate;
using ::cordon::testing::RawDevice;
using ::cordon::testing::RawIssuing;
using ::cordon::testing::Sign;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestDevice;
using ::cordon::testing::TestPki;

constexpr char kAliceUri[] = "URI:cordon://fr.customs/alice/laptop";

class ChainTest : public ::testing::Test {
 protected:
  absl::Time now() { return pki_.clock().Now(); }
  const Certificate& root() { return pki_.root().certificate(); }
  const OrgIssuer& france() { return pki_.Org("fr.customs"); }

  absl::StatusOr<VerifiedChain> Prove(ByteSpan leaf, ByteSpan issuing) {
    const std::vector<ByteSpan> chain = {leaf, issuing};
    return VerifiedChain::Prove(root(), chain);
  }

  // A device's certificate by France's issuing key, whatever it says.
  Bytes ByFrance(const RawCertificate& raw) {
    return Sign(raw, key_.public_key(), france().key());
  }
  bool OpensslTakes(ByteSpan leaf, PathCheck check = PathCheck::kPlain) {
    return OpensslAccepts({leaf, france().certificate().der(), root().der()},
                          now(), check);
  }
  absl::Status OurVerdict(ByteSpan leaf) {
    return Prove(leaf, france().certificate().der()).status();
  }

  TestPki pki_;
  Ed25519PrivateKey key_ = Ed25519PrivateKey::Generate(pki_.random());
};

TEST_F(ChainTest, AnHonestChainSaysWhoTheKeyBelongsTo) {
  const TestDevice& alice =
      pki_.Device("fr.customs/alice/laptop", {Role::kOfficer});

  ASSERT_OK_AND_ASSIGN(const VerifiedChain chain,
                       VerifiedChain::Prove(root(), alice.IdentityChain()));

  EXPECT_EQ(chain.device(), alice.name);
  EXPECT_EQ(chain.kind(), OrgKind::kCustoms);
  EXPECT_EQ(chain.roles(), RoleSet({Role::kOfficer}));
  EXPECT_EQ(chain.usage(), Usage::kIdentity);
  EXPECT_EQ(chain.signature_key(), alice.identity_key.public_key());
  EXPECT_EQ(chain.fingerprint(), alice.identity.fingerprint());
  EXPECT_EQ(chain.issuer_fingerprint(), alice.issuing.fingerprint());
  EXPECT_EQ(chain.leaf().serial, alice.identity.serial());
  EXPECT_EQ(chain.leaf().issuer, IssuerIdOf(alice.issuing.public_key()));
  EXPECT_EQ(chain.issuing().serial, alice.issuing.serial());
  EXPECT_EQ(chain.issuing().issuer, IssuerIdOf(root().public_key()));
}

// The other tests bend this one certificate: it must be good before.
TEST_F(ChainTest, TheCertificateThatTestsBendIsGood) {
  const Bytes leaf = ByFrance(RawDevice(kAliceUri, now()));

  EXPECT_TRUE(OpensslTakes(leaf));
  EXPECT_TRUE(OpensslTakes(leaf, PathCheck::kStrict));
  EXPECT_OK(OurVerdict(leaf));
}

// ---- the ways around the name constraint -----------------------------------

// Each certificate satisfies OpenSSL's path check, name constraint included,
// and all but one its strict check, which only wants some name to be there.

struct WayAround {
  const char* title;
  const char* names;
  // Also with the flag that crypto/cert sets.
  bool strict_takes_it = true;
};

class WayAroundTest : public ChainTest,
                      public ::testing::WithParamInterface<WayAround> {};

TEST_P(WayAroundTest, OpensslAcceptsAndWeRefuse) {
  const Bytes leaf = ByFrance(RawDevice(GetParam().names, now()));

  EXPECT_TRUE(OpensslTakes(leaf));
  EXPECT_EQ(OpensslTakes(leaf, PathCheck::kStrict), GetParam().strict_takes_it);
  EXPECT_THAT(OurVerdict(leaf), StatusIs(absl::StatusCode::kInvalidArgument));
}

INSTANTIATE_TEST_SUITE_P(
    NameConstraint, WayAroundTest,
    ::testing::Values(
        WayAround{"NoName", "", /*strict_takes_it=*/false},
        WayAround{"DnsName", "DNS:de.customs"},
        WayAround{"MailName", "email:alice@de.customs"},
        WayAround{"IpName", "IP:192.0.2.1"},
        WayAround{"UriAndDnsName",
                  "URI:cordon://fr.customs/alice/laptop,DNS:de.customs"},
        WayAround{"TwoUris",
                  "URI:cordon://fr.customs/alice/laptop,"
                  "URI:cordon://fr.customs/bob/laptop"},
        WayAround{"UserInformation",
                  "URI:cordon://fr.customs:x@de.customs/alice/laptop"},
        WayAround{"UpperCaseHost", "URI:cordon://FR.customs/alice/laptop"},
        WayAround{"Port", "URI:cordon://fr.customs:443/alice/laptop"},
        WayAround{"OtherScheme", "URI:https://fr.customs/alice/laptop"},
        WayAround{"UpperCaseScheme", "URI:CORDON://fr.customs/alice/laptop"},
        WayAround{"UpperCaseUser", "URI:cordon://fr.customs/Alice/laptop"},
        WayAround{"EscapedUser", "URI:cordon://fr.customs/al%69ce/laptop"},
        WayAround{"NoDevice", "URI:cordon://fr.customs/alice"},
        WayAround{"DeeperPath", "URI:cordon://fr.customs/alice/laptop/x"},
        WayAround{"Query", "URI:cordon://fr.customs/alice/laptop?x"},
        WayAround{"DotsForUser", "URI:cordon://fr.customs/../laptop"}),
    [](const auto& tested) { return tested.param.title; });

TEST_F(ChainTest, AZeroByteInTheNameIsRefused) {
  RawCertificate raw = RawDevice("", now());
  // A URI of "cordon://fr.customs/alice/laptop", a zero byte and "x".
  raw.extensions[NID_subject_alt_name] =
      "critical,DER:30:24:86:22:63:6f:72:64:6f:6e:3a:2f:2f:66:72:2e:63:75:73:"
      "74:6f:6d:73:2f:61:6c:69:63:65:2f:6c:61:70:74:6f:70:00:78";

  EXPECT_THAT(OurVerdict(ByFrance(raw)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ChainTest, ASubjectBesideTheNameIsRefusedThoughOpensslTakesIt) {
  RawCertificate raw = RawDevice(kAliceUri, now());
  raw.subject = "the coordinator";
  const Bytes leaf = ByFrance(raw);

  EXPECT_TRUE(OpensslTakes(leaf));
  EXPECT_THAT(OurVerdict(leaf), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ChainTest, ANameThatIsNotCriticalIsRefusedThoughOpensslTakesIt) {
  RawCertificate raw = RawDevice("", now());
  raw.extensions[NID_subject_alt_name] = kAliceUri;
  const Bytes leaf = ByFrance(raw);

  EXPECT_TRUE(OpensslTakes(leaf));
  EXPECT_THAT(OurVerdict(leaf), StatusIs(absl::StatusCode::kInvalidArgument));
}

// ---- whose names an organisation may give -----------------------------------

TEST_F(ChainTest, AnotherOrganisationsNameIsRefused) {
  const Bytes leaf =
      ByFrance(RawDevice("URI:cordon://de.customs/alice/laptop", now()));

  EXPECT_FALSE(OpensslTakes(leaf));
  EXPECT_THAT(OurVerdict(leaf), StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(ChainTest, ANameBelowTheOrganisationsIsRefused) {
  const Bytes leaf =
      ByFrance(RawDevice("URI:cordon://paris.fr.customs/alice/laptop", now()));

  EXPECT_THAT(OurVerdict(leaf), StatusIs(absl::StatusCode::kPermissionDenied));
}

// An issuing certificate by the root itself, whatever it says.
class IssuingTest : public ChainTest {
 protected:
  Bytes ByRoot(const RawCertificate& raw) {
    return Sign(raw, issuing_key_.public_key(), pki_.root().key());
  }
  Bytes LeafBelow(const RawCertificate& raw) {
    return Sign(raw, key_.public_key(), issuing_key_);
  }
  bool OpensslTakesBoth(ByteSpan leaf, ByteSpan issuing) {
    return OpensslAccepts({leaf, issuing, root().der()}, now(),
                          PathCheck::kPlain);
  }

  Ed25519PrivateKey issuing_key_ = Ed25519PrivateKey::Generate(pki_.random());
};

TEST_F(IssuingTest, TheCertificateThatTestsBendIsGood) {
  const Bytes issuing = ByRoot(RawIssuing("permitted;URI:fr.customs", now()));

  EXPECT_THAT(Prove(LeafBelow(RawDevice(kAliceUri, now())), issuing), IsOk());
}

// The constraint that a path check reads as "every host below", in another
// case, for two organisations or for none: the host is never byte-equal.
TEST_F(IssuingTest, AConstraintOnAnythingButOneHostIsRefused) {
  const Bytes leaf = LeafBelow(RawDevice(kAliceUri, now()));

  for (const char* constraint :
       {"permitted;URI:.customs", "permitted;URI:FR.customs",
        "permitted;URI:fr.customs,permitted;URI:de.customs",
        "permitted;URI:fr.customs,permitted;DNS:customs",
        "permitted;URI:fr.customs,excluded;DNS:customs",
        "excluded;URI:de.customs", ""}) {
    SCOPED_TRACE(constraint);
    const Bytes issuing = ByRoot(RawIssuing(constraint, now()));
    EXPECT_TRUE(OpensslTakesBoth(leaf, issuing));
    EXPECT_THAT(Prove(leaf, issuing),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(IssuingTest, AConstraintThatIsNotCriticalIsRefused) {
  RawCertificate raw = RawIssuing("", now());
  raw.extensions[NID_name_constraints] = "permitted;URI:fr.customs";
  const Bytes issuing = ByRoot(raw);
  const Bytes leaf = LeafBelow(RawDevice(kAliceUri, now()));

  EXPECT_TRUE(OpensslTakesBoth(leaf, issuing));
  EXPECT_THAT(Prove(leaf, issuing),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(IssuingTest, AnIssuingCertificateThatMayMakeIssuersIsRefused) {
  RawCertificate raw = RawIssuing("permitted;URI:fr.customs", now());
  const Bytes leaf = LeafBelow(RawDevice(kAliceUri, now()));

  for (const char* basic : {"critical,CA:TRUE", "critical,CA:TRUE,pathlen:1"}) {
    SCOPED_TRACE(basic);
    raw.extensions[NID_basic_constraints] = basic;
    const Bytes issuing = ByRoot(raw);
    EXPECT_TRUE(OpensslTakesBoth(leaf, issuing));
    EXPECT_THAT(Prove(leaf, issuing),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(IssuingTest, AnIssuingCertificateByAnOrganisationIsRefused) {
  const Bytes issuing = Sign(
      [this] {
        RawCertificate raw = RawIssuing("permitted;URI:fr.customs", now());
        raw.issuer = "cordon issuing";
        return raw;
      }(),
      issuing_key_.public_key(), france().key());

  EXPECT_THAT(Prove(LeafBelow(RawDevice(kAliceUri, now())), issuing),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(IssuingTest, AnIssuingCertificateThatOnlyClaimsTheRootIsRefused) {
  const Bytes issuing = Sign(RawIssuing("permitted;URI:fr.customs", now()),
                             issuing_key_.public_key(), france().key());

  EXPECT_THAT(Prove(LeafBelow(RawDevice(kAliceUri, now())), issuing),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(IssuingTest, ProveIssuingTakesTheRootsAndNoOther) {
  TestPki other(2);

  EXPECT_OK(ProveIssuing(root(), france().certificate()));
  EXPECT_THAT(ProveIssuing(root(), other.Org("fr.customs").certificate()),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(
      ProveIssuing(root(), pki_.Device("fr.customs/alice/laptop").identity),
      StatusIs(absl::StatusCode::kInvalidArgument));
}

// ---- roots, shapes, roles, usage, dates -------------------------------------

TEST_F(ChainTest, AnotherRootIsRefused) {
  TestPki other(2);
  const TestDevice& alice = other.Device("fr.customs/alice/laptop");

  EXPECT_THAT(VerifiedChain::Prove(root(), alice.IdentityChain()),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(ChainTest, ALeafUnderAnotherIssuingCertificateIsRefused) {
  const TestDevice& alice = pki_.Device("fr.customs/alice/laptop");
  const TestDevice& dieter = pki_.Device("de.customs/dieter/laptop");

  EXPECT_THAT(Prove(alice.identity.der(), dieter.issuing.der()),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(ChainTest, AForgedSignatureIsRefused) {
  const TestDevice& alice = pki_.Device("fr.customs/alice/laptop");
  Bytes forged = alice.identity.der();
  forged.back() ^= 1;

  EXPECT_THAT(Prove(forged, alice.issuing.der()),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(ChainTest, AnIssuingCertificateIsNoLeaf) {
  EXPECT_THAT(Prove(france().certificate().der(), france().certificate().der()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ChainTest, ADevicesCertificateIssuesNothing) {
  const TestDevice& alice = pki_.Device("fr.customs/alice/laptop");
  const Bytes leaf =
      Sign(RawDevice(kAliceUri, now()), key_.public_key(), alice.identity_key);

  EXPECT_THAT(Prove(leaf, alice.identity.der()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ChainTest, AChainOfAnotherLengthIsRefused) {
  const TestDevice& alice = pki_.Device("fr.customs/alice/laptop");
  const std::vector<ByteSpan> one = {alice.identity.der()};
  const std::vector<ByteSpan> three = {alice.identity.der(),
                                       alice.issuing.der(), root().der()};

  for (const ChainSpan chain :
       {ChainSpan(), ChainSpan(one), ChainSpan(three)}) {
    EXPECT_THAT(VerifiedChain::Prove(root(), chain),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(ChainTest, AMemberMintingACoordinatorIsRefused) {
  RawCertificate raw = RawDevice(kAliceUri, now());
  raw.roles = RolesToDer({Role::kCoordinator});
  const Bytes leaf = ByFrance(raw);

  EXPECT_TRUE(OpensslTakes(leaf));
  EXPECT_THAT(OurVerdict(leaf), StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(ChainTest, AMemberMintingACuratorIsRefused) {
  RawCertificate raw = RawDevice(kAliceUri, now());
  raw.roles = RolesToDer({Role::kOfficer, Role::kCurator});

  EXPECT_THAT(OurVerdict(ByFrance(raw)),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

// The whole table, by certificates that an issuer signed without asking it.
TEST_F(ChainTest, EveryRoleIsTakenFromItsKindsOnly) {
  for (const OrgKind kind : kOrgKinds) {
    const std::string org = "xx." + std::string(OrgKindLabel(kind));
    const OrgIssuer& issuer = pki_.Org(org);
    for (const Role role : kRoles) {
      SCOPED_TRACE(org + " " + std::string(RoleName(role)));
      RawCertificate raw =
          RawDevice("URI:cordon://" + org + "/alice/laptop", now());
      raw.roles = RolesToDer({role});
      const Bytes leaf = Sign(raw, key_.public_key(), issuer.key());

      const absl::StatusOr<VerifiedChain> chain =
          Prove(leaf, issuer.certificate().der());

      if (MayCarry(kind, role)) {
        ASSERT_OK(chain);
        EXPECT_EQ(chain->roles(), RoleSet({role}));
        EXPECT_EQ(chain->kind(), kind);
      } else {
        EXPECT_THAT(chain, StatusIs(absl::StatusCode::kPermissionDenied));
      }
    }
  }
}

TEST_F(ChainTest, ARoleFromANewerBuildGrantsNothingHere) {
  RawCertificate raw = RawDevice(kAliceUri, now());
  raw.roles = {0x30, 0x06, 0x02, 0x01, 0x03, 0x02, 0x01, 0x40};
  const Bytes leaf = ByFrance(raw);

  ASSERT_OK_AND_ASSIGN(const VerifiedChain chain,
                       Prove(leaf, france().certificate().der()));
  EXPECT_EQ(chain.roles(), RoleSet({Role::kOfficer}));
}

TEST_F(ChainTest, TheLongestNamesFit) {
  const std::string org = std::string(kOrgNameBytesMax - 8, 'o') + ".customs";
  const std::string segment(kNameSegmentBytesMax, 's');
  const std::string name = org + "/" + segment + "/" + segment;
  const TestDevice& device =
      pki_.Device(name, {Role::kContactPoint, Role::kOfficer, Role::kAnalyst});

  ASSERT_OK_AND_ASSIGN(const VerifiedChain chain,
                       VerifiedChain::Prove(root(), device.TransportChain()));
  EXPECT_EQ(chain.device().text(), name);
  EXPECT_EQ(chain.device().uri().size(), kDeviceUriBytesMax);
}

TEST_F(ChainTest, AChainInTheWrongOrderIsRefused) {
  const TestDevice& alice = pki_.Device("fr.customs/alice/laptop");

  EXPECT_THAT(Prove(alice.issuing.der(), alice.identity.der()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Prove(alice.identity.der(), root().der()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ChainTest, ARootUnderADevicesNameIsNoDevice) {
  EXPECT_THAT(Prove(root().der(), france().certificate().der()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

// The organisation's certificate was renewed with the same key: old leaves
// stay good under the new one, and revocations of both are the same issuer's.
TEST_F(ChainTest, ARenewedIssuerStandsBehindItsOldLeaves) {
  const TestDevice& alice = pki_.Device("fr.customs/alice/laptop");
  pki_.clock().Advance(absl::Hours(24 * 300));
  ASSERT_OK_AND_ASSIGN(
      const Certificate renewed,
      pki_.root().IssueIssuing(
          Csr::ForIssuing(alice.name.org(), france().key()), pki_.Now()));

  ASSERT_OK_AND_ASSIGN(const VerifiedChain before,
                       Prove(alice.identity.der(), alice.issuing.der()));
  ASSERT_OK_AND_ASSIGN(const VerifiedChain after,
                       Prove(alice.identity.der(), renewed.der()));

  EXPECT_NE(before.issuer_fingerprint(), after.issuer_fingerprint());
  EXPECT_EQ(before.leaf().issuer, after.leaf().issuer);
  EXPECT_NE(before.issuing().serial, after.issuing().serial);
}

TEST_F(ChainTest, TheAuthorityMayHaveACoordinator) {
  const TestDevice& unit = pki_.Device("ocu.authority/carol/desk",
                                       {Role::kCoordinator, Role::kCurator});

  ASSERT_OK_AND_ASSIGN(const VerifiedChain chain,
                       VerifiedChain::Prove(root(), unit.IdentityChain()));
  EXPECT_TRUE(chain.roles().Has(Role::kCoordinator));
}

TEST_F(ChainTest, EachKeyIsForItsOwnUsageOnly) {
  const TestDevice& alice = pki_.Device("fr.customs/alice/laptop");
  ASSERT_OK_AND_ASSIGN(const VerifiedChain identity,
                       VerifiedChain::Prove(root(), alice.IdentityChain()));
  ASSERT_OK_AND_ASSIGN(const VerifiedChain transport,
                       VerifiedChain::Prove(root(), alice.TransportChain()));
  const auto refused = StatusIs(absl::StatusCode::kPermissionDenied);

  EXPECT_OK(identity.CheckUsage(Usage::kIdentity));
  EXPECT_THAT(identity.CheckUsage(Usage::kTransport), refused);
  EXPECT_OK(transport.CheckUsage(Usage::kTransport));
  EXPECT_THAT(transport.CheckUsage(Usage::kIdentity), refused);
}

TEST_F(ChainTest, DatesAreTheNarrowestOfTheChainAndInclusive) {
  const absl::Time start = now();
  france();
  pki_.clock().Advance(absl::Hours(24 * 30));
  const TestDevice& alice = pki_.Device("fr.customs/alice/laptop");
  ASSERT_OK_AND_ASSIGN(const VerifiedChain chain,
                       VerifiedChain::Prove(root(), alice.IdentityChain()));
  const auto refused = StatusIs(absl::StatusCode::kUnauthenticated);
  const absl::Time first = start + absl::Hours(24 * 29);
  const absl::Time last = start + absl::Hours(24 * 365);

  EXPECT_THAT(chain.CheckDates(first - absl::Seconds(1)), refused);
  EXPECT_OK(chain.CheckDates(first));
  EXPECT_OK(chain.CheckDates(last));
  EXPECT_THAT(chain.CheckDates(last + absl::Seconds(1)), refused);
}

TEST_F(ChainTest, NoPrefixOfAnHonestChainIsProven) {
  const TestDevice& alice = pki_.Device("fr.customs/alice/laptop");
  const ByteSpan leaf = alice.identity.der();

  for (size_t size = 0; size < leaf.size(); ++size) {
    EXPECT_THAT(Prove(leaf.first(size), alice.issuing.der()),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << size;
  }
}

TEST_F(ChainTest, NoFlippedBitOfAnHonestCertificateIsProven) {
  const TestDevice& alice = pki_.Device("fr.customs/alice/laptop");

  for (size_t bit = 0; bit < alice.identity.der().size() * 8; bit += 5) {
    Bytes bent = alice.identity.der();
    bent[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(Prove(bent, alice.issuing.der()).ok()) << bit;
  }
}

}  // namespace
}  // namespace cordon::cert
