#ifndef CORDON_CLIENT_FILES_FILE_LANE_H_
#define CORDON_CLIENT_FILES_FILE_LANE_H_

// The device's file lane: FileWorker on a thread of its own. Between two pieces
// of the files it seals or opens it takes what was asked meanwhile, so that a
// photo does not wait for the end of a big guide.
//
// Threads: called on the core's thread; the work happens on the lane's, answers
// come back through CoreThread.
// Lifetime: what it is given outlives it. The destructor drops the jobs under
// way, which leaves nothing of them, and joins the thread.
// Errors: file_lane.h of the core. More than kFileCallsMax waiting calls is a
// broken invariant: whoever calls waits for answers, so their number is
// bounded.

#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"

#include "client/core/file_lane.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/files/file_worker.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/mailbox.h"
#include "crypto/prim/hash.h"

namespace cordon::client {

inline constexpr size_t kFileCallsMax = 100'000;

class ThreadedFileLane final : public FileLane {
 public:
  // The random source is used on the lane's thread: one for any thread.
  explicit ThreadedFileLane(const FileWorker::Parts& parts);
  ThreadedFileLane(const ThreadedFileLane&) = delete;
  ThreadedFileLane& operator=(const ThreadedFileLane&) = delete;
  ~ThreadedFileLane() override;

  void Check(std::string path, uint64_t bytes_max,
             Done<uint64_t> done) override;
  void Seal(std::string path, uint64_t bytes_max, FileProgress progress,
            Done<SealedFile> done) override;
  void Open(OpenFileCall call, FileProgress progress,
            Done<WrittenFile> done) override;
  void Size(BlobId blob, Done<uint64_t> done) override;
  void Read(BlobId blob, uint64_t offset, size_t bytes_max,
            Done<Bytes> done) override;
  void Append(BlobId blob, uint64_t offset, Bytes bytes,
              Done<Unit> done) override;
  void Complete(BlobId blob, uint64_t size_bytes, Done<Digest> done) override;
  void Erase(BlobId blob, Done<Unit> done) override;
  void List(Done<std::vector<BlobId>> done) override;

 private:
  // What the lane's thread is to do with its worker.
  using Call = absl::AnyInvocable<void(FileWorker&) &&>;

  void Post(Call call);
  // Run is the lane's thread: calls first, then a piece of every job, until the
  // mailbox is closed.
  void Run(const FileWorker::Parts& parts);

  Mailbox<Call> calls_;
  std::thread thread_;  // last: it uses the rest
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_FILES_FILE_LANE_H_
