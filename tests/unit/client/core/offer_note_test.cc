#include "client/core/offer_note.h"

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command.h"
#include "crypto/base/bytes.h"
#include "crypto/cert/invitation.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "tests/support/status_matchers.h"

namespace cordon::client {
namespace {

using ::cordon::testing::StatusIs;

OfferNote Note() {
  return {.kind = cert::InvitationKind::kOrganisation,
          .user = cert::UserName::Parse("fr.customs/alice").value(),
          .roles = {cert::Role::kContactPoint},
          .expires = absl::FromUnixSeconds(1'701'680'400),
          .person = "Alice",
          .info = {.title = "France", .country = "FR", .region = "EUR"}};
}

TEST(OfferNoteTest, ReadsBackWhole) {
  ASSERT_OK_AND_ASSIGN(const OfferNote note, ParseOfferNote(Serialize(Note())));

  EXPECT_EQ(note.kind, cert::InvitationKind::kOrganisation);
  EXPECT_EQ(note.user.text(), "fr.customs/alice");
  EXPECT_EQ(note.roles, Note().roles);
  EXPECT_EQ(note.expires, Note().expires);
  EXPECT_EQ(note.person, "Alice");
  EXPECT_EQ(note.info.title, "France");
  EXPECT_EQ(note.info.country, "FR");
  EXPECT_EQ(note.info.region, "EUR");
}

TEST(OfferNoteTest, BytesThatDoNotParseAreDamage) {
  Bytes bytes = Serialize(Note());
  bytes.push_back(0);
  EXPECT_THAT(ParseOfferNote(bytes), StatusIs(absl::StatusCode::kDataLoss));
  bytes.resize(bytes.size() / 2);
  EXPECT_THAT(ParseOfferNote(bytes), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(ParseOfferNote({}), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(OrganisationInfoTest, OnlyCodesThatExistPass) {
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);
  EXPECT_OK(Validate({.title = "France", .country = "FR", .region = "EUR"},
                     cert::OrgKind::kCustoms));
  EXPECT_OK(Validate({.title = "Interpol"}, cert::OrgKind::kPartner));
  EXPECT_THAT(Validate({.country = "FR"}, cert::OrgKind::kPartner), refused);
  EXPECT_THAT(
      Validate({.title = "X", .country = "XX"}, cert::OrgKind::kPartner),
      refused);
  EXPECT_THAT(Validate({.title = "X", .region = "XX"}, cert::OrgKind::kPartner),
              refused);
  EXPECT_THAT(
      Validate({.title = "X", .country = "FR"}, cert::OrgKind::kCustoms),
      refused);
}

}  // namespace
}  // namespace cordon::client
