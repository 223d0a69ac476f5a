#include "client/core/directory.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command.h"
#include "client/core/event.h"
#include "client/core/relay_types.h"
#include "crypto/base/id.h"
#include "tests/support/client_town.h"
#include "tests/support/fake_relay.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_client.h"

namespace cordon::client {
namespace {

using ::cordon::testing::ClientTown;
using ::cordon::testing::JoinOrganisation;
using ::cordon::testing::JoinUser;
using ::cordon::testing::RelayWorld;
using ::cordon::testing::SetUpAuthority;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestClient;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class DirectoryTest : public ::testing::Test {
 protected:
  std::vector<std::string> Names(const std::string& organisation) {
    auto view =
        chief_.As<DevicesView>(ListDevices{.organisation = organisation});
    EXPECT_OK(view);
    std::vector<std::string> names;
    for (const DeviceView& device : view->devices) {
      names.push_back(device.name);
    }
    return names;
  }

  ClientTown town_;
  TestClient& chief_ = town_.chief();
};

TEST_F(DirectoryTest, AllPagesAreReadAndSorted) {
  // More than one page of the fake relay.
  for (const std::string& org : std::vector<std::string>{"fr", "de", "it"}) {
    TestClient& member = town_.Add();
    ASSERT_OK(JoinOrganisation(chief_, member, org + ".customs", "alice"));
  }

  EXPECT_THAT(Names(""),
              ElementsAre("de.customs/alice/laptop", "fr.customs/alice/laptop",
                          "it.customs/alice/laptop"));
  EXPECT_THAT(Names("fr.customs"), ElementsAre("fr.customs/alice/laptop"));
}

TEST_F(DirectoryTest, DeviceWithoutProofIsShownWithWhatIsWrong) {
  TestClient& member = town_.Add();
  ASSERT_OK(JoinOrganisation(chief_, member, "fr.customs", "alice"));
  RelayWorld other;
  other.clock = &town_.clock();
  TestClient stranger(&other, &town_.clock(), /*seed=*/3);
  ASSERT_OK(SetUpAuthority(stranger, other));
  TestClient strange_member(&other, &town_.clock(), /*seed=*/4);
  ASSERT_OK(JoinOrganisation(stranger, strange_member, "de.customs", "eve"));
  town_.world().devices.insert(other.devices.begin(), other.devices.end());

  ASSERT_OK_AND_ASSIGN(const DevicesView view,
                       chief_.As<DevicesView>(ListDevices{}));

  ASSERT_EQ(view.devices.size(), 2U);
  int troubled = 0;
  for (const DeviceView& device : view.devices) {
    if (device.trouble.empty()) {
      EXPECT_EQ(device.name, "fr.customs/alice/laptop");
    } else {
      ++troubled;
    }
  }
  EXPECT_EQ(troubled, 1);
}

TEST_F(DirectoryTest, RevokedDeviceIsNamedWithTheReasonWhereItWasGiven) {
  TestClient& alice = town_.Add();
  ASSERT_OK(JoinOrganisation(chief_, alice, "fr.customs", "alice"));
  TestClient& bob = town_.Add();
  ASSERT_OK(JoinOrganisation(chief_, bob, "de.customs", "bob"));
  ASSERT_OK(chief_.Do(client::Revoke{
      .name = "fr.customs",
      .reason = "left the operation",
      .root_passphrase = ::cordon::testing::Passphrase("root passphrase")}));
  constexpr int kTurns = 8;
  for (int i = 0; i < kTurns; ++i) bob.Step();

  const auto here = chief_.As<DevicesView>(ListDevices{});
  const auto elsewhere = bob.As<DevicesView>(ListDevices{});

  ASSERT_OK(here);
  ASSERT_OK(elsewhere);
  ASSERT_EQ(here->devices.size(), 2U);
  EXPECT_EQ(here->devices[0].trouble, "");
  EXPECT_EQ(here->devices[1].name, "fr.customs/alice/laptop");
  EXPECT_EQ(here->devices[1].trouble, "was revoked: left the operation");
  EXPECT_EQ(elsewhere->devices.at(1).name, "fr.customs/alice/laptop");
  EXPECT_EQ(elsewhere->devices.at(1).trouble, "was revoked");
}

TEST_F(DirectoryTest, DeviceListedUnderAnothersIdIsNamed) {
  TestClient& member = town_.Add();
  ASSERT_OK(JoinOrganisation(chief_, member, "fr.customs", "alice"));
  DeviceRow row = town_.world().devices.begin()->second;
  town_.world().devices.clear();
  row.device = DeviceId(std::array<uint8_t, 32>{7});
  town_.world().devices[row.device] = row;

  ASSERT_OK_AND_ASSIGN(const DevicesView view,
                       chief_.As<DevicesView>(ListDevices{}));

  ASSERT_EQ(view.devices.size(), 1U);
  EXPECT_NE(view.devices[0].trouble, "");
}

TEST_F(DirectoryTest, RevokedDeviceIsNamedAndCountsNoMore) {
  TestClient& member = town_.Add();
  ASSERT_OK(JoinOrganisation(chief_, member, "fr.customs", "alice"));
  TestClient& other = town_.Add();
  ASSERT_OK(JoinOrganisation(chief_, other, "de.customs", "bob"));
  TestClient& lost = town_.Add();
  ASSERT_OK(JoinUser(other, lost, "hans", "officer"));
  ASSERT_OK(other.Do(Revoke{.name = "de.customs/hans", .reason = "lost"}));
  for (int n = 0; n < 8; ++n) chief_.Step();

  ASSERT_OK_AND_ASSIGN(const DevicesView view,
                       chief_.As<DevicesView>(ListDevices{}));

  ASSERT_EQ(view.devices.size(), 3U);
  EXPECT_EQ(view.devices[1].name, "de.customs/hans/laptop");
  EXPECT_THAT(view.devices[1].trouble, HasSubstr("revoked"));
  EXPECT_EQ(view.devices[2].name, "fr.customs/alice/laptop");
  EXPECT_EQ(view.devices[2].trouble, "");
  ASSERT_OK_AND_ASSIGN(const UsersView users,
                       chief_.As<UsersView>(ListUsers{}));
  ASSERT_EQ(users.users.size(), 2U);
  EXPECT_EQ(users.users[0].name, "de.customs/bob");
}

TEST_F(DirectoryTest, NobodyPutsOutTheDeviceTheyAreAt) {
  TestClient& member = town_.Add();
  ASSERT_OK(JoinOrganisation(chief_, member, "fr.customs", "alice"));

  EXPECT_THAT(member.Do(Revoke{.name = "fr.customs/alice", .reason = "lost"}),
              StatusIs(absl::StatusCode::kInvalidArgument));

  const auto view = member.As<DevicesView>(ListDevices{});
  ASSERT_OK(view);
  EXPECT_EQ(view->devices.at(0).trouble, "");
}

TEST_F(DirectoryTest, ExpiredDeviceIsNamed) {
  TestClient& member = town_.Add();
  ASSERT_OK(JoinOrganisation(chief_, member, "fr.customs", "alice"));
  town_.clock().Advance(absl::Hours(24 * 500));

  ASSERT_OK_AND_ASSIGN(const DevicesView view,
                       chief_.As<DevicesView>(ListDevices{}));

  ASSERT_EQ(view.devices.size(), 1U);
  EXPECT_EQ(view.devices[0].name, "fr.customs/alice/laptop");
  EXPECT_THAT(view.devices[0].trouble, HasSubstr("expired"));
}

TEST_F(DirectoryTest, RelayAwayIsAnErrorNotAnEmptyList) {
  chief_.relay().FailNext(absl::UnavailableError("away"));

  EXPECT_THAT(chief_.Do(ListDevices{}),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(DirectoryTest, NameThatIsNoOrganisationIsRefused) {
  EXPECT_THAT(chief_.Do(ListDevices{.organisation = "France"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cordon::client
