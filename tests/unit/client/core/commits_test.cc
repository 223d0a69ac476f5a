#include "client/core/commits.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/admitting.h"
#include "client/core/delivery_types.h"
#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/cert/role.h"
#include "crypto/mls/key_package.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"
#include "tests/support/room_peer.h"
#include "tests/support/status_matchers.h"

namespace cordon::client {
namespace {

using ::cordon::testing::RoomPeer;
using ::cordon::testing::RoomTown;
using ::cordon::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr cert::RoleSet kChief = {
    cert::Role::kCoordinator, cert::Role::kContactPoint, cert::Role::kCurator};

TEST(ClassifyTest, TableHolds) {
  EXPECT_EQ(Classify(absl::OkStatus()), CommitOutcome::kAccepted);
  EXPECT_EQ(Classify(absl::AbortedError("")), CommitOutcome::kLostRace);
  EXPECT_EQ(Classify(absl::PermissionDeniedError("")), CommitOutcome::kRefused);
  EXPECT_EQ(Classify(absl::InvalidArgumentError("")), CommitOutcome::kRefused);
  EXPECT_EQ(Classify(absl::UnavailableError("")), CommitOutcome::kUnknown);
  EXPECT_EQ(Classify(absl::DeadlineExceededError("")), CommitOutcome::kUnknown);
}

class CommitsTest : public ::testing::Test {
 protected:
  // A device with its key package, as `by` would admit it.
  RoomChange Adding(RoomPeer& by, RoomPeer& who) {
    auto claimed = by.Run(Claim(by, who.device()));
    EXPECT_OK(claimed);
    RoomChange change;
    change.adds.push_back(
        {.device = who.device(),
         .key_package = *mls::ParseKeyPackage(claimed->at(0).key_package)});
    return change;
  }
  Task<absl::StatusOr<std::vector<ClaimedKeyPackage>>> Claim(RoomPeer& by,
                                                             DeviceId device) {
    co_return co_await Ask<std::vector<ClaimedKeyPackage>>(
        [this, &by, device](Done<std::vector<ClaimedKeyPackage>> done) {
          by.relay().ClaimKeyPackages(room_, {device}, std::move(done));
        });
  }
  bool HasPending(RoomPeer& peer) {
    return peer.vault()
        .Read([this](const vault::VaultTxn& txn) {
          return txn.groups().GetPending(room_);
        })
        .ok();
  }
  // All who are in the room have the same secrets.
  void ExpectAgreement(const std::vector<RoomPeer*>& peers) {
    for (RoomPeer* const peer : peers) {
      EXPECT_EQ(ToBytes(peer->group(room_).EpochAuthenticator()),
                ToBytes(chief_.group(room_).EpochAuthenticator()))
          << peer->name();
      EXPECT_EQ(peer->row(room_).epoch, peer->group(room_).epoch());
      EXPECT_FALSE(HasPending(*peer));
    }
  }

