#include "storage/vault/record_store.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "storage/vault/vault.h"
#include "tests/support/ids.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_vault.h"

namespace cordon::vault {
namespace {

using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempVault;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const auto kRoom = IdOf<RoomId>(1);
const auto kOtherRoom = IdOf<RoomId>(2);
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

LogPlace Place(RoomId room, uint64_t seq, PlaceKind kind) {
  return {.room = room,
          .seq = LogSeq{seq},
          .kind = kind,
          .author = IdOf<DeviceId>(4),
          .epoch = Epoch{6},
          .envelope = IdOf<EnvelopeId>(static_cast<uint8_t>(seq)),
          .received = kNow};
}

StoredRecord Record(RoomId room, uint64_t seq, uint8_t id) {
  return {.place = Place(room, seq, PlaceKind::kRecord),
          .id = IdOf<RecordId>(id),
          .kind = 2,
          .sent = kNow - absl::Minutes(1),
          .flags = 0,
          .ref_no = "OP-FR-2023-00001",
          .signed_bytes = ToBytes("signed")};
}

class RecordStoreTest : public ::testing::Test {
 protected:
  template <typename Fn>
  absl::Status Update(Fn update) {
    return vault_->Update([&](VaultTxn& txn) { return update(txn.records()); });
  }
  absl::Status Add(const StoredRecord& record,
                   const std::vector<RecordReference>& references = {}) {
    return Update([&](RecordStore& records) {
      return records.AddRecord(record, references);
    });
  }
  template <typename Fn>
  auto Stored(Fn read) {
    vault_.Reopen();
    return vault_.Read(
        [&](const VaultTxn& txn) { return read(txn.records()); });
  }
  absl::StatusOr<StoredRecord> StoredAt(RoomId room, uint64_t seq) {
    return Stored([&](const RecordStore& records) {
      return records.GetRecordAt(room, LogSeq{seq});
    });
  }
  absl::StatusOr<LogPlace> StoredPlace(RoomId room, uint64_t seq) {
    return Stored([&](const RecordStore& records) {
      return records.GetPlace(room, LogSeq{seq});
    });
  }

