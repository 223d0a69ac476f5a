#include "server/core/enrolment.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "server/core/caller.h"
#include "server/core/publications.h"
#include "storage/relay/enrolment_store.h"
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
using ::cordon::testing::IsOk;
using ::cordon::testing::RelayOnDisk;
using ::cordon::testing::StatusIs;

const DeviceId kCarla = IdOf<DeviceId>(1);

class EnrolmentTest : public ::testing::Test {
 protected:
  InvitationInput Invitation(uint32_t id) {
    return {.id = IdOf<InvitationId>(id),
            .public_key = IdOf<InvitationPublicKey>(5),
            .kind = InvitedKind::kUser,
            .expires = expires_};
  }
  absl::Status Invite(uint32_t id) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return enrolment_.Invite(txn, carla_, Invitation(id));
    });
  }
  absl::Status Sweep() {
    return relay_.Write([this](const sqlite::Transaction& txn) {
      return enrolment_.Sweep(txn);
    });
  }

  FakeClock clock_;
  RelayOnDisk relay_;
  Publications publications_;
  const absl::Time expires_ = clock_.Now() + absl::Hours(24);
  const Caller carla_{.device = kCarla,
                      .name = *cert::DeviceName::Parse("fr.customs/carla/desk"),
                      .roles = {cert::Role::kContactPoint},
                      .transport = {}};
  Enrolment enrolment_{
      {.stores = &*relay_, .publications = &publications_, .clock = &clock_}};
};

TEST_F(EnrolmentTest, OneDeviceMayHaveSoManyInvitationsAndRepeatEach) {
  ASSERT_OK(relay_.Write([this](const sqlite::Transaction& txn) {
    for (uint32_t id = 1; id <= kInvitationsPerInviterMax; ++id) {
      CORDON_RETURN_IF_ERROR(relay_->enrolment.Add(
          txn, {.id = IdOf<InvitationId>(id),
                .public_key = IdOf<InvitationPublicKey>(5),
                .inviter = kCarla,
                .kind = InvitedKind::kUser,
                .expires = expires_}));
    }
    return absl::OkStatus();
  }));

  EXPECT_THAT(Invite(kInvitationsPerInviterMax + 1),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_OK(Invite(kInvitationsPerInviterMax));
}

TEST_F(EnrolmentTest, InvitationIsForgottenAMonthAfterItsEnd) {
  ASSERT_OK(Invite(1));

  clock_.Advance(absl::Hours(24) + kInvitationKept);
  ASSERT_OK(Sweep());
  EXPECT_THAT(relay_->enrolment.Find(IdOf<InvitationId>(1)), IsOk());

  clock_.Advance(absl::Seconds(1));
  ASSERT_OK(Sweep());
  EXPECT_THAT(relay_->enrolment.Find(IdOf<InvitationId>(1)),
              StatusIs(absl::StatusCode::kNotFound));
}

// They would count against the device's 200 until it could publish none.
TEST_F(EnrolmentTest, ExpiredKeyPackagesAreForgotten) {
  const auto publish = [this](uint32_t first, absl::Time expires) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      for (uint32_t n = 0; n < relay::kKeyPackagesMax; ++n) {
        CORDON_RETURN_IF_ERROR(relay_->key_packages.Publish(
            txn, {.device = kCarla,
                  .ref = IdOf<relay::KeyPackageRef>(first + n),
                  .expires = expires,
                  .package = AsBytes("package")}));
      }
      return absl::OkStatus();
    });
  };
  ASSERT_OK(publish(1, expires_));
  clock_.Advance(absl::Hours(25));
  ASSERT_OK(Sweep());

  EXPECT_OK(publish(1000, clock_.Now() + absl::Hours(1)));
}

}  // namespace
}  // namespace cordon::server
