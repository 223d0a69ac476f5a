#include "client/core/uploads.h"

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/event.h"
#include "client/core/model/record.h"
#include "crypto/base/id.h"
#include "storage/vault/outbox.h"
#include "storage/vault/record_store.h"
#include "tests/support/ids.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/client/core/transfers_fixture.h"

namespace cordon::client {
namespace {

using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using UploadsTest = TransfersFixture;

TEST_F(UploadsTest, UploadGoesOnWhereItBrokeEvenInANewProgram) {
  ASSERT_OK_AND_ASSIGN(const Attachment file, AttachOne("a", Content()));
  ASSERT_OK(Enter(file, kRecord));
  on_progress_ = [this](const Progress& now) {
    if (now.done < now.total) relay_.GoAway();
  };

  size_t broken = 0;
  uint64_t before = 0;
  while (!Run(transfers_->Pump()).ok()) {
    ++broken;
    ASSERT_LT(broken, 10U);
    EXPECT_GT(AtRelay(file.blob.id()).bytes.size(), before);
    before = AtRelay(file.blob.id()).bytes.size();
    EXPECT_THAT(Unsent(), IsOkAndHolds(1U));
    Restart();
    relay_.ComeBack();
  }

  EXPECT_EQ(broken, 2U);
  EXPECT_THAT(Unsent(), IsOkAndHolds(0U));
  on_progress_ = nullptr;
  ASSERT_OK(Forget(file.blob.id()));
  EXPECT_OK(Get(Digits(file.blob.id())).status());
}

TEST_F(UploadsTest, LostAnswerOfAWholeUploadSendsNothingTwice) {
  ASSERT_OK_AND_ASSIGN(const Attachment file, AttachOne("a", Content()));
  ASSERT_OK(Enter(file, kRecord));
  on_progress_ = [this](const Progress& now) {
    if (now.done == now.total) relay_.LoseNextAnswer();
  };
  EXPECT_THAT(Run(transfers_->Pump()),
              StatusIs(absl::StatusCode::kUnavailable));
  progress_.clear();

  EXPECT_OK(Run(transfers_->Pump()));

  EXPECT_THAT(progress_, IsEmpty());
  EXPECT_THAT(Unsent(), IsOkAndHolds(0U));
}

TEST_F(UploadsTest, FileOfRecordsInTwoRoomsIsSentOnceAndHeldByBoth) {
  ASSERT_OK_AND_ASSIGN(const Attachment file, AttachOne("a", Content()));
  ASSERT_OK(Enter(file, kRecord));
  ASSERT_OK(Enter(file, {.room = kOther, .id = IdOf<RecordId>(2)}));

  EXPECT_OK(Run(transfers_->Pump()));

  EXPECT_THAT(AtRelay(file.blob.id()).holders, ElementsAre(kRoom, kOther));
}

TEST_F(UploadsTest, OtherDigestAtTheRelayRefusesTheRecord) {
  ASSERT_OK_AND_ASSIGN(const Attachment file, AttachOne("a", Content()));
  ASSERT_OK(Enter(file, kRecord));
  on_progress_ = [&](const Progress& now) {
    if (now.done == now.total) AtRelay(file.blob.id()).bytes[5] ^= 1U;
  };

  EXPECT_OK(Run(transfers_->Pump()));

  ASSERT_OK_AND_ASSIGN(const vault::OutboxRow row, OutboxRow(kRecord));
  EXPECT_EQ(row.state, vault::OutboxState::kRefused);
  EXPECT_FALSE(row.reason.empty());
  ASSERT_THAT(refused_, SizeIs(1));
  EXPECT_EQ(refused_[0].record, kRecord.id);
}

TEST_F(UploadsTest, RoomThatDoesNotTakeItRefusesItsRecordAlone) {
  ASSERT_OK_AND_ASSIGN(const Attachment file, AttachOne("a", Content()));
  const vault::RecordName strange{.room = kStrange, .id = IdOf<RecordId>(2)};
  ASSERT_OK(Enter(file, kRecord));
  ASSERT_OK(Enter(file, strange));

  EXPECT_OK(Run(transfers_->Pump()));

  EXPECT_THAT(AtRelay(file.blob.id()).holders, ElementsAre(kRoom));
  ASSERT_OK_AND_ASSIGN(const vault::OutboxRow fine, OutboxRow(kRecord));
  EXPECT_EQ(fine.state, vault::OutboxState::kWaiting);
  ASSERT_OK_AND_ASSIGN(const vault::OutboxRow row, OutboxRow(strange));
  EXPECT_EQ(row.state, vault::OutboxState::kRefused);
}

TEST_F(UploadsTest, LimitOfTheRelayIsTriedAgainAndThenRefusesTheRecord) {
  world_.blobs.file_bytes_max = 1000;
  ASSERT_OK_AND_ASSIGN(const Attachment file, AttachOne("a", Content()));
  ASSERT_OK(Enter(file, kRecord));

  for (uint32_t tries = 1; tries < Uploads::kLimitTriesMax; ++tries) {
    EXPECT_OK(Run(transfers_->Pump()));
    EXPECT_THAT(refused_, IsEmpty());
    ASSERT_OK_AND_ASSIGN(const absl::Time next, transfers_->NextPump());
    EXPECT_GT(next, clock_.Now());
    clock_.Set(next);
  }
  EXPECT_OK(Run(transfers_->Pump()));

  ASSERT_THAT(refused_, SizeIs(1));
  ASSERT_OK_AND_ASSIGN(const vault::OutboxRow row, OutboxRow(kRecord));
  EXPECT_EQ(row.state, vault::OutboxState::kRefused);
}

TEST_F(UploadsTest, SecondPumpWaitsForTheFirst) {
  ASSERT_OK_AND_ASSIGN(const Attachment file, AttachOne("a", Content()));
  ASSERT_OK(Enter(file, kRecord));
  int ended = 0;
  for (int i = 0; i < 2; ++i) {
    tasks_->Spawn(transfers_->Pump(), [&ended](const absl::Status& result) {
      EXPECT_OK(result);
      ++ended;
    });
  }
  EXPECT_EQ(ended, 0);

  relay_.Run();

  EXPECT_EQ(ended, 2);
  EXPECT_THAT(Unsent(), IsOkAndHolds(0U));
}

}  // namespace
}  // namespace cordon::client
