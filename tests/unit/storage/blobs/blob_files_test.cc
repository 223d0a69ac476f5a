#include "storage/blobs/blob_files.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/prim/hash.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/faulty_files.h"
#include "tests/support/ids.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::blobs {
namespace {

using ::cordon::testing::DiskOp;
using ::cordon::testing::FaultyFiles;
using ::cordon::testing::FaultyFileSystem;
using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const BlobId kBlob = IdOf<BlobId>(1);

// Longer than two pieces, and no multiple of one.
Bytes Content() {
  SeededRandom random(3);
  return RandomBytes(random, 2 * kPieceBytes + 777);
}

class BlobFilesTest : public ::testing::Test {
 protected:
  void SetUp() override { Reopen(); }
  void Reopen() {
    absl::StatusOr<BlobFiles> blobs = BlobFiles::Open(&files_, "blobs");
    ASSERT_OK(blobs);
    blobs_ = *std::move(blobs);
  }
  void PowerCut() {
    disk_.Restart();
    Reopen();
  }
  // Writes `content` from `from` on, and finishes.
  absl::StatusOr<Digest> Upload(ByteSpan content, uint64_t from = 0) {
    CORDON_ASSIGN_OR_RETURN(BlobWriter writer, blobs_->Write(kBlob, from));
    CORDON_RETURN_IF_ERROR(writer.Append(from, content.subspan(from)));
    return writer.Finish();
  }
  absl::StatusOr<Bytes> ReadWhole() {
    CORDON_ASSIGN_OR_RETURN(BlobReader reader, blobs_->Read(kBlob));
    return reader.Read(0, reader.size_bytes());
  }

