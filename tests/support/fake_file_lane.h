#ifndef CORDON_TESTS_SUPPORT_FAKE_FILE_LANE_H_
#define CORDON_TESTS_SUPPORT_FAKE_FILE_LANE_H_

// The file lane without its thread, for tests of the client's core: the real
// work in a folder of its own, done and answered within the call.
//
//   FakeFileLane files;
//   files.WriteSource("guide.pdf", content);   // a person's file
//   files.FailNext(absl::ResourceExhaustedError("full"));

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "client/core/file_lane.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/core_thread.h"
#include "client/files/file_worker.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/prim/hash.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temp_folder.h"

namespace cordon::testing {

class FakeFileLane final : public client::FileLane {
 public:
  explicit FakeFileLane(uint64_t seed = 1);

  // A person's file, and where it lies.
  std::string WriteSource(absl::string_view name, ByteSpan content) const;
  absl::StatusOr<Bytes> ReadBack(const std::string& path) const;
  std::string Folder(absl::string_view name) const {
    return folder_.File(name);
  }
  // The cache's own file of a complete blob, to be spoilt.
  std::string CacheFile(BlobId blob) const;

  // The next call fails with `status` and does nothing.
  void FailNext(absl::Status status) { fail_next_ = std::move(status); }

  void Check(std::string path, uint64_t bytes_max,
             client::Done<uint64_t> done) override;
  void Seal(std::string path, uint64_t bytes_max, client::FileProgress progress,
            client::Done<client::SealedFile> done) override;
  void Open(client::OpenFileCall call, client::FileProgress progress,
            client::Done<client::WrittenFile> done) override;
  void Size(BlobId blob, client::Done<uint64_t> done) override;
  void Read(BlobId blob, uint64_t offset, size_t bytes_max,
            client::Done<Bytes> done) override;
  void Append(BlobId blob, uint64_t offset, Bytes bytes,
              client::Done<client::Unit> done) override;
  void Complete(BlobId blob, uint64_t size_bytes,
                client::Done<Digest> done) override;
  void Erase(BlobId blob, client::Done<client::Unit> done) override;
  void List(client::Done<std::vector<BlobId>> done) override;

 private:
  // There is one thread: a post is a call.
  class InlineCore final : public client::CoreThread {
   public:
    void Post(Job job) override { std::move(job)(); }
  };

  // True if this call is the one that fails; then it was answered.
  template <typename T>
  bool Fails(client::Done<T>& done);

  TempFolder folder_;
  SeededRandom random_;
  InlineCore core_;
  client::FileWorker worker_;
  std::optional<absl::Status> fail_next_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_FAKE_FILE_LANE_H_
