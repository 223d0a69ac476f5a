#include "storage/relay/delivery_log.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/faulty_files.h"
#include "tests/support/ids.h"
#include "tests/support/relay_on_disk.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::relay {
namespace {

using ::cordon::testing::DiskChange;
using ::cordon::testing::DiskOp;
using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::RelayOnDisk;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const RoomId kRoom = IdOf<RoomId>(1);
const RoomId kOtherRoom = IdOf<RoomId>(2);
const DeviceId kAlice = IdOf<DeviceId>(1);
const DeviceId kBruno = IdOf<DeviceId>(2);

class DeliveryLogTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK(OpenRoom(kRoom, Epoch{4})); }

  absl::Status OpenRoom(RoomId room, Epoch epoch) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->log.OpenRoom(txn, {.room = room,
                                        .operation = IdOf<OperationId>(9),
                                        .kind = 3,
                                        .creator = kAlice,
                                        .epoch = epoch});
    });
  }
  NewEntry Entry(uint8_t n, ByteSpan sealed) const {
    return {.room = kRoom,
            .envelope = IdOf<EnvelopeId>(n),
            .kind = EntryKind::kApplication,
            .epoch = Epoch{4},
            .author = kAlice,
            .chain = IdOf<ChainHash>(n),
            .received = absl::FromUnixSeconds(1700000000),
            .sealed = sealed};
  }
  absl::StatusOr<Appended> Append(const NewEntry& entry) {
    Appended appended;
    CORDON_RETURN_IF_ERROR(
        relay_.Write([&](const sqlite::Transaction& txn) -> absl::Status {
          CORDON_ASSIGN_OR_RETURN(appended, relay_->log.Append(txn, entry));
          return absl::OkStatus();
        }));
    return appended;
  }
  void AppendThree() {
    ASSERT_OK(Append(Entry(1, sealed_)));
    ASSERT_OK(Append(Entry(2, sealed_)));
    ASSERT_OK(Append(Entry(3, sealed_)));
  }
  std::vector<LogEntry> ReadAll(LogSeq after = LogSeq{0},
                                const ReadLimits& limits = {}) {
    absl::StatusOr<std::vector<LogEntry>> entries =
        relay_->log.ReadAfter(kRoom, after, limits);
    EXPECT_OK(entries);
    return entries.ok() ? *entries : std::vector<LogEntry>();
  }

  const Bytes sealed_ = ToBytes("sealed");
  RelayOnDisk relay_;
};

TEST_F(DeliveryLogTest, NewRoomHasAnEmptyLogAfterRestart) {
  ASSERT_OK(relay_.Restart());

  ASSERT_OK_AND_ASSIGN(const Room room, relay_->log.FindRoom(kRoom));

  EXPECT_EQ(room.operation, IdOf<OperationId>(9));
  EXPECT_EQ(room.kind, 3);
  EXPECT_EQ(room.creator, kAlice);
  EXPECT_EQ(room.epoch, Epoch{4});
  EXPECT_EQ(room.head, RoomHead{});
  EXPECT_EQ(room.log_bytes, 0U);
  EXPECT_THAT(ReadAll(), IsEmpty());
}

