// What RecordStore answers about many records: the questions of
// storage/vault/record_query.cc.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "storage/vault/record_store.h"
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
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const auto kRoom = IdOf<RoomId>(1);
const auto kOtherRoom = IdOf<RoomId>(2);
const auto kMe = IdOf<DeviceId>(1);
const auto kAlice = IdOf<DeviceId>(2);
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
constexpr uint32_t kAlert = 1;
constexpr uint32_t kAck = 2;

RecordId IdNumbered(uint64_t number) {
  std::array<uint8_t, RecordId::kBytes> raw{};
  raw[0] = 0xab;
  for (size_t i = 0; i < 8; ++i) {
    raw[15 - i] = static_cast<uint8_t>(number >> (8 * i));
  }
  return RecordId(raw);
}

// The n-th record of a room: received n seconds after kNow.
StoredRecord Numbered(RoomId room, uint64_t seq, uint32_t kind) {
  return {.place = {.room = room,
                    .seq = LogSeq{seq},
                    .kind = PlaceKind::kRecord,
                    .author = kAlice,
                    .epoch = Epoch{1},
                    .envelope = {},
                    .received = kNow + absl::Seconds(seq)},
          .id = IdNumbered(seq),
          .kind = kind,
          .sent = kNow,
          .flags = 0,
          .ref_no = "",
          .signed_bytes = ToBytes("signed")};
}

std::vector<uint64_t> SeqsOf(
    const absl::StatusOr<std::vector<StoredRecord>>& records) {
  EXPECT_OK(records);
  std::vector<uint64_t> seqs;
  if (!records.ok()) return seqs;
  for (const StoredRecord& record : *records) {
    seqs.push_back(record.place.seq.value);
  }
  return seqs;
}

class RecordQueryTest : public ::testing::Test {
 protected:
  absl::Status Add(const StoredRecord& record,
                   const std::vector<RecordReference>& references = {}) {
    return vault_->Update([&](VaultTxn& txn) {
      return txn.records().AddRecord(record, references);
    });
  }
  // Alerts at 1, 3, 5 and an acknowledgement at 2; something else elsewhere.
  void AddFour() {
    ASSERT_OK(Add(Numbered(kRoom, 1, kAlert)));
    ASSERT_OK(Add(Numbered(kRoom, 2, kAck)));
    ASSERT_OK(Add(Numbered(kRoom, 3, kAlert)));
    ASSERT_OK(Add(Numbered(kRoom, 5, kAlert)));
    ASSERT_OK(Add(Numbered(kOtherRoom, 4, kAlert)));
    vault_.Reopen();
  }
  std::vector<uint64_t> Read(const RecordQuery& query) {
    return SeqsOf(vault_.Read(
        [&](const VaultTxn& txn) { return txn.records().Read(query); }));
  }
  absl::StatusOr<uint64_t> Count(const RecordQuery& query, DeviceId except) {
    return vault_.Read([&](const VaultTxn& txn) {
      return txn.records().Count(query, except);
    });
  }
  absl::StatusOr<RecordMatches> Find(absl::string_view digits) {
    return vault_.Read([&](const VaultTxn& txn) {
      return txn.records().FindByIdPrefix(digits);
    });
  }

  TempVault vault_;
};

TEST_F(RecordQueryTest, ReadGivesARoomInLogOrder) {
  AddFour();

  EXPECT_THAT(Read({.room = kRoom}), ElementsAre(1, 2, 3, 5));
  EXPECT_THAT(Read({.room = kOtherRoom}), ElementsAre(4));
  EXPECT_THAT(Read({.room = IdOf<RoomId>(9)}), IsEmpty());
}

TEST_F(RecordQueryTest, ReadGivesTheNewestFirst) {
  AddFour();

  EXPECT_THAT(Read({.room = kRoom, .newest_first = true}),
              ElementsAre(5, 3, 2, 1));
  EXPECT_THAT(Read({.room = kRoom,
                    .before = LogSeq{3},
                    .newest_first = true,
                    .records_max = 1}),
              ElementsAre(2));
}

TEST_F(RecordQueryTest, ReadFiltersByKindPlaceAndTime) {
  AddFour();

  EXPECT_THAT(Read({.room = kRoom, .kind = kAlert}), ElementsAre(1, 3, 5));
  EXPECT_THAT(Read({.room = kRoom, .kind = 77}), IsEmpty());
  EXPECT_THAT(Read({.room = kRoom, .after = LogSeq{2}}), ElementsAre(3, 5));
  EXPECT_THAT(Read({.room = kRoom, .before = LogSeq{3}}), ElementsAre(1, 2));
  EXPECT_THAT(Read({.room = kRoom, .received_since = kNow + absl::Seconds(3)}),
              ElementsAre(3, 5));
  EXPECT_THAT(Read({.room = kRoom,
                    .kind = kAlert,
                    .received_since = kNow + absl::Seconds(2),
                    .after = LogSeq{1},
                    .before = LogSeq{5}}),
              ElementsAre(3));
}

TEST_F(RecordQueryTest, PagesFollowEachOtherWithoutGapOrRepeat) {
  constexpr uint64_t kRecords = kRecordsPerPageMax + 5;
  ASSERT_OK(vault_->Update([](VaultTxn& txn) -> absl::Status {
    for (uint64_t seq = 1; seq <= kRecords; ++seq) {
      CORDON_RETURN_IF_ERROR(
          txn.records().AddRecord(Numbered(kRoom, seq, kAlert), {}));
    }
    return absl::OkStatus();
  }));

  const auto first = Read({.room = kRoom, .records_max = 1'000'000});
  ASSERT_THAT(first, SizeIs(kRecordsPerPageMax));
  const auto second = Read({.room = kRoom, .after = LogSeq{first.back()}});

  ASSERT_THAT(second, SizeIs(5));
  EXPECT_EQ(second.front(), first.back() + 1);
  EXPECT_EQ(second.back(), kRecords);
}

