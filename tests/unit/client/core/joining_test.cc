#include "client/core/joining.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command.h"
#include "client/core/event.h"
#include "client/core/own_device.h"
#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "tests/support/client_town.h"
#include "tests/support/fake_relay.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_vault.h"
#include "tests/support/test_client.h"

namespace cordon::client {
namespace {

using ::cordon::testing::ClientTown;
using ::cordon::testing::JoinOrganisation;
using ::cordon::testing::Passphrase;
using ::cordon::testing::RelayWorld;
using ::cordon::testing::SetUpAuthority;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestClient;
using ::testing::ElementsAre;

class JoiningTest : public ::testing::Test {
 protected:
  SecretBytes InviteFrance() {
    auto made = chief_.As<InvitationMade>(InviteOrganisation{
        .organisation = "fr.customs",
        .info = {.title = "France", .country = "FR", .region = "EUR"},
        .contact = "alice",
        .contact_name = "Alice",
        .lifetime = absl::Hours(1)});
    EXPECT_OK(made);
    return std::move(made->text);
  }

  static client::Join With(const SecretBytes& text) {
    return {.invitation = text.CloneSecret(), .device = "laptop"};
  }

  absl::Status Approve() {
    return chief_
        .Do(client::Approve{.root_passphrase = Passphrase("root passphrase")})
        .status();
  }

  std::optional<absl::StatusOr<AnswerBody>> LaterResult(uint64_t id) {
    town_.clock().Advance(kAnswerPollInterval);
    alice_.Step();
    return alice_.Result(id);
  }