TEST_F(DeliveryLogTest, UnknownRoomIsNotFound) {
  EXPECT_THAT(relay_->log.FindRoom(kOtherRoom),
              StatusIs(absl::StatusCode::kNotFound));
  NewEntry entry = Entry(1, sealed_);
  entry.room = kOtherRoom;
  EXPECT_THAT(Append(entry), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(relay_->log.ReadAfter(kOtherRoom, LogSeq{0}, {}),
              IsOkAndHolds(IsEmpty()));
}

TEST_F(DeliveryLogTest, RoomOpenedTwiceIsRefusedUnchanged) {
  EXPECT_THAT(OpenRoom(kRoom, Epoch{9}),
              StatusIs(absl::StatusCode::kAlreadyExists));

  ASSERT_OK_AND_ASSIGN(const Room room, relay_->log.FindRoom(kRoom));
  EXPECT_EQ(room.epoch, Epoch{4});
}

TEST_F(DeliveryLogTest, AppendedEntryIsThereAfterRestart) {
  ASSERT_OK_AND_ASSIGN(const Appended appended, Append(Entry(1, sealed_)));
  EXPECT_EQ(appended.seq, LogSeq{1});
  EXPECT_FALSE(appended.duplicate);

  ASSERT_OK(relay_.Restart());

  const std::vector<LogEntry> entries = ReadAll();
  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_EQ(entries[0].seq, LogSeq{1});
  EXPECT_EQ(entries[0].envelope, IdOf<EnvelopeId>(1));
  EXPECT_EQ(entries[0].kind, EntryKind::kApplication);
  EXPECT_EQ(entries[0].epoch, Epoch{4});
  EXPECT_EQ(entries[0].author, kAlice);
  EXPECT_EQ(entries[0].chain, IdOf<ChainHash>(1));
  EXPECT_EQ(entries[0].received, absl::FromUnixSeconds(1700000000));
  EXPECT_EQ(entries[0].sealed, sealed_);
}

TEST_F(DeliveryLogTest, HeadAndBytesFollowTheLog) {
  ASSERT_OK(Append(Entry(1, sealed_)));
  ASSERT_OK(Append(Entry(2, sealed_)));

  ASSERT_OK(relay_.Restart());

  ASSERT_OK_AND_ASSIGN(const Room room, relay_->log.FindRoom(kRoom));
  EXPECT_EQ(room.head,
            (RoomHead{.seq = LogSeq{2}, .chain = IdOf<ChainHash>(2)}));
  EXPECT_EQ(room.log_bytes, 2 * sealed_.size());
}

TEST_F(DeliveryLogTest, AppendWithOldEpochChangesNothing) {
  NewEntry entry = Entry(1, sealed_);
  entry.epoch = Epoch{3};

  EXPECT_THAT(Append(entry), StatusIs(absl::StatusCode::kAborted));

  EXPECT_THAT(ReadAll(), IsEmpty());
  ASSERT_OK_AND_ASSIGN(const Room room, relay_->log.FindRoom(kRoom));
  EXPECT_EQ(room.head, RoomHead{});
  EXPECT_EQ(room.log_bytes, 0U);
}

TEST_F(DeliveryLogTest, AppendWithFutureEpochIsAborted) {
  NewEntry entry = Entry(1, sealed_);
  entry.epoch = Epoch{5};

  EXPECT_THAT(Append(entry), StatusIs(absl::StatusCode::kAborted));
}

TEST_F(DeliveryLogTest, CommitMovesTheRoomToTheNextEpoch) {
  NewEntry commit = Entry(1, sealed_);
  commit.kind = EntryKind::kCommit;

  ASSERT_OK(Append(commit));
  ASSERT_OK(relay_.Restart());

  ASSERT_OK_AND_ASSIGN(const Room room, relay_->log.FindRoom(kRoom));
  EXPECT_EQ(room.epoch, Epoch{5});
  EXPECT_EQ(ReadAll()[0].epoch, Epoch{4});
}

TEST_F(DeliveryLogTest, SecondCommitOfAnEpochIsAborted) {
  NewEntry commit = Entry(1, sealed_);
  commit.kind = EntryKind::kCommit;
  ASSERT_OK(Append(commit));

  NewEntry late = Entry(2, sealed_);
  late.kind = EntryKind::kCommit;
  late.author = kBruno;

  EXPECT_THAT(Append(late), StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(ReadAll(), SizeIs(1));
}

TEST_F(DeliveryLogTest, ProposalLeavesTheEpoch) {
  NewEntry proposal = Entry(1, sealed_);
  proposal.kind = EntryKind::kProposal;

  ASSERT_OK(Append(proposal));

  ASSERT_OK_AND_ASSIGN(const Room room, relay_->log.FindRoom(kRoom));
  EXPECT_EQ(room.epoch, Epoch{4});
}

TEST_F(DeliveryLogTest, DuplicateIsAnsweredWithItsFirstPlace) {
  ASSERT_OK(Append(Entry(1, sealed_)));
  ASSERT_OK(Append(Entry(2, sealed_)));

  ASSERT_OK_AND_ASSIGN(const Appended again, Append(Entry(1, sealed_)));

  EXPECT_EQ(again.seq, LogSeq{1});
  EXPECT_TRUE(again.duplicate);
  EXPECT_THAT(ReadAll(), SizeIs(2));
}

// The sender whose answer was lost asks again after the epoch has passed.
TEST_F(DeliveryLogTest, DuplicateIsFoundBeforeTheEpochIsJudged) {
  NewEntry commit = Entry(1, sealed_);
  commit.kind = EntryKind::kCommit;
  ASSERT_OK(Append(commit));

  EXPECT_THAT(Append(commit),
              IsOkAndHolds(::testing::Field(&Appended::seq, LogSeq{1})));

  ASSERT_OK_AND_ASSIGN(const Room room, relay_->log.FindRoom(kRoom));
  EXPECT_EQ(room.epoch, Epoch{5});
}

TEST_F(DeliveryLogTest, EnvelopeIdOfAnotherAuthorIsRefused) {
  ASSERT_OK(Append(Entry(1, sealed_)));
  NewEntry theft = Entry(1, sealed_);
  theft.author = kBruno;

  EXPECT_THAT(Append(theft), StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(ReadAll(), SizeIs(1));
}

TEST_F(DeliveryLogTest, SameEnvelopeIdInAnotherRoomIsAnotherEnvelope) {
  ASSERT_OK(OpenRoom(kOtherRoom, Epoch{4}));
  ASSERT_OK(Append(Entry(7, sealed_)));
  ASSERT_OK(Append(Entry(1, sealed_)));
  NewEntry other = Entry(1, sealed_);
  other.room = kOtherRoom;

  ASSERT_OK_AND_ASSIGN(const Appended appended, Append(other));

  EXPECT_EQ(appended.seq, LogSeq{1});
  EXPECT_FALSE(appended.duplicate);
}

TEST_F(DeliveryLogTest, FindEnvelopeGivesItsPlaceOrNothing) {
  ASSERT_OK(Append(Entry(1, sealed_)));

  ASSERT_OK_AND_ASSIGN(const auto placed,
                       relay_->log.FindEnvelope(kRoom, IdOf<EnvelopeId>(1)));
  ASSERT_TRUE(placed.has_value());
  EXPECT_EQ(placed->seq, LogSeq{1});
  EXPECT_EQ(placed->author, kAlice);
  EXPECT_EQ(placed->chain, IdOf<ChainHash>(1));
  EXPECT_THAT(relay_->log.FindEnvelope(kRoom, IdOf<EnvelopeId>(2)),
              IsOkAndHolds(::testing::Eq(std::nullopt)));
}

TEST_F(DeliveryLogTest, ReadAfterBeginsBehindTheCursor) {
  AppendThree();

  EXPECT_THAT(ReadAll(LogSeq{1}),
              ElementsAre(::testing::Field(&LogEntry::seq, LogSeq{2}),
                          ::testing::Field(&LogEntry::seq, LogSeq{3})));
  EXPECT_THAT(ReadAll(LogSeq{3}), IsEmpty());
}

TEST_F(DeliveryLogTest, ReadAfterKeepsTheEntryLimit) {
  AppendThree();

  EXPECT_THAT(ReadAll(LogSeq{0}, {.entries_max = 2}), SizeIs(2));
}

TEST_F(DeliveryLogTest, ReadAfterKeepsTheByteLimit) {
  AppendThree();

  EXPECT_THAT(ReadAll(LogSeq{0}, {.bytes_max = 2 * sealed_.size()}), SizeIs(2));
  EXPECT_THAT(ReadAll(LogSeq{0}, {.bytes_max = 2 * sealed_.size() - 1}),
              SizeIs(1));
}

TEST_F(DeliveryLogTest, ReadAfterGivesOneEntryThatIsBeyondTheByteLimit) {
  ASSERT_OK(Append(Entry(1, sealed_)));

  EXPECT_THAT(ReadAll(LogSeq{0}, {.bytes_max = 1}), SizeIs(1));
}

TEST_F(DeliveryLogTest, ListRoomsGoesOnBehindTheLastOne) {
  ASSERT_OK(OpenRoom(kOtherRoom, Epoch{0}));

  ASSERT_OK_AND_ASSIGN(const auto first, relay_->log.ListRooms(RoomId(), 1));
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_EQ(first[0].room, kRoom);
  ASSERT_OK_AND_ASSIGN(const auto rest, relay_->log.ListRooms(kRoom, 10));
  ASSERT_THAT(rest, SizeIs(1));
  EXPECT_EQ(rest[0].room, kOtherRoom);
}

// ---- durability ----

TEST_F(DeliveryLogTest, AppendIsSyncedBeforeItIsAnswered) {
  relay_.disk().ForgetChanges();

  ASSERT_OK(Append(Entry(1, sealed_)));

  const std::vector<DiskChange>& changes = relay_.disk().changes();
  ASSERT_FALSE(changes.empty());
  EXPECT_EQ(changes.back().op, DiskOp::kSync);
  EXPECT_EQ(changes.back().file, "relay.db-wal");
}

TEST_F(DeliveryLogTest, ManyAppendsInOneTransactionShareOneSync) {
  relay_.disk().ForgetChanges();

  ASSERT_OK(relay_.Write([&](const sqlite::Transaction& txn) -> absl::Status {
    for (uint8_t n = 1; n <= 64; ++n) {
      CORDON_RETURN_IF_ERROR(
          relay_->log.Append(txn, Entry(n, sealed_)).status());
    }
    return absl::OkStatus();
  }));

  EXPECT_EQ(relay_.disk().CountOf(DiskOp::kSync), 1U);
  ASSERT_OK(relay_.Restart());
  EXPECT_THAT(ReadAll(), SizeIs(64));
}

TEST_F(DeliveryLogTest, RefusedAppendInABatchLeavesTheOthers) {
  ASSERT_OK(relay_.Write([&](const sqlite::Transaction& txn) -> absl::Status {
    CORDON_RETURN_IF_ERROR(relay_->log.Append(txn, Entry(1, sealed_)).status());
    NewEntry late = Entry(2, sealed_);
    late.epoch = Epoch{1};
    EXPECT_THAT(relay_->log.Append(txn, late),
                StatusIs(absl::StatusCode::kAborted));
    return relay_->log.Append(txn, Entry(3, sealed_)).status();
  }));

  ASSERT_OK(relay_.Restart());
  EXPECT_THAT(ReadAll(), SizeIs(2));
}

TEST_F(DeliveryLogTest, FullDiskLeavesTheLogAsItWas) {
  ASSERT_OK(Append(Entry(1, sealed_)));
  relay_.disk().FillAfter(0);

  EXPECT_THAT(Append(Entry(2, Bytes(20000))),
              StatusIs(absl::StatusCode::kResourceExhausted));

  EXPECT_THAT(ReadAll(), SizeIs(1));
  relay_.disk().FreeUp();
  EXPECT_THAT(Append(Entry(3, sealed_)),
              IsOkAndHolds(::testing::Field(&Appended::seq, LogSeq{2})));
  ASSERT_OK(relay_.Restart());
  EXPECT_THAT(ReadAll(), SizeIs(2));
}

// One burst of appends with a stop at every single change of the disk, once
// with all unsynced bytes lost and once with a random part of them kept.
class DeliveryLogStopTest : public ::testing::TestWithParam<bool> {};

constexpr uint8_t kBurst = 6;

absl::StatusOr<LogSeq> AppendOne(RelayOnDisk& relay, uint8_t n) {
  const Bytes sealed(3000, n);
  Appended appended;
  CORDON_RETURN_IF_ERROR(
      relay.Write([&](const sqlite::Transaction& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(
            appended, relay->log.Append(txn, {.room = kRoom,
                                              .envelope = IdOf<EnvelopeId>(n),
                                              .kind = EntryKind::kApplication,
                                              .epoch = Epoch{0},
                                              .author = kAlice,
                                              .chain = IdOf<ChainHash>(n),
                                              .sealed = sealed}));
        return absl::OkStatus();
      }));
  return appended.seq;
}

// Returns how many were acknowledged before the disk stopped.
uint8_t RunBurst(RelayOnDisk& relay) {
  for (uint8_t n = 1; n <= kBurst; ++n) {
    if (!AppendOne(relay, n).ok()) return n - 1;
  }
  return kBurst;
}

void ExpectBurst(RelayOnDisk& relay, uint8_t acknowledged) {
  ASSERT_OK_AND_ASSIGN(const std::vector<LogEntry> entries,
                       relay->log.ReadAfter(kRoom, LogSeq{0}, {}));
  // The one whose answer was lost may be there.
  ASSERT_GE(entries.size(), acknowledged);
  ASSERT_LE(entries.size(), acknowledged + 1U);
  for (size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(entries[i].seq.value, i + 1);
    EXPECT_EQ(entries[i].sealed, Bytes(3000, static_cast<uint8_t>(i + 1)));
  }
  // Everybody sends again what was not answered; nothing is doubled.
  for (uint8_t n = 1; n <= kBurst; ++n) {
    ASSERT_THAT(AppendOne(relay, n), IsOkAndHolds(LogSeq{n}));
  }
  ASSERT_OK(relay.db().CheckIntegrity());
}

TEST_P(DeliveryLogStopTest, NothingAcknowledgedIsLostAndNothingIsDoubled) {
  SeededRandom random(5);
  for (uint64_t stop = 0;; ++stop) {
    SCOPED_TRACE(stop);
    RelayOnDisk relay;
    ASSERT_OK(relay.Write([&](const sqlite::Transaction& txn) {
      NewRoom room;
      room.room = kRoom;
      return relay->log.OpenRoom(txn, room);
    }));
    // A small log, so that stops during its transfer into the file are met too.
    ASSERT_OK(relay.db().ExecuteScript("PRAGMA wal_autocheckpoint = 10"));
    relay.disk().StopAfter(stop);
    const uint8_t acknowledged = RunBurst(relay);
    const bool stopped = relay.disk().stopped();

    ASSERT_OK(relay.Restart(GetParam() ? &random : nullptr));

    ExpectBurst(relay, acknowledged);
    if (HasFatalFailure()) return;
    if (!stopped) {
      EXPECT_EQ(acknowledged, kBurst);
      EXPECT_GT(stop, 30U);
      return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(UnsyncedBytes, DeliveryLogStopTest, ::testing::Bool(),
                         [](const auto& run) {
                           return std::string(run.param ? "KeptByChance"
                                                        : "Lost");
                         });

}  // namespace
}  // namespace cordon::relay
