#include "client/core/departures.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/id.h"
#include "crypto/cert/role.h"
#include "crypto/mls/ratchet_tree.h"
#include "storage/vault/vault_txn.h"
#include "tests/support/room_peer.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::client {
namespace {

using ::cordon::testing::RoomPeer;
using ::cordon::testing::RoomTown;
using ::cordon::testing::SeededRandom;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DeparturesTest : public ::testing::Test {
 protected:
  const mls::RatchetTree& tree() { return chief_.group(room_).tree(); }
  void Note(const std::vector<DeviceId>& before) {
    EXPECT_OK(chief_.vault()->Update([&](vault::VaultTxn& txn) {
      return NoteDepartures(txn, room_, before, tree());
    }));
  }
  std::vector<DeviceId> Departed(RoomPeer& peer) {
    auto departed = peer.vault().Read([this](const vault::VaultTxn& txn) {
      return DepartedFrom(txn, room_);
    });
    EXPECT_OK(departed);
    return *departed;
  }

  RoomTown town_;
  RoomPeer& chief_ =
      town_.Add("ocu.authority/chief/desk", {cert::Role::kCoordinator});
  RoomPeer& alice_ =
      town_.Add("fr.customs/alice/laptop", {cert::Role::kContactPoint});
  RoomPeer& bob_ =
      town_.Add("de.customs/bob/phone", {cert::Role::kContactPoint});
  RoomId room_ = chief_.OpenGeneral();
};

TEST_F(DeparturesTest, WhoWasTakenOutIsNotedByWhoDidItAndByWhoReadIt) {
  ASSERT_OK(chief_.Admit(room_));
  town_.CatchUp();
  EXPECT_THAT(Departed(chief_), IsEmpty());

  RoomChange without_bob;
  without_bob.removes = {bob_.device()};
  ASSERT_OK(chief_.Run(chief_.commits().Change(room_, without_bob)));
  town_.CatchUp();

  EXPECT_THAT(Departed(chief_), ElementsAre(bob_.device()));
  EXPECT_THAT(Departed(alice_), ElementsAre(bob_.device()));

  ASSERT_OK(chief_.Admit(room_));
  town_.CatchUp();
  EXPECT_THAT(Departed(chief_), IsEmpty());
  EXPECT_THAT(Departed(alice_), IsEmpty());
}

TEST_F(DeparturesTest, WhoIsRecalledIsForgottenAndTheOthersAreNot) {
  Note({chief_.device(), alice_.device(), bob_.device()});
  ASSERT_THAT(Departed(chief_), ElementsAre(alice_.device(), bob_.device()));

  ASSERT_OK(chief_.vault()->Update([this](vault::VaultTxn& txn) {
    return Recall(txn, room_, {alice_.device()});
  }));

  EXPECT_THAT(Departed(chief_), ElementsAre(bob_.device()));
}

TEST_F(DeparturesTest, BeyondTheLimitTheOldestAreForgotten) {
  SeededRandom random(/*seed=*/1);
  std::vector<DeviceId> gone;
  for (size_t i = 0; i < kDeparturesKeptMax; ++i) {
    gone.push_back(DeviceId::Random(random));
  }
  Note(gone);
  Note({alice_.device()});

  const std::vector<DeviceId> departed = Departed(chief_);
  ASSERT_EQ(departed.size(), kDeparturesKeptMax);
  EXPECT_EQ(departed.front(), gone[1]);
  EXPECT_EQ(departed.back(), alice_.device());
}

}  // namespace
}  // namespace cordon::client
