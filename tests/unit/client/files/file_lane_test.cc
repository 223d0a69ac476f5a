#include "client/files/file_lane.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/file_lane.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/core_thread.h"
#include "client/files/file_worker.h"
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/mailbox.h"
#include "crypto/base/random.h"
#include "crypto/prim/hash.h"
#include "storage/blobs/file_system.h"
#include "tests/support/ids.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace cordon::client {
namespace {

using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempFolder;
using ::testing::Ge;
using ::testing::IsEmpty;

// The test's own thread plays the core's.
class TestCore final : public CoreThread {
 public:
  void Post(Job job) override { CORDON_CHECK(jobs_.Post(std::move(job)).ok()); }
  void RunSome() {
    for (Job& job : jobs_.TakeAll(absl::InfiniteFuture())) std::move(job)();
  }

 private:
  Mailbox<Job> jobs_{1'000'000};
};

class FileLaneTest : public ::testing::Test {
 protected:
  void SetUp() override { Restart(); }
  void Restart() {
    lane_.emplace(FileWorker::Parts{.core = &core_,
                                    .files = &blobs::SystemFiles(),
                                    .folder = folder_.File("blobs"),
                                    .random = &SystemRandom()});
  }
  std::string Put(const std::string& name, ByteSpan content) {
    std::string path = folder_.File(name);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << AsText(content);
    return path;
  }
  // Await calls `start` with a Done and runs the core until it is answered.
  template <typename T, typename Start>
  absl::StatusOr<T> Await(Start start) {
    std::optional<absl::StatusOr<T>> answer;
    start(Done<T>([this, &answer](absl::StatusOr<T> given) {
      EXPECT_EQ(std::this_thread::get_id(), core_id_);
      answer.emplace(std::move(given));
    }));
    while (!answer.has_value()) core_.RunSome();
    return *std::move(answer);
  }
  absl::StatusOr<SealedFile> Seal(const std::string& path,
                                  uint64_t bytes_max = kFileBytesMax) {
    return Await<SealedFile>([&](Done<SealedFile> done) {
      lane_->Seal(
          path, bytes_max,
          [this](uint64_t so_far, uint64_t of) { Told(so_far, of); },
          std::move(done));
    });
  }
  absl::StatusOr<WrittenFile> Open(const SealedFile& sealed) {
    return Await<WrittenFile>([&](Done<WrittenFile> done) {
      lane_->Open(
          {.ref = sealed.ref.CloneSecret(),
           .folder = folder_.File("out"),
           .name = sealed.name},
          [this](uint64_t so_far, uint64_t of) { Told(so_far, of); },
          std::move(done));
    });
  }
  absl::StatusOr<std::vector<BlobId>> List() {
    return Await<std::vector<BlobId>>(
        [&](Done<std::vector<BlobId>> done) { lane_->List(std::move(done)); });
  }
  void Told(uint64_t so_far, uint64_t of) {
    EXPECT_EQ(std::this_thread::get_id(), core_id_);
    told_.push_back(so_far);
    total_ = of;
  }

