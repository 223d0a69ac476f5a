#include "crypto/cert/join_request.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/secret.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/csr.h"
#include "crypto/cert/invitation.h"
#include "crypto/cert/name.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/role.h"
#include "crypto/codec/writer.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::cert {
namespace {

using ::cordon::testing::FakeClock;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

const auto kDenied = StatusIs(absl::StatusCode::kPermissionDenied);
const auto kUnproven = StatusIs(absl::StatusCode::kUnauthenticated);
const auto kMalformed = StatusIs(absl::StatusCode::kInvalidArgument);

class JoinRequestTest : public ::testing::Test {
 protected:
  Offer Offered() {
    return {.kind = InvitationKind::kDevice,
            .relay = "relay.example:7443",
            .pin = pin_,
            .root = root_,
            .user = *UserName::Parse("fr.customs/alice"),
            .roles = {Role::kOfficer},
            .expires = clock_.Now() + absl::Hours(72)};
  }
  Invitation Invite(const Offer& offer) {
    return *Invitation::Create(offer, clock_.Now(), random_);
  }
  JoinRequest Request(const Invitation& invitation) {
    return *JoinRequest::Create(
        invitation, "laptop",
        JoinKeys::Generate(invitation.offer().kind, random_), clock_.Now());
  }
  // Always the same id and secret, whatever is offered.
  Invitation Reproducible(const Offer& offer) {
    SeededRandom same(kSecretSeed);
    return *Invitation::Create(offer, clock_.Now(), same);
  }

