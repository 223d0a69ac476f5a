#include "storage/relay/key_package_store.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/ids.h"
#include "tests/support/relay_on_disk.h"
#include "tests/support/status_matchers.h"

namespace cordon::relay {
namespace {

using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::RelayOnDisk;
using ::cordon::testing::StatusIs;

const DeviceId kAlice = IdOf<DeviceId>(1);
const DeviceId kBruno = IdOf<DeviceId>(2);
const absl::Time kNow = absl::FromUnixSeconds(1700000000);

class KeyPackageStoreTest : public ::testing::Test {
 protected:
  absl::Status Publish(uint32_t n, bool last_resort = false,
                       absl::Duration lives = absl::Hours(1)) {
    return PublishFor(kAlice, n, last_resort, lives);
  }
  absl::Status PublishFor(DeviceId device, uint32_t n, bool last_resort,
                          absl::Duration lives) {
    const Bytes package = {static_cast<uint8_t>(n)};
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->key_packages.Publish(txn, {.device = device,
                                                .ref = IdOf<KeyPackageRef>(n),
                                                .expires = kNow + lives,
                                                .last_resort = last_resort,
                                                .package = package});
    });
  }
  absl::StatusOr<ClaimedKeyPackage> Claim(absl::Time now = kNow) {
    ClaimedKeyPackage claimed;
    CORDON_RETURN_IF_ERROR(
        relay_.Write([&](const sqlite::Transaction& txn) -> absl::Status {
          CORDON_ASSIGN_OR_RETURN(claimed,
                                  relay_->key_packages.Claim(txn, kAlice, now));
          return absl::OkStatus();
        }));
    return claimed;
  }
  // The number of the package claimed, or 0.
  int ClaimNumber(absl::Time now = kNow) {
    const absl::StatusOr<ClaimedKeyPackage> claimed = Claim(now);
    return claimed.ok() ? claimed->package[0] : 0;
  }

  RelayOnDisk relay_;
};

TEST_F(KeyPackageStoreTest, PublishedPackageIsHandedOutAfterRestart) {
  ASSERT_OK(Publish(1));
  ASSERT_OK(relay_.Restart());

  ASSERT_OK_AND_ASSIGN(const ClaimedKeyPackage claimed, Claim());

  EXPECT_EQ(claimed.ref, IdOf<KeyPackageRef>(1));
  EXPECT_EQ(claimed.package, Bytes{1});
  EXPECT_FALSE(claimed.last_resort);
}

