#include "client/core/authority.h"

#include <utility>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command.h"
#include "client/core/event.h"
#include "client/core/own_device.h"
#include "crypto/base/bytes.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_relay.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_client.h"

namespace cordon::client {
namespace {

using ::cordon::testing::AuthorityCommand;
using ::cordon::testing::FakeClock;
using ::cordon::testing::RelayWorld;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestClient;
using ::testing::UnorderedElementsAre;

class AuthorityTest : public ::testing::Test {
 protected:
  AuthorityTest() { world_.clock = &clock_; }

  // The profile is as it was before anything.
  void ExpectUntouched() {
    ASSERT_OK_AND_ASSIGN(const IdentityView view,
                         chief_.As<IdentityView>(WhoAmI{}));
    EXPECT_EQ(view.device, "");
    EXPECT_FALSE(view.joining);
    EXPECT_THAT(chief_.shelf().Read(), StatusIs(absl::StatusCode::kNotFound));
  }

  FakeClock clock_;
  RelayWorld world_;
  TestClient chief_{&world_, &clock_, /*seed=*/1};
};

TEST_F(AuthorityTest, FreshRelayGetsTheRootAndTheProfileIsACoordinator) {
  ASSERT_OK(chief_.Do(AuthorityCommand(world_)));

  ASSERT_OK_AND_ASSIGN(const IdentityView view,
                       chief_.As<IdentityView>(WhoAmI{}));
  EXPECT_EQ(view.device, "ocu.authority/chief/desk");
  EXPECT_THAT(view.roles,
              UnorderedElementsAre("coordinator", "contact-point", "curator"));
  EXPECT_TRUE(view.holds_root);
  EXPECT_TRUE(view.issues);
  EXPECT_FALSE(view.joining);
  ASSERT_OK_AND_ASSIGN(const OwnDevice own, OwnDevice::Load(*chief_.vault()));
  EXPECT_EQ(own.root().der(), world_.root);
  EXPECT_TRUE(chief_.relay().connection()->identity.has_value());
}

TEST_F(AuthorityTest, WrongSetUpCodeLeavesNothingBehind) {
  CreateAuthority wrong = AuthorityCommand(world_);
  wrong.setup_code = "wrong";

  EXPECT_THAT(chief_.Do(std::move(wrong)),
              StatusIs(absl::StatusCode::kPermissionDenied));

  ExpectUntouched();
  EXPECT_OK(chief_.Do(AuthorityCommand(world_)));
}

TEST_F(AuthorityTest, LostAnswerIsRepeatedWithTheSameRoot) {
  chief_.relay().LoseNextAnswer();
  EXPECT_THAT(chief_.Do(AuthorityCommand(world_)),
              StatusIs(absl::StatusCode::kUnavailable));
  chief_.Restart();

  EXPECT_OK(chief_.Do(AuthorityCommand(world_)));

  ASSERT_OK_AND_ASSIGN(const OwnDevice own, OwnDevice::Load(*chief_.vault()));
  EXPECT_EQ(own.root().der(), world_.root);
}

// The relay may hold this root: a later refusal must not erase its key.
TEST_F(AuthorityTest, RefusalAfterALostAnswerKeepsTheRootKey) {
  chief_.relay().LoseNextAnswer();
  ASSERT_THAT(chief_.Do(AuthorityCommand(world_)),
              StatusIs(absl::StatusCode::kUnavailable));
  CreateAuthority mistyped = AuthorityCommand(world_);
  mistyped.setup_code = "wrong";

  EXPECT_THAT(chief_.Do(std::move(mistyped)),
              StatusIs(absl::StatusCode::kPermissionDenied));

  EXPECT_OK(chief_.shelf().Read());
  CreateAuthority other = AuthorityCommand(world_);
  other.root_passphrase = ::cordon::testing::Passphrase("another one");
  EXPECT_THAT(chief_.Do(std::move(other)),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_OK(chief_.Do(AuthorityCommand(world_)));
}

TEST_F(AuthorityTest, NamesAndPinThatAreNoneAreRefusedBeforeAnythingIsMade) {
  CreateAuthority member = AuthorityCommand(world_);
  member.organisation = "fr.customs";
  EXPECT_THAT(chief_.Do(std::move(member)),
              StatusIs(absl::StatusCode::kInvalidArgument));

  CreateAuthority capital = AuthorityCommand(world_);
  capital.user = "Chief";
  EXPECT_THAT(chief_.Do(std::move(capital)),
              StatusIs(absl::StatusCode::kInvalidArgument));

  CreateAuthority no_pin = AuthorityCommand(world_);
  no_pin.pin = "1234";
  EXPECT_THAT(chief_.Do(std::move(no_pin)),
              StatusIs(absl::StatusCode::kInvalidArgument));

  ExpectUntouched();
}

TEST_F(AuthorityTest, SecondAuthorityInOneProfileIsRefused) {
  ASSERT_OK(chief_.Do(AuthorityCommand(world_)));

  EXPECT_THAT(chief_.Do(AuthorityCommand(world_)),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(AuthorityTest, RelayWithAnotherRootRefuses) {
  ASSERT_OK(chief_.Do(AuthorityCommand(world_)));
  const Bytes root = world_.root;
  TestClient rival(&world_, &clock_, /*seed=*/2);

  EXPECT_THAT(rival.Do(AuthorityCommand(world_)),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(world_.root, root);
}

}  // namespace
}  // namespace cordon::client
