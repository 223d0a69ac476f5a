#include "client/files/file_jobs.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/file_lane.h"
#include "client/files/blob_cache.h"
#include "crypto/base/bytes.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "crypto/blob/blob_cipher.h"
#include "crypto/prim/hash.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/faulty_files.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace cordon::client {
namespace {

using ::cordon::testing::FaultyFiles;
using ::cordon::testing::FaultyFileSystem;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempFolder;
using ::testing::IsEmpty;

// Three pieces, the last not full.
constexpr size_t kBytes = 2 * blob::kChunkBytes + 777;

class FileJobsTest : public ::testing::Test {
 protected:
  FileJobsTest() : content_(RandomBytes(random_, kBytes)) { Put(content_); }

  void Put(ByteSpan content) const {
    std::ofstream(source_, std::ios::binary | std::ios::trunc)
        << AsText(content);
  }
  absl::StatusOr<std::unique_ptr<SealJob>> BeginSeal() {
    return SealJob::Begin(&cache_, random_, source_, kFileBytesMax);
  }
  absl::StatusOr<SealedFile> Seal() {
    CORDON_ASSIGN_OR_RETURN(const std::unique_ptr<SealJob> job, BeginSeal());
    while (!job->done()) {
      CORDON_RETURN_IF_ERROR(job->Step());
    }
    return job->Finish();
  }
  absl::StatusOr<WrittenFile> Open(blob::BlobRef ref) {
    CORDON_ASSIGN_OR_RETURN(
        const std::unique_ptr<OpenJob> job,
        OpenJob::Begin(&cache_, random_,
                       {.ref = std::move(ref), .folder = out_, .name = "out"}));
    while (!job->done()) {
      CORDON_RETURN_IF_ERROR(job->Step());
    }
    return job->Finish();
  }
  // Puts other ciphertext in the place of a cached blob's.
  void Replace(BlobId blob, ByteSpan ciphertext) {
    ASSERT_OK(cache_.Erase(blob));
    ASSERT_OK(cache_.Append(blob, 0, ciphertext));
    ASSERT_OK(cache_.Complete(blob, ciphertext.size()).status());
  }
  bool OutIsEmpty() const {
    return !std::filesystem::exists(out_) || std::filesystem::is_empty(out_);
  }

