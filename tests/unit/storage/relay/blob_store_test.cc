#include "storage/relay/blob_store.h"

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/id.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/ids.h"
#include "tests/support/relay_on_disk.h"
#include "tests/support/status_matchers.h"

namespace cordon::relay {
namespace {

using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::RelayOnDisk;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

const BlobId kBlob = IdOf<BlobId>(1);
const RoomId kRoom = IdOf<RoomId>(1);
const RoomId kOtherRoom = IdOf<RoomId>(2);
const absl::Time kNow = absl::FromUnixSeconds(1700000000);
const absl::Time kLater = kNow + absl::Hours(1);
constexpr uint64_t kSize = 1000;

class BlobStoreTest : public ::testing::Test {
 protected:
  static NewBlob Upload() {
    return {.blob = kBlob,
            .uploader = IdOf<DeviceId>(1),
            .size_bytes = kSize,
            .room = kRoom};
  }
  absl::Status Begin(const NewBlob& blob) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->blobs.Begin(txn, blob, kNow);
    });
  }
  absl::Status Advance(uint64_t received, absl::Time now = kNow) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->blobs.Advance(txn, kBlob, received, now);
    });
  }
  absl::Status Complete(uint32_t hash = 7) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->blobs.Complete(txn, kBlob, IdOf<BlobHash>(hash));
    });
  }
  absl::Status Hold(RoomId room) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->blobs.Hold(txn, kBlob, room);
    });
  }
  absl::Status Forget(RoomId room, absl::Time now = kNow) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->blobs.Forget(txn, kBlob, room, now);
    });
  }
  absl::Status Delete() {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->blobs.Delete(txn, kBlob);
    });
  }
  void UploadWhole() {
    ASSERT_OK(Begin(Upload()));
    ASSERT_OK(Advance(kSize));
    ASSERT_OK(Complete());
  }
  std::vector<BlobId> Deletable(absl::Time unheld_before,
                                absl::Time stalled_before) {
    auto blobs = relay_->blobs.Deletable(
        {.unheld_before = unheld_before, .stalled_before = stalled_before}, 10);
    EXPECT_OK(blobs);
    return blobs.ok() ? *blobs : std::vector<BlobId>();
  }

  RelayOnDisk relay_;
};

TEST_F(BlobStoreTest, BegunUploadIsThereAfterRestart) {
  ASSERT_OK(Begin(Upload()));
  ASSERT_OK(relay_.Restart());

  ASSERT_OK_AND_ASSIGN(const Blob blob, relay_->blobs.Find(kBlob));

  EXPECT_EQ(blob.uploader, IdOf<DeviceId>(1));
  EXPECT_EQ(blob.size_bytes, kSize);
  EXPECT_EQ(blob.received_bytes, 0U);
  EXPECT_EQ(blob.state, BlobState::kReceiving);
  EXPECT_EQ(blob.touched, kNow);
  EXPECT_THAT(relay_->blobs.Holders(kBlob), IsOkAndHolds(ElementsAre(kRoom)));
  EXPECT_THAT(relay_->blobs.RoomBytes(kRoom), IsOkAndHolds(kSize));
}

