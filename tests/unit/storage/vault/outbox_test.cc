#include "storage/vault/outbox.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
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
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const auto kRoom = IdOf<RoomId>(1);
const auto kOtherRoom = IdOf<RoomId>(2);
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

RecordName Name(RoomId room, uint32_t id) {
  return {.room = room, .id = IdOf<RecordId>(id)};
}
const RecordName kFirst = Name(kRoom, 1);
const RecordName kSecond = Name(kRoom, 2);

OutboxRow Row(const RecordName& name) {
  OutboxRow row;
  row.record = name;
  row.kind = 3;
  row.signed_bytes = ToBytes("signed");
  row.made = kNow;
  return row;
}

SealedEnvelope Envelope(uint32_t id) {
  return {.id = IdOf<EnvelopeId>(id),
          .epoch = Epoch{5},
          .sealed = ToBytes("sealed")};
}

auto IsRecord(const RecordName& name) {
  return Field(&OutboxRow::record, Field(&RecordName::id, name.id));
}

class OutboxTest : public ::testing::Test {
 protected:
  template <typename Fn>
  absl::Status Update(Fn update) {
    return vault_->Update([&](VaultTxn& txn) { return update(txn.outbox()); });
  }
  absl::Status Add(const RecordName& name) {
    return Update([&](Outbox& box) { return box.Add(Row(name)).status(); });
  }
  absl::Status Seal(const RecordName& name, uint32_t envelope) {
    return Update(
        [&](Outbox& box) { return box.MarkSealed(name, Envelope(envelope)); });
  }
  template <typename Fn>
  auto Stored(Fn read) {
    vault_.Reopen();
    return vault_.Read([&](const VaultTxn& txn) { return read(txn.outbox()); });
  }
  absl::StatusOr<OutboxRow> StoredRow(const RecordName& name) {
    return Stored([&](const Outbox& box) { return box.Get(name); });
  }
  absl::StatusOr<OutboxRow> Next(RoomId room) {
    return Stored([&](const Outbox& box) { return box.Next(room); });
  }

  TempVault vault_;
};

TEST_F(OutboxTest, AnAddedRecordWaitsDueAtOnce) {
  ASSERT_OK(Add(kFirst));

  ASSERT_OK_AND_ASSIGN(const OutboxRow row, StoredRow(kFirst));

  EXPECT_GT(row.number.value, 0U);
  EXPECT_EQ(row.record.room, kRoom);
  EXPECT_EQ(row.record.id, kFirst.id);
  EXPECT_EQ(row.kind, 3U);
  EXPECT_EQ(row.signed_bytes, ToBytes("signed"));
  EXPECT_EQ(row.made, kNow);
  EXPECT_EQ(row.state, OutboxState::kWaiting);
  EXPECT_FALSE(row.envelope.has_value());
  EXPECT_EQ(row.reason, "");
  EXPECT_EQ(row.attempts, 0U);
  EXPECT_EQ(row.next_try, kNow);
}

TEST_F(OutboxTest, AnAbsentRecordIsNotFoundByEveryCall) {
  const auto not_found = StatusIs(absl::StatusCode::kNotFound);

  EXPECT_THAT(StoredRow(kFirst), not_found);
  EXPECT_THAT(Next(kRoom), not_found);
  EXPECT_THAT(Stored([](const Outbox& box) {
                return box.FindByEnvelope(IdOf<EnvelopeId>(1));
              }),
              not_found);
  ASSERT_OK(Update([&](Outbox& box) {
    EXPECT_THAT(box.MarkSealed(kFirst, Envelope(1)), not_found);
    EXPECT_THAT(box.MarkWaiting(kFirst), not_found);
    EXPECT_THAT(box.MarkRefused(kFirst, "no"), not_found);
    EXPECT_THAT(box.Replace(kFirst, AsBytes("anew")), not_found);
    EXPECT_THAT(box.NoteAttempt(kFirst, kNow), not_found);
    EXPECT_THAT(box.Erase(kFirst), not_found);
    return absl::OkStatus();
  }));
}

TEST_F(OutboxTest, ARecordIsAddedOnce) {
  ASSERT_OK(Add(kFirst));

  EXPECT_THAT(Add(kFirst), StatusIs(absl::StatusCode::kAlreadyExists));

  EXPECT_THAT(Stored([](const Outbox& box) { return box.Count(); }),
              IsOkAndHolds(1));
}