  const std::thread::id core_id_ = std::this_thread::get_id();
  TempFolder folder_;
  SeededRandom random_{5};
  TestCore core_;
  std::vector<uint64_t> told_;
  uint64_t total_ = 0;
  std::optional<ThreadedFileLane> lane_;
};

TEST_F(FileLaneTest, FileGoesInAndComesOutWithProgress) {
  constexpr uint64_t kBytes = 3 * kProgressBytes + 100;
  const Bytes content = RandomBytes(random_, kBytes);
  const std::string path = Put("photo.jpg", content);

  ASSERT_OK_AND_ASSIGN(const SealedFile sealed, Seal(path));
  EXPECT_EQ(sealed.name, "photo.jpg");
  ASSERT_THAT(told_, ::testing::SizeIs(Ge(4U)));
  EXPECT_EQ(told_.back(), kBytes);
  EXPECT_EQ(total_, kBytes);
  told_.clear();

  ASSERT_OK_AND_ASSIGN(const WrittenFile written, Open(sealed));
  EXPECT_EQ(told_.back(), kBytes);
  EXPECT_EQ(written.digest, Sha256(content));
  std::ifstream file(written.path, std::ios::binary);
  EXPECT_EQ(ToBytes(std::string(std::istreambuf_iterator<char>(file), {})),
            content);
}

TEST_F(FileLaneTest, CheckSaysTheLengthOrWhyNot) {
  const std::string path = Put("a", ToBytes("content"));
  const auto check = [&](uint64_t bytes_max) {
    return Await<uint64_t>([&](Done<uint64_t> done) {
      lane_->Check(path, bytes_max, std::move(done));
    });
  };
  EXPECT_THAT(check(7), IsOkAndHolds(7U));
  EXPECT_THAT(check(6), StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST_F(FileLaneTest, RefusedFileIsAnsweredAndLeavesNothing) {
  EXPECT_THAT(Seal(folder_.File("none")).status(),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Seal(Put("big", Bytes(101)), 100).status(),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(List(), IsOkAndHolds(IsEmpty()));
}

TEST_F(FileLaneTest, SmallFileDoesNotWaitForABigOne) {
  const std::string big = Put("big", Bytes(16 * kProgressBytes));
  const std::string small = Put("small", ToBytes("photo"));
  std::optional<absl::StatusOr<SealedFile>> big_answer;
  lane_->Seal(
      big, kFileBytesMax, [](uint64_t, uint64_t) {},
      [&](absl::StatusOr<SealedFile> answer) {
        big_answer.emplace(std::move(answer));
      });

  EXPECT_OK(Seal(small).status());

  EXPECT_FALSE(big_answer.has_value());
  while (!big_answer.has_value()) core_.RunSome();
  EXPECT_OK(big_answer->status());
}

TEST_F(FileLaneTest, FetchedCiphertextIsKeptAcrossARestart) {
  const BlobId blob = IdOf<BlobId>(9);
  const auto append = [&](uint64_t offset, Bytes bytes) {
    return Await<Unit>([&](Done<Unit> done) {
      lane_->Append(blob, offset, std::move(bytes), std::move(done));
    });
  };
  EXPECT_OK(append(0, ToBytes("first ")).status());
  Restart();
  EXPECT_THAT(Await<uint64_t>([&](Done<uint64_t> done) {
                lane_->Size(blob, std::move(done));
              }),
              IsOkAndHolds(6U));
  EXPECT_OK(append(6, ToBytes("second")).status());
  EXPECT_THAT(Await<Digest>([&](Done<Digest> done) {
                lane_->Complete(blob, 12, std::move(done));
              }),
              IsOkAndHolds(Sha256(ToBytes("first second"))));
  EXPECT_THAT(Await<Bytes>([&](Done<Bytes> done) {
                lane_->Read(blob, 6, 100, std::move(done));
              }),
              IsOkAndHolds(ToBytes("second")));
  EXPECT_OK(Await<Unit>([&](Done<Unit> done) {
              lane_->Erase(blob, std::move(done));
            }).status());
  EXPECT_THAT(List(), IsOkAndHolds(IsEmpty()));
}

TEST_F(FileLaneTest, LaneThatEndsDropsWhatIsUnderWayAndLeavesNothing) {
  const std::string big = Put("big", Bytes(64 * kProgressBytes));
  bool answered = false;
  lane_->Seal(
      big, kFileBytesMax, [](uint64_t, uint64_t) {},
      [&](const absl::StatusOr<SealedFile>&) { answered = true; });
  core_.RunSome();  // The first progress: it is under way.

  lane_.reset();

  EXPECT_FALSE(answered);
  EXPECT_TRUE(std::filesystem::is_empty(folder_.File("blobs")));
}

// CORDON_LONG_TESTS does it with the real limit: two minutes and 6 GiB of disk.
TEST_F(FileLaneTest, FileOfExactlyTheLimitPassesAndOneByteMoreDoesNot) {
  const uint64_t limit = std::getenv("CORDON_LONG_TESTS") == nullptr
                             ? 2 * kProgressBytes
                             : kFileBytesMax;
  const std::string path = Put("limit", ToBytes("x"));
  std::filesystem::resize_file(path, limit);

  ASSERT_OK_AND_ASSIGN(const SealedFile sealed, Seal(path, limit));

  EXPECT_EQ(sealed.ref.plaintext_bytes(), limit);
  ASSERT_OK_AND_ASSIGN(const WrittenFile written, Open(sealed));
  EXPECT_EQ(std::filesystem::file_size(written.path), limit);

  std::filesystem::resize_file(path, limit + 1);
  EXPECT_THAT(Seal(path, limit).status(),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

}  // namespace
}  // namespace cordon::client