TEST_F(RecordQueryTest, CountLeavesOutOneAuthor) {
  AddFour();
  StoredRecord own = Numbered(kRoom, 6, kAlert);
  own.place.author = kMe;
  ASSERT_OK(Add(own));

  EXPECT_THAT(Count({.room = kRoom}, kMe), IsOkAndHolds(4));
  EXPECT_THAT(Count({.room = kRoom, .after = LogSeq{3}}, kMe), IsOkAndHolds(1));
  EXPECT_THAT(Count({.room = kRoom, .kind = kAlert}, kAlice), IsOkAndHolds(1));
  EXPECT_THAT(Count({.room = kRoom, .records_max = 1}, kMe), IsOkAndHolds(4));
}

TEST_F(RecordQueryTest, APrefixIsUniqueOrTellsItsCandidates) {
  AddFour();

  ASSERT_OK_AND_ASSIGN(const RecordMatches all, Find("AB"));
  ASSERT_OK_AND_ASSIGN(const RecordMatches one,
                       Find(ToHex(IdNumbered(3).span())));
  ASSERT_OK_AND_ASSIGN(const RecordMatches none, Find("ac"));

  EXPECT_EQ(all.count, 5U);
  EXPECT_THAT(all.first, SizeIs(5));
  EXPECT_EQ(one.count, 1U);
  ASSERT_THAT(one.first, SizeIs(1));
  EXPECT_EQ(one.first[0].room, kRoom);
  EXPECT_EQ(one.first[0].id, IdNumbered(3));
  EXPECT_EQ(none.count, 0U);
  EXPECT_THAT(none.first, IsEmpty());
}

TEST_F(RecordQueryTest, ManyCandidatesAreCountedAndFewAreGiven) {
  ASSERT_OK(vault_->Update([](VaultTxn& txn) -> absl::Status {
    for (uint64_t seq = 1; seq <= kCandidatesMax + 1; ++seq) {
      CORDON_RETURN_IF_ERROR(
          txn.records().AddRecord(Numbered(kRoom, seq, kAlert), {}));
    }
    return absl::OkStatus();
  }));

  ASSERT_OK_AND_ASSIGN(const RecordMatches matches, Find("a"));

  EXPECT_EQ(matches.count, kCandidatesMax + 1);
  EXPECT_THAT(matches.first, SizeIs(kCandidatesMax));
}

TEST_F(RecordQueryTest, WhatIsNoPrefixIsRefused) {
  for (const std::string& digits :
       {std::string(), std::string("xy"), std::string(33, 'a')}) {
    SCOPED_TRACE(digits);
    EXPECT_THAT(Find(digits), StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(RecordQueryTest, AReferenceNumberFindsAllThatCarryIt) {
  StoredRecord flash = Numbered(kRoom, 1, kAlert);
  flash.ref_no = "OP-FR-2023-00001";
  StoredRecord full = Numbered(kRoom, 4, kAlert);
  full.ref_no = flash.ref_no;
  ASSERT_OK(Add(flash));
  ASSERT_OK(Add(Numbered(kRoom, 2, kAlert)));
  ASSERT_OK(Add(full));
  vault_.Reopen();
  const auto find = [&](absl::string_view ref_no) {
    return vault_.Read(
        [&](const VaultTxn& txn) { return txn.records().FindByRefNo(ref_no); });
  };

  ASSERT_OK_AND_ASSIGN(const auto found, find("OP-FR-2023-00001"));

  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].id, flash.id);
  EXPECT_EQ(found[1].id, full.id);
  EXPECT_THAT(find("OP-FR-2023-00002"), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(find(""), IsOkAndHolds(IsEmpty()));
}

TEST_F(RecordQueryTest, WhatRefersToARecordIsReadByKindAndPlace) {
  const RecordId target = IdNumbered(1);
  ASSERT_OK(Add(Numbered(kRoom, 1, kAlert)));
  ASSERT_OK(Add(Numbered(kRoom, 2, kAck), {{.target = target, .kind = 10}}));
  ASSERT_OK(Add(Numbered(kRoom, 3, kAlert), {{.target = target, .kind = 20},
                                             {.target = target, .kind = 10}}));
  ASSERT_OK(
      Add(Numbered(kRoom, 4, kAck), {{.target = IdNumbered(3), .kind = 10}}));
  ASSERT_OK(
      Add(Numbered(kOtherRoom, 5, kAck), {{.target = target, .kind = 10}}));
  vault_.Reopen();
  const auto referring = [&](std::optional<uint32_t> kind, uint64_t after) {
    return SeqsOf(vault_.Read([&](const VaultTxn& txn) {
      return txn.records().ReadReferring(kRoom, target, kind, LogSeq{after});
    }));
  };

  EXPECT_THAT(referring(std::nullopt, 0), ElementsAre(2, 3));
  EXPECT_THAT(referring(10, 0), ElementsAre(2, 3));
  EXPECT_THAT(referring(20, 0), ElementsAre(3));
  EXPECT_THAT(referring(10, 2), ElementsAre(3));
  EXPECT_THAT(referring(30, 0), IsEmpty());
}

}  // namespace
}  // namespace cordon::vault