  TempVault vault_;
};

TEST_F(RecordStoreTest, ARecordIsKeptWholeByIdAndByPlace) {
  StoredRecord record = Record(kRoom, 3, 7);
  record.flags = 5;
  ASSERT_OK(Add(record));

  ASSERT_OK_AND_ASSIGN(const StoredRecord at_place, StoredAt(kRoom, 3));
  ASSERT_OK_AND_ASSIGN(
      const StoredRecord by_id, Stored([&](const RecordStore& records) {
        return records.GetRecord({.room = kRoom, .id = record.id});
      }));

  for (const StoredRecord& stored : {at_place, by_id}) {
    EXPECT_EQ(stored.place.room, kRoom);
    EXPECT_EQ(stored.place.seq, LogSeq{3});
    EXPECT_EQ(stored.place.kind, PlaceKind::kRecord);
    EXPECT_EQ(stored.place.author, IdOf<DeviceId>(4));
    EXPECT_EQ(stored.place.epoch, Epoch{6});
    EXPECT_EQ(stored.place.envelope, IdOf<EnvelopeId>(3));
    EXPECT_EQ(stored.place.received, kNow);
    EXPECT_EQ(stored.id, record.id);
    EXPECT_EQ(stored.kind, 2U);
    EXPECT_EQ(stored.sent, kNow - absl::Minutes(1));
    EXPECT_EQ(stored.flags, 5U);
    EXPECT_EQ(stored.ref_no, "OP-FR-2023-00001");
    EXPECT_EQ(stored.signed_bytes, ToBytes("signed"));
  }
}

TEST_F(RecordStoreTest, AnAbsentRecordOrPlaceIsNotFound) {
  ASSERT_OK(Add(Record(kRoom, 3, 7)));
  const auto not_found = StatusIs(absl::StatusCode::kNotFound);

  EXPECT_THAT(StoredAt(kRoom, 4), not_found);
  EXPECT_THAT(StoredAt(kOtherRoom, 3), not_found);
  EXPECT_THAT(StoredPlace(kRoom, 4), not_found);
  EXPECT_THAT(
      Stored([](const RecordStore& records) {
        return records.GetRecord({.room = kRoom, .id = IdOf<RecordId>(8)});
      }),
      not_found);
  EXPECT_THAT(Update([](RecordStore& records) {
                return records.SetFlags(
                    {.room = kRoom, .id = IdOf<RecordId>(8)}, 1);
              }),
              not_found);
}

TEST_F(RecordStoreTest, HasRecordTellsOneRoomFromAnother) {
  ASSERT_OK(Add(Record(kRoom, 3, 7)));
  const auto has = [&](RoomId room) {
    return Stored([&](const RecordStore& records) {
      return records.HasRecord({.room = room, .id = IdOf<RecordId>(7)});
    });
  };

  EXPECT_THAT(has(kRoom), IsOkAndHolds(true));
  EXPECT_THAT(has(kOtherRoom), IsOkAndHolds(false));
}

TEST_F(RecordStoreTest, AResendIsNeverASecondRecordAndItsPlaceStaysFree) {
  ASSERT_OK(Add(Record(kRoom, 3, 7)));

  ASSERT_OK(Update([](RecordStore& records) {
    EXPECT_THAT(records.AddRecord(Record(kRoom, 4, 7), {}),
                StatusIs(absl::StatusCode::kAlreadyExists));
    return records.AddPlace(Place(kRoom, 4, PlaceKind::kRepeat));
  }));

  EXPECT_THAT(StoredAt(kRoom, 4), StatusIs(absl::StatusCode::kNotFound));
  ASSERT_OK_AND_ASSIGN(const LogPlace place, StoredPlace(kRoom, 4));
  EXPECT_EQ(place.kind, PlaceKind::kRepeat);
}

TEST_F(RecordStoreTest, OneIdInTwoRoomsIsTwoRecords) {
  ASSERT_OK(Add(Record(kRoom, 3, 7)));

  EXPECT_OK(Add(Record(kOtherRoom, 1, 7)));

  EXPECT_OK(StoredAt(kRoom, 3));
  EXPECT_OK(StoredAt(kOtherRoom, 1));
}

TEST_F(RecordStoreTest, ATakenPlaceIsRefusedToEveryKindOfEntry) {
  ASSERT_OK(Add(Record(kRoom, 3, 7)));
  const auto taken = StatusIs(absl::StatusCode::kAlreadyExists);

  ASSERT_OK(Update([&](RecordStore& records) {
    EXPECT_THAT(records.AddRecord(Record(kRoom, 3, 8),
                                  {{.target = IdOf<RecordId>(1), .kind = 1}}),
                taken);
    EXPECT_THAT(records.AddPlace(Place(kRoom, 3, PlaceKind::kCommit)), taken);
    EXPECT_THAT(records.AddQuarantined(
                    {.place = Place(kRoom, 3, PlaceKind::kQuarantined),
                     .reason = 1,
                     .bytes = ToBytes("b")}),
                taken);
    return absl::OkStatus();
  }));

  ASSERT_OK_AND_ASSIGN(const StoredRecord stored, StoredAt(kRoom, 3));
  EXPECT_EQ(stored.id, IdOf<RecordId>(7));
}

TEST_F(RecordStoreTest, CommitsAndProposalsTakePlacesOfTheLog) {
  ASSERT_OK(Update([](RecordStore& records) -> absl::Status {
    CORDON_RETURN_IF_ERROR(
        records.AddPlace(Place(kRoom, 1, PlaceKind::kCommit)));
    return records.AddPlace(Place(kRoom, 2, PlaceKind::kProposal));
  }));

  ASSERT_OK_AND_ASSIGN(const LogPlace commit, StoredPlace(kRoom, 1));
  ASSERT_OK_AND_ASSIGN(const LogPlace proposal, StoredPlace(kRoom, 2));
  EXPECT_EQ(commit.kind, PlaceKind::kCommit);
  EXPECT_EQ(commit.author, IdOf<DeviceId>(4));
  EXPECT_EQ(proposal.kind, PlaceKind::kProposal);
}

TEST_F(RecordStoreTest, MissedIsWhatWasBeforeUsAndWhileWeWereOut) {
  const auto missed = [&](uint64_t upto) {
    uint64_t count = 0;
    EXPECT_OK(Update([&](RecordStore& records) -> absl::Status {
      CORDON_ASSIGN_OR_RETURN(count, records.CountMissed(kRoom, LogSeq{upto}));
      return absl::OkStatus();
    }));
    return count;
  };
  EXPECT_EQ(missed(0), 0U);
  // Let in by the first entry.
  EXPECT_EQ(missed(1), 0U);
  EXPECT_EQ(missed(5), 4U);

  // Let in by the second; out from the fifth, and let in again by the eighth.
  ASSERT_OK(Update([](RecordStore& records) -> absl::Status {
    for (const uint64_t seq : {3U, 4U, 9U}) {
      CORDON_RETURN_IF_ERROR(
          records.AddPlace(Place(kRoom, seq, PlaceKind::kCommit)));
    }
    return records.AddPlace(Place(kOtherRoom, 6, PlaceKind::kCommit));
  }));

  EXPECT_EQ(missed(4), 1U);
  EXPECT_EQ(missed(8), 1U + 3U);
  EXPECT_EQ(missed(9), 1U + 3U);
}

TEST_F(RecordStoreTest, AddPlaceRefusesWhatHasItsOwnCall) {
  for (const PlaceKind kind : {PlaceKind::kRecord, PlaceKind::kQuarantined}) {
    EXPECT_THAT(Update([&](RecordStore& records) {
                  return records.AddPlace(Place(kRoom, 1, kind));
                }),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
  EXPECT_THAT(StoredPlace(kRoom, 1), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(RecordStoreTest, SetFlagsChangesThemAlone) {
  ASSERT_OK(Add(Record(kRoom, 3, 7)));

  ASSERT_OK(Update([](RecordStore& records) {
    return records.SetFlags({.room = kRoom, .id = IdOf<RecordId>(7)},
                            0x80000001);
  }));

  ASSERT_OK_AND_ASSIGN(const StoredRecord stored, StoredAt(kRoom, 3));
  EXPECT_EQ(stored.flags, 0x80000001U);
  EXPECT_EQ(stored.signed_bytes, ToBytes("signed"));
}

TEST_F(RecordStoreTest, RecordsBeyondALimitAreRefusedWithTheirPlaceFree) {
  StoredRecord big = Record(kRoom, 1, 1);
  big.signed_bytes.resize(kEnvelopeBytesMax + 1);
  StoredRecord numbered = Record(kRoom, 1, 1);
  numbered.ref_no = std::string(kRefNoBytesMax + 1, '1');
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);

  EXPECT_THAT(Add(big), refused);
  EXPECT_THAT(Add(numbered), refused);
  EXPECT_THAT(Add(Record(kRoom, 1, 1),
                  std::vector<RecordReference>(kReferencesPerRecordMax + 1)),
              refused);

  EXPECT_THAT(StoredPlace(kRoom, 1), StatusIs(absl::StatusCode::kNotFound));
  big.signed_bytes.resize(kEnvelopeBytesMax);
  EXPECT_OK(Add(big));
}

TEST_F(RecordStoreTest, ReferencesAreKeptEachOnce) {
  const RecordReference updates{.target = IdOf<RecordId>(1), .kind = 1};
  const RecordReference cancels{.target = IdOf<RecordId>(1), .kind = 2};
  ASSERT_OK(Add(Record(kRoom, 3, 7), {updates, cancels, updates}));

  ASSERT_OK_AND_ASSIGN(
      const auto references, Stored([](const RecordStore& records) {
        return records.ReferencesOf({.room = kRoom, .id = IdOf<RecordId>(7)});
      }));

  ASSERT_THAT(references, SizeIs(2));
  EXPECT_EQ(references[0].target, updates.target);
  EXPECT_EQ(references[0].kind, 1U);
  EXPECT_EQ(references[1].kind, 2U);
}

TEST_F(RecordStoreTest, AQuarantinedEntryIsKeptWithItsReason) {
  ASSERT_OK(Update([](RecordStore& records) {
    return records.AddQuarantined({.place = Place(kRoom, 2, PlaceKind::kRecord),
                                   .reason = 17,
                                   .bytes = ToBytes("not signed")});
  }));

  ASSERT_OK_AND_ASSIGN(const auto entries,
                       Stored([](const RecordStore& records) {
                         return records.ReadQuarantined(kRoom, LogSeq{0});
                       }));

  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_EQ(entries[0].place.seq, LogSeq{2});
  EXPECT_EQ(entries[0].place.kind, PlaceKind::kQuarantined);
  EXPECT_EQ(entries[0].place.author, IdOf<DeviceId>(4));
  EXPECT_EQ(entries[0].reason, 17U);
  EXPECT_EQ(entries[0].bytes, ToBytes("not signed"));
  EXPECT_THAT(StoredAt(kRoom, 2), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(RecordStoreTest, QuarantinePagesByPlace) {
  ASSERT_OK(Update([](RecordStore& records) -> absl::Status {
    for (uint64_t seq = 1; seq <= kQuarantinedPerPageMax + 2; ++seq) {
      CORDON_RETURN_IF_ERROR(records.AddQuarantined(
          {.place = Place(kRoom, seq, PlaceKind::kQuarantined),
           .reason = 1,
           .bytes = {}}));
    }
    return absl::OkStatus();
  }));
  const auto read = [&](RoomId room, uint64_t after) {
    return Stored([&](const RecordStore& records) {
      return records.ReadQuarantined(room, LogSeq{after});
    });
  };

  EXPECT_THAT(read(kRoom, 0), IsOkAndHolds(SizeIs(kQuarantinedPerPageMax)));
  EXPECT_THAT(read(kRoom, kQuarantinedPerPageMax), IsOkAndHolds(SizeIs(2)));
  EXPECT_THAT(read(kOtherRoom, 0), IsOkAndHolds(IsEmpty()));
}

TEST_F(RecordStoreTest, AQuarantinedEntryBeyondItsLimitIsRefused) {
  EXPECT_THAT(Update([](RecordStore& records) {
                return records.AddQuarantined(
                    {.place = Place(kRoom, 1, PlaceKind::kQuarantined),
                     .reason = 1,
                     .bytes = Bytes(kHandshakeBytesMax + 1)});
              }),
              StatusIs(absl::StatusCode::kInvalidArgument));

  EXPECT_THAT(StoredPlace(kRoom, 1), StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace cordon::vault
