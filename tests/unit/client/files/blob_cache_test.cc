#include "client/files/blob_cache.h"

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/prim/hash.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/faulty_files.h"
#include "tests/support/ids.h"
#include "tests/support/status_matchers.h"

namespace cordon::client {
namespace {

using ::cordon::testing::FaultyFiles;
using ::cordon::testing::FaultyFileSystem;
using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const BlobId kBlob = IdOf<BlobId>(1);

class BlobCacheTest : public ::testing::Test {
 protected:
  FaultyFiles disk_;
  FaultyFileSystem files_{&disk_};
  BlobCache cache_{&files_, "blobs"};
};

TEST_F(BlobCacheTest, WhatWasAppendedIsReadWhenComplete) {
  EXPECT_THAT(cache_.Size(kBlob), IsOkAndHolds(0U));
  ASSERT_OK(cache_.Append(kBlob, 0, ToBytes("first ")));
  ASSERT_OK(cache_.Append(kBlob, 6, ToBytes("second")));
  EXPECT_THAT(cache_.Size(kBlob), IsOkAndHolds(12U));
  EXPECT_THAT(cache_.Read(kBlob, 0, 12), StatusIs(absl::StatusCode::kNotFound));

  EXPECT_THAT(cache_.Complete(kBlob, 12),
              IsOkAndHolds(Sha256(ToBytes("first second"))));

  EXPECT_THAT(cache_.Read(kBlob, 6, 100), IsOkAndHolds(ToBytes("second")));
  EXPECT_THAT(cache_.Size(kBlob), IsOkAndHolds(12U));
}

TEST_F(BlobCacheTest, CompleteAgainGivesTheSameDigest) {
  ASSERT_OK(cache_.Append(kBlob, 0, ToBytes("whole")));
  ASSERT_OK(cache_.Complete(kBlob, 5).status());

  EXPECT_THAT(cache_.Complete(kBlob, 5),
              IsOkAndHolds(Sha256(ToBytes("whole"))));
}

TEST_F(BlobCacheTest, CompleteOfAnotherLengthChangesNothing) {
  ASSERT_OK(cache_.Append(kBlob, 0, ToBytes("part")));

  EXPECT_THAT(cache_.Complete(kBlob, 5),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_OK(cache_.Append(kBlob, 4, ToBytes("s")));
  EXPECT_THAT(cache_.Complete(kBlob, 5),
              IsOkAndHolds(Sha256(ToBytes("parts"))));
}

TEST_F(BlobCacheTest, PartIsGoneOnWithByAnotherCache) {
  ASSERT_OK(cache_.Append(kBlob, 0, ToBytes("first ")));
  BlobCache again(&files_, "blobs");

  EXPECT_THAT(again.Size(kBlob), IsOkAndHolds(6U));
  ASSERT_OK(again.Append(kBlob, 6, ToBytes("second")));

  EXPECT_THAT(again.Complete(kBlob, 12),
              IsOkAndHolds(Sha256(ToBytes("first second"))));
}

TEST_F(BlobCacheTest, AppendFromAnEarlierPlaceCutsOffTheRest) {
  ASSERT_OK(cache_.Append(kBlob, 0, ToBytes("first wrong")));
  ASSERT_OK(cache_.Append(kBlob, 6, ToBytes("right")));

  EXPECT_THAT(cache_.Complete(kBlob, 11),
              IsOkAndHolds(Sha256(ToBytes("first right"))));
}

TEST_F(BlobCacheTest, AppendBeyondTheEndIsRefused) {
  ASSERT_OK(cache_.Append(kBlob, 0, ToBytes("part")));

  EXPECT_THAT(cache_.Append(kBlob, 5, ToBytes("x")),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(cache_.Size(kBlob), IsOkAndHolds(4U));
}

TEST_F(BlobCacheTest, EraseForgetsPartsAndWholeBlobs) {
  const BlobId part = IdOf<BlobId>(2);
  ASSERT_OK(cache_.Append(kBlob, 0, ToBytes("whole")));
  ASSERT_OK(cache_.Complete(kBlob, 5).status());
  ASSERT_OK(cache_.Read(kBlob, 0, 5).status());
  ASSERT_OK(cache_.Append(part, 0, ToBytes("part")));

  EXPECT_OK(cache_.Erase(kBlob));
  EXPECT_OK(cache_.Erase(part));
  EXPECT_OK(cache_.Erase(IdOf<BlobId>(3)));

  EXPECT_THAT(cache_.Read(kBlob, 0, 5), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(cache_.List(), IsOkAndHolds(IsEmpty()));
}

TEST_F(BlobCacheTest, MoreGrowingPartsThanAreKeptOpenAllGrow) {
  constexpr size_t kParts = BlobCache::kOpenPartsMax + 3;
  for (uint64_t offset = 0; offset < 3; ++offset) {
    for (size_t i = 1; i <= kParts; ++i) {
      ASSERT_OK(cache_.Append(IdOf<BlobId>(static_cast<uint8_t>(i)), offset,
                              ToBytes("x")));
    }
  }
  for (size_t i = 1; i <= kParts; ++i) {
    EXPECT_THAT(cache_.Complete(IdOf<BlobId>(static_cast<uint8_t>(i)), 3),
                IsOkAndHolds(Sha256(ToBytes("xxx"))));
  }
}

TEST_F(BlobCacheTest, FullDiskIsSaidAndTheSameBytesMayBeTriedAgain) {
  ASSERT_OK(cache_.Append(kBlob, 0, ToBytes("first ")));
  disk_.FillAfter(0);
  EXPECT_THAT(cache_.Append(kBlob, 6, ToBytes("second")),
              StatusIs(absl::StatusCode::kResourceExhausted));
  disk_.FreeUp();

  EXPECT_OK(cache_.Append(kBlob, 6, ToBytes("second")));
  EXPECT_THAT(cache_.Complete(kBlob, 12),
              IsOkAndHolds(Sha256(ToBytes("first second"))));
}

TEST_F(BlobCacheTest, CompleteBlobSurvivesAPowerCut) {
  ASSERT_OK(cache_.Append(kBlob, 0, ToBytes("whole")));
  ASSERT_OK(cache_.Complete(kBlob, 5).status());
  disk_.Restart();

  BlobCache again(&files_, "blobs");
  EXPECT_THAT(again.Read(kBlob, 0, 5), IsOkAndHolds(ToBytes("whole")));
  EXPECT_THAT(again.List(), IsOkAndHolds(ElementsAre(kBlob)));
}

}  // namespace
}  // namespace cordon::client
