#include "crypto/cert/invitation.h"

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/cert/name.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/role.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::cert {
namespace {

using ::cordon::testing::FakeClock;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;

const auto kRefused = StatusIs(absl::StatusCode::kInvalidArgument);

class InvitationTest : public ::testing::Test {
 protected:
  Offer Good() {
    return {.kind = InvitationKind::kDevice,
            .relay = "relay.example:7443",
            .pin = Pin::Random(random_),
            .root = Fingerprint::Random(random_),
            .user = *UserName::Parse("fr.customs/alice"),
            .roles = {Role::kOfficer, Role::kAnalyst},
            .expires = clock_.Now() + absl::Hours(72)};
  }
  Invitation Made() {
    return *Invitation::Create(Good(), clock_.Now(), random_);
  }
  static std::string Text(const Invitation& invitation) {
    return ToString(invitation.ToText().ExposeSecret());
  }

  FakeClock clock_;
  SeededRandom random_{1};
};

TEST_F(InvitationTest, TheTextReadsBackWhole) {
  const Invitation made = Made();

  ASSERT_OK_AND_ASSIGN(const Invitation read,
                       Invitation::ParseText(Text(made)));

  EXPECT_EQ(read.id(), made.id());
  EXPECT_EQ(read.offer().kind, made.offer().kind);
  EXPECT_EQ(read.offer().relay, made.offer().relay);
  EXPECT_EQ(read.offer().pin, made.offer().pin);
  EXPECT_EQ(read.offer().root, made.offer().root);
  EXPECT_EQ(read.offer().user, made.offer().user);
  EXPECT_EQ(read.offer().roles, made.offer().roles);
  EXPECT_EQ(read.offer().expires, made.offer().expires);
  EXPECT_EQ(read.Key().public_key(), made.Key().public_key());
  EXPECT_EQ(Text(read), Text(made));
}

TEST_F(InvitationTest, TheTextIsOneWordThatSaysWhatItIs) {
  const std::string text = Text(Made());

  EXPECT_TRUE(absl::StartsWith(text, "cordon+join:"));
  EXPECT_EQ(text.find_first_of(" \n='\"\\"), std::string::npos);
  EXPECT_LT(text.size(), 400U);
}

TEST_F(InvitationTest, SpaceAroundAPasteIsIgnored) {
  EXPECT_OK(Invitation::ParseText(absl::StrCat("  ", Text(Made()), "\r\n")));
}

TEST_F(InvitationTest, EveryTruncatedPasteIsRefused) {
  const std::string text = Text(Made());
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_THAT(Invitation::ParseText(text.substr(0, size)), kRefused) << size;
  }
}

TEST_F(InvitationTest, EveryMistypedCharacterIsRefused) {
  const std::string text = Text(Made());
  for (size_t i = kInvitationPrefix.size(); i < text.size(); ++i) {
    std::string bent = text;
    bent[i] = bent[i] == 'A' ? 'B' : 'A';
    EXPECT_THAT(Invitation::ParseText(bent), kRefused) << i;
  }
}

TEST_F(InvitationTest, OtherTextIsRefused) {
  const std::string text = Text(Made());

  for (const std::string& other :
       {std::string(), std::string("hello"), std::string("cordon+join:"),
        std::string("cordon+join:AA"), std::string("cordon+join:%%%"),
        absl::StrCat(text, "AAAA"), absl::StrCat(text, "="),
        absl::StrCat("CORDON+JOIN:", text.substr(12)),
        absl::StrCat("cordon+join:", std::string(2000, 'A'))}) {
    EXPECT_THAT(Invitation::ParseText(other), kRefused) << other;
  }
}

TEST_F(InvitationTest, EachHasItsOwnIdAndKey) {
  const Invitation a = Made();
  const Invitation b = Made();

  EXPECT_NE(a.id(), b.id());
  EXPECT_NE(a.Key().public_key(), b.Key().public_key());
  EXPECT_EQ(a.Key().public_key(), a.CloneSecret().Key().public_key());
}

TEST_F(InvitationTest, ExpiresAtItsInstant) {
  const Invitation made = Made();
  const absl::Time expires = made.offer().expires;

  EXPECT_FALSE(made.ExpiredAt(expires - absl::Seconds(1)));
  EXPECT_TRUE(made.ExpiredAt(expires));
}

TEST_F(InvitationTest, ItsLifetimeIsBounded) {
  Offer offer = Good();
  offer.expires = clock_.Now();
  EXPECT_THAT(Invitation::Create(offer, clock_.Now(), random_), kRefused);

  offer.expires = clock_.Now() + kInvitationLifetimeMax;
  EXPECT_OK(Invitation::Create(offer, clock_.Now(), random_));

  offer.expires += absl::Seconds(1);
  EXPECT_THAT(Invitation::Create(offer, clock_.Now(), random_), kRefused);
}

TEST_F(InvitationTest, OffersNoRoleThatTheKindMayNotCarry) {
  Offer offer = Good();
  offer.roles.Add(Role::kCoordinator);

  EXPECT_THAT(Invitation::Create(offer, clock_.Now(), random_),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(InvitationTest, TheRelaysAddressIsHostAndPort) {
  for (const char* good :
       {"relay.example:1", "192.0.2.1:65535", "[2001:db8::1]:7443"}) {
    Offer offer = Good();
    offer.relay = good;
    EXPECT_OK(Invitation::Create(offer, clock_.Now(), random_)) << good;
  }
  for (const std::string& bad :
       {std::string("relay.example"), std::string(":7443"), std::string(""),
        std::string("relay.example:0"), std::string("relay.example:65536"),
        std::string("relay.example:x"), std::string("re lay:1"),
        std::string("http://relay:1"), std::string(260, 'a') + ":1"}) {
    Offer offer = Good();
    offer.relay = bad;
    EXPECT_THAT(Invitation::Create(offer, clock_.Now(), random_), kRefused)
        << bad;
  }
}

TEST(RolesBytesTest, ReadBackAscendingAndKnownOnly) {
  const RoleSet roles = {Role::kCurator, Role::kCoordinator};

  EXPECT_EQ(RolesToBytes(roles), Bytes({1, 5}));
  EXPECT_THAT(RolesFromBytes(Bytes({1, 5})), IsOkAndHolds(roles));
  EXPECT_THAT(RolesFromBytes(Bytes()), IsOkAndHolds(RoleSet()));
  for (const Bytes& bad :
       {Bytes{5, 1}, Bytes{1, 1}, Bytes{0}, Bytes{6}, Bytes{255}}) {
    EXPECT_THAT(RolesFromBytes(bad), kRefused);
  }
}

TEST(InvitationKindTest, NumbersReadBack) {
  EXPECT_THAT(InvitationKindFrom(1),
              IsOkAndHolds(InvitationKind::kOrganisation));
  EXPECT_THAT(InvitationKindFrom(2), IsOkAndHolds(InvitationKind::kDevice));
  EXPECT_THAT(InvitationKindFrom(0), kRefused);
  EXPECT_THAT(InvitationKindFrom(3), kRefused);
}

}  // namespace
}  // namespace cordon::cert
