#include "server/core/blobs.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
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
#include "crypto/blob/blob_ref.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "server/core/blob_transfer.h"
#include "server/core/caller.h"
#include "storage/blobs/blob_files.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/faulty_files.h"
#include "tests/support/ids.h"
#include "tests/support/relay_on_disk.h"
#include "tests/support/status_matchers.h"

namespace cordon::server {
namespace {

using ::cordon::testing::FakeClock;
using ::cordon::testing::FaultyFiles;
using ::cordon::testing::FaultyFileSystem;
using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::RelayOnDisk;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const BlobId kBlob = IdOf<BlobId>(1);
const RoomId kRoom = IdOf<RoomId>(1);
const RoomId kOther = IdOf<RoomId>(2);
constexpr BlobLimits kLimits = {.file_bytes_max = 100,
                                .room_bytes_max = 150,
                                .unheld_grace = absl::Hours(1),
                                .stalled_grace = absl::Hours(5)};

class BlobsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<blobs::BlobFiles> files =
        blobs::BlobFiles::Open(&file_system_, "blobs");
    ASSERT_OK(files);
    files_ = *std::move(files);
    blobs_.emplace(
        Blobs::Parts{.stores = &*relay_, .files = &*files_, .clock = &clock_},
        kLimits);
    ASSERT_OK(relay_.Write([this](const sqlite::Transaction& txn) {
      CORDON_RETURN_IF_ERROR(OpenRoom(txn, kRoom, {1, 2, 3}));
      return OpenRoom(txn, kOther, {2, 4});
    }));
  }
  absl::Status OpenRoom(const sqlite::Transaction& txn, RoomId room,
                        const std::vector<uint32_t>& devices) {
    CORDON_RETURN_IF_ERROR(relay_->log.OpenRoom(
        txn, {.room = room, .kind = 1, .creator = IdOf<DeviceId>(1)}));
    CORDON_RETURN_IF_ERROR(relay_->groups.Put(txn, room, {.epoch = Epoch{0}}));
    for (const uint32_t device : devices) {
      CORDON_RETURN_IF_ERROR(relay_->groups.AddMember(
          txn, room, {.leaf = device, .device = IdOf<DeviceId>(device)}));
    }
    return absl::OkStatus();
  }

  static Caller Device(uint32_t n, const cert::RoleSet& roles = {}) {
    return {.device = IdOf<DeviceId>(n),
            .name = *cert::DeviceName::Parse("fr.customs/alice/laptop"),
            .roles = roles,
            .transport = {}};
  }
  static PutInput Input(uint64_t size = 10, uint64_t offset = 0) {
    return {.blob = kBlob, .room = kRoom, .size_bytes = size, .offset = offset};
  }
  absl::Status Write(
      absl::FunctionRef<absl::Status(const sqlite::Transaction&)> body) {
    return relay_.Write(body);
  }
  absl::StatusOr<PutStart> Begin(const Caller& caller, const PutInput& input) {
    PutStart start;
    CORDON_RETURN_IF_ERROR(Write([&](const sqlite::Transaction& txn) {
      absl::StatusOr<PutStart> begun = blobs_->BeginPut(txn, caller, input);
      if (begun.ok()) start = *std::move(begun);
      return begun.status();
    }));
    return start;
  }
  // Uploads ten bytes as device 1 into kRoom.
  void Upload() {
    ASSERT_OK_AND_ASSIGN(const PutStart start, Begin(Device(1), Input()));
    ASSERT_OK(start.upload->Open().status());
    ASSERT_OK(start.upload->Append(AsBytes("0123456789")));
    ASSERT_OK_AND_ASSIGN(const BlobHash hash, start.upload->Finish());
    ASSERT_OK(Write([&](const sqlite::Transaction& txn) {
      return blobs_->Complete(txn, Device(1), *start.upload, hash);
    }));
  }
  std::vector<BlobId> Sweep() {
    std::vector<BlobId> gone;
    EXPECT_OK(Write([&](const sqlite::Transaction& txn) -> absl::Status {
      CORDON_ASSIGN_OR_RETURN(gone, blobs_->Sweep(txn));
      return absl::OkStatus();
    }));
    return gone;
  }
  absl::Status Forget(const Caller& caller, RoomId room = kRoom) {
    return Write([&](const sqlite::Transaction& txn) {
      return blobs_->Forget(txn, caller, kBlob, room);
    });
  }
  absl::Status Hold(const Caller& caller, RoomId room) {
    return Write([&](const sqlite::Transaction& txn) {
      return blobs_->Hold(txn, caller, kBlob, room);
    });
  }

