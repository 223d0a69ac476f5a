#include "client/core/invitations.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command.h"
#include "client/core/event.h"
#include "crypto/base/bytes.h"
#include "tests/support/client_town.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_vault.h"
#include "tests/support/test_client.h"

namespace cordon::client {
namespace {

using ::cordon::testing::ClientTown;
using ::cordon::testing::JoinOrganisation;
using ::cordon::testing::Passphrase;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestClient;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class InvitationsTest : public ::testing::Test {
 protected:
  static InviteOrganisation ForFrance() {
    return {.organisation = "fr.customs",
            .info = {.title = "France", .country = "FR", .region = "EUR"},
            .contact = "alice",
            .contact_name = "Alice",
            .lifetime = absl::Hours(1)};
  }

  static client::Approve ApproveAll() {
    return {.root_passphrase = Passphrase("root passphrase")};
  }

  InvitationsView List() {
    auto view = chief_.As<InvitationsView>(ListInvitations{});
    EXPECT_OK(view);
    return *std::move(view);
  }

  ClientTown town_;
  TestClient& chief_ = town_.chief();
  TestClient& alice_ = town_.Add();
};

TEST_F(InvitationsTest, InvitationIsListedWithWhatItOffers) {
  ASSERT_OK_AND_ASSIGN(const InvitationMade made,
                       chief_.As<InvitationMade>(ForFrance()));

  const InvitationsView view = List();
  ASSERT_THAT(view.invitations, SizeIs(1));
  EXPECT_EQ(view.invitations[0].id, made.id);
  EXPECT_EQ(view.invitations[0].offered, "fr.customs/alice");
  EXPECT_THAT(view.invitations[0].roles, ElementsAre("contact-point"));
  EXPECT_TRUE(view.invitations[0].for_organisation);
  EXPECT_EQ(view.invitations[0].stage, InvitationStage::kOpen);
}

TEST_F(InvitationsTest, StageFollowsTheJoiner) {
  ASSERT_OK_AND_ASSIGN(InvitationMade made,
                       chief_.As<InvitationMade>(ForFrance()));
  alice_.Begin(
      client::Join{.invitation = std::move(made.text), .device = "laptop"});
  EXPECT_EQ(List().invitations.at(0).stage, InvitationStage::kRequested);

  ASSERT_OK_AND_ASSIGN(const Approved approved,
                       chief_.As<Approved>(ApproveAll()));

  EXPECT_THAT(approved.names, ElementsAre("fr.customs/alice"));
  EXPECT_THAT(approved.refusals, IsEmpty());
  EXPECT_EQ(List().invitations.at(0).stage, InvitationStage::kApproved);
}

TEST_F(InvitationsTest, WhoAsksToJoinIsToldOnceThoughApproveLearnsOfItFirst) {
  ASSERT_OK_AND_ASSIGN(InvitationMade made,
                       chief_.As<InvitationMade>(ForFrance()));
  alice_.Begin(
      client::Join{.invitation = std::move(made.text), .device = "laptop"});
  ASSERT_THAT(chief_.Told<JoinRequested>(), IsEmpty());

  ASSERT_OK(chief_.Do(ApproveAll()));
  chief_.Step();

  const std::vector<JoinRequested> told = chief_.Told<JoinRequested>();
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].invitation, made.id);
  EXPECT_EQ(told[0].offered, "fr.customs/alice");
}

TEST_F(InvitationsTest, UnusedInvitationExpires) {
  ASSERT_OK(chief_.Do(ForFrance()));
  town_.clock().Advance(absl::Hours(2));

  EXPECT_EQ(List().invitations.at(0).stage, InvitationStage::kExpired);
}

TEST_F(InvitationsTest, ApprovingTwiceAnswersOnce) {
  ASSERT_OK(JoinOrganisation(chief_, alice_, "fr.customs", "alice"));

  ASSERT_OK_AND_ASSIGN(const Approved again, chief_.As<Approved>(ApproveAll()));

  EXPECT_THAT(again.names, IsEmpty());
}

TEST_F(InvitationsTest, WrongRootPassphraseCertifiesNobody) {
  ASSERT_OK_AND_ASSIGN(InvitationMade made,
                       chief_.As<InvitationMade>(ForFrance()));
  alice_.Begin(
      client::Join{.invitation = std::move(made.text), .device = "laptop"});

  EXPECT_THAT(
      chief_.Do(client::Approve{.root_passphrase = Passphrase("wrong")}),
      StatusIs(absl::StatusCode::kPermissionDenied));

  EXPECT_THAT(town_.world().invitations.begin()->second.answer, IsEmpty());
  EXPECT_EQ(List().invitations.at(0).stage, InvitationStage::kRequested);
}

