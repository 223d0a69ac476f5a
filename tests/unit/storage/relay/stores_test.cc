#include "storage/relay/stores.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/ids.h"
#include "tests/support/relay_on_disk.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::relay {
namespace {

using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::RelayOnDisk;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::testing::IsEmpty;

const RoomId kRoom = IdOf<RoomId>(1);
const DeviceId kAlice = IdOf<DeviceId>(1);
const DeviceId kBruno = IdOf<DeviceId>(2);

absl::Status OpenRoom(RelayOnDisk& relay) {
  return relay.Write([&](const sqlite::Transaction& txn) -> absl::Status {
    NewRoom room;
    room.room = kRoom;
    CORDON_RETURN_IF_ERROR(relay->log.OpenRoom(txn, room));
    CORDON_RETURN_IF_ERROR(relay->groups.Put(
        txn, kRoom, {.epoch = Epoch{0}, .state = ToBytes("zero"), .tree = {}}));
    return relay->groups.AddMember(
        txn, kRoom, {.leaf = 0, .device = kAlice, .since = LogSeq{0}});
  });
}

// What one accepted commit writes, house.md flow D step 7.
absl::Status CommitAddsBruno(RelayOnDisk& relay) {
  return relay.Write([&](const sqlite::Transaction& txn) -> absl::Status {
    CORDON_ASSIGN_OR_RETURN(
        const Appended appended,
        relay->log.Append(txn, {.room = kRoom,
                                .envelope = IdOf<EnvelopeId>(1),
                                .kind = EntryKind::kCommit,
                                .epoch = Epoch{0},
                                .author = kAlice,
                                .chain = IdOf<ChainHash>(1),
                                .sealed = AsBytes("commit")}));
    if (appended.duplicate) return absl::OkStatus();
    CORDON_RETURN_IF_ERROR(relay->groups.Put(
        txn, kRoom,
        {.epoch = Epoch{1}, .state = ToBytes("one"), .tree = Bytes(9000)}));
    CORDON_RETURN_IF_ERROR(relay->groups.PutInfo(
        txn, kRoom, Epoch{1}, {.signer = kAlice, .info = ToBytes("info")}));
    CORDON_RETURN_IF_ERROR(relay->groups.AddMember(
        txn, kRoom, {.leaf = 1, .device = kBruno, .since = appended.seq}));
    CORDON_ASSIGN_OR_RETURN(
        const SharedPayloadId shared,
        relay->inboxes.PutShared(txn, AsBytes("group info and tree")));
    return relay->inboxes
        .Put(txn, {.device = kBruno,
                   .kind = 1,
                   .payload = AsBytes("secrets"),
                   .shared = shared})
        .status();
  });
}

// All of it, or nothing of it, is there.
bool ExpectWhole(RelayOnDisk& relay) {
  const absl::StatusOr<Room> room = relay->log.FindRoom(kRoom);
  EXPECT_OK(room);
  const bool committed = room.ok() && room->epoch == Epoch{1};
  const auto group = relay->groups.Find(kRoom);
  EXPECT_OK(group);
  EXPECT_EQ(group->epoch, Epoch{committed ? 1U : 0U});
  EXPECT_EQ(relay->groups.Infos(kRoom)->size(), committed ? 1U : 0U);
  EXPECT_EQ(relay->groups.RoomsOf(kBruno)->size(), committed ? 1U : 0U);
  EXPECT_EQ(*relay->inboxes.Count(kBruno), committed ? 1U : 0U);
  return committed;
}

TEST(StoresTest, CommitItsGroupAndItsWelcomesAreOneWriteWhereverItStops) {
  SeededRandom luck(4);
  for (uint64_t stop = 0; stop < 200; ++stop) {
    SCOPED_TRACE(stop);
    RelayOnDisk relay;
    ASSERT_OK(OpenRoom(relay));
    relay.disk().StopAfter(stop);
    const bool acknowledged = CommitAddsBruno(relay).ok();
    const bool stopped = relay.disk().stopped();

    ASSERT_OK(relay.Restart(&luck));

    const bool committed = ExpectWhole(relay);
    ASSERT_TRUE(committed || !acknowledged);
    ASSERT_OK(CommitAddsBruno(relay));
    ASSERT_TRUE(ExpectWhole(relay));
    if (!stopped) {
      EXPECT_GT(stop, 5U);
      return;
    }
  }
  FAIL() << "never came to an end";
}

TEST(StoresTest, FullDiskAtAnyWriteLeavesEverythingAsItWas) {
  for (uint64_t writes = 0; writes < 200; ++writes) {
    SCOPED_TRACE(writes);
    RelayOnDisk relay;
    ASSERT_OK(OpenRoom(relay));
    relay.disk().FillAfter(writes);

    const absl::Status commit = CommitAddsBruno(relay);
    if (commit.ok()) {
      EXPECT_GT(writes, 3U);
      return;
    }
    ASSERT_THAT(commit, StatusIs(absl::StatusCode::kResourceExhausted));
    ASSERT_FALSE(ExpectWhole(relay));
    relay.disk().FreeUp();
    ASSERT_OK(CommitAddsBruno(relay));
    ASSERT_OK(relay.Restart());
    ASSERT_TRUE(ExpectWhole(relay));
  }
  FAIL() << "never came to an end";
}

// More than SQLite keeps in memory is written before the commit, and a disk
// that fails there takes the whole transaction with it.
class LargeTransactionTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK(OpenRoom(relay_)); }

  absl::Status Append(const sqlite::Transaction& txn, uint32_t number) {
    return relay_->log
        .Append(txn, {.room = kRoom,
                      .envelope = IdOf<EnvelopeId>(number),
                      .kind = EntryKind::kApplication,
                      .epoch = Epoch{0},
                      .author = kAlice,
                      .chain = IdOf<ChainHash>(number),
                      .sealed = sealed_})
        .status();
  }
  absl::Status AppendAll(const sqlite::Transaction& txn) {
    for (uint32_t number = 1; number <= kEntries; ++number) {
      CORDON_RETURN_IF_ERROR(Append(txn, number));
    }
    return absl::OkStatus();
  }

  static constexpr uint32_t kEntries = 20;
  const Bytes sealed_ = Bytes(size_t{256} * 1024, 7);
  RelayOnDisk relay_;
};

