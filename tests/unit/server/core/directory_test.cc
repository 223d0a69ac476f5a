#include "server/core/directory.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "server/core/caller.h"
#include "server/core/rate_limit.h"
#include "server/core/rooms.h"
#include "server/core/stored_chain.h"
#include "storage/relay/directory_store.h"
#include "storage/relay/key_package_store.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/fake_clock.h"
#include "tests/support/ids.h"
#include "tests/support/relay_on_disk.h"
#include "tests/support/status_matchers.h"

namespace cordon::server {
namespace {

using ::cordon::testing::FakeClock;
using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::RelayOnDisk;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kMember[] = "fr.customs";
constexpr char kOffice[] = "west.rilo";
constexpr char kOwner[] = "acme.rightsholder";
constexpr char kPlatform[] = "shop.platform";
constexpr char kOtherOwner[] = "zeta.rightsholder";

class DirectoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(relay_.Write([this](const sqlite::Transaction& txn) {
      uint32_t id = 0;
      for (const char* const org : {kMember, kOffice, kOwner, kOtherOwner}) {
        CORDON_RETURN_IF_ERROR(Put(txn, org, ++id));
      }
      return absl::OkStatus();
    }));
  }
  absl::Status Put(const sqlite::Transaction& txn, const std::string& org,
                   uint32_t id) {
    CORDON_RETURN_IF_ERROR(relay_->directory.PutOrganisation(
        txn, {.host = org, .since = clock_.Now()}));
    return relay_->directory.PutDevice(
        txn,
        {.id = IdOf<DeviceId>(id),
         .host = org,
         .name = absl::StrCat("cordon://", org, "/alice/desk"),
         .identity_chain = WriteStoredChain({}),
         .transport_chain = WriteStoredChain({}),
         .since = clock_.Now()},
        IdOf<Fingerprint>(id));
  }
  absl::StatusOr<std::vector<DeviceId>> List(const std::string& by,
                                             const std::string& organisation) {
    const Caller caller = {
        .device = IdOf<DeviceId>(9),
        .name = *cert::DeviceName::Parse(absl::StrCat(by, "/bob/desk")),
        .roles = {},
        .transport = {}};
    CORDON_ASSIGN_OR_RETURN(const DirectoryPage page,
                            directory_.List(caller, organisation, DeviceId()));
    std::vector<DeviceId> devices;
    for (const DirectoryRow& row : page.rows) devices.push_back(row.device);
    return devices;
  }

  FakeClock clock_;
  RelayOnDisk relay_;
  Directory directory_{{.stores = &*relay_, .clock = &clock_}};
};

TEST_F(DirectoryTest, MemberSeesEverybodyOrOneOrganisation) {
  ASSERT_OK_AND_ASSIGN(const std::vector<DeviceId> all, List(kMember, ""));
  EXPECT_THAT(all, ElementsAre(IdOf<DeviceId>(1), IdOf<DeviceId>(2),
                               IdOf<DeviceId>(3), IdOf<DeviceId>(4)));
  ASSERT_OK_AND_ASSIGN(const std::vector<DeviceId> one, List(kMember, kOwner));
  EXPECT_THAT(one, ElementsAre(IdOf<DeviceId>(3)));
  ASSERT_OK_AND_ASSIGN(const std::vector<DeviceId> none,
                       List(kMember, "de.customs"));
  EXPECT_THAT(none, IsEmpty());
}

TEST_F(DirectoryTest, RightsHolderSeesItsOwnOrganisation) {
  for (const char* const asked : {"", kOwner}) {
    ASSERT_OK_AND_ASSIGN(const std::vector<DeviceId> own, List(kOwner, asked));
    EXPECT_THAT(own, ElementsAre(IdOf<DeviceId>(3))) << asked;
  }
}

TEST_F(DirectoryTest, RightsHolderIsRefusedAnyOther) {
  for (const char* const asked : {kMember, kOtherOwner, "no.customs"}) {
    EXPECT_THAT(List(kOwner, asked),
                StatusIs(absl::StatusCode::kPermissionDenied))
        << asked;
  }
}

TEST_F(DirectoryTest, PlatformIsAGuestToo) {
  EXPECT_THAT(List(kPlatform, kMember),
              StatusIs(absl::StatusCode::kPermissionDenied));
  ASSERT_OK_AND_ASSIGN(const std::vector<DeviceId> own, List(kPlatform, ""));
  EXPECT_THAT(own, IsEmpty());
}