  static constexpr uint64_t kSecretSeed = 99;
  FakeClock clock_;
  SeededRandom random_{1};
  Pin pin_ = Pin::Random(random_);
  Fingerprint root_ = Fingerprint::Random(random_);
};

TEST_F(JoinRequestTest, ReadsBackAndIsTrueForBothSides) {
  const Invitation invitation = Invite(Offered());
  const JoinKeys keys = JoinKeys::Generate(InvitationKind::kDevice, random_);
  ASSERT_OK_AND_ASSIGN(
      const JoinRequest made,
      JoinRequest::Create(invitation, "laptop", keys, clock_.Now()));

  ASSERT_OK_AND_ASSIGN(const JoinRequest read,
                       JoinRequest::Parse(made.bytes()));

  EXPECT_EQ(read.bytes(), made.bytes());
  EXPECT_EQ(read.invitation(), invitation.id());
  EXPECT_EQ(read.kind(), InvitationKind::kDevice);
  EXPECT_EQ(read.device().text(), "fr.customs/alice/laptop");
  EXPECT_EQ(read.roles(), RoleSet({Role::kOfficer}));
  EXPECT_EQ(read.identity().public_key(), keys.identity.public_key());
  EXPECT_EQ(read.transport().public_key(), keys.transport.public_key());
  EXPECT_FALSE(read.issuing().has_value());
  EXPECT_OK(read.VerifyAtRelay(invitation.Key().public_key(),
                               invitation.offer().expires, clock_.Now()));
  EXPECT_OK(read.VerifyAtInviter(invitation));
}

TEST_F(JoinRequestTest, AnOrganisationsCarriesAnIssuingKey) {
  Offer offer = Offered();
  offer.kind = InvitationKind::kOrganisation;
  offer.roles = {Role::kContactPoint};
  const Invitation invitation = Invite(offer);

  const JoinRequest request = Request(invitation);

  ASSERT_TRUE(request.issuing().has_value());
  EXPECT_EQ(request.issuing()->org().text(), "fr.customs");
  EXPECT_OK(request.VerifyAtInviter(invitation));
}

TEST_F(JoinRequestTest, AnExpiredInvitationMakesNoRequest) {
  const Invitation invitation = Invite(Offered());
  const JoinKeys keys = JoinKeys::Generate(InvitationKind::kDevice, random_);

  EXPECT_THAT(JoinRequest::Create(invitation, "laptop", keys,
                                  invitation.offer().expires),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(JoinRequestTest, ADeviceNameThatIsNoneIsRefused) {
  const Invitation invitation = Invite(Offered());
  const JoinKeys keys = JoinKeys::Generate(InvitationKind::kDevice, random_);

  for (const char* device : {"", "Laptop", "my laptop", "../x", "a/b"}) {
    EXPECT_THAT(JoinRequest::Create(invitation, device, keys, clock_.Now()),
                kMalformed)
        << device;
  }
}

TEST_F(JoinRequestTest, TheRelayTurnsLatecomersAway) {
  const Invitation invitation = Invite(Offered());
  const JoinRequest request = Request(invitation);
  const absl::Time expires = invitation.offer().expires;
  const Ed25519PublicKey key = invitation.Key().public_key();

  EXPECT_OK(request.VerifyAtRelay(key, expires, expires - absl::Seconds(1)));
  EXPECT_THAT(request.VerifyAtRelay(key, expires, expires),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_OK(request.VerifyAtInviter(invitation))
      << "a request taken in time is answered later, too";
}

TEST_F(JoinRequestTest, AForgedInvitationIsUnproven) {
  const Invitation invitation = Invite(Offered());
  const Invitation forged = Invite(Offered());
  const JoinRequest request = Request(forged);

  EXPECT_THAT(request.VerifyAtRelay(invitation.Key().public_key(),
                                    invitation.offer().expires, clock_.Now()),
              kUnproven);
  EXPECT_THAT(request.VerifyAtInviter(invitation), kUnproven);
}

// The joiner holds a text whose offer somebody bent (a liar between inviter
// and joiner, or the joiner itself): the key is right, the claim is not.
TEST_F(JoinRequestTest, WhatWasNotOfferedIsDenied) {
  const Invitation honest = Reproducible(Offered());
  const auto verdict = [&](auto bend) {
    Offer offer = Offered();
    bend(offer);
    return Request(Reproducible(offer)).VerifyAtInviter(honest);
  };

  EXPECT_OK(verdict([](Offer&) {}));
  EXPECT_THAT(verdict([&](Offer& o) { o.pin = Pin::Random(random_); }),
              kDenied);
  EXPECT_THAT(verdict([&](Offer& o) { o.root = Fingerprint::Random(random_); }),
              kDenied);
  EXPECT_THAT(
      verdict([](Offer& o) { o.user = *UserName::Parse("fr.customs/bob"); }),
      kDenied);
  EXPECT_THAT(
      verdict([](Offer& o) { o.user = *UserName::Parse("de.customs/alice"); }),
      kDenied);
  EXPECT_THAT(verdict([](Offer& o) { o.roles.Add(Role::kContactPoint); }),
              kDenied);
  EXPECT_THAT(verdict([](Offer& o) { o.expires += absl::Hours(1); }), kDenied);
  EXPECT_THAT(verdict([](Offer& o) { o.kind = InvitationKind::kOrganisation; }),
              kDenied);
}

TEST_F(JoinRequestTest, ARelayThatSwapsAKeyIsFoundOut) {
  const Invitation invitation = Invite(Offered());
  const JoinRequest honest = Request(invitation);
  const JoinRequest relays = Request(invitation);
  // The relay's own CSR for the same name, in the place of the joiner's.
  const Bytes& mine = honest.identity().der();
  const Bytes& theirs = relays.identity().der();
  ASSERT_EQ(mine.size(), theirs.size());
  Bytes swapped = honest.bytes();
  const auto place =
      std::search(swapped.begin(), swapped.end(), mine.begin(), mine.end());
  ASSERT_NE(place, swapped.end());
  std::copy(theirs.begin(), theirs.end(), place);

  ASSERT_OK_AND_ASSIGN(const JoinRequest request, JoinRequest::Parse(swapped));

  EXPECT_EQ(request.identity().public_key(), relays.identity().public_key());
  EXPECT_THAT(request.VerifyAtInviter(invitation), kUnproven);
  EXPECT_THAT(request.VerifyAtRelay(invitation.Key().public_key(),
                                    invitation.offer().expires, clock_.Now()),
              kUnproven);
}

TEST_F(JoinRequestTest, NoFlippedBitIsTrue) {
  const Invitation invitation = Invite(Offered());
  const Bytes bytes = Request(invitation).bytes();

  for (size_t bit = 0; bit < bytes.size() * 8; bit += 7) {
    Bytes bent = bytes;
    bent[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
    const absl::StatusOr<JoinRequest> request = JoinRequest::Parse(bent);
    EXPECT_FALSE(request.ok() && request->VerifyAtInviter(invitation).ok())
        << bit;
  }
}

TEST_F(JoinRequestTest, NoPrefixParsesAndNothingMayFollow) {
  Bytes bytes = Request(Invite(Offered())).bytes();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(JoinRequest::Parse(ByteSpan(bytes).first(size)), kMalformed);
  }
  bytes.push_back(0);
  EXPECT_THAT(JoinRequest::Parse(bytes), kMalformed);
  EXPECT_THAT(JoinRequest::Parse(Bytes(kJoinRequestBytesMax + 1)), kMalformed);
}

// ---- claims that a well-signed but dishonest request could make
// ---------------

class DishonestRequestTest : public JoinRequestTest {
 protected:
  struct Csrs {
    Bytes identity;
    Bytes transport;
    Bytes issuing;  // empty for none
  };
  static Csr For(Usage usage, const char* device,
                 const Ed25519PrivateKey& key) {
    return Csr::ForDevice(usage, *DeviceName::Parse(device), key);
  }
  absl::Status Verdict(const Csrs& csrs) {
    codec::Writer claim;
    claim.Fixed(InvitationId::Random(random_).span());
    claim.Fixed(pin_.span());
    claim.Fixed(root_.span());
    claim.U8(static_cast<uint8_t>(csrs.issuing.empty()
                                      ? InvitationKind::kDevice
                                      : InvitationKind::kOrganisation));
    claim.Vector(AsBytes("fr.customs/alice/laptop"));
    claim.Vector(RolesToBytes({}));
    claim.U64(1);
    claim.Vector(csrs.identity);
    claim.Vector(csrs.transport);
    claim.Present(!csrs.issuing.empty());
    if (!csrs.issuing.empty()) claim.Vector(csrs.issuing);
    codec::Writer out;
    out.U8(1);
    out.Vector(claim.bytes());
    out.Fixed(Bytes(kEd25519SignatureBytes));
    return JoinRequest::Parse(out.bytes()).status();
  }

  static constexpr char kMine[] = "fr.customs/alice/laptop";
  static constexpr char kOther[] = "fr.customs/bob/laptop";
  Ed25519PrivateKey a_ = Ed25519PrivateKey::Generate(random_);
  Ed25519PrivateKey b_ = Ed25519PrivateKey::Generate(random_);
  Ed25519PrivateKey c_ = Ed25519PrivateKey::Generate(random_);
  Bytes identity_ = For(Usage::kIdentity, kMine, a_).der();
  Bytes transport_ = For(Usage::kTransport, kMine, b_).der();
};

TEST_F(DishonestRequestTest, TheClaimThatTestsBendIsGood) {
  EXPECT_OK(Verdict({identity_, transport_, {}}));
  EXPECT_OK(
      Verdict({identity_, transport_,
               Csr::ForIssuing(*OrgName::Parse("fr.customs"), c_).der()}));
}

TEST_F(DishonestRequestTest, AKeyForAnotherNameIsRefused) {
  EXPECT_THAT(
      Verdict({For(Usage::kIdentity, kOther, a_).der(), transport_, {}}),
      kMalformed);
  EXPECT_THAT(
      Verdict({identity_, For(Usage::kTransport, kOther, b_).der(), {}}),
      kMalformed);
  EXPECT_THAT(
      Verdict({identity_, transport_,
               Csr::ForIssuing(*OrgName::Parse("de.customs"), c_).der()}),
      kMalformed);
}

TEST_F(DishonestRequestTest, AKeyForAnotherUseIsRefused) {
  EXPECT_THAT(Verdict({transport_, identity_, {}}), kMalformed);
  EXPECT_THAT(
      Verdict({identity_, transport_, For(Usage::kIdentity, kMine, c_).der()}),
      kMalformed);
}

TEST_F(DishonestRequestTest, OneKeyInTwoUsesIsRefused) {
  EXPECT_THAT(Verdict({identity_, For(Usage::kTransport, kMine, a_).der(), {}}),
              kMalformed);
  EXPECT_THAT(
      Verdict({identity_, transport_,
               Csr::ForIssuing(*OrgName::Parse("fr.customs"), a_).der()}),
      kMalformed);
  EXPECT_THAT(
      Verdict({identity_, transport_,
               Csr::ForIssuing(*OrgName::Parse("fr.customs"), b_).der()}),
      kMalformed);
}

TEST(JoinKeysTest, KeptKeysReadBackAndNothingElseDoes) {
  cordon::testing::SeededRandom random(11);
  for (const InvitationKind kind :
       {InvitationKind::kOrganisation, InvitationKind::kDevice}) {
    const JoinKeys keys = JoinKeys::Generate(kind, random);
    ASSERT_OK_AND_ASSIGN(const JoinKeys again,
                         JoinKeys::Parse(keys.Serialize()));

    EXPECT_EQ(again.identity.public_key(), keys.identity.public_key());
    EXPECT_EQ(again.transport.public_key(), keys.transport.public_key());
    ASSERT_EQ(again.issuing.has_value(), keys.issuing.has_value());
    if (keys.issuing.has_value()) {
      EXPECT_EQ(again.issuing->public_key(), keys.issuing->public_key());
    }
    const SecretBytes whole = keys.Serialize();
    EXPECT_THAT(JoinKeys::Parse(SecretBytes::Copy(
                    whole.ExposeSecret().first(whole.size() - 1))),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

}  // namespace
}  // namespace cordon::cert
