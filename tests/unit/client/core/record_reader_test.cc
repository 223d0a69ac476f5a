#include "client/core/record_reader.h"

#include <array>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/role.h"
#include "crypto/policy/room_policy.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"
#include "tests/support/room_peer.h"
#include "tests/support/status_matchers.h"

namespace cordon::client {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::RoomPeer;
using ::cordon::testing::RoomTown;
using ::cordon::testing::StatusIs;

const OperationId kOperation(std::array<uint8_t, 16>{7});

class RecordReaderTest : public ::testing::Test {
 protected:
  RecordReaderTest() { chief_.KnowOperation(kOperation, "stop3"); }

  void Open(const std::string& name) {
    EXPECT_OK(chief_.Open(kOperation, name, policy::RoomKind::kAlerts));
  }
  absl::StatusOr<std::string> AlertsRoom() {
    std::string name;
    CORDON_RETURN_IF_ERROR(chief_.vault()->Read(
        [&name](const vault::VaultTxn& txn) -> absl::Status {
          CORDON_ASSIGN_OR_RETURN(
              const vault::Room room,
              FindRoomOfKind(txn, "stop3", policy::RoomKind::kAlerts));
          name = room.name;
          return absl::OkStatus();
        }));
    return name;
  }

  RoomTown town_;
  RoomPeer& chief_ =
      town_.Add("ocu.authority/chief/desk", {cert::Role::kCoordinator});
};

TEST_F(RecordReaderTest, RoomOfAKindIsTheOneThereIs) {
  EXPECT_THAT(AlertsRoom(), StatusIs(absl::StatusCode::kNotFound));

  Open("seizures");

  EXPECT_THAT(AlertsRoom(), IsOkAndHolds("seizures"));
}

// Whoever opens another one takes nothing away from it.
TEST_F(RecordReaderTest, OfSeveralRoomsOfAKindItIsTheOperationsOwn) {
  Open("another");
  Open("alerts");
  EXPECT_THAT(AlertsRoom(), IsOkAndHolds("alerts"));
}

TEST_F(RecordReaderTest, OfSeveralRoomsOfAKindAndNoneOfItsNameNoneIsMeant) {
  Open("north");
  Open("south");

  EXPECT_THAT(AlertsRoom(), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cordon::client
