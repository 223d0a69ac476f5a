#include "client/core/profile_rows.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/model/operation.h"
#include "client/core/model/record.h"
#include "client/core/own_device.h"
#include "client/core/vault_numbers.h"
#include "crypto/base/bytes.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/role.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_policy.h"
#include "crypto/prim/hash.h"
#include "storage/vault/vault_txn.h"
#include "tests/support/client_room.h"
#include "tests/support/must.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_client.h"

namespace cordon::client {
namespace {

using ::cordon::testing::ClientRoom;
using ::cordon::testing::Must;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

cert::Pin PinOf(const std::string& key) {
  return Must(cert::Pin::Parse(Sha256(AsBytes(key))));
}

class ProfileRowsTest : public ::testing::Test {
 protected:
  // A device says that the relay's key will change to this one.
  RecordBody NoticeBy(size_t index, const std::string& key) {
    return {
        .header = room_.Header(index, policy::RecordKind::kRelayPin, 1),
        .content = PinNotice{.next_pin = Sha256(AsBytes(key)),
                             .from = room_.clock().Now() + absl::Hours(24)}};
  }
  // The pins that a device would take from its relay now.
  std::vector<cert::Pin> PinsAt(size_t index) {
    return Must(OwnDevice::Load(*room_.client(index).vault()))
        .Connection()
        .pins;
  }

  ClientRoom room_{policy::RoomKind::kBroadcast};
};

TEST_F(ProfileRowsTest, RelaysNextKeyIsTakenFromACoordinatorBesideTheOldOne) {
  const std::vector<cert::Pin> before = PinsAt(1);
  ASSERT_EQ(before.size(), 1U);

  room_.Post(0, room_.Sign(0, NoticeBy(0, "next")));

  EXPECT_THAT(PinsAt(1), ElementsAre(before[0], PinOf("next")));
  EXPECT_THAT(room_.RefusalsAt(1), IsEmpty());
}

TEST_F(ProfileRowsTest, RelaysNextKeyIsTakenFromNobodyElse) {
  const std::vector<cert::Pin> before = PinsAt(1);

  room_.Post(2, room_.Sign(2, NoticeBy(2, "false")));

  EXPECT_THAT(PinsAt(1), before);
  EXPECT_THAT(room_.RefusalsAt(1), ElementsAre(Refusal::kNotAllowed));
}

// Whatever a room's policy lets them post.
TEST_F(ProfileRowsTest, OfficersNoticeChangesNothing) {
  const std::vector<cert::Pin> before = PinsAt(1);
  const RecordBody notice = NoticeBy(2, "false");
  const auto apply = [&](cert::Role role) {
    return room_.client(1).vault()->Update([&](vault::VaultTxn& txn) {
      return ApplyProfile(txn, notice, cert::RoleSet{role});
    });
  };

  EXPECT_OK(apply(cert::Role::kOfficer));
  EXPECT_THAT(PinsAt(1), before);

  EXPECT_OK(apply(cert::Role::kCoordinator));
  EXPECT_THAT(PinsAt(1), ElementsAre(before[0], PinOf("false")));
}

TEST_F(ProfileRowsTest, LaterNoticeReplacesTheOneBefore) {
  const std::vector<cert::Pin> before = PinsAt(1);
  room_.Post(0, room_.Sign(0, NoticeBy(0, "next")));
  RecordBody again = NoticeBy(0, "another");
  again.header.counter = record::AuthorCounter{2};

  room_.Post(0, room_.Sign(0, again));

  EXPECT_THAT(PinsAt(1), ElementsAre(before[0], PinOf("another")));
}

}  // namespace
}  // namespace cordon::client