// For a room that is still to be opened.
class ClaimTest : public DirectoryTest {
 protected:
  void SetUp() override {
    DirectoryTest::SetUp();
    ASSERT_OK(relay_.Write([this](const sqlite::Transaction& txn) {
      for (uint32_t id = 1; id <= 4; ++id) {
        CORDON_RETURN_IF_ERROR(relay_->key_packages.Publish(
            txn, {.device = IdOf<DeviceId>(id),
                  .ref = IdOf<relay::KeyPackageRef>(id),
                  .expires = clock_.Now() + absl::Hours(1),
                  .package = AsBytes("package")}));
      }
      return absl::OkStatus();
    }));
  }
  static Caller By(const std::string& org, const cert::RoleSet& roles) {
    return {.device = IdOf<DeviceId>(9),
            .name = *cert::DeviceName::Parse(absl::StrCat(org, "/bob/desk")),
            .roles = roles,
            .transport = {}};
  }
  // How many devices it was answered for, with a key package or without.
  absl::StatusOr<size_t> Claim(const Caller& caller,
                               const std::vector<uint32_t>& ids) {
    std::vector<DeviceId> devices;
    for (const uint32_t id : ids) devices.push_back(IdOf<DeviceId>(id));
    std::vector<ClaimedPackage> claimed;
    CORDON_RETURN_IF_ERROR(
        relay_.Write([&](const sqlite::Transaction& txn) -> absl::Status {
          CORDON_ASSIGN_OR_RETURN(
              claimed, claiming_.Claim(txn, caller, IdOf<RoomId>(1), devices));
          return absl::OkStatus();
        }));
    return claimed.size();
  }
  uint64_t Left(uint32_t id) {
    return relay_->key_packages.Counts(IdOf<DeviceId>(id), clock_.Now())
        ->unclaimed;
  }

  const Caller coordinator_ = By("ocu.authority", {cert::Role::kCoordinator});
  Rooms rooms_{{.stores = &*relay_}, {}, {}};
  RateLimiter claims_{{.per_second = 1, .burst = 3}};
  Directory claiming_{{.stores = &*relay_,
                       .rooms = &rooms_,
                       .claims = &claims_,
                       .clock = &clock_}};
};

TEST_F(ClaimTest, EachPackageIsHandedOutOnce) {
  EXPECT_THAT(Claim(coordinator_, {1, 2}), IsOkAndHolds(2));
  EXPECT_EQ(Left(1), 0);
  EXPECT_EQ(Left(3), 1);
}

TEST_F(ClaimTest, BeyondTheLimitNothingIsSpentAndLessStillPasses) {
  EXPECT_THAT(Claim(coordinator_, {1, 2, 3, 4}),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(Left(1), 1);

  EXPECT_THAT(Claim(coordinator_, {1, 2, 3}), IsOkAndHolds(3));
  EXPECT_THAT(Claim(coordinator_, {4}),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(Left(4), 1);
}

TEST_F(ClaimTest, WhoHasNoneCostsNobodyTheirs) {
  ASSERT_THAT(Claim(coordinator_, {1, 2}), IsOkAndHolds(2));
  clock_.Advance(absl::Seconds(2));

  EXPECT_THAT(Claim(coordinator_, {1, 2}), IsOkAndHolds(2));
  EXPECT_THAT(Claim(coordinator_, {3, 4}), IsOkAndHolds(2));

  EXPECT_EQ(Left(3), 0);
}

TEST_F(ClaimTest, OnlyAdmittersAreGivenAnyAndContactPointsTheirOwn) {
  const Caller contact = By(kMember, {cert::Role::kContactPoint});

  EXPECT_THAT(Claim(By(kMember, {cert::Role::kOfficer}), {1}),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Claim(contact, {2}),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Claim(contact, {1}), IsOkAndHolds(1));
}

TEST_F(ClaimTest, WhoMayNotClaimLearnsNotWhoIsThere) {
  constexpr uint32_t kNobody = 77;
  const Caller guest = By(kOwner, {cert::Role::kContactPoint});

  EXPECT_THAT(Claim(coordinator_, {kNobody}),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Claim(By(kMember, {cert::Role::kOfficer}), {kNobody}),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Claim(guest, {kNobody}),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace cordon::server