TEST_F(BlobStoreTest, UnknownBlobIsNotFound) {
  EXPECT_THAT(relay_->blobs.Find(kBlob), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Advance(1), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Complete(), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Hold(kRoom), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Forget(kRoom), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(relay_->blobs.Holders(kBlob), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(relay_->blobs.RoomBytes(kRoom), IsOkAndHolds(0U));
}

TEST_F(BlobStoreTest, SameUploadAgainChangesNothing) {
  ASSERT_OK(Begin(Upload()));
  ASSERT_OK(Advance(300));

  ASSERT_OK(Begin(Upload()));

  EXPECT_THAT(relay_->blobs.Find(kBlob),
              IsOkAndHolds(Field(&Blob::received_bytes, 300U)));
  EXPECT_THAT(relay_->blobs.RoomBytes(kRoom), IsOkAndHolds(kSize));
}

TEST_F(BlobStoreTest, UploadIdInUseIsRefused) {
  ASSERT_OK(Begin(Upload()));
  NewBlob other_device = Upload();
  other_device.uploader = IdOf<DeviceId>(2);
  NewBlob other_size = Upload();
  other_size.size_bytes = kSize + 1;
  NewBlob other_room = Upload();
  other_room.room = kOtherRoom;

  EXPECT_THAT(Begin(other_device), StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(Begin(other_size), StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(Begin(other_room), StatusIs(absl::StatusCode::kAlreadyExists));

  EXPECT_THAT(relay_->blobs.RoomBytes(kOtherRoom), IsOkAndHolds(0U));
}

TEST_F(BlobStoreTest, ProgressIsThereAfterRestart) {
  ASSERT_OK(Begin(Upload()));

  ASSERT_OK(Advance(300, kLater));
  ASSERT_OK(relay_.Restart());

  ASSERT_OK_AND_ASSIGN(const Blob blob, relay_->blobs.Find(kBlob));
  EXPECT_EQ(blob.received_bytes, 300U);
  EXPECT_EQ(blob.touched, kLater);
}

TEST_F(BlobStoreTest, ProgressBackwardsOrBeyondTheSizeIsRefused) {
  ASSERT_OK(Begin(Upload()));
  ASSERT_OK(Advance(300));

  EXPECT_THAT(Advance(299), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Advance(kSize + 1), StatusIs(absl::StatusCode::kInvalidArgument));

  EXPECT_THAT(relay_->blobs.Find(kBlob),
              IsOkAndHolds(Field(&Blob::received_bytes, 300U)));
}

TEST_F(BlobStoreTest, CompleteBlobIsThereAfterRestart) {
  UploadWhole();
  ASSERT_OK(relay_.Restart());

  ASSERT_OK_AND_ASSIGN(const Blob blob, relay_->blobs.Find(kBlob));
  EXPECT_EQ(blob.state, BlobState::kComplete);
  EXPECT_EQ(blob.hash, IdOf<BlobHash>(7));
  EXPECT_OK(Complete());
  EXPECT_OK(Advance(kSize));
  EXPECT_THAT(Complete(/*hash=*/8), StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(BlobStoreTest, CompleteBeforeTheLastByteIsRefused) {
  ASSERT_OK(Begin(Upload()));
  ASSERT_OK(Advance(kSize - 1));

  EXPECT_THAT(Complete(), StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_THAT(relay_->blobs.Find(kBlob),
              IsOkAndHolds(Field(&Blob::state, BlobState::kReceiving)));
}

TEST_F(BlobStoreTest, SecondRoomHoldsACompleteBlobAndCountsIt) {
  UploadWhole();

  ASSERT_OK(Hold(kOtherRoom));
  ASSERT_OK(Hold(kOtherRoom));
  ASSERT_OK(relay_.Restart());

  EXPECT_THAT(relay_->blobs.Holders(kBlob),
              IsOkAndHolds(ElementsAre(kRoom, kOtherRoom)));
  EXPECT_THAT(relay_->blobs.RoomBytes(kOtherRoom), IsOkAndHolds(kSize));
}

TEST_F(BlobStoreTest, HoldOfAnUnfinishedUploadIsRefused) {
  ASSERT_OK(Begin(Upload()));

  EXPECT_THAT(Hold(kOtherRoom),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_THAT(relay_->blobs.RoomBytes(kOtherRoom), IsOkAndHolds(0U));
}

TEST_F(BlobStoreTest, ForgetDropsOneRoomsHold) {
  UploadWhole();
  ASSERT_OK(Hold(kOtherRoom));

  ASSERT_OK(Forget(kRoom));
  ASSERT_OK(Forget(kRoom));
  ASSERT_OK(relay_.Restart());

  EXPECT_THAT(relay_->blobs.Holders(kBlob),
              IsOkAndHolds(ElementsAre(kOtherRoom)));
  EXPECT_THAT(relay_->blobs.RoomBytes(kRoom), IsOkAndHolds(0U));
  EXPECT_THAT(relay_->blobs.RoomBytes(kOtherRoom), IsOkAndHolds(kSize));
  EXPECT_THAT(Deletable(absl::InfiniteFuture(), absl::InfinitePast()),
              IsEmpty());
}

TEST_F(BlobStoreTest, UnheldBlobIsDeletableAfterTheGraceTime) {
  UploadWhole();

  ASSERT_OK(Forget(kRoom, kLater));
  ASSERT_OK(relay_.Restart());

  EXPECT_THAT(Deletable(kLater, absl::InfinitePast()), IsEmpty());
  EXPECT_THAT(Deletable(kLater + absl::Milliseconds(1), absl::InfinitePast()),
              ElementsAre(kBlob));
}

TEST_F(BlobStoreTest, HoldWithinTheGraceTimeKeepsTheBlob) {
  UploadWhole();
  ASSERT_OK(Forget(kRoom));

  ASSERT_OK(Hold(kOtherRoom));

  EXPECT_THAT(Deletable(absl::InfiniteFuture(), absl::InfinitePast()),
              IsEmpty());
}

TEST_F(BlobStoreTest, StalledUploadIsDeletableACompleteOneNot) {
  ASSERT_OK(Begin(Upload()));
  ASSERT_OK(Advance(300, kLater));
  EXPECT_THAT(Deletable(absl::InfinitePast(), kLater), IsEmpty());
  EXPECT_THAT(Deletable(absl::InfinitePast(), kLater + absl::Seconds(1)),
              ElementsAre(kBlob));

  ASSERT_OK(Advance(kSize, kLater));
  ASSERT_OK(Complete());

  EXPECT_THAT(Deletable(absl::InfinitePast(), absl::InfiniteFuture()),
              IsEmpty());
}

TEST_F(BlobStoreTest, DeletedBlobLeavesNoTrace) {
  UploadWhole();
  ASSERT_OK(Hold(kOtherRoom));

  ASSERT_OK(Delete());
  ASSERT_OK(Delete());
  ASSERT_OK(relay_.Restart());

  EXPECT_THAT(relay_->blobs.Find(kBlob), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(relay_->blobs.Holders(kBlob), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(relay_->blobs.RoomBytes(kRoom), IsOkAndHolds(0U));
  EXPECT_THAT(relay_->blobs.RoomBytes(kOtherRoom), IsOkAndHolds(0U));
}

TEST_F(BlobStoreTest, FullDiskLeavesTheBlobAsItWas) {
  UploadWhole();
  relay_.disk().FillAfter(0);

  EXPECT_THAT(Forget(kRoom), StatusIs(absl::StatusCode::kResourceExhausted));

  relay_.disk().FreeUp();
  EXPECT_THAT(relay_->blobs.Holders(kBlob), IsOkAndHolds(ElementsAre(kRoom)));
  EXPECT_THAT(relay_->blobs.RoomBytes(kRoom), IsOkAndHolds(kSize));
}

TEST_F(BlobStoreTest, ListCompleteLeavesOutUnfinishedUploads) {
  ASSERT_OK(Begin(Upload()));
  NewBlob unfinished = Upload();
  unfinished.blob = IdOf<BlobId>(2);
  ASSERT_OK(Begin(unfinished));
  ASSERT_OK(Advance(kSize));
  ASSERT_OK(Complete());

  EXPECT_THAT(relay_->blobs.ListComplete(BlobId(), 10),
              IsOkAndHolds(ElementsAre(Field(&Blob::blob, kBlob))));
  EXPECT_THAT(relay_->blobs.ListComplete(kBlob, 10), IsOkAndHolds(IsEmpty()));
}

}  // namespace
}  // namespace cordon::relay
