#include "client/core/key_packages.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/delivery_types.h"
#include "crypto/base/limits.h"
#include "crypto/cert/role.h"
#include "storage/vault/vault_txn.h"
#include "tests/support/fake_world.h"
#include "tests/support/room_peer.h"
#include "tests/support/status_matchers.h"

namespace cordon::client {
namespace {

using ::cordon::testing::RelayWorld;
using ::cordon::testing::RoomPeer;
using ::cordon::testing::RoomTown;
using ::cordon::testing::StatusIs;
using ::testing::SizeIs;

class KeyPackagesTest : public ::testing::Test {
 protected:
  RelayWorld::KeyPackages& AtRelay() {
    return town_.world().key_packages[alice_.device()];
  }
  size_t InVault() {
    auto count = alice_.vault().Read([this](const vault::VaultTxn& txn) {
      return txn.groups().CountKeyPackages(town_.pki().clock().Now());
    });
    EXPECT_OK(count);
    return *count;
  }

  RoomTown town_;
  RoomPeer& alice_ =
      town_.Add("fr.customs/alice/laptop", {cert::Role::kOfficer});
};

TEST_F(KeyPackagesTest, JoiningPublishesThemAllAndALastResort) {
  EXPECT_THAT(AtRelay().fresh, SizeIs(kKeyPackagesTarget));
  EXPECT_TRUE(AtRelay().last_resort.has_value());
  EXPECT_EQ(InVault(), kKeyPackagesTarget);
}

TEST_F(KeyPackagesTest, NothingIsMadeWhileThereAreEnough) {
  AtRelay().fresh.resize(kKeyPackagesTarget / 2);

  ASSERT_OK(alice_.Run(alice_.key_packages().Replenish()));

  EXPECT_THAT(AtRelay().fresh, SizeIs(kKeyPackagesTarget / 2));
  EXPECT_EQ(InVault(), kKeyPackagesTarget);
}

TEST_F(KeyPackagesTest, FewAreFilledUp) {
  AtRelay().fresh.resize(3);

  ASSERT_OK(alice_.Run(alice_.key_packages().Replenish()));

  EXPECT_THAT(AtRelay().fresh, SizeIs(kKeyPackagesTarget));
}

TEST_F(KeyPackagesTest, LostAnswerIsMadeGoodTheNextTime) {
  AtRelay().fresh.clear();
  alice_.relay().FailNext(absl::UnavailableError("away"));
  EXPECT_THAT(alice_.Run(alice_.key_packages().Replenish()),
              StatusIs(absl::StatusCode::kUnavailable));

  ASSERT_OK(alice_.Run(alice_.key_packages().Replenish()));

  EXPECT_THAT(AtRelay().fresh, SizeIs(kKeyPackagesTarget));
}

TEST_F(KeyPackagesTest, LastResortIsRenewedInTime) {
  const Bytes before = AtRelay().last_resort->reference;
  ASSERT_OK(alice_.Run(alice_.key_packages().Replenish()));
  EXPECT_EQ(AtRelay().last_resort->reference, before);

  town_.pki().clock().Advance(kKeyPackageLifetime - kLastResortRenewBefore +
                              absl::Hours(1));
  ASSERT_OK(alice_.Run(alice_.key_packages().Replenish()));

  EXPECT_NE(AtRelay().last_resort->reference, before);
}

}  // namespace
}  // namespace cordon::client