TEST_F(InvitationsTest, OneInvitationIsMeantByNameOrByPrefixOfItsId) {
  ASSERT_OK_AND_ASSIGN(const InvitationMade made,
                       chief_.As<InvitationMade>(ForFrance()));
  const std::string prefix = ToHex(made.id.span()).substr(0, 6);

  EXPECT_THAT(chief_.Do(client::Approve{.invitation = "fr.customs/alice"}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(chief_.Do(client::Approve{.invitation = "de.customs/alice"}),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_OK(chief_.Do(RevokeInvitation{.invitation = prefix}));
}

TEST_F(InvitationsTest, NameThatMeansTwoAsksForMore) {
  ASSERT_OK(chief_.Do(ForFrance()));
  ASSERT_OK(chief_.Do(ForFrance()));

  EXPECT_THAT(chief_.Do(RevokeInvitation{.invitation = "fr.customs/alice"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(InvitationsTest, NameThatMeansTwoIsWhoHasAsked) {
  ASSERT_OK(chief_.Do(ForFrance()));
  ASSERT_OK_AND_ASSIGN(InvitationMade used,
                       chief_.As<InvitationMade>(ForFrance()));
  alice_.Begin(
      client::Join{.invitation = std::move(used.text), .device = "laptop"});
  client::Approve approve = ApproveAll();
  approve.invitation = "fr.customs/alice";

  ASSERT_OK_AND_ASSIGN(const Approved approved,
                       chief_.As<Approved>(std::move(approve)));

  EXPECT_THAT(approved.names, ElementsAre("fr.customs/alice"));
}

TEST_F(InvitationsTest, RevokedInvitationCannotBeUsed) {
  ASSERT_OK_AND_ASSIGN(InvitationMade made,
                       chief_.As<InvitationMade>(ForFrance()));
  ASSERT_OK(chief_.Do(RevokeInvitation{.invitation = "fr.customs/alice"}));

  EXPECT_THAT(alice_.Do(client::Join{.invitation = std::move(made.text),
                                     .device = "laptop"}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(List().invitations.at(0).stage, InvitationStage::kClosed);
}

TEST_F(InvitationsTest, InvitationTheRelayDidNotTakeIsClosed) {
  chief_.relay().FailNext(absl::UnavailableError("away"));

  EXPECT_THAT(chief_.Do(ForFrance()), StatusIs(absl::StatusCode::kUnavailable));

  EXPECT_EQ(List().invitations.at(0).stage, InvitationStage::kClosed);
}

TEST_F(InvitationsTest, ContactPointInvitesItsOwnUsersOnly) {
  ASSERT_OK(JoinOrganisation(chief_, alice_, "fr.customs", "alice"));

  EXPECT_OK(alice_.Do(InviteUser{.user = "bob",
                                 .user_name = "Bob",
                                 .role = "officer",
                                 .lifetime = absl::Hours(1)}));
  EXPECT_THAT(alice_.Do(ForFrance()),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(InvitationsTest, MemberCannotInviteACoordinator) {
  ASSERT_OK(JoinOrganisation(chief_, alice_, "fr.customs", "alice"));

  EXPECT_THAT(alice_.Do(InviteUser{.user = "eve",
                                   .user_name = "Eve",
                                   .role = "coordinator",
                                   .lifetime = absl::Hours(1)}),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(InvitationsTest, WrongWordsAreRefusedBeforeAnythingIsMade) {
  InviteOrganisation no_country = ForFrance();
  no_country.info.country.clear();
  InviteOrganisation no_kind = ForFrance();
  no_kind.organisation = "france";
  InviteOrganisation endless = ForFrance();
  endless.lifetime = absl::Hours(24 * 365);

  for (const InviteOrganisation& wanted : {no_country, no_kind, endless}) {
    EXPECT_THAT(chief_.Do(wanted),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
  EXPECT_THAT(List().invitations, IsEmpty());
}

TEST_F(InvitationsTest, ProfileThatHasNotJoinedInvitesNobody) {
  EXPECT_THAT(alice_.Do(ForFrance()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(alice_.Do(client::Approve{}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

// The relay cannot have its own keys certified under a real invitation.
TEST_F(InvitationsTest, RequestWithSwappedKeysIsRefusedByName) {
  ASSERT_OK_AND_ASSIGN(InvitationMade made,
                       chief_.As<InvitationMade>(ForFrance()));
  ASSERT_OK(chief_.Do(ForFrance()));
  alice_.Begin(
      client::Join{.invitation = std::move(made.text), .device = "laptop"});
  Bytes& request = town_.world().invitations.at(made.id).request;
  request[request.size() / 2] ^= 1;

  const auto approved = chief_.As<Approved>(ApproveAll());

  ASSERT_OK(approved);
  EXPECT_THAT(approved->names, IsEmpty());
  EXPECT_THAT(approved->refusals, SizeIs(1));
  EXPECT_THAT(town_.world().invitations.at(made.id).answer, IsEmpty());
}

}  // namespace
}  // namespace cordon::client