TEST_F(KeyPackageStoreTest, DeviceWithoutPackagesIsNotFound) {
  EXPECT_THAT(Claim(), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(KeyPackageStoreTest, EachPackageIsHandedOutOnceTheOldestFirst) {
  ASSERT_OK(Publish(2));
  ASSERT_OK(Publish(1));

  EXPECT_EQ(ClaimNumber(), 2);
  ASSERT_OK(relay_.Restart());
  EXPECT_EQ(ClaimNumber(), 1);
  EXPECT_THAT(Claim(), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(KeyPackageStoreTest, ClaimThatIsNotCommittedHandsOutNothing) {
  ASSERT_OK(Publish(1));
  {
    ASSERT_OK_AND_ASSIGN(const sqlite::Transaction txn,
                         sqlite::Transaction::Begin(&relay_.db()));
    ASSERT_OK(relay_->key_packages.Claim(txn, kAlice, kNow));
  }

  EXPECT_EQ(ClaimNumber(), 1);
}

TEST_F(KeyPackageStoreTest, ClaimedPackageIsNotRevivedByPublishingAgain) {
  ASSERT_OK(Publish(1));
  ASSERT_EQ(ClaimNumber(), 1);

  ASSERT_OK(Publish(1));

  EXPECT_THAT(Claim(), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(KeyPackageStoreTest, LastResortComesAfterAllOthersAndStays) {
  ASSERT_OK(Publish(9, /*last_resort=*/true));
  ASSERT_OK(Publish(1));

  EXPECT_EQ(ClaimNumber(), 1);
  for (int again = 0; again < 2; ++again) {
    ASSERT_OK_AND_ASSIGN(const ClaimedKeyPackage claimed, Claim());
    EXPECT_TRUE(claimed.last_resort);
    EXPECT_EQ(claimed.package, Bytes{9});
  }
}

TEST_F(KeyPackageStoreTest, NewLastResortReplacesTheOld) {
  ASSERT_OK(Publish(8, /*last_resort=*/true));
  ASSERT_OK(Publish(9, /*last_resort=*/true));

  EXPECT_EQ(ClaimNumber(), 9);
}

TEST_F(KeyPackageStoreTest, ExpiredPackageIsNotHandedOut) {
  ASSERT_OK(Publish(1, /*last_resort=*/false, absl::Minutes(1)));
  ASSERT_OK(Publish(2, /*last_resort=*/false, absl::Minutes(10)));

  EXPECT_EQ(ClaimNumber(kNow + absl::Minutes(1)), 2);
}

TEST_F(KeyPackageStoreTest, CountsLeaveOutClaimedAndExpired) {
  ASSERT_OK(Publish(1));
  ASSERT_OK(Publish(2));
  ASSERT_OK(Publish(3, /*last_resort=*/false, absl::Minutes(-1)));
  ASSERT_EQ(ClaimNumber(), 1);

  EXPECT_THAT(
      relay_->key_packages.Counts(kAlice, kNow),
      IsOkAndHolds(KeyPackageCounts{.unclaimed = 1, .last_resort = false}));
  ASSERT_OK(Publish(9, /*last_resort=*/true));
  EXPECT_THAT(
      relay_->key_packages.Counts(kAlice, kNow),
      IsOkAndHolds(KeyPackageCounts{.unclaimed = 1, .last_resort = true}));
}

TEST_F(KeyPackageStoreTest, ReferenceOfAnotherDeviceIsRefused) {
  ASSERT_OK(Publish(1));

  EXPECT_THAT(PublishFor(kBruno, 1, /*last_resort=*/false, absl::Hours(1)),
              StatusIs(absl::StatusCode::kAlreadyExists));

  EXPECT_EQ(ClaimNumber(), 1);
}

TEST_F(KeyPackageStoreTest, OnePackageMoreThanTheLimitIsRefused) {
  for (uint32_t n = 1; n <= kKeyPackagesMax; ++n) ASSERT_OK(Publish(n));

  EXPECT_THAT(Publish(kKeyPackagesMax + 1),
              StatusIs(absl::StatusCode::kResourceExhausted));

  EXPECT_OK(Publish(kKeyPackagesMax + 2, /*last_resort=*/true));
}

TEST_F(KeyPackageStoreTest, DeleteOfForgetsThatDeviceAlone) {
  ASSERT_OK(Publish(1));
  ASSERT_OK(PublishFor(kBruno, 2, /*last_resort=*/false, absl::Hours(1)));

  ASSERT_OK(relay_.Write([&](const sqlite::Transaction& txn) {
    return relay_->key_packages.DeleteOf(txn, kBruno);
  }));

  EXPECT_EQ(ClaimNumber(), 1);
  ASSERT_OK_AND_ASSIGN(const KeyPackageCounts counts,
                       relay_->key_packages.Counts(kBruno, kNow));
  EXPECT_EQ(counts.unclaimed, 0U);
}

TEST_F(KeyPackageStoreTest, DeleteExpiredForgetsClaimedReferencesToo) {
  ASSERT_OK(Publish(1, /*last_resort=*/false, absl::Minutes(1)));
  ASSERT_EQ(ClaimNumber(), 1);

  ASSERT_OK(relay_.Write([&](const sqlite::Transaction& txn) {
    return relay_->key_packages.DeleteExpired(txn, kNow + absl::Minutes(1));
  }));

  EXPECT_THAT(relay_.db().ReadNumber("SELECT count(*) FROM key_package"),
              IsOkAndHolds(0));
}

TEST_F(KeyPackageStoreTest, FullDiskHandsOutNothing) {
  ASSERT_OK(Publish(1));
  relay_.disk().FillAfter(0);

  EXPECT_THAT(Claim(), StatusIs(absl::StatusCode::kResourceExhausted));

  relay_.disk().FreeUp();
  EXPECT_EQ(ClaimNumber(), 1);
}

}  // namespace
}  // namespace cordon::relay