  ClientTown town_;
  TestClient& chief_ = town_.chief();
  TestClient& alice_ = town_.Add();
};

TEST_F(JoiningTest, ContactPointJoinsAndIsInTheDirectory) {
  ASSERT_OK(JoinOrganisation(chief_, alice_, "fr.customs", "alice"));

  ASSERT_OK_AND_ASSIGN(const IdentityView view,
                       alice_.As<IdentityView>(WhoAmI{}));
  EXPECT_EQ(view.device, "fr.customs/alice/laptop");
  EXPECT_THAT(view.roles, ElementsAre("contact-point"));
  EXPECT_TRUE(view.issues);
  EXPECT_FALSE(view.holds_root);
  ASSERT_EQ(town_.world().devices.size(), 1U);
}

TEST_F(JoiningTest, OfficerIsCertifiedByItsOwnContactPoint) {
  ASSERT_OK(JoinOrganisation(chief_, alice_, "fr.customs", "alice"));
  TestClient& bob = town_.Add();
  ASSERT_OK_AND_ASSIGN(
      InvitationMade made,
      alice_.As<InvitationMade>(InviteUser{.user = "bob",
                                           .user_name = "Bob",
                                           .role = "officer",
                                           .lifetime = absl::Hours(1)}));
  const uint64_t join = bob.Begin(
      client::Join{.invitation = std::move(made.text), .device = "phone"});
  ASSERT_OK(alice_.Do(client::Approve{}));
  town_.clock().Advance(kAnswerPollInterval);
  bob.Step();

  const auto joined = bob.Result(join);
  ASSERT_TRUE(joined.has_value());
  EXPECT_OK(*joined);
  ASSERT_OK_AND_ASSIGN(const IdentityView view, bob.As<IdentityView>(WhoAmI{}));
  EXPECT_EQ(view.device, "fr.customs/bob/phone");
  EXPECT_THAT(view.roles, ElementsAre("officer"));
  EXPECT_FALSE(view.issues);
}

TEST_F(JoiningTest, WaitsUntilItIsApprovedAndSaysSo) {
  const SecretBytes text = InviteFrance();
  const uint64_t join = alice_.Begin(With(text));

  EXPECT_EQ(LaterResult(join), std::nullopt);
  ASSERT_FALSE(alice_.progress().empty());
  EXPECT_EQ(alice_.progress().back().stage, Stage::kWaitingForApproval);
  ASSERT_OK_AND_ASSIGN(const IdentityView view,
                       alice_.As<IdentityView>(WhoAmI{}));
  EXPECT_TRUE(view.joining);

  ASSERT_OK(Approve());
  const auto joined = LaterResult(join);
  ASSERT_TRUE(joined.has_value());
  EXPECT_OK(*joined);
}

TEST_F(JoiningTest, CrashWhileWaitingGoesOnWithTheSameRequest) {
  const SecretBytes text = InviteFrance();
  alice_.Begin(With(text));
  const Bytes request = town_.world().invitations.begin()->second.request;
  alice_.Restart();

  const uint64_t again = alice_.Begin(With(text));
  ASSERT_OK(Approve());
  const auto joined = LaterResult(again);

  ASSERT_TRUE(joined.has_value());
  EXPECT_OK(*joined);
  EXPECT_EQ(town_.world().invitations.begin()->second.request, request);
}

TEST_F(JoiningTest, RelayAwayWhileWaitingIsNoReasonToGiveUp) {
  const uint64_t join = alice_.Begin(With(InviteFrance()));
  ASSERT_OK(Approve());
  alice_.relay().FailNext(absl::UnavailableError("away"));

  EXPECT_EQ(LaterResult(join), std::nullopt);
  const auto joined = LaterResult(join);

  ASSERT_TRUE(joined.has_value());
  EXPECT_OK(*joined);
}

TEST_F(JoiningTest, TextThatIsNoInvitationIsRefused) {
  const SecretBytes text = InviteFrance();
  const std::string whole(AsText(text.ExposeSecret()));

  EXPECT_THAT(alice_.Do(With(Passphrase("cordon+join:nonsense"))),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(alice_.Do(With(Passphrase(whole.substr(0, whole.size() - 4)))),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(FindEnrolment(*alice_.vault()),
              ::cordon::testing::IsOkAndHolds(::testing::Eq(std::nullopt)));
}

TEST_F(JoiningTest, ExpiredInvitationIsRefused) {
  const SecretBytes text = InviteFrance();
  town_.clock().Advance(absl::Hours(2));

  EXPECT_THAT(alice_.Do(With(text)),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(JoiningTest, InvitationThatIsOverLeavesTheProfileFreeForAnother) {
  const SecretBytes first = InviteFrance();
  const uint64_t join = alice_.Begin(With(first));
  alice_.relay().FailNext(absl::FailedPreconditionError("it was revoked"));
  const auto ended = LaterResult(join);
  ASSERT_TRUE(ended.has_value());
  EXPECT_THAT(*ended, StatusIs(absl::StatusCode::kFailedPrecondition));

  const uint64_t again = alice_.Begin(With(InviteFrance()));
  ASSERT_OK(Approve());

  const auto joined = LaterResult(again);
  ASSERT_TRUE(joined.has_value());
  EXPECT_OK(*joined);
}

TEST_F(JoiningTest, RelayThatIsAnotherLeavesTheInvitationAsItWas) {
  const SecretBytes text = InviteFrance();
  alice_.relay().FailNext(absl::UnauthenticatedError("another pin"));

  EXPECT_THAT(alice_.Do(With(text)),
              StatusIs(absl::StatusCode::kUnauthenticated));

  EXPECT_THAT(alice_.Do(With(InviteFrance())),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(JoiningTest, InvitationThatWasUsedByAnotherIsRefused) {
  const SecretBytes text = InviteFrance();
  alice_.Begin(With(text));
  TestClient& thief = town_.Add();

  EXPECT_THAT(thief.Do(With(text)),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(JoiningTest, SecondInvitationWhileOneIsUnderWayIsRefused) {
  alice_.Begin(With(InviteFrance()));

  EXPECT_THAT(alice_.Do(With(InviteFrance())),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(JoiningTest, DeviceThatHasJoinedCannotJoinAgain) {
  ASSERT_OK(JoinOrganisation(chief_, alice_, "fr.customs", "alice"));

  EXPECT_THAT(alice_.Do(With(InviteFrance())),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

// A relay that answers with certificates of a root of its own.
TEST_F(JoiningTest, AnswerFromAnotherRootIsRefusedAndNothingIsStored) {
  const uint64_t join = alice_.Begin(With(InviteFrance()));
  RelayWorld other_world;
  other_world.clock = &town_.clock();
  TestClient impostor(&other_world, &town_.clock(), /*seed=*/5);
  ASSERT_OK(SetUpAuthority(impostor, other_world));
  TestClient victim(&other_world, &town_.clock(), /*seed=*/6);
  ASSERT_OK(JoinOrganisation(impostor, victim, "fr.customs", "alice"));
  town_.world().invitations.begin()->second.answer =
      other_world.invitations.begin()->second.answer;

  const auto joined = LaterResult(join);

  ASSERT_TRUE(joined.has_value());
  EXPECT_FALSE(joined->ok());
  ASSERT_OK_AND_ASSIGN(const IdentityView view,
                       alice_.As<IdentityView>(WhoAmI{}));
  EXPECT_EQ(view.device, "");
  EXPECT_TRUE(view.joining);
}

}  // namespace
}  // namespace cordon::client
