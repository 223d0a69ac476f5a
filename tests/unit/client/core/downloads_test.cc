#include "client/core/downloads.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/event.h"
#include "client/core/model/record.h"
#include "client/core/relay_types.h"
#include "client/core/view/record.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/prim/hash.h"
#include "storage/vault/blob_store.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/client/core/transfers_fixture.h"

namespace cordon::client {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::SizeIs;

using DownloadsTest = TransfersFixture;

TEST_F(DownloadsTest, DownloadGoesOnWhereItBroke) {
  const Bytes content = Content();
  ASSERT_OK_AND_ASSIGN(const BlobId blob, PutAtRelay("a", content));
  size_t chunks = 0;
  on_progress_ = [&](const Progress& now) {
    if (now.stage != Stage::kFetchingFile) return;
    ++chunks;
    if (now.done < now.total) {
      relay_.FailNext(absl::UnavailableError("broken"));
    }
  };

  ASSERT_OK_AND_ASSIGN(const FilesWritten got, Get(Digits(blob)));

  EXPECT_EQ(chunks, 11U);  // Each came once, however often it broke.
  EXPECT_EQ(got.files[0].digest, Sha256(content));
}

TEST_F(DownloadsTest, DownloadGoesOnInANewProgramFromEveryChunk) {
  const Bytes content = Content();
  ASSERT_OK_AND_ASSIGN(const BlobId blob, PutAtRelay("a", content));
  on_progress_ = [this](const Progress& now) {
    if (now.done < now.total) relay_.GoAway();
  };

  size_t broken = 0;
  while (!Get(Digits(blob)).ok()) {
    ++broken;
    ASSERT_LT(broken, 20U);
    Restart();
    relay_.ComeBack();
  }

  EXPECT_EQ(broken, 10U);
  EXPECT_THAT(files_.ReadBack(Out() + "/a"), IsOkAndHolds(content));
}

TEST_F(DownloadsTest, WrongBytesFromTheRelayAreNeverWritten) {
  ASSERT_OK_AND_ASSIGN(const BlobId blob, PutAtRelay("a", Content()));
  const Bytes right = AtRelay(blob).bytes;

  AtRelay(blob).bytes[right.size() - 1] ^= 1U;
  EXPECT_THAT(Get(Digits(blob)).status(),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(files_.ReadBack(Out() + "/a").status(),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(CachedBlobs(), 0U);

  AtRelay(blob).bytes = right;
  EXPECT_OK(Get(Digits(blob)).status());
}

TEST_F(DownloadsTest, CiphertextCutShortOrExtendedIsNeverWritten) {
  ASSERT_OK_AND_ASSIGN(const BlobId blob, PutAtRelay("a", Content()));
  const Bytes right = AtRelay(blob).bytes;

  AtRelay(blob).bytes.pop_back();
  EXPECT_THAT(Get(Digits(blob)).status(),
              StatusIs(absl::StatusCode::kDataLoss));
  AtRelay(blob).bytes = Concat(right, Bytes{0});
  EXPECT_THAT(Get(Digits(blob)).status(),
              StatusIs(absl::StatusCode::kDataLoss));

  EXPECT_EQ(CachedBlobs(), 0U);
  ASSERT_OK_AND_ASSIGN(const vault::Blob row, Row(blob));
  EXPECT_EQ(row.state, vault::BlobState::kRemote);
}

TEST_F(DownloadsTest, SwappedBlobsAreNeverWritten) {
  ASSERT_OK_AND_ASSIGN(const BlobId one, PutAtRelay("a", Content()));
  ASSERT_OK_AND_ASSIGN(const BlobId two, PutAtRelay("b", Content()));
  std::swap(AtRelay(one).bytes, AtRelay(two).bytes);

  EXPECT_THAT(Get(Digits(one)).status(), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Get(Digits(two)).status(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(DownloadsTest, PartThatWasBadBeforeIsFetchedAnew) {
  const Bytes content = Content();
  ASSERT_OK_AND_ASSIGN(const BlobId blob, PutAtRelay("a", content));
  files_.Append(blob, 0, Bytes(1000), [](const absl::StatusOr<Unit>&) {});

  ASSERT_OK(Get(Digits(blob)).status());

  EXPECT_THAT(files_.ReadBack(Out() + "/a"), IsOkAndHolds(content));
}

TEST_F(DownloadsTest, FileThatTheRelayHasNoMoreIsNotFound) {
  ASSERT_OK_AND_ASSIGN(const BlobId blob, PutAtRelay("a", Content()));
  world_.blobs.blobs.clear();

  EXPECT_THAT(Get(Digits(blob)).status(),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(DownloadsTest, RelayThatStaysAwayIsSaid) {
  ASSERT_OK_AND_ASSIGN(const BlobId blob, PutAtRelay("a", Content()));
  relay_.GoAway();

  EXPECT_THAT(Get(Digits(blob)).status(),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(DownloadsTest, WhatIsHereIsOpenedWithoutTheRelay) {
  const Bytes content = Content();
  ASSERT_OK_AND_ASSIGN(const Attachment file, AttachOne("a", content));
  ASSERT_OK(Enter(file, kRecord));
  relay_.GoAway();

  ASSERT_OK(Get(Digits(file.blob.id())).status());

  EXPECT_THAT(files_.ReadBack(Out() + "/a"), IsOkAndHolds(content));
}

TEST_F(DownloadsTest, TargetThatIsThereStaysAsItIs) {
  ASSERT_OK_AND_ASSIGN(const BlobId blob, PutAtRelay("a", Content()));
  ASSERT_OK(Get(Digits(blob)).status());
  const std::string path = Out() + "/a";
  ASSERT_OK_AND_ASSIGN(const Bytes before, files_.ReadBack(path));

  EXPECT_THAT(Get(Digits(blob)).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_THAT(files_.ReadBack(path), IsOkAndHolds(before));
}

TEST_F(DownloadsTest, TwoFilesOfOneNameAreBothWritten) {
  const Bytes one = Content(100);
  const Bytes two = Content(200);
  ASSERT_OK(PutAtRelay("photo.jpg", one).status());
  ASSERT_OK(PutAtRelay("photo.jpg", two).status());

  ASSERT_OK_AND_ASSIGN(const FilesWritten got, Get(ToHex(kRecord.id.span())));

  ASSERT_THAT(got.files, SizeIs(2));
  EXPECT_EQ(got.files[0].path, Out() + "/photo.jpg");
  EXPECT_EQ(got.files[1].path, Out() + "/photo (2).jpg");
  EXPECT_EQ(got.files[0].size_bytes + got.files[1].size_bytes, 300U);
}

TEST_F(DownloadsTest, UnknownRecordOrFileIsNotFound) {
  EXPECT_THAT(Get("abcdef").status(), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Get("no number").status(), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(DownloadsTest, TwoCommandsForOneFileFetchItOnce) {
  ASSERT_OK_AND_ASSIGN(const BlobId blob, PutAtRelay("a", Content()));
  progress_.clear();
  std::vector<absl::Status> ended;
  for (const char* folder : {"out", "out2"}) {
    tasks_->Spawn(transfers_->Get(
                      {.record = Digits(blob), .folder = files_.Folder(folder)},
                      kCommand),
                  [&ended](const absl::StatusOr<FilesWritten>& got) {
                    ended.push_back(got.status());
                  });
  }
  relay_.Run();

  EXPECT_THAT(ended, ElementsAre(absl::OkStatus(), absl::OkStatus()));
  EXPECT_EQ(std::count_if(progress_.begin(), progress_.end(),
                          [](const Progress& one) {
                            return one.stage == Stage::kFetchingFile;
                          }),
            11);
}

}  // namespace
}  // namespace cordon::client