TEST_F(LargeTransactionTest, AllThatFollowsAFullDiskIsToldOfIt) {
  {
    ASSERT_OK_AND_ASSIGN(sqlite::Transaction txn,
                         sqlite::Transaction::Begin(&relay_.db()));
    relay_.disk().FillAfter(0);
    ASSERT_THAT(AppendAll(txn), StatusIs(absl::StatusCode::kResourceExhausted));
    EXPECT_THAT(sqlite::Savepoint::Begin(txn),
                StatusIs(absl::StatusCode::kResourceExhausted));
    EXPECT_THAT(Append(txn, kEntries + 1),
                StatusIs(absl::StatusCode::kResourceExhausted));
    EXPECT_THAT(txn.Commit(), StatusIs(absl::StatusCode::kResourceExhausted));
  }

  relay_.disk().FreeUp();
  EXPECT_FALSE(ExpectWhole(relay_));
  ASSERT_OK(relay_.Write(
      [this](const sqlite::Transaction& txn) { return AppendAll(txn); }));
  EXPECT_EQ(relay_->log.FindRoom(kRoom)->head.seq, LogSeq{kEntries});
}

TEST_F(LargeTransactionTest, CommitAfterADiskThatFailedSaysThatNobodyKnows) {
  ASSERT_OK_AND_ASSIGN(sqlite::Transaction txn,
                       sqlite::Transaction::Begin(&relay_.db()));
  relay_.disk().StopAfter(0);
  ASSERT_THAT(AppendAll(txn), StatusIs(absl::StatusCode::kUnavailable));

  EXPECT_THAT(txn.Commit(), StatusIs(absl::StatusCode::kUnavailable));
}

// The very first start: making the file and its tables may stop anywhere too.
TEST(StoresTest, FirstStartThatStopsAnywhereCanBeRepeated) {
  uint64_t changes = 0;
  {
    RelayOnDisk whole;
    changes = whole.disk().changes().size();
  }
  ASSERT_GT(changes, 20U);
  SeededRandom luck(6);
  for (uint64_t stop = 0; stop < changes; ++stop) {
    SCOPED_TRACE(stop);
    RelayOnDisk relay;
    relay.Erase();
    relay.disk().StopAfter(stop);
    ASSERT_THAT(relay.Open(), ::testing::Not(cordon::testing::IsOk()));

    ASSERT_OK(relay.Restart(&luck));

    ASSERT_OK(OpenRoom(relay));
    ASSERT_OK(relay.Restart());
    EXPECT_FALSE(ExpectWhole(relay));
  }
}

TEST(StoresTest, SavepointTakesBackOneCommitOfABatch) {
  RelayOnDisk relay;
  ASSERT_OK(OpenRoom(relay));

  ASSERT_OK(relay.Write([&](const sqlite::Transaction& txn) -> absl::Status {
    CORDON_ASSIGN_OR_RETURN(const sqlite::Savepoint step,
                            sqlite::Savepoint::Begin(txn));
    NewEntry entry;
    entry.room = kRoom;
    entry.envelope = IdOf<EnvelopeId>(1);
    return relay->log.Append(txn, entry).status();
  }));

  EXPECT_THAT(relay->log.ReadAfter(kRoom, LogSeq{0}, {}),
              IsOkAndHolds(IsEmpty()));
}

TEST(StoresTest, VaultIsNotTakenForARelaysDatabase) {
  ASSERT_OK_AND_ASSIGN(auto db, sqlite::Db::OpenInMemory());
  ASSERT_OK(db->ExecuteScript("PRAGMA application_id = 77"));

  EXPECT_THAT(OpenStores(db.get()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace cordon::relay