  RelayOnDisk relay_;
  FaultyFiles disk_;
  FaultyFileSystem file_system_{&disk_};
  FakeClock clock_;
  std::optional<blobs::BlobFiles> files_;
  std::optional<Blobs> blobs_;
};

TEST_F(BlobsTest, LargestFileFitsSealed) {
  EXPECT_LE(blob::CiphertextBytes(kFileBytesMax), kSealedFileBytesMax);
}

TEST_F(BlobsTest, OnlyMembersUpload) {
  EXPECT_THAT(Begin(Device(4), Input()),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_OK(Begin(Device(1), Input()));
  EXPECT_THAT(Begin(Device(2), Input()),
              StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(BlobsTest, LimitsHoldForFileAndRoom) {
  EXPECT_THAT(Begin(Device(1), Input(101)),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_OK(Begin(Device(1), Input(100)));
  PutInput second = Input(51);
  second.blob = IdOf<BlobId>(2);
  EXPECT_THAT(Begin(Device(1), second),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(relay_->blobs.RoomBytes(kRoom), IsOkAndHolds(100));
}

TEST_F(BlobsTest, SecondTryStopsTheFirst) {
  ASSERT_OK_AND_ASSIGN(const PutStart first, Begin(Device(1), Input()));
  ASSERT_OK(first.upload->Open().status());
  ASSERT_OK_AND_ASSIGN(const PutStart second, Begin(Device(1), Input()));

  EXPECT_THAT(first.upload->Append(AsBytes("01")),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(Write([&](const sqlite::Transaction& txn) {
                return blobs_->Advance(txn, Device(1), *first.upload, 2);
              }),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(second.upload->Open(), IsOkAndHolds(false));
  EXPECT_OK(second.upload->Append(AsBytes("01")));
}

TEST_F(BlobsTest, UploadGoesOnWhereItsRowSaysAndNowhereElse) {
  ASSERT_OK_AND_ASSIGN(const PutStart first, Begin(Device(1), Input()));
  ASSERT_OK(first.upload->Open().status());
  ASSERT_OK(first.upload->Append(AsBytes("0123")));
  ASSERT_THAT(first.upload->Sync(), IsOkAndHolds(4));
  ASSERT_OK(Write([&](const sqlite::Transaction& txn) {
    return blobs_->Advance(txn, Device(1), *first.upload, 4);
  }));

  EXPECT_THAT(Begin(Device(1), Input(10, 3)),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  ASSERT_OK_AND_ASSIGN(const PutStart second, Begin(Device(1), Input(10, 4)));
  EXPECT_THAT(second.upload->Open(), IsOkAndHolds(false));
  EXPECT_EQ(second.upload->received_bytes(), 4);
}

// A crash between the file's name and the row's end.
TEST_F(BlobsTest, FileThatWasWholeAlreadyIsCompletedByTheNextTry) {
  ASSERT_OK_AND_ASSIGN(const PutStart first, Begin(Device(1), Input()));
  ASSERT_OK(first.upload->Open().status());
  ASSERT_OK(first.upload->Append(AsBytes("0123")));
  ASSERT_OK(first.upload->Sync().status());
  ASSERT_OK(Write([&](const sqlite::Transaction& txn) {
    return blobs_->Advance(txn, Device(1), *first.upload, 4);
  }));
  ASSERT_OK(first.upload->Append(AsBytes("456789")));
  ASSERT_OK_AND_ASSIGN(const BlobHash hash, first.upload->Finish());

  ASSERT_OK_AND_ASSIGN(const PutStart second, Begin(Device(1), Input(10, 4)));

  EXPECT_THAT(second.upload->Open(), IsOkAndHolds(true));
  EXPECT_THAT(second.upload->Finish(), IsOkAndHolds(hash));
  EXPECT_OK(Write([&](const sqlite::Transaction& txn) {
    return blobs_->Complete(txn, Device(1), *second.upload, hash);
  }));
}

TEST_F(BlobsTest, LostBytesMeanToBeginAgain) {
  ASSERT_OK_AND_ASSIGN(const PutStart first, Begin(Device(1), Input()));
  ASSERT_OK(Write([&](const sqlite::Transaction& txn) {
    return blobs_->Advance(txn, Device(1), *first.upload, 4);
  }));
  ASSERT_OK_AND_ASSIGN(const PutStart second, Begin(Device(1), Input(10, 4)));
  EXPECT_THAT(second.upload->Open(), StatusIs(absl::StatusCode::kDataLoss));

  EXPECT_OK(Write([&](const sqlite::Transaction& txn) {
    return blobs_->GiveUp(txn, *second.upload);
  }));

  EXPECT_THAT(blobs_->Stat(Device(1), kBlob),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_OK(Begin(Device(1), Input()));
}

TEST_F(BlobsTest, FetchingTakesARoomThatHoldsIt) {
  Upload();
  EXPECT_OK(blobs_->CheckMayFetch(Device(2), kBlob));
  EXPECT_THAT(blobs_->CheckMayFetch(Device(4), kBlob),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Hold(Device(1), kOther),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Hold(Device(4), kOther), StatusIs(absl::StatusCode::kNotFound));

  EXPECT_OK(Hold(Device(2), kOther));
  EXPECT_OK(Hold(Device(2), kOther));

  EXPECT_OK(blobs_->CheckMayFetch(Device(4), kBlob));
  EXPECT_THAT(relay_->blobs.RoomBytes(kOther), IsOkAndHolds(10));
  ASSERT_OK_AND_ASSIGN(const auto download, blobs_->BeginGet(Device(4), kBlob));
  EXPECT_THAT(download->Read(8, 100), IsOkAndHolds(ToBytes("89")));
}

TEST_F(BlobsTest, ForgettingIsForTheUploaderACoordinatorOrACurator) {
  Upload();

  EXPECT_THAT(Forget(Device(3, {cert::Role::kOfficer})),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Forget(Device(4, {cert::Role::kCoordinator})),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_OK(Forget(Device(3, {cert::Role::kCurator})));
  EXPECT_OK(Forget(Device(1)));
  EXPECT_THAT(blobs_->CheckMayFetch(Device(1), kBlob),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(BlobsTest, UnheldBlobGoesAfterItsGraceAndNotDuringABackup) {
  Upload();
  ASSERT_OK(Forget(Device(1)));
  EXPECT_THAT(Sweep(), IsEmpty());
  clock_.Advance(absl::Hours(2));
  blobs_->KeepAll(true);
  EXPECT_THAT(Sweep(), IsEmpty());
  blobs_->KeepAll(false);

  EXPECT_THAT(Sweep(), ElementsAre(kBlob));

  EXPECT_THAT(blobs_->WithoutRow({kBlob}), IsOkAndHolds(ElementsAre(kBlob)));
  EXPECT_OK(blobs_->RemoveFile(kBlob));
  EXPECT_THAT(blobs_->ListFiles(), IsOkAndHolds(IsEmpty()));
}

TEST_F(BlobsTest, StalledUploadIsStoppedAndGoes) {
  ASSERT_OK_AND_ASSIGN(const PutStart start, Begin(Device(1), Input()));
  ASSERT_OK(start.upload->Open().status());
  clock_.Advance(absl::Hours(6));

  EXPECT_THAT(Sweep(), ElementsAre(kBlob));

  EXPECT_THAT(start.upload->Append(AsBytes("01")),
              StatusIs(absl::StatusCode::kAborted));
}

}  // namespace
}  // namespace cordon::server