TEST_F(OutboxTest, ARecordTooBigForAnEnvelopeIsRefused) {
  OutboxRow row = Row(kFirst);
  row.signed_bytes.resize(kEnvelopeBytesMax + 1);

  EXPECT_THAT(Update([&](Outbox& box) { return box.Add(row).status(); }),
              StatusIs(absl::StatusCode::kResourceExhausted));

  EXPECT_THAT(StoredRow(kFirst), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(OutboxTest, NextIsTheOldestOfItsRoomThatWasNotRefused) {
  ASSERT_OK(Add(kSecond));
  ASSERT_OK(Add(Name(kOtherRoom, 9)));
  ASSERT_OK(Add(kFirst));

  EXPECT_THAT(Next(kRoom), IsOkAndHolds(IsRecord(kSecond)));
  ASSERT_OK(Update(
      [](Outbox& box) { return box.MarkRefused(kSecond, "not allowed"); }));
  EXPECT_THAT(Next(kRoom), IsOkAndHolds(IsRecord(kFirst)));
  ASSERT_OK(Update([](Outbox& box) { return box.MarkWaiting(kSecond); }));
  EXPECT_THAT(Next(kRoom), IsOkAndHolds(IsRecord(kSecond)));
}

TEST_F(OutboxTest, RecordIsReplacedUntilItIsSealed) {
  ASSERT_OK(Add(kFirst));
  const auto replace = [this](absl::string_view bytes) {
    return Update(
        [&](Outbox& box) { return box.Replace(kFirst, AsBytes(bytes)); });
  };

  ASSERT_OK(replace("anew"));
  ASSERT_OK(Seal(kFirst, 1));
  EXPECT_THAT(replace("too late"),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  ASSERT_OK_AND_ASSIGN(const OutboxRow row, StoredRow(kFirst));
  EXPECT_EQ(row.signed_bytes, ToBytes("anew"));
}

TEST_F(OutboxTest, ListRoomsGivesThoseWithSomethingToSend) {
  ASSERT_OK(Add(Name(kOtherRoom, 9)));
  ASSERT_OK(Add(kFirst));
  ASSERT_OK(Add(kSecond));
  const auto rooms = [&] {
    return Stored([](const Outbox& box) { return box.ListRooms(); });
  };

  EXPECT_THAT(rooms(), IsOkAndHolds(ElementsAre(kOtherRoom, kRoom)));
  ASSERT_OK(Update(
      [](Outbox& box) { return box.MarkRefused(Name(kOtherRoom, 9), "no"); }));
  EXPECT_THAT(rooms(), IsOkAndHolds(ElementsAre(kRoom)));
}

TEST_F(OutboxTest, ASealedRecordKeepsItsEnvelope) {
  ASSERT_OK(Add(kFirst));

  ASSERT_OK(Seal(kFirst, 1));

  ASSERT_OK_AND_ASSIGN(const OutboxRow row, StoredRow(kFirst));
  EXPECT_EQ(row.state, OutboxState::kSealed);
  ASSERT_TRUE(row.envelope.has_value());
  EXPECT_EQ(row.envelope->id, IdOf<EnvelopeId>(1));
  EXPECT_EQ(row.envelope->epoch, Epoch{5});
  EXPECT_EQ(row.envelope->sealed, ToBytes("sealed"));
  EXPECT_EQ(row.signed_bytes, ToBytes("signed"));
  EXPECT_THAT(Stored([](const Outbox& box) {
                return box.FindByEnvelope(IdOf<EnvelopeId>(1));
              }),
              IsOkAndHolds(IsRecord(kFirst)));
  EXPECT_THAT(Next(kRoom), IsOkAndHolds(IsRecord(kFirst)));
}

TEST_F(OutboxTest, ASealedRecordIsNotSealedAgainBeforeItWaits) {
  ASSERT_OK(Add(kFirst));
  ASSERT_OK(Seal(kFirst, 1));

  EXPECT_THAT(Seal(kFirst, 2), StatusIs(absl::StatusCode::kFailedPrecondition));

  ASSERT_OK_AND_ASSIGN(const OutboxRow row, StoredRow(kFirst));
  EXPECT_EQ(row.envelope->id, IdOf<EnvelopeId>(1));
}

TEST_F(OutboxTest, AnEnvelopeIdServesOneRecord) {
  ASSERT_OK(Add(kFirst));
  ASSERT_OK(Add(kSecond));
  ASSERT_OK(Seal(kFirst, 1));

  EXPECT_THAT(Seal(kSecond, 1), StatusIs(absl::StatusCode::kAlreadyExists));

  EXPECT_THAT(StoredRow(kSecond),
              IsOkAndHolds(Field(&OutboxRow::state, OutboxState::kWaiting)));
}

// A lost epoch: one transaction forgets the old envelope and takes a new one.
TEST_F(OutboxTest, AResealedRecordHasItsNewEnvelopeAndItsOldNumber) {
  ASSERT_OK(Add(kFirst));
  ASSERT_OK(Add(kSecond));
  ASSERT_OK(Seal(kFirst, 1));
  ASSERT_OK_AND_ASSIGN(const OutboxRow before, StoredRow(kFirst));

  ASSERT_OK(Update([](Outbox& box) -> absl::Status {
    CORDON_RETURN_IF_ERROR(box.MarkWaiting(kFirst));
    return box.MarkSealed(kFirst, Envelope(2));
  }));

  ASSERT_OK_AND_ASSIGN(const OutboxRow after, StoredRow(kFirst));
  EXPECT_EQ(after.number, before.number);
  EXPECT_EQ(after.envelope->id, IdOf<EnvelopeId>(2));
  EXPECT_THAT(Stored([](const Outbox& box) {
                return box.FindByEnvelope(IdOf<EnvelopeId>(1));
              }),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(OutboxTest, ARefusedRecordHasItsReasonAndNoEnvelope) {
  ASSERT_OK(Add(kFirst));
  ASSERT_OK(Seal(kFirst, 1));

  ASSERT_OK(Update([](Outbox& box) {
    return box.MarkRefused(kFirst, "coordinators write here");
  }));

  ASSERT_OK_AND_ASSIGN(const OutboxRow row, StoredRow(kFirst));
  EXPECT_EQ(row.state, OutboxState::kRefused);
  EXPECT_EQ(row.reason, "coordinators write here");
  EXPECT_FALSE(row.envelope.has_value());
  EXPECT_THAT(Seal(kFirst, 2), StatusIs(absl::StatusCode::kFailedPrecondition));
  ASSERT_OK(Update([](Outbox& box) { return box.MarkWaiting(kFirst); }));
  EXPECT_THAT(StoredRow(kFirst), IsOkAndHolds(Field(&OutboxRow::reason, "")));
}

TEST_F(OutboxTest, AttemptsAreCounted) {
  ASSERT_OK(Add(kFirst));

  for (int i = 1; i <= 2; ++i) {
    ASSERT_OK(Update([&](Outbox& box) {
      return box.NoteAttempt(kFirst, kNow + absl::Seconds(i));
    }));
  }

  ASSERT_OK_AND_ASSIGN(const OutboxRow row, StoredRow(kFirst));
  EXPECT_EQ(row.attempts, 2U);
  EXPECT_EQ(row.next_try, kNow + absl::Seconds(2));
}

TEST_F(OutboxTest, AnErasedRecordIsGoneWithItsEnvelopeAndNumber) {
  ASSERT_OK(Add(kFirst));
  ASSERT_OK(Seal(kFirst, 1));
  ASSERT_OK_AND_ASSIGN(const OutboxRow before, StoredRow(kFirst));

  ASSERT_OK(Update([](Outbox& box) { return box.Erase(kFirst); }));

  EXPECT_THAT(StoredRow(kFirst), StatusIs(absl::StatusCode::kNotFound));
  ASSERT_OK(Add(kSecond));
  ASSERT_OK(Seal(kSecond, 1));
  ASSERT_OK_AND_ASSIGN(const OutboxRow after, StoredRow(kSecond));
  EXPECT_GT(after.number, before.number);
}

TEST_F(OutboxTest, ListPagesInTheOrderOfSending) {
  ASSERT_OK(Update([](Outbox& box) -> absl::Status {
    for (uint32_t i = 1; i <= kOutboxPageMax + 3; ++i) {
      CORDON_RETURN_IF_ERROR(box.Add(Row(Name(kRoom, i))).status());
    }
    return absl::OkStatus();
  }));
  const auto list = [&](OutboxNumber after) {
    return Stored([&](const Outbox& box) { return box.List(after); });
  };

  ASSERT_OK_AND_ASSIGN(const auto first, list(OutboxNumber{0}));
  ASSERT_THAT(first, SizeIs(kOutboxPageMax));
  ASSERT_OK_AND_ASSIGN(const auto rest, list(first.back().number));

  ASSERT_THAT(rest, SizeIs(3));
  EXPECT_THAT(rest[2], IsRecord(Name(kRoom, kOutboxPageMax + 3)));
  EXPECT_THAT(list(rest[2].number), IsOkAndHolds(IsEmpty()));
}

}  // namespace
}  // namespace cordon::vault