  TempFolder folder_;
  const std::string source_ = folder_.File("photo.png");
  const std::string out_ = folder_.File("out");
  SeededRandom random_{7};
  Bytes content_;
  FaultyFiles disk_;
  FaultyFileSystem files_{&disk_};
  BlobCache cache_{&files_, "blobs"};
};

TEST_F(FileJobsTest, SealedFileOpensToWhatItWas) {
  ASSERT_OK_AND_ASSIGN(SealedFile sealed, Seal());
  EXPECT_EQ(sealed.name, "photo.png");
  EXPECT_EQ(sealed.media_type, "application/octet-stream");
  EXPECT_EQ(sealed.ref.plaintext_digest(), Sha256(content_));
  EXPECT_THAT(cache_.Size(sealed.ref.id()),
              IsOkAndHolds(sealed.ref.ciphertext_bytes()));

  ASSERT_OK_AND_ASSIGN(const WrittenFile written,
                       Open(sealed.ref.CloneSecret()));

  EXPECT_EQ(written.size_bytes, kBytes);
  EXPECT_EQ(written.digest, Sha256(content_));
  std::ifstream file(written.path, std::ios::binary);
  EXPECT_EQ(ToBytes(std::string(std::istreambuf_iterator<char>(file), {})),
            content_);
}

TEST_F(FileJobsTest, TwoSealingsOfOneFileShareNothing) {
  ASSERT_OK_AND_ASSIGN(const SealedFile first, Seal());
  ASSERT_OK_AND_ASSIGN(const SealedFile second, Seal());

  EXPECT_NE(first.ref.id(), second.ref.id());
  ASSERT_OK_AND_ASSIGN(const Bytes one, cache_.Read(first.ref.id(), 0, 1000));
  ASSERT_OK_AND_ASSIGN(const Bytes two, cache_.Read(second.ref.id(), 0, 1000));
  EXPECT_NE(one, two);
}

TEST_F(FileJobsTest, FileThatGrowsWhileItIsReadIsRefused) {
  {
    ASSERT_OK_AND_ASSIGN(const std::unique_ptr<SealJob> job, BeginSeal());
    ASSERT_OK(job->Step());
    std::ofstream(source_, std::ios::binary | std::ios::app) << "more";
    while (!job->done()) ASSERT_OK(job->Step());

    EXPECT_THAT(job->Finish().status(),
                StatusIs(absl::StatusCode::kFailedPrecondition));
  }
  EXPECT_THAT(cache_.List(), IsOkAndHolds(IsEmpty()));
}

TEST_F(FileJobsTest, FileThatShrinksWhileItIsReadIsRefused) {
  {
    ASSERT_OK_AND_ASSIGN(const std::unique_ptr<SealJob> job, BeginSeal());
    ASSERT_OK(job->Step());
    std::filesystem::resize_file(source_, blob::kChunkBytes + 1);

    EXPECT_THAT(job->Step(), StatusIs(absl::StatusCode::kFailedPrecondition));
  }
  EXPECT_THAT(cache_.List(), IsOkAndHolds(IsEmpty()));
}

TEST_F(FileJobsTest, FileThatVanishesWhileItIsReadIsRefused) {
  {
    ASSERT_OK_AND_ASSIGN(const std::unique_ptr<SealJob> job, BeginSeal());
    ASSERT_OK(job->Step());
    std::filesystem::remove(source_);
    while (!job->done()) ASSERT_OK(job->Step());

    EXPECT_THAT(job->Finish().status(),
                StatusIs(absl::StatusCode::kFailedPrecondition));
  }
  EXPECT_THAT(cache_.List(), IsOkAndHolds(IsEmpty()));
}

TEST_F(FileJobsTest, DroppedSealingLeavesNothing) {
  {
    ASSERT_OK_AND_ASSIGN(const std::unique_ptr<SealJob> job, BeginSeal());
    ASSERT_OK(job->Step());
  }
  EXPECT_THAT(cache_.List(), IsOkAndHolds(IsEmpty()));
}

TEST_F(FileJobsTest, FullDiskIsSaidAtEveryWriteAndLeavesNothing) {
  for (uint64_t writes = 0; writes < 3; ++writes) {
    SCOPED_TRACE(writes);
    disk_.FillAfter(writes);
    EXPECT_THAT(Seal().status(),
                StatusIs(absl::StatusCode::kResourceExhausted));
    disk_.FreeUp();
    EXPECT_THAT(cache_.List(), IsOkAndHolds(IsEmpty()));
  }
  EXPECT_OK(Seal().status());
}

TEST_F(FileJobsTest, EmptyOrTooBigFileTouchesNoCache) {
  Put({});
  EXPECT_THAT(BeginSeal().status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
  std::filesystem::resize_file(source_, kFileBytesMax + 1);
  EXPECT_THAT(BeginSeal().status(),
              StatusIs(absl::StatusCode::kResourceExhausted));

  EXPECT_THAT(disk_.changes(), IsEmpty());
}

TEST_F(FileJobsTest, ChangedCiphertextWritesNothing) {
  ASSERT_OK_AND_ASSIGN(const SealedFile sealed, Seal());
  const uint64_t size = sealed.ref.ciphertext_bytes();
  ASSERT_OK_AND_ASSIGN(Bytes ciphertext, cache_.Read(sealed.ref.id(), 0, size));
  ciphertext[ciphertext.size() - 1] ^= 1U;
  Replace(sealed.ref.id(), ciphertext);

  EXPECT_THAT(Open(sealed.ref.CloneSecret()).status(),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_TRUE(OutIsEmpty());
}

TEST_F(FileJobsTest, CiphertextCutShortOrOfAnotherFileWritesNothing) {
  ASSERT_OK_AND_ASSIGN(const SealedFile sealed, Seal());
  ASSERT_OK_AND_ASSIGN(const SealedFile other, Seal());
  const uint64_t size = sealed.ref.ciphertext_bytes();
  ASSERT_OK_AND_ASSIGN(const Bytes ciphertext,
                       cache_.Read(sealed.ref.id(), 0, size));
  ASSERT_OK_AND_ASSIGN(const Bytes swapped,
                       cache_.Read(other.ref.id(), 0, size));

  Replace(sealed.ref.id(), ByteSpan(ciphertext).first(size - 1));
  EXPECT_THAT(Open(sealed.ref.CloneSecret()).status(),
              StatusIs(absl::StatusCode::kDataLoss));
  Replace(sealed.ref.id(), swapped);
  EXPECT_THAT(Open(sealed.ref.CloneSecret()).status(),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_TRUE(OutIsEmpty());

  Replace(sealed.ref.id(), ciphertext);
  EXPECT_OK(Open(sealed.ref.CloneSecret()).status());
}

// A record whose author signed another digest than the file's.
TEST_F(FileJobsTest, WrongDigestInTheRefWritesNothing) {
  ASSERT_OK_AND_ASSIGN(const SealedFile sealed, Seal());
  Digest wrong = sealed.ref.plaintext_digest();
  wrong[0] ^= 1U;
  ASSERT_OK_AND_ASSIGN(blob::BlobRef lying,
                       blob::BlobRef::Create({.id = sealed.ref.id(),
                                              .plaintext_digest = wrong,
                                              .plaintext_bytes = kBytes},
                                             sealed.ref.key().CloneSecret()));

  EXPECT_THAT(Open(std::move(lying)).status(),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_TRUE(OutIsEmpty());
}

}  // namespace
}  // namespace cordon::client