  RoomTown town_;
  RoomPeer& chief_ = town_.Add("ocu.authority/chief/desk", kChief);
  RoomPeer& alice_ =
      town_.Add("fr.customs/alice/laptop", {cert::Role::kContactPoint});
  RoomPeer& bob_ =
      town_.Add("de.customs/bob/phone", {cert::Role::kContactPoint});
  RoomId room_ = chief_.OpenGeneral();
};

TEST_F(CommitsTest, ManyComeInByOneCommitAndAgree) {
  ASSERT_OK_AND_ASSIGN(const Admitted admitted, chief_.Admit(room_));
  EXPECT_THAT(admitted.devices, SizeIs(2));
  EXPECT_THAT(admitted.left_out, IsEmpty());
  EXPECT_EQ(chief_.group(room_).epoch(), Epoch{1});

  town_.CatchUp();

  ExpectAgreement({&chief_, &alice_, &bob_});
  EXPECT_EQ(alice_.row(room_).name, "general");
  EXPECT_EQ(alice_.members(room_), 3U);
}

TEST_F(CommitsTest, LostAnswerIsAskedForAgainAndTheCommitIsThereOnce) {
  RoomChange change = Adding(chief_, alice_);
  chief_.relay().LoseNextAppend();
  chief_.HoldLogs(true);
  chief_.Begin(chief_.commits().Change(room_, std::move(change)));
  chief_.Turn();
  EXPECT_TRUE(HasPending(chief_));

  chief_.HoldLogs(false);
  town_.pki().clock().Advance(kCommitSendPause);
  chief_.timers().Wake();
  for (int i = 0; i < 4; ++i) chief_.Turn();

  town_.CatchUp();
  EXPECT_EQ(chief_.group(room_).epoch(), Epoch{1});
  ExpectAgreement({&chief_, &alice_});
}

TEST_F(CommitsTest, RefusedCommitIsDroppedAndNothingHasChanged) {
  RoomChange change = Adding(chief_, alice_);
  const Bytes before = ToBytes(chief_.group(room_).EpochAuthenticator());
  chief_.relay().FailNextAppend(absl::PermissionDeniedError("not by you"));

  EXPECT_THAT(chief_.Run(chief_.commits().Change(room_, std::move(change))),
              StatusIs(absl::StatusCode::kPermissionDenied));

  EXPECT_FALSE(HasPending(chief_));
  EXPECT_EQ(ToBytes(chief_.group(room_).EpochAuthenticator()), before);
  ASSERT_OK(chief_.Admit(room_));
  EXPECT_EQ(chief_.members(room_), 3U);
}

TEST_F(CommitsTest, CrashBeforeSendingIsMadeGoodByResume) {
  RoomChange change = Adding(chief_, alice_);
  chief_.relay().GoAway();
  chief_.Begin(chief_.commits().Change(room_, std::move(change)));
  chief_.Answers();
  ASSERT_TRUE(HasPending(chief_));

  chief_.Restart();
  chief_.relay().ComeBack();
  ASSERT_OK(chief_.Run(chief_.commits().Resume()));

  town_.CatchUp();
  ExpectAgreement({&chief_, &alice_});
  EXPECT_EQ(chief_.members(room_), 2U);
}

TEST_F(CommitsTest, CrashAfterSendingIsDecidedByTheLog) {
  RoomChange change = Adding(chief_, alice_);
  chief_.HoldLogs(true);
  chief_.Begin(chief_.commits().Change(room_, std::move(change)));
  chief_.Answers();
  ASSERT_TRUE(HasPending(chief_));
  ASSERT_THAT(town_.world().rooms.rooms().at(room_).log, SizeIs(1));

  chief_.Restart();
  chief_.HoldLogs(false);
  EXPECT_THAT(chief_.CatchUp(), IsEmpty());

  EXPECT_FALSE(HasPending(chief_));
  EXPECT_EQ(chief_.group(room_).epoch(), Epoch{1});
  town_.CatchUp();
  ExpectAgreement({&chief_, &alice_});
  // And from the vault alone.
  chief_.Restart();
  ExpectAgreement({&chief_, &alice_});
}

TEST_F(CommitsTest, LostRaceOfTwoCoordinatorsEndsWithBothChangesIn) {
  RoomPeer& deputy =
      town_.Add("ocu.authority/deputy/desk", {cert::Role::kCoordinator});
  RoomPeer& carol =
      town_.Add("it.customs/carol/desk", {cert::Role::kContactPoint});
  ASSERT_OK(chief_.Run(chief_.commits().Change(room_, Adding(chief_, deputy))));
  town_.CatchUp();
  RoomChange first = Adding(chief_, alice_);
  RoomChange second = Adding(deputy, carol);

  // Both make their commit in the same epoch.
  chief_.HoldLogs(true);
  deputy.HoldLogs(true);
  chief_.Begin(chief_.commits().Change(room_, std::move(first)));
  deputy.Begin(deputy.commits().Change(room_, std::move(second)));
  chief_.Answers();
  deputy.Answers();
  chief_.HoldLogs(false);
  deputy.HoldLogs(false);
  for (int i = 0; i < 6; ++i) {
    chief_.Turn();
    deputy.Turn();
  }

  town_.CatchUp();
  EXPECT_EQ(chief_.members(room_), 4U);
  EXPECT_EQ(chief_.group(room_).epoch(), Epoch{3});
  ExpectAgreement({&chief_, &deputy, &alice_, &carol});
}

TEST_F(CommitsTest, RaceForTheSameDeviceIsNoErrorForTheSecond) {
  RoomPeer& deputy =
      town_.Add("ocu.authority/deputy/desk", {cert::Role::kCoordinator});
  ASSERT_OK(chief_.Run(chief_.commits().Change(room_, Adding(chief_, deputy))));
  town_.CatchUp();
  RoomChange again = Adding(deputy, alice_);
  ASSERT_OK(chief_.Run(chief_.commits().Change(room_, Adding(chief_, alice_))));

  ASSERT_OK_AND_ASSIGN(
      const RoomChanged changed,
      deputy.Run(deputy.commits().Change(room_, std::move(again))));

  EXPECT_THAT(changed.added, UnorderedElementsAre(alice_.device()));
  town_.CatchUp();
  ExpectAgreement({&chief_, &deputy, &alice_});
  EXPECT_EQ(chief_.members(room_), 3U);
}

TEST_F(CommitsTest, RelayAwayKeepsTheChangeAndSaysSo) {
  RoomChange change = Adding(chief_, alice_);
  chief_.relay().GoAway();
  absl::Status result;
  chief_.Begin(chief_.commits().Change(room_, std::move(change)));
  for (int i = 0; i < kCommitSendings + 1; ++i) {
    chief_.Answers();
    town_.pki().clock().Advance(kCommitSendPause);
    chief_.timers().Wake();
  }
  EXPECT_TRUE(HasPending(chief_));

  // The next change settles it first.
  chief_.relay().ComeBack();
  ASSERT_OK(chief_.Run(chief_.commits().Change(room_, Adding(chief_, bob_))));

  town_.CatchUp();
  EXPECT_EQ(chief_.members(room_), 3U);
  ExpectAgreement({&chief_, &alice_, &bob_});
}

TEST_F(CommitsTest, ChangesOfOneRoomWaitForEachOther) {
  RoomChange first = Adding(chief_, alice_);
  RoomChange second = Adding(chief_, bob_);
  chief_.Begin(chief_.commits().Change(room_, std::move(first)));
  chief_.Begin(chief_.commits().Change(room_, std::move(second)));

  for (int i = 0; i < 6; ++i) chief_.Turn();

  town_.CatchUp();
  EXPECT_EQ(chief_.members(room_), 3U);
  ExpectAgreement({&chief_, &alice_, &bob_});
}

TEST_F(CommitsTest, RemovedDeviceLeavesAndTheOthersGoOn) {
  ASSERT_OK(chief_.Admit(room_));
  town_.CatchUp();

  ASSERT_OK_AND_ASSIGN(const RoomChanged changed,
                       chief_.Run(chief_.commits().Change(
                           room_, RoomChange{.removes = {alice_.device()}})));

  EXPECT_THAT(changed.removed, UnorderedElementsAre(alice_.device()));
  town_.CatchUp();
  ExpectAgreement({&chief_, &bob_});
  EXPECT_EQ(alice_.row(room_).state, vault::RoomState::kLeft);
  EXPECT_THAT(alice_.shelf().Find(room_).status(),
              StatusIs(absl::StatusCode::kNotFound));

  // And back in by another key package.
  ASSERT_OK(chief_.Admit(room_));
  town_.CatchUp();
  ExpectAgreement({&chief_, &alice_, &bob_});
}

}  // namespace
}  // namespace cordon::client