  const Bytes content_ = Content();
  FaultyFiles disk_;
  FaultyFileSystem files_{&disk_};
  std::optional<BlobFiles> blobs_;
};

TEST_F(BlobFilesTest, FinishedBlobIsWholeAfterAPowerCut) {
  ASSERT_THAT(Upload(content_), IsOkAndHolds(Sha256(content_)));

  PowerCut();

  EXPECT_TRUE(blobs_->IsComplete(kBlob));
  EXPECT_THAT(ReadWhole(), IsOkAndHolds(content_));
  EXPECT_THAT(blobs_->Hash(kBlob), IsOkAndHolds(Sha256(content_)));
}

TEST_F(BlobFilesTest, EmptyBlobIsABlob) {
  ASSERT_THAT(Upload({}), IsOkAndHolds(Sha256({})));

  EXPECT_THAT(ReadWhole(), IsOkAndHolds(IsEmpty()));
}

TEST_F(BlobFilesTest, AbsentBlobIsNotFound) {
  EXPECT_FALSE(blobs_->IsComplete(kBlob));
  EXPECT_THAT(blobs_->Read(kBlob), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(blobs_->Hash(kBlob), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(blobs_->List(), IsOkAndHolds(IsEmpty()));
}

TEST_F(BlobFilesTest, UnfinishedBlobIsNotReadable) {
  ASSERT_OK_AND_ASSIGN(BlobWriter writer, blobs_->Write(kBlob, 0));
  ASSERT_OK(writer.Append(0, content_));
  ASSERT_OK(writer.Sync());

  EXPECT_FALSE(blobs_->IsComplete(kBlob));
  EXPECT_THAT(blobs_->Read(kBlob), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(BlobFilesTest, AppendAtAnotherOffsetChangesNothing) {
  ASSERT_OK_AND_ASSIGN(BlobWriter writer, blobs_->Write(kBlob, 0));
  ASSERT_OK(writer.Append(0, AsBytes("abc")));

  EXPECT_THAT(writer.Append(2, AsBytes("X")),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(writer.Append(4, AsBytes("X")),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_EQ(writer.size_bytes(), 3U);
  EXPECT_THAT(writer.Finish(), IsOkAndHolds(Sha256(AsBytes("abc"))));
}

TEST_F(BlobFilesTest, UploadGoesOnWhereItWasSynced) {
  {
    ASSERT_OK_AND_ASSIGN(BlobWriter writer, blobs_->Write(kBlob, 0));
    ASSERT_OK(writer.Append(0, ByteSpan(content_).first(1000)));
    ASSERT_OK(writer.Sync());
    ASSERT_OK(writer.Append(1000, ByteSpan(content_).subspan(1000, 500)));
  }
  PowerCut();

  EXPECT_THAT(Upload(content_, 1000), IsOkAndHolds(Sha256(content_)));

  EXPECT_THAT(ReadWhole(), IsOkAndHolds(content_));
}

// After a kill without a power cut the part is longer than what was synced.
TEST_F(BlobFilesTest, ResumeCutsOffWhatWasNotSynced) {
  {
    ASSERT_OK_AND_ASSIGN(BlobWriter writer, blobs_->Write(kBlob, 0));
    ASSERT_OK(writer.Append(0, AsBytes("goodbad")));
  }

  ASSERT_OK_AND_ASSIGN(BlobWriter writer, blobs_->Write(kBlob, 4));

  EXPECT_EQ(writer.size_bytes(), 4U);
  EXPECT_THAT(writer.Finish(), IsOkAndHolds(Sha256(AsBytes("good"))));
}

TEST_F(BlobFilesTest, ResumeOfAShorterPartIsDataLoss) {
  {
    ASSERT_OK_AND_ASSIGN(BlobWriter writer, blobs_->Write(kBlob, 0));
    ASSERT_OK(writer.Append(0, AsBytes("abc")));
  }

  EXPECT_THAT(blobs_->Write(kBlob, 4), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(BlobFilesTest, ResumeOfAMissingPartIsDataLossAndMakesNoFile) {
  EXPECT_THAT(blobs_->Write(kBlob, 4), StatusIs(absl::StatusCode::kDataLoss));

  EXPECT_THAT(disk_.Names(), IsEmpty());
}

TEST_F(BlobFilesTest, CompleteBlobIsNeverWrittenAgain) {
  ASSERT_OK(Upload(content_));

  EXPECT_THAT(blobs_->Write(kBlob, 0),
              StatusIs(absl::StatusCode::kAlreadyExists));

  EXPECT_THAT(ReadWhole(), IsOkAndHolds(content_));
}

TEST_F(BlobFilesTest, ReadGivesARange) {
  ASSERT_OK(Upload(content_));
  ASSERT_OK_AND_ASSIGN(BlobReader reader, blobs_->Read(kBlob));

  EXPECT_EQ(reader.size_bytes(), content_.size());
  EXPECT_THAT(reader.Read(100, 5),
              IsOkAndHolds(ToBytes(ByteSpan(content_).subspan(100, 5))));
  EXPECT_THAT(reader.Read(content_.size() - 2, 5),
              IsOkAndHolds(ToBytes(ByteSpan(content_).last(2))));
  EXPECT_THAT(reader.Read(content_.size(), 5), IsOkAndHolds(IsEmpty()));
}

TEST_F(BlobFilesTest, DeletedBlobStaysDeletedAfterAPowerCut) {
  ASSERT_OK(Upload(content_));

  ASSERT_OK(blobs_->Delete(kBlob));
  PowerCut();

  EXPECT_FALSE(blobs_->IsComplete(kBlob));
  EXPECT_OK(blobs_->Delete(kBlob));
}

TEST_F(BlobFilesTest, DeleteRemovesAPartToo) {
  ASSERT_OK(blobs_->Write(kBlob, 0));

  ASSERT_OK(blobs_->Delete(kBlob));

  EXPECT_THAT(disk_.Names(), IsEmpty());
}

TEST_F(BlobFilesTest, ListGivesCompleteAndUnfinishedBlobsAlone) {
  ASSERT_OK(Upload(content_));
  ASSERT_OK(blobs_->Write(IdOf<BlobId>(2), 0));
  ASSERT_OK(disk_.Create("blobs/README"));

  EXPECT_THAT(blobs_->List(),
              IsOkAndHolds(ElementsAre(kBlob, IdOf<BlobId>(2))));
}

TEST_F(BlobFilesTest, FullDiskKeepsTheSizeAndTheBytesMayBeTriedAgain) {
  ASSERT_OK_AND_ASSIGN(BlobWriter writer, blobs_->Write(kBlob, 0));
  ASSERT_OK(writer.Append(0, AsBytes("abc")));
  disk_.FillAfter(0);

  EXPECT_THAT(writer.Append(3, AsBytes("def")),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(writer.size_bytes(), 3U);

  disk_.FreeUp();
  ASSERT_OK(writer.Append(3, AsBytes("def")));
  EXPECT_THAT(writer.Finish(), IsOkAndHolds(Sha256(AsBytes("abcdef"))));
}

TEST_F(BlobFilesTest, FinishSyncsTheBytesBeforeTheNameAndTheNameAtTheEnd) {
  ASSERT_OK(Upload(content_));

  const auto& changes = disk_.changes();
  ASSERT_GE(changes.size(), 4U);
  EXPECT_EQ(changes[changes.size() - 4].op, DiskOp::kSync);
  EXPECT_EQ(changes[changes.size() - 2].op, DiskOp::kRename);
  EXPECT_EQ(changes.back().op, DiskOp::kSync);
  EXPECT_EQ(changes.back().file, ".");
}

// Whenever the disk stops: what Sync promised is there, and a complete name
// always has the whole content.
TEST_F(BlobFilesTest, StopAtAnyChangeLosesNothingThatWasSynced) {
  const ByteSpan first = ByteSpan(content_).first(70000);
  const ByteSpan rest = ByteSpan(content_).subspan(70000);
  SeededRandom luck(8);
  for (uint64_t stop = 0; stop < 100; ++stop) {
    SCOPED_TRACE(stop);
    disk_ = FaultyFiles();
    disk_.StopAfter(stop);
    uint64_t synced = 0;
    bool finished = false;
    if (auto writer = blobs_->Write(kBlob, 0); writer.ok()) {
      if (writer->Append(0, first).ok() && writer->Sync().ok()) {
        synced = first.size();
        finished = writer->Append(synced, rest).ok() && writer->Finish().ok();
      }
    }
    const bool stopped = disk_.stopped();
    disk_.Restart(&luck);

    if (blobs_->IsComplete(kBlob)) {
      ASSERT_THAT(ReadWhole(), IsOkAndHolds(content_));
    } else {
      ASSERT_FALSE(finished);
      ASSERT_THAT(Upload(content_, synced), IsOkAndHolds(Sha256(content_)));
    }
    if (!stopped) {
      EXPECT_TRUE(finished);
      EXPECT_GT(stop, 5U);
      return;
    }
  }
  FAIL() << "never came to an end";
}

TEST_F(BlobFilesTest, BytesHereCountsPartsAndWholeFiles) {
  EXPECT_THAT(blobs_->BytesHere(kBlob), IsOkAndHolds(0U));
  {
    ASSERT_OK_AND_ASSIGN(BlobWriter writer, blobs_->Write(kBlob, 0));
    ASSERT_OK(writer.Append(0, ByteSpan(content_).first(1000)));
  }
  EXPECT_THAT(blobs_->BytesHere(kBlob), IsOkAndHolds(1000U));

  ASSERT_OK(Upload(content_, 1000).status());

  EXPECT_THAT(blobs_->BytesHere(kBlob), IsOkAndHolds(content_.size()));
}

}  // namespace
}  // namespace cordon::blobs
